/* Workbooks. Random bytes seldom make a zip, so the input is the text of the parts, each after a line `#path`, zipped here;
 * an input that is a zip already is read as it is. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "engine/sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MOST_PARTS = 8 };

/* Adds the part that begins at `p` (behind its #); returns where the next one begins. */
static const char *add_part(struct arena *a, zip_t *zip, const char *p, const char *end)
{
	const char *line = memchr(p, '\n', (size_t)(end - p));
	if (!line || line == p || line - p > 100)
		return end;
	const char *path = arena_string_n(a, p, (size_t)(line - p)), *text = line + 1;
	const char *next = memmem(text, (size_t)(end - text), "\n#", 2);
	size_t n = (size_t)((next ? next : end) - text);
	zip_source_t *source = zip_source_buffer(zip, text, n, 0);
	if (zip_file_add(zip, path, source, ZIP_FL_OVERWRITE) < 0)
		zip_source_free(source);
	return next ? next + 2 : end;
}

static struct bytes pack(struct arena *a, const char *text, size_t n)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_source_keep(target);
	zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
	const char *p = text + 1, *end = text + n;
	for (int i = 0; i < MOST_PARTS && p < end; i++)
		p = add_part(a, zip, p, end);
	struct bytes file = { (const uint8_t *)"", 0 };
	zip_stat_t st;
	if (zip_close(zip) < 0) {
		zip_discard(zip);
	} else if (zip_source_stat(target, &st) == 0 && st.size > 0 && zip_source_open(target) == 0) {
		uint8_t *bytes = arena_alloc(a, st.size);
		file = (struct bytes){ bytes, (size_t)zip_source_read(target, bytes, st.size) };
		zip_source_close(target);
	}
	zip_source_free(target);
	zip_error_fini(&error);
	return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = { data, n };
	if (n > 2 && data[0] == '#')
		file = pack(a, (const char *)data, n);
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
