/* The pieces of an XLSX reader: the book (which sheet, which styles), shared strings, merged ranges, rows. */
#pragma once

#include "engine/sheet/number_format.h"
#include "engine/sheet/package.h"

/* ---- the book ---- */

struct book {
	const char *sheet_path, *strings_path, *styles_path;   /* entries of the package; strings and styles may be NULL */
	const char *sheet_name;
	uint32_t visible;              /* sheets with cells that people see */
	bool base_1904;
	unsigned char *formats;        /* by style number: FORMAT_… of number_format.h */
	size_t format_count;
};
int book_read(struct sheet *s, struct package *p, struct book *book) MUST_CHECK;

/* ---- shared strings ---- */

struct strings {
	struct arena *arena;
	const char ***blocks;          /* 4,096 strings each */
	size_t block_room, count;
	char *packed, *packed_end;     /* where the next string goes */
	uint64_t bytes;
};
int strings_read(struct sheet *s, struct package *p, const char *path, struct strings *out) MUST_CHECK;
/* NULL when there is no such string. *n without the ending NUL. */
const char *strings_get(const struct strings *t, uint64_t index, size_t *n);

/* Decodes _x000D_ and its like in place; characters that text may not hold are dropped. Returns the new length. */
size_t xlsx_unescape(char *p, size_t n);

/* ---- merged ranges ---- */

struct merge {
	uint32_t first_row, last_row, first_column, last_column;   /* rows count from 1, columns from 0 */
	struct cell anchor;
};
struct merges {
	struct arena *arena;
	struct merge *all;             /* by first row */
	size_t count, room, next;
	struct merge *active[256];     /* those that cover the present row */
	size_t active_count;
};
int merges_read(struct sheet *s, struct package *p, const char *path, struct merges *out) MUST_CHECK;
/* Fills the covered cells of one row from their anchors; rows must come in order. */
int merges_fill(struct sheet *s, struct merges *m, uint32_t row, struct row_buffer *b) MUST_CHECK;

/* "AB12" to column 27 (from 0) and row 12; false when it is no such thing. */
bool xlsx_place(const char *s, uint32_t *column, uint32_t *row, const char **rest);
