/* A company's promises, compiled, and the judging of objects by them. */
#pragma once

#include "core/condition/condition_holds.h"
#include "core/definition/definition.h"
#include "core/promise/promise.h"
#include "gen/schema.h"

struct ready_promise {
	const struct promise *row;
	const struct promise_source *source;
	const struct promise_measure *measure;  /* NULL: a clock's */
	const char *clock;                      /* code of that clock's measure */
	enum promise_unit unit;
	int64_t target;                         /* shares: of 10,000; durations: ms */
	struct condition when;
};

struct promise_set {
	struct definition_set base;
	struct ready_promise *at;               /* in order */
	size_t n;
};

static inline void promise_set_give(struct promise_set **set)
{
	definition_give(*set ? &(*set)->base : NULL);
}
#define PROMISE_SET __attribute__((cleanup(promise_set_give))) struct promise_set *
int promise_set_take(struct ctx *c, struct promise_set **out) MUST_CHECK;
const struct ready_promise *promise_set_find(const struct promise_set *s, int64_t id);  /* or NULL */

/* Compiles one into `a`. Faults as of its fields. */
int promise_ready(struct ctx *c, struct arena *a, const struct promise *row, struct ready_promise *out) MUST_CHECK;
const struct promise_source *promise_source_of(struct ctx *c, const char *object);      /* or NULL */

/* Brings what these objects count for up to date, and the sums with it. At most PROMISE_MOST_OBJECTS, none twice. */
enum { PROMISE_MOST_OBJECTS = 512 };
int promise_judge(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const int64_t *ids, size_t n) MUST_CHECK;

/* Which sums there are: a part of a slice. Agents are summed within everything and within their team only. */
bool promise_summed(enum promise_part slice, enum promise_part part);

/* Cases on their way into the sums: those of one cell are added up before they are written. */
struct promise_tally;
struct promise_tally *promise_tally_new(struct arena *a);
void promise_tally_case(struct promise_tally *t, const struct promise_case *k, int sign);
int promise_tally_write(struct ctx *c, struct promise_tally *t) MUST_CHECK;
