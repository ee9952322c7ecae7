/* The rows of a worksheet: the XML reader is paused at the end of each row and resumed for the next. */
#include <stdlib.h>
#include <string.h>

#include "engine/sheet/xlsx.h"

struct xlsx {
	struct package *package;
	struct book book;
	struct strings strings;
	struct merges merges;
	struct xml xml;
	struct row_buffer buffer;
	uint32_t row, column;          /* of the present cell; rows from 1, columns from 0 */
	uint32_t done;                 /* number of the last row given out */
	bool in_data, in_value;
	uint32_t phonetic;
	char type;                     /* of the cell: s shared, i inline, t formula's text, b logical, e error, d date, n number */
	unsigned char format;
	struct text value;
};

static void cell_start(struct xml *x, struct xlsx *b, const char **attributes)
{
	const char *place = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t");
	const char *style = xml_attribute(attributes, "s"), *rest;
	uint32_t row;
	b->column++;
	if (place && (!xlsx_place(place, &b->column, &row, &rest) || row != b->row)) {
		xml_stop(x, sheet_fail(x->sheet, ERR_SHEET_DAMAGED, b->row, 0, NULL));
		return;
	}
	b->type = 'n';
	if (type)
		b->type = strcmp(type, "inlineStr") == 0 ? 'i' : strcmp(type, "str") == 0 ? 't' : type[0];
	unsigned long index = style ? strtoul(style, NULL, 10) : 0;
	b->format = index < b->book.format_count ? b->book.formats[index] : FORMAT_PLAIN;
	b->value.n = 0;
}

static void row_start(struct xml *x, struct xlsx *b, const char **attributes)
{
	const char *number = xml_attribute(attributes, "r");
	unsigned long row = number ? strtoul(number, NULL, 10) : b->row + 1ul;
	if (row > x->sheet->limits.rows) {
		xml_stop(x, sheet_over(x->sheet, (uint32_t)(row > UINT32_MAX ? 0 : row), 0, "rows", x->sheet->limits.rows));
		return;
	}
	if (row <= b->done) {
		xml_stop(x, sheet_fail(x->sheet, ERR_SHEET_DAMAGED, (uint32_t)row, 0, NULL));
		return;
	}
	b->row = (uint32_t)row;
	b->column = UINT32_MAX;        /* the first cell without a place is column 0 */
	row_clear(&b->buffer);
}

static void rows_start(struct xml *x, const char *name, const char **attributes)
{
	struct xlsx *b = x->self;
	if (xml_is(name, "sheetData"))
		b->in_data = true;
	if (!b->in_data)
		return;
	if (xml_is(name, "c"))
		cell_start(x, b, attributes);
	else if (xml_is(name, "v") || (xml_is(name, "t") && b->phonetic == 0))
		b->in_value = true;
	else if (xml_is(name, "rPh"))
		b->phonetic++;
	else if (xml_is(name, "row"))
		row_start(x, b, attributes);
}

static void put_shared(struct xml *x, struct xlsx *b)
{
	char *end;
	size_t n;
	unsigned long long index = strtoull(text_end(&b->value), &end, 10);
	const char *p = *end ? NULL : strings_get(&b->strings, index, &n);
	if (p)
		row_put_kept(&b->buffer, b->column, CELL_TEXT, p, n);
	else
		xml_stop(x, sheet_fail(x->sheet, ERR_SHEET_DAMAGED, b->row, b->column + 1, NULL));
}

static void put_number(struct xlsx *b)
{
	char out[64];
	const char *raw = text_end(&b->value);
	if (b->format == FORMAT_DATE && number_write_date(raw, b->book.base_1904, out))
		row_put(&b->buffer, b->column, CELL_DATE, out, strlen(out));
	else if (number_write(raw, b->format, out))
		row_put(&b->buffer, b->column, CELL_NUMBER, out, strlen(out));
	else
		row_put(&b->buffer, b->column, CELL_TEXT, raw, b->value.n);
}

