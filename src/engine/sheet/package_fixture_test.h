/* Office packages for tests, made of the text of their parts. */
#pragma once

#include <string.h>
#include <zip.h>

#include "base/arena.h"
#include "base/test.h"

struct package_part {
	const char *path, *text;
};

static inline struct bytes package_of(struct arena *a, const struct package_part *parts, size_t count)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	assert_non_null(source);
	zip_source_keep(source);
	zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
	assert_non_null(zip);
	for (size_t i = 0; i < count; i++) {
		zip_source_t *text = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
		assert_true(zip_file_add(zip, parts[i].path, text, ZIP_FL_ENC_UTF_8) >= 0);
	}
	assert_int_equal(zip_close(zip), 0);
	zip_stat_t st;
	assert_int_equal(zip_source_open(source), 0);
	assert_int_equal(zip_source_stat(source, &st), 0);
	uint8_t *p = arena_alloc(a, st.size);
	assert_int_equal(zip_source_read(source, p, st.size), st.size);
	zip_source_close(source);
	zip_source_free(source);
	zip_error_fini(&error);
	return (struct bytes){ p, st.size };
}
