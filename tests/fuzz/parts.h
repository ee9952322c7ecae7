/* A zip made of text: each part after a line `#path`. */
#pragma once

#include <string.h>
#include <zip.h>

#include "base/arena.h"

enum { MOST_PARTS = 8 };

/* Adds the part that begins at `p` (behind its #); returns where the next one begins. */
static inline const char *add_part(struct arena *a, zip_t *zip, const char *p, const char *end)
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

static inline struct bytes zip_of_parts(struct arena *a, const char *text, size_t n)
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

/* A package as it is, or, beginning with #, zipped from its parts: random bytes seldom make a zip. */
static inline struct bytes package_of(struct arena *a, const uint8_t *data, size_t n)
{
	return n > 2 && data[0] == '#' ? zip_of_parts(a, (const char *)data, n) : (struct bytes){ data, n };
}
