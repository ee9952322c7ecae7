/* How a compiled calendar looks, for the files of this folder.
 *
 * Wall time is a line of its own, on which every day has 24 hours. F(wall) is the open time on it before `wall`, counted from a
 * Monday near 1970: whole weeks by multiplication, the odd days (those that differ, and nights that run into them) by what they add.
 * A zone lays pieces of that line one after another, each with one offset: G(instant) = F(instant + offset) + base of its piece.
 * Both only grow, so "add" is G turned round: find the piece, then the day, then the interval. */
#pragma once

#include "engine/calendar/calendar.h"

/* Open time of one day, cut at its midnights. */
struct piece {
	int32_t from, to;
	int32_t before;                 /* sum of the pieces before */
};

struct day_plan {
	const struct piece *pieces;     /* ascending, apart from one another */
	int32_t n, total;
};

struct odd_day {
	int64_t day;
	int64_t before;                 /* F at its midnight */
	int64_t shift;                  /* from the next midnight on, F is the week's own plus this */
	struct day_plan plan;
	const struct calendar_day *why; /* NULL: only a night shift makes it differ */
};

/* A piece of the timeline with one offset. */
struct period {
	time_ms from;
	int32_t offset_ms;
	int64_t reached;                /* G at `from` */
	int64_t base;
};

struct calendar {
	struct day_plan week[7];
	int64_t week_before[8];         /* open time of a week before Monday, Tuesday … and of all of it */
	struct odd_day *odd;
	size_t odd_count;
	struct period *periods;
	size_t period_count;
};

/* How many of n ascending numbers are ≤ limit. The numbers stand in structs that are `stride` bytes apart. */
size_t calendar_count_upto(const int64_t *first, size_t stride, size_t n, int64_t limit);

/* F at the midnight of `day`, its plan and what makes it differ (NULL: nothing). */
int64_t calendar_open_before_day(const struct calendar *c, int64_t day, struct day_plan *plan, const struct calendar_day **why);
int64_t calendar_open_before(const struct calendar *c, int64_t wall_ms);      /* F */
const struct period *calendar_period(const struct calendar *c, time_ms at);

static inline int64_t floor_divide(int64_t a, int64_t b)      /* b > 0 */
{
	return a / b - (a % b < 0);
}

static inline time_ms timeline_limit(time_ms at)
{
	return at < TIMELINE_FIRST_MS ? TIMELINE_FIRST_MS : at > TIMELINE_LAST_MS ? TIMELINE_LAST_MS : at;
}
