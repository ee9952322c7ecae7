/* Terms are gathered as hashes, sorted, and counted by walking along. */
#include "engine/retrieve/terms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/cut/cut.h"

uint64_t term_hash(const char *word)
{
	uint64_t h = 1469598103934665603u;      /* FNV-1a, then mixed so that its low bits may be used */
	for (; *word; word++)
		h = (h ^ (unsigned char)*word) * 1099511628211u;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdu;
	return h ^ h >> 33;
}

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
	return (a > b) - (a < b);
}

/* The terms of a text, sorted, repeats kept. */
static uint64_t *hashes_of(struct arena *a, const char *text, size_t *n)
{
	struct words w;
	cut(a, text, CUT_DOCUMENT, &w);
	*n = w.n < TERMS_MOST ? w.n : TERMS_MOST;
	uint64_t *hashes = ARENA_ARRAY(a, uint64_t, *n + 1);
	for (size_t i = 0; i < *n; i++)
		hashes[i] = term_hash(w.word[i]);
	qsort(hashes, *n, sizeof(*hashes), by_number);
	return hashes;
}

/* ---- the table ---- */

void term_table_make(struct arena *a, const char *const *texts, size_t n, struct term_table *out)
{
	ARENA_SCOPED scratch = arena_new();
	struct text all = text_in(a);           /* a hash for each text that holds it */
	for (size_t i = 0; i < n; i++) {
		size_t count;
		uint64_t *hashes = hashes_of(scratch, texts[i], &count);
		for (size_t k = 0; k < count; k++)
			if (k == 0 || hashes[k] != hashes[k - 1])
				text_append_n(&all, &hashes[k], sizeof(*hashes));
		arena_reset(scratch);
	}
	size_t total = all.n / sizeof(uint64_t), distinct = 0;
	uint64_t *sorted = ARENA_ARRAY(a, uint64_t, total + 1);
	if (total)
		memcpy(sorted, all.p, all.n);
	qsort(sorted, total, sizeof(*sorted), by_number);
	float *rarity = ARENA_ARRAY(a, float, total + 1);
	for (size_t i = 0, end; i < total; i = end, distinct++) {
		for (end = i + 1; end < total && sorted[end] == sorted[i];)
			end++;
		sorted[distinct] = sorted[i];
		rarity[distinct] = logf((float)(1 + n) / (float)(1 + end - i)) + 1;
	}
	*out = (struct term_table){ sorted, rarity, distinct, logf((float)(1 + n)) + 1 };
}

size_t term_place(const uint64_t *hash, size_t n, uint64_t term)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (hash[middle] < term)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && hash[low] == term ? low : n;
}

float term_rarity(const struct term_table *table, uint64_t hash)
{
	size_t at = term_place(table->hash, table->n, hash);
	return at < table->n ? table->rarity[at] : 0;
}

/* ---- a text ---- */

void terms_of(struct arena *a, const struct term_table *table, const char *text, struct terms *out)
{
	size_t count;
	uint64_t *hashes = hashes_of(a, text, &count);
	struct term *terms = ARENA_ARRAY(a, struct term, count + 1);
	double squares = 0, known = 0;
	*out = (struct terms){ .term = terms };
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && hashes[end] == hashes[i];)
			end++;
		float rarity = term_rarity(table, hashes[i]);
		float weight = (1 + logf((float)(end - i))) * (rarity > 0 ? rarity : table->unknown);
		terms[out->n++] = (struct term){ hashes[i], weight };
		squares += (double)weight * weight;
		known += rarity > 0 ? (double)weight * weight : 0;
	}
	if (squares <= 0)
		return;
	for (size_t i = 0; i < out->n; i++)
		terms[i].weight /= (float)sqrt(squares);
	out->known = (float)(known / squares);
}
