/* Shared by opening, reading and learning: the words of a pack and the file they lie in. */
#pragma once

#include "core/understand/understand.h"
#include "engine/retrieve/normal.h"
#include "engine/retrieve/telling.h"

/* From the pack's knowledge/words.json: {"same": {"怎么": ["咋", …]}, "courtesies": […], "general": "general", "products": {"fridge": ["冰箱", …]}} */
struct understand_words {
	struct normal *normal;
	const char **courtesies;
	struct slot_product *products;
	size_t courtesy_count, product_count;
};
int understand_words_read(struct arena *a, const char *json, size_t n, struct understand_words *out) MUST_CHECK;

/* PACK.knowledge: a mark, the hash of all it was made from, then parts, each with kind and length, filled up to eight. */
enum understand_part { PART_WORDS = 1, PART_BASIS, PART_MODEL, PART_SOURCE, PART_VECTORS, PART_SPACE };
enum { UNDERSTAND_HASH = 32, UNDERSTAND_HEAD = 8 + UNDERSTAND_HASH };

struct understand_map {
	void *p;
	size_t n;
};
int understand_map_open(const char *path, struct understand_map *out) MUST_CHECK;       /* ERR_NOT_FOUND */
void understand_map_close(struct understand_map *m);
/* Writes the parts one behind another, beside the file and then in its place: a torn one is never seen. */
int understand_file_write(const char *path, const struct bytes *parts, size_t n) MUST_CHECK;

void understand_head_write(struct text *t, const uint8_t hash[static UNDERSTAND_HASH]);
void understand_part_write(struct text *t, enum understand_part kind, const char *p, size_t n);
/* True when the file begins as one of ours, made from just that. */
bool understand_head_is(struct bytes file, const uint8_t hash[static UNDERSTAND_HASH]);
void understand_sign_read(struct bytes file, uint8_t out[static UNDERSTAND_HASH]);      /* of a file that understand_parts() found whole */
/* Calls fn for each part; ERR_STATE when the file is not whole. */
int understand_parts(struct bytes file, int (*fn)(void *arg, enum understand_part kind, struct bytes part), void *arg) MUST_CHECK;

/* For lessons: what all of it was learned from, and whether by vectors too. */
void understanding_sign(const struct understanding *u, struct text *out);
