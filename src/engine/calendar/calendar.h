/* Working time: how much of it lies between two instants, and when so much of it will have passed.
 *
 * A calendar is a week of half-open intervals on the wall clock of a zone, and days that differ. It is open at an instant when
 * the wall then shows a time inside an interval; so an hour that summer time skips is never open, and one shown twice is open
 * twice. An interval belongs to the day it begins on: the night shift before a holiday runs to its end.
 *
 * Exact to the millisecond from TIMELINE_FIRST_MS to TIMELINE_LAST_MS; outside nothing is open. Every question costs a few binary searches,
 * over a minute as over decades. A compiled calendar never changes and may be read by many threads. Pure. */
#pragma once

#include <stdbool.h>

#include "base/zone.h"

/* ---- what a calendar is made of ---- */

/* Milliseconds since midnight of the wall: 0 ≤ from < 24 h, from < to ≤ from + 24 h. */
struct calendar_hours {
	int32_t from, to;
};

/* Hours of one day, in any order; where they overlap they count once. */
struct calendar_plan {
	const struct calendar_hours *hours;
	size_t n;
};

enum calendar_day_kind {
	DAY_CLOSED,
	DAY_HOURS,              /* the hours of `plan` instead of the weekday's */
	DAY_AS,                 /* the hours of another weekday: a make-up working day (调休) */
	DAY_WITHOUT,            /* the day's own, without the times of `plan` on that day */
};

/* A day that differs. Of several for one day the last that is not DAY_WITHOUT holds, and each DAY_WITHOUT after it. */
struct calendar_day {
	int64_t day;            /* base/clock.h */
	enum calendar_day_kind kind;
	int as;                 /* DAY_AS: 0 Monday … 6 Sunday */
	struct calendar_plan plan;
	const char *zh, *en;    /* the holiday's name, or NULL */
	bool provisional;       /* not announced yet */
};

struct calendar_source {
	struct zone zone;
	struct calendar_plan week[7];           /* Monday first */
	const struct calendar_day *days;        /* in any order of days */
	size_t day_count;
};

/* The calendar keeps pointers into what the source points to. */
struct calendar *calendar_compile(struct arena *a, const struct calendar_source *s) __attribute__((returns_nonnull));

/* Natural time: always open. The zone only says where a day begins. */
struct calendar *calendar_always(struct arena *a, const struct zone *z) __attribute__((returns_nonnull));

/* 0 Monday … 6 Sunday. */
int calendar_weekday(int64_t day);

/* ---- questions ---- */

struct time_span {
	time_ms from, to;       /* half-open */
};

/* When nothing counts. Ascending by `from`; spans may touch, overlap and be empty; to = FAR_FUTURE_MS while a pause lasts. */
struct pauses {
	const struct time_span *at;
	size_t n;
};

bool calendar_is_open(const struct calendar *c, time_ms at);

/* The first open or closed instant that is not before `at`; FAR_FUTURE_MS when there is none. */
time_ms calendar_next_open(const struct calendar *c, time_ms at);
time_ms calendar_next_close(const struct calendar *c, time_ms at);

/* Open milliseconds in [from, to) outside of the pauses (NULL: none); 0 when to ≤ from. */
int64_t calendar_between(const struct calendar *c, time_ms from, time_ms to, const struct pauses *p);

/* The earliest instant t ≥ from with calendar_between(c, from, t, p) = work_ms; `from` itself when work_ms ≤ 0. Work that fills a day to
 * its end is done at the end of that day, not at the beginning of the next. FAR_FUTURE_MS when the timeline does not hold so much, as in
 * a calendar that is never open or under a pause that lasts. */
time_ms calendar_add(const struct calendar *c, time_ms from, int64_t work_ms, const struct pauses *p);

/* ---- clocks ---- */

/* One promise that runs: "within target_ms of working time from `from` on". Nothing of it but this is stored anywhere: due times are derived,
 * so a changed policy, calendar or pause needs no repair. */
struct calendar_clock {
	time_ms from;
	int64_t target_ms;
	struct pauses pauses;
};

/* Breached means now > due: what is done at the due instant itself is in time. remaining_ms counts in the same calendar and turns
 * negative as it runs over, so a clock breached after closing time stands at 0 until the doors open. While a pause lasts,
 * due is FAR_FUTURE_MS and remaining_ms stands still; after it due is back, later by the working time that the pause took. */
struct calendar_due {
	time_ms due;
	int64_t spent_ms, remaining_ms;
};
struct calendar_due calendar_due(const struct calendar *c, const struct calendar_clock *k, time_ms now);

/* ---- why is it due then ---- */

enum ledger_kind {
	LEDGER_COUNTED,         /* open and counted */
	LEDGER_PAUSED,          /* open, but pauses.at[pause] held the clock */
	LEDGER_CLOSED,          /* days day … last_day, never open: the holiday `why`, or NULL for ordinary days of rest */
};

/* Spans never cross midnight or a change of offset, so wall times of a row differ by its length. */
struct ledger_row {
	enum ledger_kind kind;
	int64_t day, last_day;                  /* in the calendar's zone; the same but for LEDGER_CLOSED */
	struct time_span span;                  /* empty for LEDGER_CLOSED */
	int64_t counted_ms, sum_ms;             /* of this row, and with all rows before */
	const struct calendar_day *why;         /* what makes the day differ, or NULL */
	size_t pause;
};

enum { LEDGER_MOST_ROWS = 1000 };

struct ledger {
	struct ledger_row *rows;
	size_t n;
	time_ms due;
	bool is_cut;                            /* there would be more rows */
};

/* Row by row from the clock's start to its due instant, or to `now` when that is later than never. A row ends at `now`, so what was counted
 * and what will be are apart. When is_cut is false and the clock becomes due, the last sum is the target. */
struct ledger calendar_ledger(struct arena *a, const struct calendar *c, const struct calendar_clock *k, time_ms now);
