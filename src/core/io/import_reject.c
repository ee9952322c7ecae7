/* The sheet once more for whoever looks at it: its first rows with what is wrong with them, and at the end those that were refused. */
#include <unistd.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/io/export.h"
#include "core/io/import.h"
#include "core/services.h"
#include "gen/import_sql.h"

enum { PREVIEW_ROWS = 20, SHOWN_CELL = 200, FAULTS_AT_ONCE = 200 };

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

/* Refused rows --------------------------------------------------------------------------------------------------------------- */

/* Faults in the order of rows, a page at a time. */
struct fault_reader {
	int64_t import, row, column;    /* of the last one given */
	struct import_errors_page_row *page;
	size_t n, at;
	bool last;
};

static int next_fault(struct ctx *c, struct fault_reader *f, const struct import_errors_page_row **out)
{
	*out = NULL;
	if (f->at == f->n && !f->last) {
		TRY(import_errors_page(c, f->import, f->row, f->column, FAULTS_AT_ONCE, &f->page, &f->n));
		f->at = 0;
		f->last = f->n < FAULTS_AT_ONCE;
	}
	if (f->at < f->n)
		*out = &f->page[f->at];
	return 0;
}

static void take_fault(struct fault_reader *f)
{
	f->row = f->page[f->at].row_no;
	f->column = f->page[f->at].column_no;
	f->at++;
}

/* "手机：号码不对；型号：没有这条记录", of all faults of this row. */
static int faults_of(struct ctx *c, struct fault_reader *f, uint32_t row, const char **out)
{
	const struct import_errors_page_row *e;
	struct text t = text_in(c->arena);
	*out = NULL;
	TRY(next_fault(c, f, &e));
	while (e && e->row_no <= (int64_t)row) {
		if (e->row_no == (int64_t)row)
			text_format(&t, "%s%s：%s", t.n ? "；" : "", e->head, e->message);
		take_fault(f);
		TRY(next_fault(c, f, &e));
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

static int put_rows(struct ctx *c, const struct import_job *job, struct sheet *sheet, size_t columns, struct export_out *x)
{
	struct fault_reader faults = { .import = job->id };
	struct sheet_row row;
	int more;
	while ((more = sheet_next(sheet, &row)) == 1) {
		const char *fault;
		TRY(faults_of(c, &faults, row.number, &fault));
		if (fault) {
			put_cells(x, &row, columns, fault);
			export_end_row(x);
		}
	}
	return more;
}

int import_rejects(struct ctx *c, const struct import_job *job, struct export_file *out)
{
	struct import_map map;
	struct import_sheet s;
	struct sheet_row header;
	struct export_out x;
	int r = open_again(c, job, &map, &s, &header);
	if (r == 0)
		r = export_begin(c, "csv", "import", out, &x);
	if (r == 0) {
		put_cells(&x, &header, header.count, c->lang == LANG_EN ? "What is wrong" : "错误");
		x.sheet->ops->end_row(x.sheet);
		r = export_end(&x, put_rows(c, job, s.sheet, header.count, &x), out);
	}
	import_sheet_close(&s);
	return r;
}
