/* Compression for the web. Levels that keep a start of 3 MB of pages within a few tenths of a second. */
#include "net/squeeze.h"

#include <brotli/encode.h>
#include <limits.h>
#include <zlib.h>

static bool is_worth_it(size_t before, size_t after)
{
	return after < before - before / 10;
}

bool squeeze_gzip(struct arena *a, const void *p, size_t n, struct bytes *out)
{
	enum { LEVEL = 6, GZIP_WINDOW = 15 + 16, MEMORY = 8 };
	z_stream z = { 0 };
	if (n > UINT_MAX / 2 || deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	size_t room = deflateBound(&z, n);
	uint8_t *to = arena_alloc(a, room);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = to;
	z.avail_out = (uInt)room;
	int result = deflate(&z, Z_FINISH);
	*out = (struct bytes){ to, z.total_out };
	deflateEnd(&z);
	return result == Z_STREAM_END && is_worth_it(n, out->n);
}

bool squeeze_brotli(struct arena *a, const void *p, size_t n, struct bytes *out)
{
	enum { QUALITY = 5, WINDOW = 22 };
	size_t room = BrotliEncoderMaxCompressedSize(n);
	if (!room)
		return false;
	uint8_t *to = arena_alloc(a, room);
	if (!BrotliEncoderCompress(QUALITY, WINDOW, BROTLI_MODE_TEXT, n, p, &room, to))
		return false;
	*out = (struct bytes){ to, room };
	return is_worth_it(n, room);
}
