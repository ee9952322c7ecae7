/* Search over redacted text, companies strictly apart, fresh hits first.
 *
 * Indexed are words and characters of the redacted text, never the text. A changed object gets a new document and the old
 * one goes stale; nothing is deleted singly, a job builds the index anew. Exact look-ups (phone, number, serial) are the
 * caller's and come before this. What is found still has to pass the rights of its object. */
#pragma once

#include <stdbool.h>

#include "db/ctx.h"

struct search_text {
	enum search_part { SEARCH_TITLE, SEARCH_BODY } part;   /* words of the title weigh more */
	const char *text;                                      /* redacted here, before it is cut */
};

struct search_texts {
	struct search_text *at;
	size_t n;
};

/* Something sealed that hangs on row `of` and finds it: a remark, a message. */
struct search_said {
	int64_t of, key;
	struct bytes sealed;
};
/* For search_more: opens all of it, and gives each of the rows its own. What was erased is passed over. */
int search_said_on(struct ctx *c, const char *context, const struct search_said *said, size_t count, const int64_t *rows, size_t n, struct search_texts *more) MUST_CHECK;

struct search_item {
	const char *object;
	int64_t object_id;
	time_ms at;                     /* its last change */
	struct search_texts texts;
};

/* In the writer's transaction, by the follower of events: replaces what was indexed of these objects of one company, each named once. */
int search_index(struct ctx *c, const struct search_item *items, size_t n) MUST_CHECK;
/* The object is not found any more. *removed: 0 or 1. */
int search_forget(struct ctx *c, const char *object, int64_t object_id, int64_t *removed) MUST_CHECK;

struct search_hit {
	const char *object;
	int64_t object_id;
	double score;
};

enum { SEARCH_CANDIDATES = 2000 };

/* Best first, at most `limit`. kinds: names of objects, kind_count 0: all. An empty query finds nothing. */
int search_find(struct ctx *c, const char *query, const char *const *kinds, size_t kind_count, size_t limit,
                struct search_hit **hits, size_t *n) MUST_CHECK;

/* Rebuild ----------------------------------------------------------------------------------------------------------- */

/* Reads an object's texts again. Objects that are gone: texts->n = 0. */
typedef int search_source(struct ctx *c, const char *object, int64_t object_id, struct search_texts *texts);

/* True when a quarter of the documents is stale, or an erased person's words lie there for more than 7 days. */
int search_rebuild_due(struct ctx *c, bool *due) MUST_CHECK;
int search_rebuild_start(struct ctx *c) MUST_CHECK;
/* One chunk (≤ 20 ms of the writer) of the rebuild of this lane; *more: call again. New changes go to both tables meanwhile. */
int search_rebuild_step(struct ctx *c, search_source *source, bool *more) MUST_CHECK;
