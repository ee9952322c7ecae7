/* A calendar as packs, the administration and exports write it: JSON by the shapes below, checked and turned into one that counts.
 *
 *   {"name": {"zh": "客服", "en": "Desk"}, "zone": "Asia/Shanghai", "holidays": ["china"], "make_up_as": "mon",
 *    "week": [{"days": ["mon", "tue", "wed", "thu", "fri"], "hours": ["09:00-12:00", "13:00-18:00"]}],
 *    "days": [{"day": "2026-09-30", "kind": "hours", "hours": ["09:00-12:00"], "name": {"zh": "节前", "en": "Eve"}}]}
 *
 * Hours are HH:MM-HH:MM; seconds and milliseconds may follow (09:00:30.250). An end that is not after the beginning is on the next day. */
#pragma once

#include "base/json.h"
#include "engine/calendar/calendar.h"

enum { CALENDAR_MOST_HOURS = 24, CALENDAR_MOST_DAYS = 4000, HOLIDAY_MOST_DAYS = 60 };

struct label_form {
	const char *zh, *en;
};

struct week_form {
	struct list days;                       /* "mon" … "sun" */
	struct list hours;
};

/* kind: "closed", "hours", "work" (a make-up working day: with the hours of the weekday `as`, or of make_up_as), "without". */
struct day_form {
	int64_t day;
	const char *kind, *as;
	struct list hours;
	struct label_form *name;
	int64_t provisional;
};

struct calendar_form {
	struct label_form *name;
	const char *zone, *make_up_as;          /* make_up_as: "mon" unless told */
	struct list week, holidays, days;       /* week_form, names of sets, day_form: the calendar's own days win over those of sets */
};

/* From first to last closed, both counted, and the days that make up for it. */
struct holiday_form {
	struct label_form *name;
	int64_t first, last;
	struct list work;
};

/* What one notice announced; note says what else to know, provisional that there is no notice yet. */
struct holiday_year_form {
	int64_t year, published, provisional;
	const char *source, *url, *note;
	struct list holidays;
};

struct holiday_set_form {
	const char *code;
	struct label_form *name;
	struct list years;
};

extern const struct shape calendar_shape, holiday_set_shape, day_shape;

/* Where the names in a form are looked up. */
struct calendar_names {
	zone_find *zone;
	const struct holiday_set_form *const *sets;
	size_t set_count;
};

/* What calendar_shape read becomes a source; every fault is noted by its field. */
int calendar_source_of(struct arena *a, const struct calendar_form *form, const struct calendar_names *names, struct calendar_source *out,
                       struct error *e) MUST_CHECK;

/* One interval, "22:00-06:00". ERR_CALENDAR_HOURS. */
int calendar_hours_parse(const char *s, struct calendar_hours *out) MUST_CHECK;
const char *calendar_hours_text(struct arena *a, struct calendar_hours h);
