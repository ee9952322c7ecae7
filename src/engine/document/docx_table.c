/* Tables: a row a line, its cells with a colon between them. A cell that goes on over rows is said in each, so that a line can be read alone; a table of
 * one cell is a frame around what stands in it. */
#include "engine/document/docx_private.h"

#include <string.h>

static struct docx_table *table_of(struct docx *d)
{
	return d->table_count ? &d->tables[d->table_count - 1] : NULL;
}

int table_begin(struct docx *d)
{
	if (d->table_count == NESTED)
		return sheet_over(&d->sheet, 0, 0, "nested tables", NESTED);
	struct docx_table *t = &d->tables[d->table_count++];
	struct text rows = t->rows, row = t->row;
	*t = (struct docx_table){ .rows = rows, .row = row };
	docx_again(d, &t->rows);
	docx_again(d, &t->row);
	return 0;
}

void table_row(struct docx *d)
{
	struct docx_table *t = table_of(d);
	if (!t)
		return;
	docx_again(d, &t->row);
	t->column = 0;
	t->row_deleted = false;
}

int table_row_end(struct docx *d)
{
	struct docx_table *t = table_of(d);
	if (!t || t->row_deleted || !t->row.n)
		return 0;
	bool in_cell = flow_of(d)->kind == FLOW_CELL;
	text_append(&t->rows, in_cell ? t->rows.n ? "；" : "" : t->rows.n ? "\n- " : "- ");
	text_append(&t->rows, text_end(&t->row));
	docx_again(d, &t->row);
	return docx_fits(d, &t->rows);
}

int table_cell(struct docx *d)
{
	struct docx_table *t = table_of(d);
	if (!t)
		return 0;
	t->span = 1;
	t->goes_on = false;
	return flow_push(d, FLOW_CELL);
}

/* Blocks as one line. */
static const char *flattened(struct arena *a, const char *blocks)
{
	struct text t = text_in(a);
	while (*blocks) {
		size_t n = strcspn(blocks, "\n");
		text_append_n(&t, blocks, n);
		blocks += n;
		n = strspn(blocks, "\n");
		if (n && blocks[n])
			text_char(&t, ' ');
		blocks += n;
	}
	return text_end(&t);
}

int table_cell_end(struct docx *d)
{
	struct docx_table *t = table_of(d);
	if (!t || flow_of(d)->kind != FLOW_CELL)
		return 0;
	const char *blocks = text_end(&flow_of(d)->out), *words = flattened(d->sheet.arena, blocks);
	size_t column = t->column < COLUMNS ? t->column : COLUMNS - 1;
	if (t->cells++ == 0)
		t->only = arena_string(d->sheet.arena, blocks);
	flow_pop(d);
	if (t->goes_on && !*words && t->above[column])
		words = t->above[column];
	t->above[column] = words;
	t->column = column + t->span;
	if (*words)
		text_append(&t->row, t->row.n ? "：" : "");
	text_append(&t->row, words);
	return docx_fits(d, &t->row);
}

int table_end(struct docx *d)
{
	struct docx_table *t = table_of(d);
	if (!t)
		return 0;
	d->table_count--;
	return flow_append(d, flow_of(d), t->cells == 1 ? t->only : text_end(&t->rows));
}
