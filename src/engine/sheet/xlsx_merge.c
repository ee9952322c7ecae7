/* Merged ranges. They stand behind the rows in the file, so the sheet is read once for them before its rows. */
#include <stdlib.h>
#include <string.h>

#include "engine/sheet/xlsx.h"

bool xlsx_place(const char *s, uint32_t *column, uint32_t *row, const char **rest)
{
	uint32_t c = 0, r = 0;
	const char *p = s;
	while (*p == '$')
		p++;
	for (; *p >= 'A' && *p <= 'Z' && c < 20000; p++)
		c = c * 26 + (uint32_t)(*p - 'A' + 1);
	while (*p == '$')
		p++;
	for (; *p >= '0' && *p <= '9' && r < 10000000; p++)
		r = r * 10 + (uint32_t)(*p - '0');
	if (c == 0 || c > 16384 || r == 0 || r > 1048576)
		return false;
	*column = c - 1;
	*row = r;
	*rest = p;
	return true;
}

/* ---- reading ---- */

static void add(struct merges *m, const struct merge *one)
{
	ARENA_GROW(m->arena, m->all, m->count, m->room);
	m->all[m->count++] = *one;
}

static void merge_start(struct xml *x, const char *name, const char **attributes)
{
	struct merges *m = x->self;
	const char *range = xml_is(name, "mergeCell") ? xml_attribute(attributes, "ref") : NULL;
	struct merge one = { 0 };
	const char *rest;
	if (!range || !xlsx_place(range, &one.first_column, &one.first_row, &rest) || *rest != ':' ||
	    !xlsx_place(rest + 1, &one.last_column, &one.last_row, &rest))
		return;
	if (one.last_row < one.first_row || one.last_column < one.first_column)
		return;
	if (m->count == x->sheet->limits.merges)
		xml_stop(x, sheet_over(x->sheet, 0, 0, "merged ranges", x->sheet->limits.merges));
	else
		add(m, &one);
}

static int by_first_row(const void *a, const void *b)
{
	const struct merge *x = a, *y = b;
	if (x->first_row != y->first_row)
		return x->first_row < y->first_row ? -1 : 1;
	return x->first_column < y->first_column ? -1 : x->first_column > y->first_column;
}

/* Inflating without parsing is several times faster, and most lists have no merged cells. A sheet in UTF-16 would hide the
 * word; it begins with its BOM, which no UTF-8 sheet does. */
static int may_have_merges(struct sheet *s, struct package *p, const char *path, bool *may)
{
	static const char word[] = "mergeCell";
	enum { KEEP = sizeof(word) - 2, PIECE = 65536 };
	char *piece = arena_alloc(s->arena, PIECE + KEEP);
	struct part *part;
	TRY(part_open(p, path, &part));
	size_t left = 0;
	int64_t n;
	*may = false;
	while ((n = part_read(part, piece + left, PIECE)) > 0 && !*may) {
		size_t whole = left + (size_t)n;
		*may = memmem(piece, whole, word, sizeof(word) - 1) || (uint8_t)piece[0] >= 0xFE;
		left = whole < KEEP ? whole : KEEP;
		memmove(piece, piece + whole - left, left);
	}
	part_close(part);
	return n < 0 ? (int)n : 0;
}

int merges_read(struct sheet *s, struct package *p, const char *path, struct merges *out)
{
	*out = (struct merges){ .arena = s->arena };
	bool may;
	TRY(may_have_merges(s, p, path, &may));
	if (!may)
		return 0;
	struct xml x = { .sheet = s, .self = out, .start = merge_start };
	TRY(xml_read_part(&x, p, path));
	if (out->count)
		qsort(out->all, out->count, sizeof(*out->all), by_first_row);
	return 0;
}

/* ---- filling ---- */

static void take_anchor(struct merges *m, struct merge *one, const struct row_buffer *b)
{
	if (one->first_column >= b->count)
		return;
	one->anchor = b->cells[one->first_column];
	size_t start = b->starts[one->first_column];
	if (one->anchor.kind == CELL_EMPTY)
		return;
	const char *p = start == SIZE_MAX ? one->anchor.text : b->text.p + start;
	/* Shared strings stay where they are; other text lives in the row, which is written over. */
	one->anchor.text = start == SIZE_MAX ? p : arena_string_n(m->arena, p, one->anchor.n);
	one->anchor.filled = true;
}

static void fill(const struct sheet *s, const struct merge *one, uint32_t row, struct row_buffer *b)
{
	if (one->anchor.kind == CELL_EMPTY)
		return;
	for (uint32_t c = one->first_column; c <= one->last_column && c < s->limits.columns; c++) {
		if (row == one->first_row && c == one->first_column)
			continue;
		struct cell *cell = row_put_kept(b, c, one->anchor.kind, one->anchor.text, one->anchor.n);
		*cell = one->anchor;
	}
}

/* Columns of the range that are read at all. */
static uint32_t width(const struct sheet *s, const struct merge *one)
{
	uint32_t most = s->limits.columns;
	uint32_t end = one->last_column < most ? one->last_column + 1 : most;
	return one->first_column < end ? end - one->first_column : 1;
}

/* Drops the ranges that ended above `row`; returns the columns that the others cover. */
static uint32_t drop_ended(const struct sheet *s, struct merges *m, uint32_t row)
{
	size_t kept = 0;
	uint32_t covered = 0;
	for (size_t i = 0; i < m->active_count; i++) {
		if (m->active[i]->last_row < row)
			continue;
		covered += width(s, m->active[i]);
		m->active[kept++] = m->active[i];
	}
	m->active_count = kept;
	return covered;
}

int merges_fill(struct sheet *s, struct merges *m, uint32_t row, struct row_buffer *b)
{
	uint32_t covered = drop_ended(s, m, row);
	for (; m->next < m->count && m->all[m->next].first_row <= row; m->next++) {
		struct merge *one = &m->all[m->next];
		if (one->last_row < row)
			continue;
		/* Ranges that do not overlap cannot cover more of a row than it has; others would fill it again and again. */
		covered += width(s, one);
		if (covered > s->limits.columns || m->active_count == sizeof(m->active) / sizeof(m->active[0]))
			return sheet_fail(s, ERR_SHEET_DAMAGED, row, 0, NULL);
		if (one->first_row == row)
			take_anchor(m, one, b);
		m->active[m->active_count++] = one;
	}
	for (size_t i = 0; i < m->active_count; i++)
		fill(s, m->active[i], row, b);
	return 0;
}
