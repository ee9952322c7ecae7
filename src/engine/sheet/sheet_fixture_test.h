/* Reads a whole list into one text that a test can hold against another. Only the tests of this folder include it. */
#pragma once

#include "base/test.h"

#include <string.h>

#include "engine/sheet/sheet.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- reading everything into one text: cells by |, rows by newline, with numbers ---- */

static inline int read_all(struct arena *a, struct sheet *s, char **out)
{
	struct sheet_row row;
	char *all = arena_string(a, "");
	int r;
	while ((r = sheet_next(s, &row)) > 0) {
		all = arena_format(a, "%s%u:", all, row.number);
		for (size_t i = 0; i < row.count; i++) {
			assert_int_equal(strlen(row.cells[i].text), row.cells[i].n);
			all = arena_format(a, "%s%s%s%s", all, i ? "|" : "", row.cells[i].filled ? "^" : "", row.cells[i].text);
		}
		all = arena_format(a, "%s\n", all);
	}
	*out = all;
	return r;
}

static inline int read_bytes(struct arena *a, const void *p, size_t n, const struct sheet_limits *limits, struct sheet_fault *fault, char **out)
{
	struct bytes bytes = { p, n };
	struct sheet_source source = sheet_from_bytes(&bytes);
	SHEET_SCOPED s = NULL;
	*out = arena_string(a, "");
	TRY(sheet_open(a, &source, limits, fault, &s));
	return read_all(a, s, out);
}

/* `head`, then `piece` so many times, then `tail`. */
static inline char *repeat(struct arena *a, const char *head, const char *piece, size_t times, const char *tail)
{
	size_t h = strlen(head), n = strlen(piece), t = strlen(tail);
	char *p = arena_alloc(a, h + n * times + t + 1);
	memcpy(p, head, h);
	for (size_t i = 0; i < times; i++)
		memcpy(p + h + i * n, piece, n);
	memcpy(p + h + n * times, tail, t);
	return p;
}
