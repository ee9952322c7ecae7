/* Rows of service_clock: what happens to one is written as its event and its fold together. */
#pragma once

#include "core/clock/clock_set.h"

/* A clock and what it is judged by. */
struct clock_case {
	const struct clock_set *set;
	struct service_clock row;
	struct service_clock_run run;
	bool held;              /* its object is put away: time goes on, nobody is told */
};

void clock_case_read(const struct clock_set *set, const struct service_clock *row, struct clock_case *out);
bool clock_is_over(const struct service_clock *row);    /* met or cancelled */
const struct calendar *clock_case_calendar(const struct clock_case *k);
struct service_clock_steps clock_case_steps(const struct clock_case *k);

/* A new clock of this policy. The row is written by clock_store(). */
int clock_begin(struct ctx *c, const struct clock_set *set, const struct ready_policy *p, const char *object, int64_t object_id, const char *measure,
                int64_t round, time_ms from, struct clock_case *out) MUST_CHECK;
/* Tells what has passed: events of the clock, and of its object for all the world. */
int clock_tell(struct ctx *c, struct clock_case *k) MUST_CHECK;
int clock_pause(struct ctx *c, struct clock_case *k) MUST_CHECK;
int clock_resume(struct ctx *c, struct clock_case *k) MUST_CHECK;
/* While its object is put away a clock that runs is not looked at. Let go, it is due when it was due all along: what has passed is told then. */
int clock_hold(struct ctx *c, struct clock_case *k) MUST_CHECK;
int clock_let_go(struct ctx *c, struct clock_case *k) MUST_CHECK;
int clock_finish(struct ctx *c, struct clock_case *k, enum service_clock_state how) MUST_CHECK;
/* Puts a clock that is not over under a policy, as that is now. */
int clock_put_under(struct ctx *c, struct clock_case *k, const struct ready_policy *p) MUST_CHECK;
/* Its calendar or the steps of its policy may have changed: what was told and breached stays. */
int clock_recount(struct ctx *c, struct clock_case *k) MUST_CHECK;
int clock_store(struct ctx *c, struct clock_case *k) MUST_CHECK;

/* Tells staff of a step: those whom the ladder names, in their list of notices. kind: soon, breached, escalated. */
int clock_notify(struct ctx *c, const struct clock_case *k, const char *kind, int64_t percent, const char *to) MUST_CHECK;

/* The pauses that have ended, of a clock's events; the last may be open (to = FAR_FUTURE_MS). */
struct pauses clock_pauses(struct arena *a, const struct service_clock_event *events, size_t n);

/* The earliest due instant of clocks that run; FAR_FUTURE_MS when none does. */
time_ms clock_earliest(const struct service_clock *rows, size_t n);
