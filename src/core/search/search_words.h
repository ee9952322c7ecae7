/* Inside of search: from texts to what the index holds, and from a question to what it is asked. */
#pragma once

#include "core/search/search.h"
#include "engine/cut/cut.h"

enum { HEAD_MOST = 48 };                /* words of a title that count in ranking */

struct document {
	const char *words;              /* blank-separated, marks of company and kind in front */
	int64_t count;                  /* without the marks */
	int64_t sum;
	struct bytes head;              /* 4 bytes a distinct word of the title */
};

void document_make(struct ctx *c, const char *object, const struct search_text *texts, size_t n, struct document *out);

struct question {
	const char *text;               /* in the engine's own language; NULL when there is nothing to ask */
	uint32_t words[64];             /* hashes for ranking */
	size_t n;
};

void question_make(struct ctx *c, const char *text, enum cut_use use, const char *const *kinds, size_t kind_count,
                   struct question *out);

/* Best first: share of the question found in the title, then freshness, then brevity. now − at in ms. */
double rank(const struct question *q, struct bytes head, int64_t words, int64_t age_ms);
