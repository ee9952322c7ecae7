/* Time: one injectable clock, UTC milliseconds. Tests move a manual clock; nothing else reads the system's time of day. */
#pragma once

#include <stdint.h>

typedef int64_t time_ms;

#define FAR_FUTURE_MS INT64_C(253402300799999)   /* 9999-12-31: an open end is a value, not NULL */

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS (INT64_C(24) * HOUR_MS)

struct clock {
	time_ms (*now)(const struct clock *c);
	_Atomic int64_t manual_ms;      /* what a manual clock shows */
	_Atomic int64_t offset_ms;      /* added by the system clock (a running server moved by a test) */
	const _Atomic int64_t *shown;   /* what a clock in a file shows */
};

void clock_system(struct clock *c);
void clock_manual(struct clock *c, time_ms at);
int clock_in_file(struct clock *c, const char *path);  /* shows the 8 bytes of the file, milliseconds, as somebody else changes them */
void clock_move(struct clock *c, int64_t by_ms);     /* not for one in a file */

static inline time_ms clock_now(const struct clock *c) { return c->now(c); }

/* Nanoseconds that only grow, for measuring; not affected by any clock. */
int64_t monotonic_ns(void);

enum { CHINA_MINUTES = 480 };   /* before UTC, no daylight saving */

/* Calendar in a fixed offset from UTC. day: days since 1970-01-01. */
int64_t day_of(time_ms at, int offset_minutes);
void day_split(int64_t day, int *year, int *month, int *day_of_month);
int64_t day_join(int year, int month, int day_of_month);                  /* proleptic Gregorian */
int day_parse(const char *text, int64_t *day);                            /* "2026-11-22"; ERR_FIELD_DAY */
void day_format(int64_t day, char out[static 16]);
void time_format(time_ms at, char out[static 32]);                        /* 2026-11-22T06:32:00.000Z */
