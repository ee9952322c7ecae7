/* Compression for the web: gzip and brotli, whole buffers. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* False when it would not save at least a tenth. */
bool squeeze_gzip(struct arena *a, const void *p, size_t n, struct bytes *out);
bool squeeze_brotli(struct arena *a, const void *p, size_t n, struct bytes *out);
