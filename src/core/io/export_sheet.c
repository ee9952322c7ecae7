/* The two formats of an export. */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "core/io/export.h"

/* CSV: UTF-8 with a mark at its head, which Excel needs; RFC 4180 ----------------------------------------------------- */

struct csv {
	struct export_sheet sheet;
	FILE *file;
	bool inside;                    /* of a row */
};

static void csv_cell(struct csv *s, const char *guard, const char *text)
{
	if (s->inside)
		fputc(',', s->file);
	s->inside = true;
	bool quoted = *guard || strpbrk(text, ",\"\r\n") || *text == ' ';
	if (!quoted) {
		fputs(text, s->file);
		return;
	}
	fprintf(s->file, "\"%s", guard);
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			fputc('"', s->file);
		fputc(*p, s->file);
	}
	fputc('"', s->file);
}

static void csv_text(struct export_sheet *sheet, const char *text)
{
	if (!text)
		text = "";
	csv_cell((struct csv *)sheet, *text && strchr("=+-@\t\r", *text) ? "'" : "", text);
}

static void csv_number(struct export_sheet *sheet, double value, const char *text)
{
	csv_cell((struct csv *)sheet, "", text);
}

static void csv_moment(struct export_sheet *sheet, int64_t day, int second, const char *text)
{
	csv_cell((struct csv *)sheet, "", text);
}

static void csv_end_row(struct export_sheet *sheet)
{
	struct csv *s = (struct csv *)sheet;
	fputs("\r\n", s->file);
	s->inside = false;
}

static int csv_close(struct export_sheet *sheet)
{
	struct csv *s = (struct csv *)sheet;
	bool broken = ferror(s->file);
	return fclose(s->file) != 0 || broken ? ERR_INTERNAL : 0;
}

static const struct export_sheet_ops csv_ops = { csv_text, csv_number, csv_moment, csv_end_row, csv_close };

struct export_sheet *export_csv(struct arena *a, int fd)
{
	struct csv *s = ARENA_NEW(a, struct csv);
	s->sheet.ops = &csv_ops;
	s->file = fdopen(fd, "w");
	if (!s->file)
		return NULL;
	fputs("\xEF\xBB\xBF", s->file);
	return &s->sheet;
}

/* XLSX --------------------------------------------------------------------------------------------------------------- */

enum { XLSX_TEXT_MOST = 32767 };

struct xlsx {
	struct export_sheet sheet;
	struct arena *arena;
	lxw_workbook *book;
	lxw_worksheet *page;
	lxw_format *day, *moment, *head;
	lxw_row_t row;
	lxw_col_t column;
	bool broken;
};

static void note(struct xlsx *s, lxw_error e)
{
	s->broken |= e != LXW_NO_ERROR;
	s->column++;
}

static void xlsx_text(struct export_sheet *sheet, const char *text)
{
	struct xlsx *s = (struct xlsx *)sheet;
	struct arena_mark mark = arena_mark(s->arena);
	if (!text || !*text) {
		s->column++;
		return;
	}
	if (utf8_count(text) > XLSX_TEXT_MOST)
		text = arena_string_n(s->arena, text, utf8_prefix(text, XLSX_TEXT_MOST));
	note(s, worksheet_write_string(s->page, s->row, s->column, text, s->row ? NULL : s->head));
	arena_rewind(s->arena, mark);
}

static void xlsx_number(struct export_sheet *sheet, double value, const char *text)
{
	struct xlsx *s = (struct xlsx *)sheet;
	note(s, worksheet_write_number(s->page, s->row, s->column, value, NULL));
}

static void xlsx_moment(struct export_sheet *sheet, int64_t day, int second, const char *text)
{
	struct xlsx *s = (struct xlsx *)sheet;
	lxw_datetime at = { 0 };
	day_split(day, &at.year, &at.month, &at.day);
	if (at.year < 1900 || at.year > 9999) {         /* Excel knows no such days */
		xlsx_text(sheet, text);
		return;
	}
	if (second >= 0) {
		at.hour = second / 3600;
		at.min = second / 60 % 60;
		at.sec = second % 60;
	}
	note(s, worksheet_write_datetime(s->page, s->row, s->column, &at, second < 0 ? s->day : s->moment));
}

static void xlsx_end_row(struct export_sheet *sheet)
{
	struct xlsx *s = (struct xlsx *)sheet;
	s->row++;
	s->column = 0;
}

static int xlsx_close(struct export_sheet *sheet)
{
	struct xlsx *s = (struct xlsx *)sheet;
	return workbook_close(s->book) != LXW_NO_ERROR || s->broken ? ERR_INTERNAL : 0;
}

static const struct export_sheet_ops xlsx_ops = { xlsx_text, xlsx_number, xlsx_moment, xlsx_end_row, xlsx_close };

struct export_sheet *export_xlsx(struct arena *a, const char *path, const char *name)
{
	const char *end = strrchr(path, '/');
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = end ? arena_string_n(a, path, (size_t)(end - path)) : NULL };
	struct xlsx *s = ARENA_NEW(a, struct xlsx);
	s->sheet.ops = &xlsx_ops;
	s->arena = a;
	s->book = workbook_new_opt(path, &options);
	s->page = s->book ? workbook_add_worksheet(s->book, name) : NULL;
	if (!s->page)
		return NULL;
	s->head = workbook_add_format(s->book);
	s->day = workbook_add_format(s->book);
	s->moment = workbook_add_format(s->book);
	format_set_bold(s->head);
	format_set_num_format(s->day, "yyyy-mm-dd");
	format_set_num_format(s->moment, "yyyy-mm-dd hh:mm:ss");
	worksheet_freeze_panes(s->page, 1, 0);
	return &s->sheet;
}
