/* The follower that keeps the search index: whatever record has searchable fields is indexed anew when an event names it. */
#pragma once

#include "core/api/api.h"
#include "core/search/search.h"
#include "db/follower.h"

extern const struct follower search_follower;

/* The words of any record as the follower indexes them: a search_source for rebuilding. */
int search_texts_of(struct ctx *c, const char *object, int64_t object_id, struct search_texts *texts) MUST_CHECK;

/* Rows of a record that was not searched when they were written, a page at a time, those put away after the others. `at` is kept by whoever
 * calls, as JSON; zero at the start. */
struct search_fill_place {
	int64_t archived;
	const char *after;
};
extern const struct shape search_fill_shape;
int search_fill_step(struct ctx *c, const char *object, struct search_fill_place *at, bool *more) MUST_CHECK;

/* GET /api/v1/search. */
extern const struct route search_routes[];
extern const size_t search_route_count;
