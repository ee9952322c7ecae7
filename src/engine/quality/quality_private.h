/* A text as rules look at it. */
#pragma once

#include "engine/quality/quality.h"

enum { LETTERS_MOST = 4000 };

struct letter {
	uint32_t c;             /* folded; in a phrase perhaps a gap */
	uint32_t from, to;      /* bytes */
	bool apart;             /* there was a blank before it */
};
struct letters {
	const struct letter *at;
	size_t n;
};

struct letters quality_letters(struct arena *a, const char *text);
bool quality_find(const struct quality_words *w, const struct quality_words *except, const struct letters *t, size_t *from, size_t *to);
