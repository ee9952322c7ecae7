/* The words and characters of a text with their weights (TF-IDF), by the one cutter of engine/cut.
 *
 * A term is known by a hash of its letters, so texts may be compared that never met. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { TERMS_MOST = 400 };      /* of one text; a question has some thirty */

struct term {
	uint64_t hash;
	float weight;
};

struct terms {
	const struct term *term;        /* by hash, each once; the squares of the weights add up to 1 */
	size_t n;
	float known;                    /* share of the squares that belongs to terms the table knows */
};

/* In how many texts each term stands: sorted by hash, as it lies in a file. */
struct term_table {
	const uint64_t *hash;
	const float *rarity;            /* ln((1 + texts) / (1 + those with it)) + 1 */
	size_t n;
	float unknown;                  /* rarity of what stands nowhere */
};

uint64_t term_hash(const char *word);
void term_table_make(struct arena *a, const char *const *texts, size_t n, struct term_table *out);
void terms_of(struct arena *a, const struct term_table *table, const char *text, struct terms *out);
/* Where it stands in a list that is sorted, each once; n: nowhere. */
size_t term_place(const uint64_t *hash, size_t n, uint64_t term);
/* The rarity of a term; 0 when the table does not know it. */
float term_rarity(const struct term_table *table, uint64_t hash);
