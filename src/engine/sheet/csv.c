/* CSV as spreadsheet programs write it (RFC 4180 and its relatives), as a stream.
 *
 * The delimiter is found from the first piece. Quotes count only at the start of a cell; text behind a closing quote is kept.
 * A quote that is never closed is reported where it opened, not where the file ends. */
#include <string.h>

#include "engine/sheet/sheet_private.h"

struct csv {
	struct decoder *decoder;
	const char *p, *end;         /* the piece under the cursor */
	bool ended, skip_line_feed;
	char delimiter;
	uint32_t row;                /* of the last row that was begun */
	struct text value;
	struct row_buffer buffer;
};

enum { SAMPLE_ROWS = 60 };

/* What one candidate makes of the first piece. */
struct shape {
	uint32_t rows[64];           /* how many rows have so many cells */
};

static void shape_add(struct shape *shape, uint32_t cells)
{
	shape->rows[cells < 64 ? cells : 63]++;
}

static void shape_of(const char *p, const char *end, char delimiter, struct shape *shape)
{
	uint32_t cells = 1, rows = 0;
	bool quoted = false, at_start = true;
	for (; p < end && rows < SAMPLE_ROWS; p++) {
		if (quoted) {
			quoted = *p != '"';
			continue;
		}
		if (*p == '"' && (at_start || p[-1] == '"'))
			quoted = true;
		at_start = *p == delimiter || *p == '\n';
		cells += *p == delimiter;
		if (*p == '\n') {
			shape_add(shape, cells);
			cells = 1;
			rows++;
		}
	}
	if (cells > 1)
		shape_add(shape, cells);
}

/* The delimiter that gives most rows the same number of cells, at least two; wider wins a tie. */
static char find_delimiter(const char *p, const char *end)
{
	static const char candidates[] = { ',', '\t', ';', '|' };
	char best = ',';
	uint32_t most = 0;
	for (size_t i = 0; i < sizeof(candidates); i++) {
		struct shape shape = { 0 };
		shape_of(p, end, candidates[i], &shape);
		for (uint32_t cells = 2; cells < 64; cells++) {
			uint32_t score = shape.rows[cells] * 64 + cells;
			if (shape.rows[cells] && score > most) {
				most = score;
				best = candidates[i];
			}
		}
	}
	return best;
}

/* Makes sure that a byte is under the cursor, unless the file ended. */
static int refill(struct csv *c)
{
	if (c->p < c->end || c->ended)
		return 0;
	size_t n;
	TRY(decoder_read(c->decoder, &c->p, &n));
	c->end = c->p + n;
	c->ended = n == 0;
	return 0;
}

static int append(struct sheet *s, struct csv *c, const char *p, size_t n, uint32_t column)
{
	if (c->value.n + n > s->limits.cell_bytes)
		return sheet_over(s, c->row, column + 1, "cell bytes", s->limits.cell_bytes);
	text_append_n(&c->value, p, n);
	return 0;
}

/* Appends what lies before the next byte of `stops`, which is left under the cursor; NUL bytes become U+FFFD. */
static int append_until(struct sheet *s, struct csv *c, const char *stops, uint32_t column)
{
	for (;;) {
		TRY(refill(c));
		if (c->ended)
			return 0;
		const char *from = c->p;
		while (c->p < c->end && *c->p && !strchr(stops, *c->p))
			c->p++;
		TRY(append(s, c, from, (size_t)(c->p - from), column));
		if (c->p == c->end)
			continue;
		if (*c->p)
			return 0;
		TRY(append(s, c, "\xEF\xBF\xBD", 3, column));
		c->p++;
	}
}

/* The cursor stands behind the opening quote. */
static int quoted_part(struct sheet *s, struct csv *c, uint32_t column)
{
	uint32_t row = c->row;
	for (;;) {
		int r = append_until(s, c, "\"", column);
		if (r == ERR_SHEET_LIMIT || (r == 0 && c->ended))
			return sheet_fail(s, ERR_SHEET_QUOTE, row, column + 1, NULL);
		TRY(r);
		c->p++;
		TRY(refill(c));
		if (c->ended || *c->p != '"')
			return 0;
		TRY(append(s, c, "\"", 1, column));
		c->p++;
	}
}

/* Spreadsheet programs keep digits as text by writing ="00123". */
static void unwrap_formula(const char **p, size_t *n)
{
	if (*n >= 3 && (*p)[0] == '=' && (*p)[1] == '"' && (*p)[*n - 1] == '"') {
		*p += 2;
		*n -= 3;
	}
}

static int read_cell(struct sheet *s, struct csv *c, uint32_t column)
{
	const char stops[] = { c->delimiter, '\n', '\r', '\0' };
	c->value.n = 0;
	TRY(refill(c));
	if (!c->ended && *c->p == '"') {
		c->p++;
		TRY(quoted_part(s, c, column));
	}
	TRY(append_until(s, c, stops, column));
	if (!c->value.n)
		return 0;
	if (column >= s->limits.columns)
		return sheet_over(s, c->row, column + 1, "columns", s->limits.columns);
	const char *p = c->value.p;
	size_t n = c->value.n;
	unwrap_formula(&p, &n);
	struct cell *cell = row_put(&c->buffer, column, CELL_TEXT, p, n);
	cell->broken = n && memmem(p, n, "\xEF\xBF\xBD", 3);
	return 0;
}

static int csv_next(struct sheet *s, struct sheet_row *row)
{
	struct csv *c = s->state;
	TRY(refill(c));
	if (c->skip_line_feed && !c->ended && *c->p == '\n') {
		c->p++;
		TRY(refill(c));
	}
	c->skip_line_feed = false;
	if (c->ended)
		return 0;
	if (++c->row > s->limits.rows)
		return sheet_over(s, c->row, 0, "rows", s->limits.rows);
	row_clear(&c->buffer);
	for (uint32_t column = 0;; column++) {
		TRY(read_cell(s, c, column));
		if (c->ended)
			break;
		char stop = *c->p++;
		if (stop == c->delimiter)
			continue;
		c->skip_line_feed = stop == '\r';
		break;
	}
	row_finish(&c->buffer, c->row, row);
	return 1;
}

static void csv_close(struct sheet *s)
{
	struct csv *c = s->state;
	decoder_close(c->decoder);
}

static const struct sheet_reader csv_reader = { csv_next, csv_close };

/* A first line `sep=;` names the delimiter and is no row. */
static bool read_separator_line(struct csv *c)
{
	if (c->end - c->p < 6 || memcmp(c->p, "sep=", 4) != 0 || (c->p[5] != '\n' && c->p[5] != '\r'))
		return false;
	c->delimiter = c->p[4];
	c->skip_line_feed = c->p[5] == '\r';
	c->p += 6;
	return true;
}

int csv_open(struct sheet *s)
{
	struct csv *c = ARENA_NEW(s->arena, struct csv);
	s->info.format = SHEET_CSV;
	s->state = c;
	s->reader = &csv_reader;
	c->value = text_in(s->arena);
	row_buffer_init(&c->buffer, s->arena);
	TRY(decoder_open(s, &c->decoder));
	TRY(refill(c));
	if (!read_separator_line(c))
		c->delimiter = find_delimiter(c->p, c->end);
	s->info.delimiter = c->delimiter;
	return 0;
}
