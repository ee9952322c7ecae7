/* Text of a model or of a source as characters to compare: width and case folded. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct points {
	uint32_t *at;
	size_t n;
};

struct points points_of(struct arena *a, const char *text);
bool point_is_han(uint32_t p);
bool point_is_latin(uint32_t p);                /* letter, after folding */
bool point_is_digit(uint32_t p);
bool point_is_word(uint32_t p);                 /* one of these */
/* Letters and digits alone. */
struct points points_packed(struct arena *a, struct points s);
bool points_have(struct points s, struct points part);
bool points_have_text(struct arena *a, struct points s, const char *part);      /* `part` folded already */
/* Whether the ranges and signs that service texts are written with hold it. */
bool point_is_usual(uint32_t p);

/* Pairs of neighbours among Chinese characters, whatever signs stand between them; and the first letters of each longer English word. */
struct pairs {
	uint64_t *at;
	size_t n;
};
struct pairs pairs_listed(struct arena *a, struct points s);
struct pairs pairs_sorted(struct arena *a, struct points s);        /* sorted, each once */
bool pairs_hold(const struct pairs *sorted, uint64_t pair);
size_t pairs_shared(const struct pairs *x, const struct pairs *sorted);
static inline bool pair_is_han(uint64_t pair) { return pair >> 32 != 0; }
