/* Rows: the one under construction, whose memory is kept from row to row, and what a finished one looks like. */
#include "engine/sheet/sheet_private.h"

#include <string.h>

void row_buffer_init(struct row_buffer *b, struct arena *a)
{
	*b = (struct row_buffer){ .arena = a, .text = text_in(a), .room = 16 };
	b->cells = ARENA_ARRAY(a, struct cell, b->room);
	b->starts = ARENA_ARRAY(a, size_t, b->room);
}

void row_clear(struct row_buffer *b)
{
	b->text.n = 0;
	b->count = 0;
}

static void row_grow(struct row_buffer *b, size_t least)
{
	size_t room = b->room;
	while (room < least)
		room *= 2;
	struct cell *cells = ARENA_ARRAY(b->arena, struct cell, room);
	size_t *offsets = ARENA_ARRAY(b->arena, size_t, room);
	memcpy(cells, b->cells, b->count * sizeof(*cells));
	memcpy(offsets, b->starts, b->count * sizeof(*offsets));
	b->cells = cells;
	b->starts = offsets;
	b->room = room;
}

struct cell *row_put_kept(struct row_buffer *b, size_t column, enum cell_kind kind, const char *p, size_t n)
{
	if (column >= b->room)
		row_grow(b, column + 1);
	for (; b->count <= column; b->count++) {
		b->cells[b->count] = (struct cell){ .kind = CELL_EMPTY, .text = "" };
		b->starts[b->count] = SIZE_MAX;
	}
	b->starts[column] = SIZE_MAX;
	b->cells[column] = (struct cell){ .kind = n ? kind : CELL_EMPTY, .text = n ? p : "", .n = n };
	return &b->cells[column];
}

struct cell *row_put(struct row_buffer *b, size_t column, enum cell_kind kind, const char *p, size_t n)
{
	struct cell *cell = row_put_kept(b, column, kind, "", 0);
	if (!n)
		return cell;
	b->starts[column] = b->text.n;
	text_append_n(&b->text, p, n);
	text_char(&b->text, '\0');
	cell->kind = kind;
	cell->n = n;
	return cell;
}

void row_finish(struct row_buffer *b, uint32_t number, struct sheet_row *row)
{
	while (b->count && b->cells[b->count - 1].kind == CELL_EMPTY)
		b->count--;
	for (size_t i = 0; i < b->count; i++)
		if (b->starts[i] != SIZE_MAX)
			b->cells[i].text = b->text.p + b->starts[i];
	*row = (struct sheet_row){ .number = number, .count = b->count, .cells = b->cells };
}
