/* The fold: what a stop adds up, what a start goes on from. */
#include "engine/calendar/service_clock.h"

#include <stdlib.h>

enum { MOST_PERCENT = 1000 };

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

struct service_clock_steps service_clock_steps_of(const int64_t *wanted, size_t n)
{
	struct service_clock_steps s = { .percent = { SERVICE_CLOCK_WHOLE }, .n = 1 };
	for (size_t i = 0; i < n && s.n < SERVICE_CLOCK_MOST_STEPS; i++) {
		bool known = wanted[i] < 1 || wanted[i] > MOST_PERCENT;
		for (size_t k = 0; k < s.n; k++)
			known |= s.percent[k] == wanted[i];
		if (!known)
			s.percent[s.n++] = wanted[i];
	}
	qsort(s.percent, s.n, sizeof(s.percent[0]), by_size);
	return s;
}

/* Without overflow: targets are years at most, percents a thousand. */
static int64_t share(int64_t target_ms, int64_t percent)
{
	return target_ms / 100 * percent + target_ms % 100 * percent / 100;
}

/* When so much work has passed, of a clock that runs. What had passed before it stood is due since it runs again. */
static time_ms instant_of(const struct service_clock_run *k, const struct calendar *cal, int64_t work_ms)
{
	return calendar_add(cal, k->run_at, work_ms - k->spent_ms, NULL);
}

static int64_t next_step(const struct service_clock_run *k, const struct service_clock_steps *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->percent[i] > k->step)
			return steps->percent[i];
	return 0;
}

static time_ms step_instant(const struct service_clock_run *k, const struct calendar *cal, int64_t percent)
{
	return percent == SERVICE_CLOCK_WHOLE ? k->due_at : instant_of(k, cal, share(k->target_ms, percent));
}

/* What is done at the due instant is in time, so the look is one millisecond later. */
static void look_next(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps)
{
	int64_t percent = k->state == SERVICE_CLOCK_RUNNING ? next_step(k, steps) : 0;
	time_ms at = percent ? step_instant(k, cal, percent) : FAR_FUTURE_MS;
	k->next_at = at == FAR_FUTURE_MS ? at : at + 1;
}

void service_clock_start(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, int64_t target_ms, time_ms at)
{
	*k = (struct service_clock_run){ .state = SERVICE_CLOCK_RUNNING, .from = at, .run_at = at, .target_ms = target_ms };
	k->due_at = calendar_add(cal, at, target_ms, NULL);
	look_next(k, cal, steps);
}

static void stop(struct service_clock_run *k, const struct calendar *cal, time_ms at)
{
	if (at > k->run_at && k->state == SERVICE_CLOCK_RUNNING)
		k->spent_ms += calendar_between(cal, k->run_at, at, NULL);
	k->next_at = FAR_FUTURE_MS;
}

void service_clock_pause(struct service_clock_run *k, const struct calendar *cal, time_ms at)
{
	if (k->state != SERVICE_CLOCK_RUNNING)
		return;
	stop(k, cal, at);
	k->run_at = at > k->run_at ? at : k->run_at;
	k->state = SERVICE_CLOCK_PAUSED;
}

/* Work that was done before the pause is due where it was; only what is left moves. */
void service_clock_resume(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, time_ms at)
{
	if (k->state != SERVICE_CLOCK_PAUSED)
		return;
	k->run_at = at > k->run_at ? at : k->run_at;
	k->state = SERVICE_CLOCK_RUNNING;
	if (k->target_ms > k->spent_ms)
		k->due_at = instant_of(k, cal, k->target_ms);
	look_next(k, cal, steps);
}

void service_clock_end(struct service_clock_run *k, const struct calendar *cal, enum service_clock_state how, time_ms at)
{
	if (k->state != SERVICE_CLOCK_RUNNING && k->state != SERVICE_CLOCK_PAUSED)
		return;
	stop(k, cal, at);
	k->state = how;
	k->ended_at = at > k->run_at ? at : k->run_at;
}

int64_t service_clock_tell(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, time_ms now)
{
	int64_t told = 0;
	if (k->state != SERVICE_CLOCK_RUNNING)
		return 0;
	for (int64_t percent; (percent = next_step(k, steps)) && now > step_instant(k, cal, percent);) {
		bool other_side = told && (told < SERVICE_CLOCK_WHOLE) != (percent < SERVICE_CLOCK_WHOLE);
		if (other_side || told == SERVICE_CLOCK_WHOLE)
			break;
		told = k->step = percent;
		if (percent == SERVICE_CLOCK_WHOLE && !k->breached_at)
			k->breached_at = k->due_at;
	}
	look_next(k, cal, steps);
	return told;
}

void service_clock_apply(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, int64_t target_ms,
                         const struct pauses *pauses)
{
	k->target_ms = target_ms;
	k->spent_ms = calendar_between(cal, k->from, k->run_at, pauses);
	k->due_at = calendar_add(cal, k->from, target_ms, pauses);
	look_next(k, cal, steps);
}

struct calendar_due service_clock_due(const struct service_clock_run *k, const struct calendar *cal, time_ms now)
{
	struct calendar_due d = { .due = k->state == SERVICE_CLOCK_PAUSED ? FAR_FUTURE_MS : k->due_at, .spent_ms = k->spent_ms };
	if (k->state == SERVICE_CLOCK_RUNNING && now > k->run_at)
		d.spent_ms += calendar_between(cal, k->run_at, now, NULL);
	d.remaining_ms = k->target_ms - d.spent_ms;
	return d;
}
