/* Where a sheet's bytes come from, how much of them is too much, and how a fault is told. */
#include "engine/sheet/sheet_private.h"

#include <string.h>

const struct sheet_limits sheet_limits_default = {
	.rows = 1048576,                     /* what spreadsheet programs can hold */
	.columns = 256,
	.cell_bytes = 131072,                /* 32,767 characters of four bytes */
	.entries = 2000,
	.ratio = 300,
	.uncompressed = 1024u << 20,
	.strings = 4000000,
	.string_bytes = 256u << 20,
	.merges = 200000,
};

int sheet_over(struct sheet *s, uint32_t row, uint32_t column, const char *what, uint64_t most)
{
	return sheet_fail(s, ERR_SHEET_LIMIT, row, column, arena_format(s->arena, "%s ≤ %llu", what, (unsigned long long)most));
}

int64_t sheet_read(struct sheet *s, uint64_t offset, void *buffer, size_t n)
{
	size_t got = 0;
	while (got < n && offset + got < s->source.size) {
		int64_t r = s->source.read_at(s->source.self, offset + got, (char *)buffer + got, n - got);
		if (r < 0)
			return sheet_fail(s, (int)r, 0, 0, NULL);
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (int64_t)got;
}

static int64_t read_bytes(void *self, uint64_t offset, void *buffer, size_t n)
{
	const struct bytes *b = self;
	if (offset >= b->n)
		return 0;
	if (n > b->n - offset)
		n = b->n - (size_t)offset;
	memcpy(buffer, b->p + offset, n);
	return (int64_t)n;
}

struct sheet_source sheet_from_bytes(const struct bytes *bytes)
{
	return (struct sheet_source){ .size = bytes->n, .read_at = read_bytes, .self = (void *)(uintptr_t)bytes };
}
