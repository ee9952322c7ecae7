/* The sheet once more for whoever looks at it: its first rows with what is wrong with them, and at the end those that were refused. */
#include <unistd.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/io/export.h"
#include "core/io/import.h"
#include "core/io/undo_private.h"
#include "core/services.h"
#include "gen/import_sql.h"
#include "gen/undo_sql.h"

enum { PREVIEW_ROWS = 20, SHOWN_CELL = 200, SAID_AT_ONCE = 200 };

/* A sheet of an import, read again; the file is removed as soon as it is open. */
static int open_again(struct ctx *c, const struct import_job *job, struct import_map *map, struct import_sheet *s, struct sheet_row *header)
{
	const char *path, *words[IMPORT_COLUMNS];
	struct sheet_fault fault = { 0 };
	size_t n = 0;
	const struct record_model *m = import_target(c, job->record);
	s->sheet = NULL;
	s->fd = -1;
	TRY(require(c, m && job->file_id, ERR_NOT_FOUND, NULL));
	TRY(import_map_read(c, m, job->columns, job->mapping, map));
	TRY(import_words_read(c, job->words, map));
	for (size_t i = 0; i < map->count; i++)
		if (map->columns[i].field != SIZE_MAX)
			words[n++] = map->columns[i].head;
	TRY(file_read_to(c, job->file_id, &path));
	int r = import_sheet_open(c->arena, path, words, n, s, header, &fault);
	unlink(path);
	return r < 0 ? fail(c, r, fault.arg) : 0;
}

/* Preview ------------------------------------------------------------------------------------------------------------------ */

static int try_row(struct ctx *c, const struct import_job *job, const struct import_map *map, const struct sheet_row *row)
{
	const struct record *record = map->model->record;
	struct slot *slots = ARENA_ARRAY(c->arena, struct slot, record->field_count);
	int64_t told = 0, id;
	const struct bringing how = { .source = job->source, .tries = true, .told = &told };
	uint64_t present;
	bool made;
	TRY(import_slots(c, map, row, slots, &present));
	TRY(c->error->code);
	return record->bring ? record->bring(c, &how, slots, present, &made) : import_try(c, map, slots, &present, &id);
}

static void write_faults(struct ctx *c, const struct import_map *map, const struct error *e, struct text *out)
{
	bool any = false;
	for (const struct field_error *f = e->fields; f; f = f->next) {
		text_format(out, "%s{\"column\":%zu,\"field\":", any ? "," : "", import_column_of(map, f->field) + 1);   /* from 1; 0: none */
		json_text(out, f->field);
		text_format(out, ",\"code\":\"%s\",\"message\":", error_name(f->code));
		json_text(out, error_text(f->code, c->lang, f->arg, c->arena));
		text_char(out, '}');
		any = true;
	}
}

static int preview_row(struct ctx *c, const struct import_job *job, const struct import_map *map, const struct sheet_row *row, struct text *out)
{
	struct error error = { 0 }, *outer = c->error;
	c->error = &error;
	int r = try_row(c, job, map, row);
	c->error = outer;
	int status = error_status(r);
	if (r < 0 && (status < 400 || status >= 500))
		return r;
	if (r < 0 && !error.fields)
		error_field(&error, c->arena, "row", r, error.arg);
	text_format(out, "{\"row\":%u,\"cells\":[", row->number);
	for (size_t i = 0; i < map->count; i++) {
		const char *text = i < row->count ? row->cells[i].text : "";
		text_append(out, i ? "," : "");
		json_text(out, arena_string_n(c->arena, text, utf8_prefix(text, SHOWN_CELL)));
	}
	text_append(out, "],\"faults\":[");
	write_faults(c, map, &error, out);
	text_append(out, "]}");
	return 0;
}

int import_preview(struct ctx *c, const struct import_job *job, struct text *out)
{
	struct import_map map;
	struct import_sheet s;
	struct sheet_row row;
	int more = 0;
	int r = open_again(c, job, &map, &s, &row);
	text_append(out, "{\"rows\":[");
	for (int n = 0; r == 0 && n < PREVIEW_ROWS && (more = sheet_next(s.sheet, &row)) == 1;) {
		if (!sheet_row_counts(&row))
			continue;
		text_append(out, n++ ? "," : "");
		r = preview_row(c, job, &map, &row, out);
	}
	import_sheet_close(&s);
	text_append(out, "]}");
	return r < 0 ? r : more < 0 ? fail(c, more, NULL) : 0;
}

