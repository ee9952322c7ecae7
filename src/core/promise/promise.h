/* promise: a target that the company measures itself against (docs/adr/0021).
 *
 * A domain says what of its objects can be measured (promise_source), a definition which of that is promised to whom. What an object
 * counts for follows from its row and its clocks as they are now, so the follower may look at it as often as it likes: it takes back
 * what the object counted for and puts what it counts for today. Sums by day and part answer every question. */
#pragma once

#include "core/record/record.h"
#include "db/follower.h"
#include "db/job.h"
#include "net/route.h"

enum { PROMISE_KIN = 800 };
enum promise_unit { PROMISE_SHARE, PROMISE_DURATION };

/* What somebody may ask by. Stored as numbers: only add at the end. */
enum promise_part { PART_NONE, PART_REGION, PART_PRODUCT, PART_TEAM, PART_AGENT, PART_CHANNEL, PART_SYMPTOM, PART_COUNT };

/* What one object says about one promise. */
struct promise_verdict {
	bool counts;                    /* false: nothing can be said yet, or the promise does not concern it */
	bool held;                      /* shares */
	bool open;                      /* durations: not over; `value` is what has passed at least */
	int64_t value;                  /* durations, ms */
	time_ms at;                     /* of its cause: the day on which it counts */
	time_ms look_at;                /* nothing will happen then, but more can be said; 0: no */
};

/* Clocks of the object under judgement. */
struct promise_known;
/* When the clock of this measure that is not over yet passed its due time; 0: it has not. */
time_ms promise_late(const struct promise_known *known, const char *measure);

struct promise_measure {
	const char *code;               /* NULL ends the list */
	struct label label;
	enum promise_unit unit;
	int (*judge)(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out);
};

struct promise_source {
	const struct record *record;    /* its service clocks are measures, too: "clock_solution" */
	const struct promise_measure *measures;
	int (*place)(struct ctx *c, const void *row, int64_t at[PART_COUNT]);   /* to which parts the row belongs; zeros are given */
	/* Other objects whose verdict may follow from these; at most PROMISE_KIN are written. NULL: each speaks for itself. */
	int (*kin)(struct ctx *c, const int64_t *ids, size_t n, int64_t *out, size_t *count);
	const struct choice *channels;  /* at[PART_CHANNEL] is a place in it, from 1 */
	int (*symptoms)(struct ctx *c, struct titles *out);     /* what at[PART_SYMPTOM] is called, sorted by id. NULL: they have none */
	/* A record whose rows theirs refer to, when verdicts follow from those, too: objects that refer to these; at most PROMISE_KIN are written. NULL: none. */
	const struct record *behind;
	int (*of_behind)(struct ctx *c, const int64_t *ids, size_t n, int64_t *out, size_t *count);
};

/* A place in `channels`, from 1, for `place`; 0: none of them. */
int64_t promise_channel(const struct choice *channels, const char *channel);

extern const struct record promise_record;
extern const struct follower promise_follower;
extern const struct job_kind promise_recount_job, promise_look_job;
extern const struct route promise_routes[];
extern const size_t promise_route_count;
