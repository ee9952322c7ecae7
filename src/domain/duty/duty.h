/* duty: shifts, absences with who covers, what people say of themselves (on duty, on a break, off), and from all of that who is there.
 *
 * A team is planned when any shift of it lies within a week of the day that is asked about; of one that is not, everybody is on duty, so a
 * company without shifts notices nothing of this. */
#pragma once

#include "core/duty.h"
#include "core/record/record.h"
#include "engine/duty/duty.h"
#include "gen/duty_sql.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record shift_kind_record, shift_record, absence_record, break_reason_record, attendance_record;
extern const struct choice absence_reasons[], attendance_states[];
extern const struct route duty_routes[], duty_week_routes[];
extern const size_t duty_route_count, duty_week_route_count;
extern const struct duty_service duty_service;

struct clock_set;

/* What a new company begins with: patterns and reasons that it changes as it likes. */
int duty_seed(struct ctx *c) MUST_CHECK;

/* People whose duty is asked for; any of the queries duty_… gives them. */
struct duty_person {
	int64_t id, team_id;
	const char *name;
};

/* What is planned and said of them, and of whoever covers for them, in [low, high). */
struct duty_desk {
	const struct duty_person *people;
	struct duty_member *members;            /* one a person, in the same order */
	size_t n;
	const struct shift *shifts;             /* roster.shifts[i] is where shifts[i] lies */
	const struct absence *absences;         /* the same */
	const struct attendance *said;          /* the same */
	struct duty_roster roster;
};
int duty_load(struct ctx *c, const struct duty_person *people, size_t n, time_ms low, time_ms high, struct duty_desk *out) MUST_CHECK;
/* Those of these people who have not left, in no order. */
int duty_people_of_ids(struct ctx *c, const int64_t *ids, size_t n, struct duty_person **people, size_t *count) MUST_CHECK;
/* Adds an id that is not there yet; 0 is none. Returns how many there are then. */
size_t duty_add_id(int64_t *ids, size_t n, int64_t id);
int duty_people_of_teams(struct ctx *c, const int64_t *teams, size_t n, struct duty_person **people, size_t *count) MUST_CHECK;

/* Of the members of these teams who is to be had now, each once, with the team whose duty it is. All members where the company chooses so. */
struct duty_present {
	int64_t user_id, team_id;
};
int duty_present_of_teams(struct ctx *c, const int64_t *teams, size_t n, struct duty_present **out, size_t *count) MUST_CHECK;

/* The span of a planned shift; set: the company's calendars. Empty when its hours or zone cannot be read any more. */
int duty_span(struct ctx *c, const struct clock_set *set, const struct shift *s, struct time_span *out) MUST_CHECK;

/* Writer: a person says what she is from now on. What she said before ends now; this ends with the shift that she is in, else after
 * shift.said_life. */
struct duty_say {
	int64_t user_id, reason_id;
	const char *state, *cause;
};
int duty_say(struct ctx *c, const struct duty_say *say) MUST_CHECK;
/* What she said that holds now; id 0: nothing. No word holds longer than this. */
#define DUTY_WORD_MOST_MS (2 * DAY_MS)
int duty_said_now(struct ctx *c, int64_t user_id, struct attendance *held) MUST_CHECK;
/* The shift that she is in now, her own or that of somebody for whom she covers; *s: empty when there is none. */
int duty_shift_now(struct ctx *c, int64_t user_id, struct time_span *s) MUST_CHECK;
/* For duty_service. */
int duty_say_came(struct ctx *c, int64_t user_id) MUST_CHECK;
int duty_say_left(struct ctx *c, int64_t user_id) MUST_CHECK;
