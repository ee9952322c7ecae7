/* A service clock: one promise with a deadline, as it runs, stands and ends (docs/adr/0016).
 *
 * The truth is what happened: the start, the pauses, the promise as it was applied, the end. Kept is a fold of it that
 * needs no look back: working time spent until the last stop, and since when it runs again. Both give the same due instant,
 * because working time adds up; a property test replays every event and compares. Breached means now > due. Pure. */
#pragma once

#include "engine/calendar/calendar.h"

enum service_clock_state { SERVICE_CLOCK_RUNNING, SERVICE_CLOCK_PAUSED, SERVICE_CLOCK_MET, SERVICE_CLOCK_CANCELLED };

/* At which shares of the target somebody is told, in percent, ascending. Always with the whole one: that is the breach. */
enum { SERVICE_CLOCK_WHOLE = 100, SERVICE_CLOCK_MOST_STEPS = 10 };
struct service_clock_steps {
	int64_t percent[SERVICE_CLOCK_MOST_STEPS];
	size_t n;
};

/* Sorts, drops doubles, adds the breach. wanted: 1 … 1000 percent each, others are left out. */
struct service_clock_steps service_clock_steps_of(const int64_t *wanted, size_t n);

struct service_clock_run {
	enum service_clock_state state;
	time_ms from;           /* the start */
	time_ms run_at;         /* since when it runs; while paused, since when it stands */
	int64_t spent_ms;       /* working time before run_at */
	int64_t target_ms;
	time_ms due_at;         /* while paused: as it was when the pause began */
	int64_t step;           /* percent of the last step told, 0 none */
	time_ms breached_at;    /* the due instant that passed, 0 none: it stays, whatever is promised later */
	time_ms ended_at;       /* 0 while it runs or stands */
	time_ms next_at;        /* when somebody has to look; FAR_FUTURE_MS when never */
};

void service_clock_start(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, int64_t target_ms, time_ms at);

/* Whoever stops a clock has told its steps up to then (service_clock_tell). */
void service_clock_pause(struct service_clock_run *k, const struct calendar *cal, time_ms at);
void service_clock_resume(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, time_ms at);
void service_clock_end(struct service_clock_run *k, const struct calendar *cal, enum service_clock_state how, time_ms at);

/* The next step that has passed at `now`: its percent, told exactly once, or 0 when there is none. Call until 0. Of several that
 * passed at once only the last before the breach is worth telling: the others are left out. */
int64_t service_clock_tell(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, time_ms now);

/* Another promise or calendar for a clock that has not ended. pauses: all that have ended, ascending; one that lasts is k's own. What
 * was told and breached stays so. */
void service_clock_apply(struct service_clock_run *k, const struct calendar *cal, const struct service_clock_steps *steps, int64_t target_ms,
                         const struct pauses *pauses);

/* Working time spent and left at `now`, in the clock's own calendar. */
struct calendar_due service_clock_due(const struct service_clock_run *k, const struct calendar *cal, time_ms now);
