/* demo: rows that came so that a company can try things out, and go again (docs/adr/0036).
 *
 * A request whose id is DEMO_REQUEST loads them: the one function that inserts records notes each row in demo_mark, nobody is told of
 * anything, and no rule answers to its events. */
#pragma once

#include "base/text.h"
#include "core/record/record.h"
#include "db/job.h"

#define DEMO_REQUEST "demo"

static inline bool demo_makes(const struct ctx *c)
{
	return text_equal(c->request_id, DEMO_REQUEST);
}

/* For whoever inserts a row of a record: marks it when a loading makes it, or a rule because of a demo row. */
int demo_note(struct ctx *c, const struct record_model *m, const void *row) MUST_CHECK;

int demo_is(struct ctx *c, int64_t object_id, bool *is) MUST_CHECK;
/* Whether it is of the demo what a message is about, or whoever would read what is sealed with its key. */
int demo_hides(struct ctx *c, int64_t object_id, int64_t key, bool *hides) MUST_CHECK;
/* Of the ids of one page: out[i] belongs to ids[i]. */
int demo_are(struct ctx *c, const int64_t *ids, size_t n, bool *out) MUST_CHECK;

/* How far marking what was played has come: the last event looked at, rows marked. */
struct demo_adoption {
	int64_t after, rows;
	bool done;
};
/* Writer: marks what people have made in a company that exists to be played, some events a run. */
int demo_adopt(struct ctx *c, struct demo_adoption *a) MUST_CHECK;

/* Removing ------------------------------------------------------------------------------------------------------------- */

extern const struct job_kind demo_remove_job;

/* Writer: adds the job. */
int demo_remove_begin(struct ctx *c) MUST_CHECK;

/* What removing would do with the rows of each record, in the order of the registry. */
struct demo_count {
	const struct record_model *model;
	int64_t rows, stays;
};
int demo_counts(struct ctx *c, struct demo_count **out, size_t *n) MUST_CHECK;
/* The same with what stays; asks about each row, so not in the writer. */
int demo_forecast(struct ctx *c, struct demo_count **out, size_t *n) MUST_CHECK;
