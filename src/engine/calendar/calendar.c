/* The questions. Everything is said in terms of G, the open time before an instant, and of G turned round (calendar_private.h). */
#include "engine/calendar/calendar_private.h"

size_t calendar_count_upto(const int64_t *first, size_t stride, size_t n, int64_t limit)
{
	size_t low = 0;
	while (low < n) {
		size_t middle = (low + n) / 2;
		if (*(const int64_t *)((const char *)first + middle * stride) <= limit)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

/* ---- F and G ---- */

int64_t calendar_open_before_day(const struct calendar *c, int64_t day, struct day_plan *plan, const struct calendar_day **why)
{
	size_t i = calendar_count_upto(&c->odd->day, sizeof(*c->odd), c->odd_count, day);
	const struct odd_day *odd = i ? &c->odd[i - 1] : NULL;
	if (odd && odd->day == day) {
		*plan = odd->plan;
		*why = odd->why;
		return odd->before;
	}
	int64_t weeks = floor_divide(day + 3, 7), weekday = day + 3 - 7 * weeks;
	*plan = c->week[weekday];
	*why = NULL;
	return weeks * c->week_before[7] + c->week_before[weekday] + (odd ? odd->shift : 0);
}

int64_t calendar_open_before(const struct calendar *c, int64_t wall_ms)
{
	struct day_plan plan;
	const struct calendar_day *why;
	int64_t day = floor_divide(wall_ms, DAY_MS), rest = wall_ms - day * DAY_MS;
	int64_t open = calendar_open_before_day(c, day, &plan, &why);
	for (int32_t i = plan.n; i-- > 0;) {
		const struct piece *p = &plan.pieces[i];
		if (p->from < rest)
			return open + p->before + (rest < p->to ? rest : p->to) - p->from;
	}
	return open;
}

const struct period *calendar_period(const struct calendar *c, time_ms at)
{
	size_t i = calendar_count_upto(&c->periods->from, sizeof(*c->periods), c->period_count, at);
	return &c->periods[i ? i - 1 : 0];
}

static int64_t open_until(const struct calendar *c, time_ms at)
{
	const struct period *p = calendar_period(c, at);
	return calendar_open_before(c, at + p->offset_ms) + p->base;
}

/* ---- turned round ---- */

static int64_t wall_in_plan(int64_t day, const struct day_plan *plan, int64_t open)
{
	const struct piece *p = plan->pieces;
	while (p->before + p->to - p->from < open)
		p++;
	return day * DAY_MS + p->from + (open - p->before);
}

/* The earliest wall time with F = open, one that the days reach. Either an odd day reaches it, or one of the weeks after it. */
static int64_t wall_at(const struct calendar *c, int64_t open)
{
	size_t n = calendar_count_upto(&c->odd->before, sizeof(*c->odd), c->odd_count, open - 1);
	const struct odd_day *odd = n ? &c->odd[n - 1] : NULL;
	if (odd && open <= odd->before + odd->plan.total)
		return wall_in_plan(odd->day, &odd->plan, open - odd->before);
	open -= odd ? odd->shift : 0;
	int64_t weeks = floor_divide(open - 1, c->week_before[7]);
	int weekday = 0;
	open -= weeks * c->week_before[7];
	while (c->week_before[weekday + 1] < open)
		weekday++;
	return wall_in_plan(weeks * 7 - 3 + weekday, &c->week[weekday], open - c->week_before[weekday]);
}

/* The earliest instant with G = open, for 0 < open ≤ G(TIMELINE_LAST_MS). */
static time_ms instant_at(const struct calendar *c, int64_t open)
{
	size_t n = calendar_count_upto(&c->periods->reached, sizeof(*c->periods), c->period_count, open - 1);
	const struct period *p = &c->periods[n - 1];
	return wall_at(c, open - p->base) - p->offset_ms;
}

/* ---- open and closed ---- */

bool calendar_is_open(const struct calendar *c, time_ms at)
{
	if (at < TIMELINE_FIRST_MS || at >= TIMELINE_LAST_MS)
		return false;
	const struct period *p = calendar_period(c, at);
	return calendar_open_before(c, at + 1 + p->offset_ms) > calendar_open_before(c, at + p->offset_ms);
}

time_ms calendar_next_open(const struct calendar *c, time_ms at)
{
	time_ms done = calendar_add(c, at, 1, NULL);
	return done == FAR_FUTURE_MS ? done : done - 1;
}

/* Closed time grows as well, but has no inverse of its own: halves the timeline some forty times. */
time_ms calendar_next_close(const struct calendar *c, time_ms at)
{
	if (!calendar_is_open(c, at))
		return at;
	time_ms low = at, high = TIMELINE_LAST_MS;            /* all of [at, low) is open, not all of [at, high + 1) */
	int64_t open = open_until(c, at);
	while (high - low > 1) {
		time_ms middle = low + (high - low) / 2;
		if (open_until(c, middle) - open == middle - at)
			low = middle;
		else
			high = middle;
	}
	return open_until(c, high) - open == high - at ? high : low;
}

/* ---- with pauses ---- */

/* A pause that begins inside the one before it counts from where that one ends. */
int64_t calendar_between(const struct calendar *c, time_ms from, time_ms to, const struct pauses *p)
{
	from = timeline_limit(from);
	to = timeline_limit(to);
	if (to <= from)
		return 0;
	int64_t open = open_until(c, to) - open_until(c, from);
	for (size_t i = 0; p && i < p->n && p->at[i].from < to; i++) {
		time_ms pause_from = p->at[i].from > from ? p->at[i].from : from, pause_to = p->at[i].to < to ? p->at[i].to : to;
		if (pause_to <= pause_from)
			continue;
		open -= open_until(c, pause_to) - open_until(c, pause_from);
		from = pause_to;
	}
	return open;
}

static time_ms add_without_pause(const struct calendar *c, time_ms from, int64_t work_ms)
{
	int64_t before = open_until(c, from);
	if (work_ms > open_until(c, TIMELINE_LAST_MS) - before)
		return FAR_FUTURE_MS;
	return instant_at(c, before + work_ms);
}

time_ms calendar_add(const struct calendar *c, time_ms from, int64_t work_ms, const struct pauses *p)
{
	if (work_ms <= 0)
		return from;
	from = timeline_limit(from);
	for (size_t i = 0; p && i < p->n; i++) {
		if (p->at[i].to <= from || p->at[i].to <= p->at[i].from)
			continue;
		int64_t open = calendar_between(c, from, p->at[i].from, NULL);
		if (open >= work_ms)
			break;
		work_ms -= open;
		from = timeline_limit(p->at[i].to);
	}
	return add_without_pause(c, from, work_ms);
}

/* ---- clocks ---- */

struct calendar_due calendar_due(const struct calendar *c, const struct calendar_clock *k, time_ms now)
{
	struct calendar_due d = { .due = calendar_add(c, k->from, k->target_ms, &k->pauses) };
	d.spent_ms = calendar_between(c, k->from, now, &k->pauses);
	d.remaining_ms = k->target_ms - d.spent_ms;
	return d;
}
