/* Duty: whose shift it is at an instant, who holds it meanwhile, and when nobody does.
 *
 * All spans are half-open. A shift is written as the wall shows it and lasts from the first instant at which its zone's wall has reached the
 * beginning to the first at which it has reached the end: summer time makes a night longer or shorter, and two shifts that meet on the
 * wall meet in time, whatever the clock does between them. While somebody is absent her duty is held by whoever covers for her, and when she
 * is absent too by who covers for her, and so on; a ring of absences ends with nobody. What people say of themselves (on a break, off, on
 * duty after all) goes before what is planned. Pure. */
#pragma once

#include <stdbool.h>

#include "engine/calendar/calendar.h"

enum { DUTY_MOST_HOPS = 8 };

struct duty_shift {
	int64_t user_id;
	struct time_span at;
};

struct duty_absence {
	int64_t user_id, cover_id;      /* cover_id 0: nobody */
	struct time_span at;
};

enum duty_word { DUTY_UNSAID, DUTY_ON, DUTY_BREAK, DUTY_OFF };

struct duty_said {
	int64_t user_id;
	enum duty_word word;
	struct time_span at;
};

/* In any order. Absences of one person do not overlap, nor do her words. */
struct duty_roster {
	const struct duty_shift *shifts;
	size_t shift_count;
	const struct duty_absence *absences;
	size_t absence_count;
	const struct duty_said *said;
	size_t said_count;
};

/* Somebody whose duty is asked for. Without a plan she has it all the time. */
struct duty_member {
	int64_t user_id;
	bool is_planned;
};

/* The first instant at which the wall has reached wall_ms (since 1970-01-01 00:00 there). */
time_ms duty_wall_reached(const struct zone *z, int64_t wall_ms);
/* Empty when the wall skips all of it. */
struct time_span duty_shift_span(const struct zone *z, int64_t day, const struct calendar_hours *hours);
bool duty_overlap(const struct time_span *a, const struct time_span *b);

/* The shift of hers that `at` lies in, or NULL. */
const struct duty_shift *duty_shift_at(const struct duty_roster *r, int64_t user_id, time_ms at);
const struct duty_absence *duty_absence_at(const struct duty_roster *r, int64_t user_id, time_ms at);
enum duty_word duty_word_at(const struct duty_roster *r, int64_t user_id, time_ms at);
/* Who holds what would be her duty: herself, whoever covers for her, or 0. */
int64_t duty_holder(const struct duty_roster *r, int64_t user_id, time_ms at);

/* Somebody holds a duty: her own (for_id = user_id), or that of a member for whom she covers. */
struct duty_place {
	int64_t user_id, for_id;
	enum duty_word word;            /* DUTY_BREAK, DUTY_OFF: not to be had now */
};
/* At most two for each member: the one who holds her duty, and herself when she is absent or has no shift but says she is on. `out` holds 2n. */
size_t duty_places(const struct duty_roster *r, const struct duty_member *members, size_t n, time_ms at, struct duty_place *out);

/* When, within the spans of `service` (ascending, apart), no member's shift is held by anybody, as planned: without words and without members who
 * have no plan. Spans that touch are one. */
struct duty_spans {
	struct time_span *at;
	size_t n;
};
struct duty_spans duty_gaps(struct arena *a, const struct duty_roster *r, const struct duty_member *members, size_t n, const struct time_span *service, size_t service_count);
