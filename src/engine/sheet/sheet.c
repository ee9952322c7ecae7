/* Opening, detection and the row buffer: what both formats share. */
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

int sheet_fail(struct sheet *s, int code, uint32_t row, uint32_t column, const char *arg)
{
	*s->fault = (struct sheet_fault){ .code = code, .row = row, .column = column, .arg = arg };
	return code;
}

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

/* ---- opening ---- */

static void fill_limits(struct sheet_limits *l)
{
	const struct sheet_limits *d = &sheet_limits_default;
#define FILL(field) (l->field = l->field ? l->field : d->field)
	FILL(rows), FILL(columns), FILL(cell_bytes), FILL(entries), FILL(ratio);
	FILL(uncompressed), FILL(strings), FILL(string_bytes), FILL(merges);
#undef FILL
}

static bool starts(const char *head, size_t n, const char *magic, size_t magic_n)
{
	return n >= magic_n && memcmp(head, magic, magic_n) == 0;
}

/* By content, never by file name: programs export HTML and old binary workbooks under every name. */
static int open_by_magic(struct sheet *s)
{
	char head[512];
	int64_t n = sheet_read(s, 0, head, sizeof(head));
	TRY((int)n);
	if (n == 0)
		return sheet_fail(s, ERR_SHEET_EMPTY, 0, 0, NULL);
	if (starts(head, (size_t)n, "PK\3\4", 4))
		return xlsx_open(s);
	if (starts(head, (size_t)n, "\xD0\xCF\x11\xE0", 4))
		return sheet_fail(s, ERR_SHEET_OLD, 0, 0, NULL);
	const char *p = head, *end = head + n;
	if (starts(p, (size_t)n, "\xEF\xBB\xBF", 3))
		p += 3;
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	if (p < end && *p == '<')
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	return csv_open(s);
}

int sheet_open(struct arena *a, const struct sheet_source *source, const struct sheet_limits *limits,
	       struct sheet_fault *fault, struct sheet **out)
{
	*out = NULL;
	*fault = (struct sheet_fault){ 0 };
	struct sheet *s = ARENA_NEW(a, struct sheet);
	s->arena = a;
	s->source = *source;
	s->fault = fault;
	if (limits)
		s->limits = *limits;
	fill_limits(&s->limits);
	int r = open_by_magic(s);
	if (r < 0) {
		sheet_close(s);
		return r;
	}
	*out = s;
	return 0;
}

int sheet_next(struct sheet *s, struct sheet_row *row)
{
	if (s->held_next < s->held_count) {
		*row = s->held[s->held_next++];
		return 1;
	}
	return s->reader->next(s, row);
}

void sheet_info(const struct sheet *s, struct sheet_info *info)
{
	*info = s->info;
}

void sheet_close(struct sheet *s)
{
	if (s && s->reader)
		s->reader->close(s);
	if (s)
		s->reader = NULL;
}

void sheet_close_pointer(struct sheet **s)
{
	sheet_close(*s);
}

/* ---- the row under construction ---- */

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
