/* Workbooks, as parts.h makes them. */
#include <stdlib.h>
#include <string.h>

#include "engine/sheet/sheet.h"
#include "parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = package_of(a, data, n);
	struct sheet_source source = sheet_from_bytes(&file);
	struct sheet_limits limits = { .rows = 5000, .cell_bytes = 4096, .strings = 5000, .uncompressed = 4 << 20,
			.string_bytes = 1 << 20, .merges = 500 };
	struct sheet_fault fault;
	SHEET_SCOPED s = NULL;
	int r = sheet_open(a, &source, &limits, &fault, &s);
	struct sheet_row row;
	uint32_t last = 0;
	while (r >= 0 && s && (r = sheet_next(s, &row)) > 0) {
		if (row.number <= last || row.count > 256)
			abort();
		last = row.number;
		for (size_t i = 0; i < row.count; i++)
			if (strlen(row.cells[i].text) != row.cells[i].n)
				abort();
	}
	if (r < 0 && fault.code != r)
		abort();
	return 0;
}
