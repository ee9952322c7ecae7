/* The spaces of companies, found by whoever asks, and the vectors of what was asked lately.
 *
 * Spaces are derived and lie on a shelf (understand_shelf.h), one a company. Vectors of questions are in memory alone, by a keyed hash, so what people wrote
 * is kept nowhere. Safe from any thread. */
#pragma once

#include "core/understand/understand_space.h"

struct spaces;

/* folder NULL, or one that cannot be made: in memory alone. */
struct spaces *spaces_new(const char *folder);
void spaces_free(struct spaces *s);             /* accepts NULL */

/* As long as `a`; NULL: there is none. */
const struct space *spaces_find(struct spaces *s, struct arena *a, int64_t tenant);
int spaces_keep(struct spaces *s, int64_t tenant, struct bytes space) MUST_CHECK;

/* root: of the space that the vector belongs to. */
void spaces_heard(struct spaces *s, int64_t tenant, const uint8_t root[static SPACE_SIGN], const char *text, const float *vector);
/* EMBED_SIZE numbers in `a`; NULL: not heard lately. */
const float *spaces_vector(struct spaces *s, struct arena *a, int64_t tenant, const uint8_t root[static SPACE_SIGN], const char *text);
/* Whether anything of the company was: false costs nothing. */
bool spaces_has_heard(struct spaces *s, int64_t tenant);

/* True once a minute: somebody may look why a company has none. */
bool spaces_may_be_missed(struct spaces *s, int64_t tenant, int64_t now);
