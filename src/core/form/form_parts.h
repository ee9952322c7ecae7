/* What an entry of a form may say, for reading it (form_read.c). */
#pragma once

#include "core/form/form_set.h"

enum part_kind { PART_KEY, PART_FLAG, PART_LABEL, PART_HINT, PART_NEED, PART_ASKED, PART_COUNT, PART_WORD, PART_LIST };

struct entries;

/* One member that an entry may have. */
struct part {
	const char *name;
	enum part_kind kind;
	int64_t most;
	const char *const *words;
	const struct entries *entries;
	bool own;               /* only of what the company adds itself */
};

struct form_text {
	struct ctx *c;
	yyjson_mut_doc *doc;
};

/* A list of a form: scenes, questions, choices, symptoms. */
struct entries {
	const char *key;
	const struct part *parts;
	size_t count, most;
	bool own;               /* the company may add to it */
	/* What must hold of one of them when all is said. */
	void (*check)(struct form_text *r, const char *path, yyjson_mut_val *base, yyjson_mut_val *now);
};

extern const struct entries form_scene_entries, form_symptom_entries;

int form_bad(struct form_text *r, const char *path, const char *member, int code, const char *arg);     /* fault of path.member */
bool form_is(yyjson_mut_val *v, const char *name);      /* true there */
const char *form_text_of(yyjson_mut_val *v, const char *name);          /* never NULL */
size_t form_shown(yyjson_mut_val *list);                /* how many are asked */
