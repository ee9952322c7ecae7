/* Vectors that were reckoned before, by their text, so that a new phrasing costs only itself: in a company's lesson, and in a file that only the build keeps. */
#pragma once

#include "base/crypto.h"
#include "core/understand/understand_private.h"

/* A text's hash and its vector, as it lies in bytes. */
struct vector_row {
	uint8_t hash[HASH_SIZE];
	float vector[EMBED_SIZE];
};
struct vector_rows {
	const struct vector_row *at;    /* by hash */
	size_t n;
};
void vector_row_name(struct vector_row *row, const char *text);
struct vector_rows vector_rows_read(struct arena *a, struct bytes b);   /* none of bytes that are not whole rows */
const float *vector_rows_find(const struct vector_rows *rows, const char *text);        /* NULL: it was not reckoned */

/* Gives every text of the source its vector, in the arena: from `path` (NULL: no such file) or anew, on all processors; *made counts
 * the latter. The file is written again when something came. Written for another model it is not looked at. */
int understand_vectors(struct arena *a, struct embed *embed, const char *model, const char *path, struct classify_source *s, size_t *made) MUST_CHECK;
