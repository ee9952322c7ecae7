/* removal: a row that goes for good, as if it had never been: demo data, and what an import that is taken back has made.
 *
 * Whether anything needs the row is asked of every REF field of the registry at the moment of removal. The log stays: events, history without
 * words. Erasing a person is something else (core/pii): her rows stay, and it is proven. */
#pragma once

#include "core/record/record.h"

enum { REFERERS_MOST = 1000 };

struct referers {
	const struct record_model *first;       /* whose row ids[0] is */
	int64_t ids[REFERERS_MOST];
	size_t n;
	bool unknown;   /* there may be more */
};

/* Adds the rows that refer to this one, it itself left out; any: one of them is enough. */
int removal_referers(struct ctx *c, const struct record_model *m, int64_t id, bool any, struct referers *out) MUST_CHECK;

/* Writer: takes the row away with what hangs on it; "<name>.removed". Nothing when it is gone already. */
int removal_take(struct ctx *c, const struct record_model *m, int64_t id) MUST_CHECK;