/* A date as text, 2025-03-08T14:30:05: with a blank it looks like the dates made from numbers. */
static void put_iso_date(struct xlsx *b)
{
	char *t = memchr(text_end(&b->value), 'T', b->value.n);
	if (t)
		*t = ' ';
	row_put(&b->buffer, b->column, CELL_DATE, b->value.p, b->value.n);
}

static void cell_end(struct xml *x, struct xlsx *b)
{
	if (!b->value.n)
		return;
	if (b->column >= x->sheet->limits.columns) {
		xml_stop(x, sheet_over(x->sheet, b->row, b->column + 1, "columns", x->sheet->limits.columns));
		return;
	}
	switch (b->type) {
	case 's':
		put_shared(x, b);
		break;
	case 'i':
	case 't':
		b->value.n = xlsx_unescape(b->value.p, b->value.n);
		row_put(&b->buffer, b->column, CELL_TEXT, b->value.p, b->value.n);
		break;
	case 'b':
		row_put_kept(&b->buffer, b->column, CELL_LOGICAL, b->value.p[0] == '1' ? "TRUE" : "FALSE", b->value.p[0] == '1' ? 4 : 5);
		break;
	case 'e':
		row_put(&b->buffer, b->column, CELL_ERROR, b->value.p, b->value.n);
		break;
	case 'd':
		put_iso_date(b);
		break;
	default:
		put_number(b);
	}
}

static void rows_end(struct xml *x, const char *name)
{
	struct xlsx *b = x->self;
	if (!b->in_data)
		return;
	if (xml_is(name, "v") || xml_is(name, "t")) {
		b->in_value = false;
	} else if (xml_is(name, "c")) {
		cell_end(x, b);
	} else if (xml_is(name, "row")) {
		xml_pause(x);
	} else if (xml_is(name, "rPh")) {
		b->phonetic--;
	} else if (xml_is(name, "sheetData")) {
		b->in_data = false;
	}
}

static void rows_characters(struct xml *x, const char *p, int n)
{
	struct xlsx *b = x->self;
	if (!b->in_value)
		return;
	if (b->value.n + (size_t)n > x->sheet->limits.cell_bytes)
		xml_stop(x, sheet_over(x->sheet, b->row, b->column + 1, "cell bytes", x->sheet->limits.cell_bytes));
	else
		text_append_n(&b->value, p, (size_t)n);
}

static int xlsx_next(struct sheet *s, struct sheet_row *row)
{
	struct xlsx *b = s->state;
	int r = xml_run(&b->xml);
	if (r <= 0)
		return r;
	b->done = b->row;
	TRY(merges_fill(s, &b->merges, b->row, &b->buffer));
	row_finish(&b->buffer, b->row, row);
	return 1;
}

static void xlsx_close(struct sheet *s)
{
	struct xlsx *b = s->state;
	xml_close(&b->xml);
	package_close(b->package);
}

static const struct sheet_reader xlsx_reader = { xlsx_next, xlsx_close };

static int missing_is_damage(struct sheet *s, int r)
{
	return r == ERR_NOT_FOUND ? sheet_fail(s, ERR_SHEET_DAMAGED, 0, 0, NULL) : r;
}

int xlsx_open(struct sheet *s)
{
	struct xlsx *b = ARENA_NEW(s->arena, struct xlsx);
	s->info.format = SHEET_XLSX;
	s->info.encoding = "UTF-8";
	s->state = b;
	s->reader = &xlsx_reader;
	row_buffer_init(&b->buffer, s->arena);
	b->value = text_in(s->arena);
	TRY(package_open(s, &b->package));
	TRY(book_read(s, b->package, &b->book));
	s->info.name = b->book.sheet_name;
	s->info.sheets = b->book.visible;
	TRY(strings_read(s, b->package, b->book.strings_path, &b->strings));
	TRY(missing_is_damage(s, merges_read(s, b->package, b->book.sheet_path, &b->merges)));
	b->xml = (struct xml){ .sheet = s, .self = b, .start = rows_start, .end = rows_end, .characters = rows_characters };
	TRY(missing_is_damage(s, part_open(b->package, b->book.sheet_path, &b->xml.part)));
	return xml_open(&b->xml);
}
