/* Shared by asking, fetching and learning: the texts that want a vector, and those that have one. */
#pragma once

#include "channel/model/model_embedding.h"
#include "domain/knowledge/embedding.h"
#include "domain/knowledge/knowledge_private.h"

enum { EMBED_HASH = 16 };

/* A text as it is sent, once for all phrasings that say it. */
struct wanted {
	uint8_t hash[EMBED_HASH];
	const char *sent;
	struct classify_phrasing *phrasing;
	bool there;
};
struct wants {
	struct model_account account;   /* id 0: there is no endpoint */
	const char *space;              /* its name */
	struct classify_source source;
	struct wanted *at;              /* by hash; equal ones stand together */
	size_t n, distinct, missing;    /* the latter of the distinct */
	uint8_t *useless;               /* EMBED_HASH each: kept, and wanted no more */
	size_t useless_count;
};
/* In a reader. Vectors are read page by page; `fill`: into the source. */
enum wants_how { WANTS_LOOK, WANTS_FILL };
int wants_of(struct ctx *c, const struct knowledge *k, enum wants_how how, struct wants *out) MUST_CHECK;

/* The company's lessons as a space knows them. */
size_t embedding_lessons(struct arena *a, const struct knowledge *k, const struct lesson ***lessons, struct space_lesson **signs);
