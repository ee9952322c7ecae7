/* Where the list begins: the header under titles and notes, and the rows that are no data. */
#include <string.h>

#include "engine/sheet/sheet_private.h"

enum { HEADER_ROWS = 30 };

/* ---- shapes of rows ---- */

static bool is_total_word(const char *s, size_t n)
{
	static const char *const words[] = { "合计", "总计", "小计", "汇总", "累计", "Total", "total", "TOTAL", "Sum", "Subtotal", "Grand total" };
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i]);
		if (n >= length && memcmp(s, words[i], length) == 0) {
			/* 合计, 合计：, 合计 5 — but not 累计消费者协会. */
			const char *rest = s + length;
			return n == length || strchr(" :\t0123456789(", *rest) || strncmp(rest, "：", 3) == 0 || strncmp(rest, "（", 3) == 0;
		}
	}
	return false;
}

enum row_shape sheet_row_shape(const struct sheet_row *row)
{
	size_t own = 0, first = row->count;
	bool spread = false;
	for (size_t i = 0; i < row->count; i++) {
		const struct cell *cell = &row->cells[i];
		if (cell->kind == CELL_EMPTY)
			continue;
		if (first == row->count)
			first = i;
		own += !cell->filled;
		spread = spread || cell->filled;
	}
	if (first == row->count)
		return ROW_BLANK;
	if (is_total_word(row->cells[first].text, row->cells[first].n))
		return ROW_TOTAL;
	return own <= 1 && (spread ? first == 0 : row->count == 1) ? ROW_BANNER : ROW_DATA;
}

bool sheet_row_counts(const struct sheet_row *row)
{
	enum row_shape shape = sheet_row_shape(row);
	return shape != ROW_BLANK && shape != ROW_TOTAL;
}

/* ---- the header ---- */

static bool is_label(const struct cell *cell)
{
	if (cell->kind != CELL_TEXT || cell->n > 60)
		return false;
	size_t digits = 0;
	for (size_t i = 0; i < cell->n; i++)
		digits += cell->text[i] >= '0' && cell->text[i] <= '9';
	return digits * 3 <= cell->n;
}

/* A known word, the same or inside the cell: 联系电话(必填). */
static bool is_known(const struct cell *cell, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (words[i][0] && memmem(cell->text, cell->n, words[i], strlen(words[i])))
			return true;
	return false;
}

/* A name of this company's may be digits for the most part; then it is one only to the letter. */
static bool is_name(const struct cell *cell, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (cell->n == strlen(words[i]) && memcmp(cell->text, words[i], cell->n) == 0)
			return true;
	return false;
}

static bool repeats(const struct sheet_row *row, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (row->cells[j].n == row->cells[i].n && memcmp(row->cells[j].text, row->cells[i].text, row->cells[i].n) == 0)
			return true;
	return false;
}

/* Known names count five, other labels one, repeated labels and values against it. */
static int score_row(const struct sheet_row *row, const char *const *words, size_t count)
{
	int score = 0;
	for (size_t i = 0; i < row->count && i < 64; i++) {
		const struct cell *cell = &row->cells[i];
		if (cell->kind == CELL_EMPTY)
			continue;
		if (!is_label(cell) && !is_name(cell, words, count))
			score -= 3;
		else if (repeats(row, i))
			score -= 1;
		else
			score += is_known(cell, words, count) ? 5 : 1;
	}
	return score;
}

/* The buffer of the reader is used again for the next row. */
static void hold_row(struct sheet *s, const struct sheet_row *row)
{
	struct cell *cells = arena_copy(s->arena, row->cells, row->count * sizeof(*cells));
	for (size_t i = 0; i < row->count; i++)
		cells[i].text = arena_string_n(s->arena, cells[i].text, cells[i].n);
	s->held[s->held_count++] = (struct sheet_row){ .number = row->number, .count = row->count, .cells = cells };
}

static int hold_rows(struct sheet *s)
{
	s->held = ARENA_ARRAY(s->arena, struct sheet_row, HEADER_ROWS);
	struct sheet_row row;
	while (s->held_count < HEADER_ROWS) {
		int r = s->reader->next(s, &row);
		TRY(r);
		if (r == 0)
			break;
		hold_row(s, &row);
	}
	return 0;
}

int sheet_header(struct sheet *s, const char *const *words, size_t word_count, struct sheet_row *header)
{
	TRY(hold_rows(s));
	int best_score = 0;
	size_t best = s->held_count;
	for (size_t i = 0; i < s->held_count; i++) {
		if (sheet_row_shape(&s->held[i]) == ROW_BANNER && s->held[i].count > 1)
			continue;
		int score = score_row(&s->held[i], words, word_count);
		if (score > best_score) {
			best_score = score;
			best = i;
		}
	}
	if (best == s->held_count)
		return sheet_fail(s, ERR_SHEET_EMPTY, 0, 0, NULL);
	*header = s->held[best];
	s->held_next = best + 1;
	return 0;
}
