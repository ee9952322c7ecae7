/* Vectors that were reckoned before, by their text: a file that only the build keeps, so that a new phrasing costs only itself. */
#pragma once

#include "core/understand/understand_private.h"

/* Gives every text of the source its vector, in the arena: from `path` (NULL: no such file) or anew, on all processors; *made counts
 * the latter. The file is written again when something came. Written for another model it is not looked at. */
int understand_vectors(struct arena *a, struct embed *embed, const char *model, const char *path, struct classify_source *s, size_t *made) MUST_CHECK;
