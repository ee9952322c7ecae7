/* Counts that many people ask for at once (thirty people with thirty views each), answered from one: a list's views are counted again after every
 * change, and what they count is the same for everybody who sees the same rows.
 *
 * A node keeps what it counted for a short time under everything that the answer follows from: company, record, conditions, and what the actor may see.
 * Whoever may wait for a younger answer says how old it may be; who says nothing gets it anew. */
#pragma once

#include "core/list/list.h"

struct shared_counts;

struct shared_counts *shared_counts_new(void);
void shared_counts_free(struct shared_counts *s);       /* accepts NULL */

enum { COUNT_AGE_MOST_S = 60 };

/* As list_count(). The answer is at most max_age_ms old; somebody who asks while the same is being counted waits for that. s NULL: counted anew. */
int list_count_shared(struct shared_counts *s, struct ctx *c, const struct record *record, const struct list_query *query, int64_t max_age_ms, int64_t *n, int64_t *more) MUST_CHECK;

struct shared_counts_stats {
	uint64_t counted, shared;       /* asked of the database; answered without it */
};
void shared_counts_stats(struct shared_counts *s, struct shared_counts_stats *out);
