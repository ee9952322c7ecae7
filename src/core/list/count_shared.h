/* Counts that many people ask for at once (thirty people with thirty views each), answered from one: a list's views are counted again after every
 * change, and what they count is the same for everybody who sees the same rows.
 *
 * A node keeps what it counted for a short time (core/shared.h) under everything that the answer follows from: company, record, conditions, and what
 * the actor may see. Whoever may wait for a younger answer says how old it may be; who says nothing gets it anew. */
#pragma once

#include "core/list/list.h"
#include "core/shared.h"

enum { COUNT_AGE_MOST_S = 60 };

extern const struct shared_options count_sharing;       /* how their place is opened */

/* As list_count(). The answer is at most max_age_ms old; somebody who asks while the same is being counted waits for that. Without a place for
 * shared counts (services.h): counted anew. */
int list_count_shared(struct ctx *c, const struct record *record, const struct list_query *query, int64_t max_age_ms, int64_t *n, int64_t *more) MUST_CHECK;