/* Refused rows, and rows that stay --------------------------------------------------------------------------------------------- */

/* What is said of rows, in their order, a page at a time: "手机：号码不对", "客户：导入后有人改过". */
struct saying {
	int64_t row;
	const char *about, *what;
};
struct says {
	const struct import_job *job;
	enum import_rows which;
	int64_t row, place;             /* of the last one read: column of a fault, place of a mark */
	struct saying page[SAID_AT_ONCE];
	size_t n, at;
	bool last;
};

static int read_faults(struct ctx *c, struct says *s)
{
	struct import_errors_page_row *rows;
	TRY(import_errors_page(c, s->job->id, s->row, s->place, SAID_AT_ONCE, &rows, &s->n));
	for (size_t i = 0; i < s->n; i++)
		s->page[i] = (struct saying){ rows[i].row_no, rows[i].head, rows[i].message };
	s->place = s->n ? rows[s->n - 1].column_no : 0;
	return 0;
}

static int read_stays(struct ctx *c, struct says *s)
{
	struct import_mark *rows;
	TRY(undo_stays(c, s->job->id, s->row, s->place, SAID_AT_ONCE, &rows, &s->n));
	for (size_t i = 0; i < s->n; i++) {
		const struct record_model *m = registry_find(&c->services->registry, rows[i].record);
		m = m ? m : target_of(c, rows[i].record);
		const char *label = !m ? rows[i].record : c->lang == LANG_EN ? m->record->label.en : m->record->label.zh;
		s->page[i] = (struct saying){ rows[i].row_no, label, undo_reason(c, &rows[i]) };
	}
	s->place = s->n ? rows[s->n - 1].place : 0;
	return 0;
}

static int next_saying(struct ctx *c, struct says *s, const struct saying **out)
{
	*out = NULL;
	if (s->at == s->n && !s->last) {
		TRY(s->which == ROWS_REFUSED ? read_faults(c, s) : read_stays(c, s));
		s->row = s->n ? s->page[s->n - 1].row : 0;
		s->at = 0;
		s->last = s->n < SAID_AT_ONCE;
	}
	if (s->at < s->n)
		*out = &s->page[s->at];
	return 0;
}

/* All that is said of this row, or NULL. */
static int said_of(struct ctx *c, struct says *s, uint32_t row, const char **out)
{
	const struct saying *e;
	struct text t = text_in(c->arena);
	*out = NULL;
	TRY(next_saying(c, s, &e));
	while (e && e->row <= (int64_t)row) {
		if (e->row == (int64_t)row)
			text_format(&t, "%s%s：%s", t.n ? "；" : "", e->about, e->what);
		s->at++;
		TRY(next_saying(c, s, &e));
	}
	if (t.n)
		*out = text_end(&t);
	return 0;
}

static void put_cells(struct export_out *x, const struct sheet_row *row, size_t n, const char *fault)
{
	for (size_t i = 0; i < n; i++)
		export_text(x, i < row->count ? row->cells[i].text : "");
	export_text(x, fault);
}

static int put_rows(struct ctx *c, struct says *says, struct sheet *sheet, size_t columns, struct export_out *x)
{
	struct sheet_row row;
	int more;
	while ((more = sheet_next(sheet, &row)) == 1) {
		const char *fault;
		TRY(said_of(c, says, row.number, &fault));
		if (fault) {
			put_cells(x, &row, columns, fault);
			export_end_row(x);
		}
	}
	return more;
}

int import_sheet_of(struct ctx *c, const struct import_job *job, enum import_rows which, struct export_file *out)
{
	static const char *const heads[][2] = { [ROWS_REFUSED] = { "错误", "What is wrong" }, [ROWS_THAT_STAY] = { "为什么留下", "Why it stays" } };
	struct says *says = ARENA_NEW(c->arena, struct says);
	struct import_map map;
	struct import_sheet s;
	struct sheet_row header;
	struct export_out x;
	says->job = job;
	says->which = which;
	int r = open_again(c, job, &map, &s, &header);
	if (r == 0)
		r = export_begin(c, "csv", "import", out, &x);
	if (r == 0) {
		put_cells(&x, &header, header.count, heads[which][c->lang == LANG_EN]);
		x.sheet->ops->end_row(x.sheet);
		r = export_end(&x, put_rows(c, says, s.sheet, header.count, &x), out);
	}
	import_sheet_close(&s);
	return r;
}
