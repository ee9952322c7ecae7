/* snippet: words kept once and placed in articles by name (docs/adr/0047). */
#pragma once

#include <yyjson.h>

#include "domain/knowledge/knowledge.h"

extern const struct record snippet_record;
extern const struct route snippet_routes[];
extern const size_t snippet_route_count;

struct snippet_said {
	const char *name;
	struct label text;
};
struct snippets {
	const struct snippet_said *at;  /* by name */
	size_t n;
};

/* All of the company's, in `a`. */
int snippets_read(struct ctx *c, struct arena *a, struct snippets *out) MUST_CHECK;
/* The text in `a` with the words in their places; of a name that there is not nothing stays. */
const char *snippet_fill(struct arena *a, const struct snippets *s, const char *text, enum lang lang);
/* The same in all labels of a fault tree. */
void snippet_fill_tree(struct arena *a, const struct snippets *s, yyjson_val *v);

/* Whether a text names only what there is; faults by field. */
void snippets_check(struct ctx *c, const struct snippets *s, const char *field, const char *text);
