/* Holidays out of an iCalendar file (RFC 5545), as days for a calendar's form. The file comes from anywhere: it is capped before
 * it is read, and every fault is told by its line while the rest is still used.
 *
 * Of each VEVENT, within the days asked for: an event of whole days closes them, one with times closes those times of the day, one that
 * says so makes working days (X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY, or 补班, 上班, (班) in its summary). When a file marks its days off
 * (X-APPLE-SPECIAL-DAY:WORK-HOLIDAY), events without a mark are festivals on which people work, and left out. Repetition: yearly on a date or the
 * n-th weekday of a month, weekly on weekdays, with INTERVAL, COUNT, UNTIL, EXDATE. Cancelled events are left out. */
#pragma once

#include "engine/calendar/calendar_form.h"

enum { ICAL_MOST_BYTES = 1 << 20, ICAL_MOST_EVENTS = 5000, ICAL_LONGEST_LINE = 8192, ICAL_MOST_FAULTS = 50, ICAL_MOST_YEARS = 20 };

struct ical_fault {
	unsigned line;                  /* from 1; of a folded line the first */
	int code;
	const char *arg;                /* fills the %s of the code's text */
};

/* first … last are the days wanted, both counted, ICAL_MOST_YEARS at most. home: the calendar's zone. */
struct ical_wish {
	const struct zone *home;
	zone_find *zone;                /* for TZID */
	int64_t first, last;
};

struct ical_result {
	struct day_form *days;          /* by day; of one day the closures of some hours last */
	size_t n;
	struct ical_fault *faults;      /* by line; the first ICAL_MOST_FAULTS */
	size_t fault_count;
	size_t events, left_out;        /* events read; those of them without a mark in a file that has marks, or cancelled */
};

/* Fails only when nothing of the file can be used: ERR_ICAL_FORMAT, ERR_ENCODING or ERR_ICAL_LIMIT; the last fault tells where. */
int ical_read(struct arena *a, const char *text, size_t n, const struct ical_wish *wish, struct ical_result *out) MUST_CHECK;
