/* Shared by the files that read iCalendar: lines, moments and rules. */
#pragma once

#include "base/text.h"
#include "engine/calendar/ical.h"

/* ---- lines (RFC 5545, 3.1) ---- */

struct ical_line {
	unsigned number;
	const char *name;               /* in capitals */
	char *parameters;               /* ";VALUE=DATE;TZID=…" as written, or "" */
	char *value;
};

struct ical_reader {
	struct arena *arena;            /* of its own: a line lives there until it is reset */
	const char *at, *end;
	unsigned number;                /* lines of the file read so far */
};

/* 1 and a line, unfolded; 0 at the end; ERR_ICAL_LINE (out->number tells where, the next call goes on) or ERR_ICAL_LIMIT. */
int ical_next_line(struct ical_reader *r, struct ical_line *out);
/* The value of a parameter without its quotes, or NULL. */
const char *ical_parameter(struct arena *a, const struct ical_line *l, const char *name);
/* SUMMARY and its like: \n, \, \; \\ undone, one line, at most `characters`. */
const char *ical_text(struct arena *a, const char *value, size_t characters);

/* ---- moments (3.3.4, 3.3.5) ---- */

/* A day, or a time on the wall of a zone; zone NULL: on whatever wall it is read. */
struct ical_moment {
	bool is_day;
	const struct zone *zone;
	int64_t wall_ms;                /* of a day its midnight */
};

/* "20260101", "20260101T090000" with or without Z. ERR_ICAL_DATE. */
int ical_moment_parse(const char *s, struct ical_moment *out) MUST_CHECK;
time_ms ical_instant(const struct ical_moment *m, const struct zone *home);
/* "P1D", "PT1H30M", "P2W". ERR_ICAL_DATE for what is negative or longer than a year. */
int ical_duration_parse(const char *s, int64_t *ms) MUST_CHECK;

/* ---- repetition (3.3.10) ---- */

enum ical_frequency { ICAL_ONCE, ICAL_WEEKLY, ICAL_YEARLY };

struct ical_rule {
	enum ical_frequency frequency;
	int32_t interval, count;        /* count 0: without end */
	bool has_until;
	struct ical_moment until;
	uint32_t weekdays;              /* weekly: bit 0 Monday … */
	int32_t week_start;
	int32_t month, day;             /* yearly: 0 as the first day; day -1 the last of the month */
	int32_t nth, weekday;           /* yearly: the nth weekday of the month, from its end when negative; nth 0 none */
};

/* ERR_ICAL_RULE for what is not read here. */
int ical_rule_parse(struct arena *a, const char *s, struct ical_rule *out) MUST_CHECK;

/* Walks the days on which something that began on `start` repeats. */
struct ical_walk {
	const struct ical_rule *rule;
	int64_t start, at;              /* at: the week's first day, or the year, that comes next */
	int64_t last;                   /* days after it are not wanted */
	uint32_t left;                  /* of the week at hand, its weekdays that remain */
	int64_t seen;
};

/* Repetitions before `first` may be left out when nothing counts them. */
void ical_walk_start(struct ical_walk *w, const struct ical_rule *rule, int64_t start, int64_t first, int64_t last);
bool ical_walk_next(struct ical_walk *w, int64_t *day);
