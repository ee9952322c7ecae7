/* Questions to the sums: which days, which part of the company, and what the figures say of a promise. */
#pragma once

#include "core/promise/promise_set.h"

enum { PROMISE_PERIODS = 12 };

struct promise_asked {
	const char *period;             /* day, week, month; NULL: week */
	int64_t day;                    /* any day of the last period; 0: today */
	int64_t region_id, product_id, team_id; /* 0: all */
	int64_t user_id;                /* whose they are */
	int64_t channel;                /* place in the list of channels, from 1 */
};
#define PROMISE_ASKED_MEMBERS(structure, inside)                                                                     \
	{ .name = "period", .type = TYPE_code, .offset = offsetof(structure, inside period), .choices = promise_periods }, \
	{ .name = "day", .type = TYPE_day, .offset = offsetof(structure, inside day) },                              \
	{ .name = "region_id", .type = TYPE_ref, .offset = offsetof(structure, inside region_id) },                  \
	{ .name = "product_id", .type = TYPE_ref, .offset = offsetof(structure, inside product_id) },                \
	{ .name = "team_id", .type = TYPE_ref, .offset = offsetof(structure, inside team_id) },                      \
	{ .name = "user_id", .type = TYPE_ref, .offset = offsetof(structure, inside user_id) },                      \
	{ .name = "channel", .type = TYPE_count, .offset = offsetof(structure, inside channel), .most = 100 }
extern const struct choice promise_periods[];

struct promise_sum {
	int64_t cases, held, total;
};

/* One part of the company: a slice, or one part of a slice. */
struct promise_question {
	const char *period;
	struct promise_span {
		int64_t from, to;       /* days, both within */
	} spans[PROMISE_PERIODS];       /* the last is the one asked for */
	int64_t at[PART_COUNT];         /* filters */
	enum promise_part slice, part;
	bool is_own;                    /* no sum has it: the agent's own cases are added up */
	bool is_crossed;                /* nor this: more than two filters meet, and their own cases are added up */
	struct promise_case_sum {
		int64_t at[PART_COUNT];
		struct promise_sum sum;
	} *cases;                       /* of the promise `cases_of` in the last period, once they were read */
	size_t case_count;
	int64_t cases_of;
};
int promise_question(struct ctx *c, const struct promise_asked *in, struct promise_question *out) MUST_CHECK;

/* How far a sum is from the target, times its cases: positive is better. Parts of a sum add up to the sum's, exactly. */
int64_t promise_margin(const struct ready_promise *p, const struct promise_sum *s);
/* Percent, or milliseconds; NaN without cases. */
double promise_actual(const struct ready_promise *p, const struct promise_sum *s);

/* Sums are the whole company's: whoever sees only some of the rows of its object is told none. */
bool promise_is_told(struct ctx *c, const struct ready_promise *p);
int promise_trend(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_sum out[PROMISE_PERIODS]) MUST_CHECK;
/* "held", "near", "missed", "few" (under 10 cases), "none". */
const char *promise_state(const struct ready_promise *p, const struct promise_sum sums[PROMISE_PERIODS]);

struct promise_share {
	int64_t id;
	struct promise_sum sum;
};
/* The last period by one part. Shares add up to the period's sum. */
int promise_shares(struct ctx *c, const struct ready_promise *p, struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n) MUST_CHECK;

/* What stands out: the one part that has most more of what was missed than it has of the cases. */
struct promise_finding {
	enum promise_part by;           /* PART_NONE: nothing stands out */
	int64_t id;
	struct promise_sum sum;
};
int promise_find_cause(struct ctx *c, const struct ready_promise *p, struct promise_question *q, const struct promise_sum *all, struct promise_finding *out) MUST_CHECK;
/* Pure: `share` beside the best found so far. */
void promise_weigh_cause(const struct promise_sum *all, enum promise_part by, const struct promise_share *share, struct promise_finding *best);
