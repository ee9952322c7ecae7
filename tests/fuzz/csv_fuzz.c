/* Any bytes as a list: every row, the header, the shapes. What comes out must be valid text that ends where it says. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_row(const struct sheet_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		const char *s = row->cells[i].text, *end = s + row->cells[i].n;
		if (strlen(s) != row->cells[i].n)
			abort();
		while (s < end) {
			uint32_t c = utf8_next(&s, end);
			if (c == 0xFFFD && !row->cells[i].broken && !memmem(row->cells[i].text, row->cells[i].n, "\xEF\xBF\xBD", 3))
				abort();
		}
	}
	sheet_row_shape(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct bytes bytes = { data, n };
	struct sheet_source source = sheet_from_bytes(&bytes);
	struct sheet_limits limits = { .cell_bytes = 4096, .uncompressed = 4 << 20 };
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	int r = sheet_open(a, &source, &limits, &fault, &s);
	struct sheet_row row;
	if (r == 0 && n % 2)
		r = sheet_header(s, NULL, 0, &row);
	while (r >= 0 && s && (r = sheet_next(s, &row)) > 0)
		check_row(&row);
	/* Whoever fails says why. */
	if (r < 0 && fault.code != r)
		abort();
	return 0;
}
