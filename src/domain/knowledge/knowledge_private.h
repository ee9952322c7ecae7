/* Inside of knowledge: what the pack says, what a company's set is made of, words and their places. */
#pragma once

#include <yyjson.h>

#include "core/definition/definition.h"
#include "core/pack/packs.h"
#include "core/understand/understand_lesson.h"
#include "domain/knowledge/knowledge.h"
#include "domain/knowledge/snippet.h"

/* What a pack knows, read once for the life of the process; all of it published and offered. */
struct knowledge_base {
	struct article_entry *at;       /* sorted by code */
	const char *const *sums;        /* of each, to tell what has changed since */
	size_t n;
	int64_t sum;
	struct safety_rule *safety;
	size_t safety_count;
};
const struct knowledge_base *knowledge_base(const struct pack *pack);
const struct word_index *knowledge_base_words(const struct pack *pack);         /* made when first asked for */

struct knowledge {
	struct definition_set base;
	const struct pack *pack;
	struct article_entry *at;       /* sorted by code */
	size_t n;
	size_t *place;                  /* of the pack's entries, by their own place */
	size_t *own;                    /* places of entries that are the company's words */
	size_t own_count;
	const struct word_index *words; /* of those, in that order */
	const char *const **synonyms;
	size_t synonym_count;
	struct snippets snippets;
	int64_t stamp;
	struct knowledge_lesson *lessons;       /* of products about which the company says something of its own */
	size_t lesson_count;
	bool tried;                     /* for a trial alone: nobody is answered by it, and an endpoint's vectors are left out */
	int64_t draft;                  /* the article that it takes for published; 0: none */
};
/* What such a product asks, as its company says it now. */
struct knowledge_lesson {
	struct lesson lesson;
	uint8_t sign[LESSON_SIGN];
};
struct spaces;
struct spaces *knowledge_spaces(const struct services *s);      /* NULL: nothing understands questions here */
void knowledge_make_lessons(struct ctx *c, struct knowledge *k);
/* All of it anew in `k`, whose arena is set. draft: an article that is taken for published if it still is a draft; 0: none. */
int knowledge_compile(struct ctx *c, struct knowledge *k, int64_t draft) MUST_CHECK;
const struct article_entry *knowledge_pack_entry(const struct pack *pack, const char *code);   /* NULL: the pack does not know it */
const char *knowledge_pack_sum(const struct pack *pack, const char *code);      /* the same */

const char *const *synonym_words(struct arena *a, const char *line);     /* of a row, folded, NULL-ended */

/* Lists of words in JSON, texts in `a`. */
const char *const *article_names(struct arena *a, yyjson_val *list);

/* Where words stand: for each the documents, heavier where they tell more. */
struct word_place {
	uint64_t word;                  /* hash */
	uint32_t document;
	float weight;
};
struct word_index {
	const struct word_place *at;    /* by word, then document */
	size_t n, documents;
	const char *const *latin;       /* words of letters, sorted, for those that are unfinished */
	size_t latin_count;
};
const struct word_index *word_index_make(struct arena *a, const struct article_entry *const *entries, size_t n);

/* Whether a text asks the same as another, in pairs of neighbouring characters: 2 × common ÷ all, 0 … 1. */
struct pairs {
	const uint32_t *at;             /* sorted, each once */
	size_t n;
};
struct pairs pairs_of(struct arena *a, const char *text);
double pairs_alike(const struct pairs *a, const struct pairs *b);
#define PHRASING_NEAR 0.6               /* above this two phrasings are one */

/* Faults by field: "tree.nodes.b". */
int tree_check(struct ctx *c, const char *json) MUST_CHECK;

/* Writer: files that an article's words name. Faults by field; kept for the article; given up when it goes for good. */
int article_files_check(struct ctx *c, const struct article *a) MUST_CHECK;
int article_files_keep(struct ctx *c, const struct article *a) MUST_CHECK;
int article_files_release(struct ctx *c, const struct article *a) MUST_CHECK;

/* POST /knowledge/read: a Word document as the words of an article. */
struct http_request;
extern const struct shape article_read_shape;
void article_read(struct http_request *http, struct ctx *c);
