/* Pages of a list into the cells of a sheet. */
#include "core/io/export.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/file/file.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "core/tag/tag.h"
#include "gen/schema.h"

enum { PAGE = LIST_LIMIT_MOST, DAY_S = 86400 };

static const struct choice formats[] = { { "csv", "CSV", "CSV" }, { "xlsx", "XLSX", "XLSX" }, { 0 } };

static const struct member query_members[] = {
	MEMBER(struct export_query, format, code, .flags = MEMBER_REQUIRED, .choices = formats),
	LIST_MEMBERS(struct export_query, list.),
};
const struct shape export_query_shape = SHAPE("export_query", struct export_query, query_members);

/* A page of some record: its rows and what they hold. */
struct rows {
	const struct record_model *model;
	const void *at;
	size_t n;
	struct slot *slots;
};

/* One column, or one that the company defines (the `custom` of its number); of the present page, the rows that its reference names and what those are called whose ids it shows. */
struct column {
	const struct custom *custom;
	struct field_path path;
	struct rows named;
	struct titles titles;
};

struct export {
	const struct record_model *model;
	struct column *columns;
	size_t column_count;
	struct customs custom;
	struct export_out out;
};

static bool is_shown(const struct field *f)
{
	return !f->hidden && f->kind != FIELD_BYTES && f->kind != FIELD_CUSTOM;
}

static const char *in_lang(const struct ctx *c, struct label l)
{
	return c->lang == LANG_EN ? l.en : l.zh;
}

/* Cells ------------------------------------------------------------------------------------------------------------ */

static void put_day(struct export *x, int64_t day)
{
	char text[16];
	if (day == 0 || day == NULL_INT)
		return export_text(&x->out, NULL);
	day_format(day, text);
	x->out.sheet->ops->moment(x->out.sheet, day, -1, text);
}

void export_text(struct export_out *x, const char *text)
{
	x->sheet->ops->text(x->sheet, text);
}

void export_time(struct export_out *x, int64_t at)
{
	char day[16], text[32];
	if (at == 0 || at == NULL_INT || at == FAR_FUTURE_MS)
		return export_text(x, NULL);
	int64_t date = day_of(at, (int)x->zone_minutes);
	int second = (int)((at + x->zone_minutes * MINUTE_MS - date * DAY_MS) / SECOND_MS);
	day_format(date, day);
	snprintf(text, sizeof(text), "%s %02d:%02d:%02d", day, second / 3600, second / 60 % 60, second % 60);
	x->sheet->ops->moment(x->sheet, date, second % DAY_S, text);
}

void export_number(struct export_out *x, int64_t value)
{
	char text[32];
	if (value == NULL_INT)
		return export_text(x, NULL);
	snprintf(text, sizeof(text), "%lld", (long long)value);
	x->sheet->ops->number(x->sheet, (double)value, text);
}

static void put_money(struct export *x, int64_t fen)
{
	char text[32];
	if (fen == NULL_INT)
		return export_text(&x->out, NULL);
	uint64_t size = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
	snprintf(text, sizeof(text), "%s%llu.%02llu", fen < 0 ? "-" : "", (unsigned long long)(size / 100), (unsigned long long)(size % 100));
	x->out.sheet->ops->number(x->out.sheet, (double)fen / 100, text);
}

static void put_real(struct export *x, double value)
{
	char text[40];
	if (value != value)
		return export_text(&x->out, NULL);
	snprintf(text, sizeof(text), "%.15g", value);
	x->out.sheet->ops->number(x->out.sheet, value, text);
}

static const char *choice_text(const struct ctx *c, const struct field *f, const char *value)
{
	const struct choice *choice = value && f->of ? choice_find(f->of, value) : NULL;
	return choice ? c->lang == LANG_EN ? choice->en : choice->zh : value;
}

static void put_cell(struct ctx *c, struct export *x, const struct field *f, const struct slot *slot, const struct titles *titles)
{
	switch (f->kind) {
	case FIELD_DAY:    return put_day(x, slot->i);
	case FIELD_TIME:   return export_time(&x->out, slot->i);
	case FIELD_MONEY:  return put_money(x, slot->i);
	case FIELD_COUNT:
	case FIELD_INT:    return export_number(&x->out, slot->i);
	case FIELD_REAL:   return put_real(x, slot->real);
	case FIELD_REF:    return export_text(&x->out, titles_find(titles, slot->i));
	case FIELD_CHOICE: return export_text(&x->out, choice_text(c, f, slot->text));
	case FIELD_FLAG:   return export_text(&x->out, slot->i == NULL_INT ? NULL : slot->i == 1 ? in_lang(c, (struct label)L("是", "yes")) : in_lang(c, (struct label)L("否", "no")));
	case FIELD_TAGS:   return export_text(&x->out, tags_cell(c->arena, slot->text));
	default:           return export_text(&x->out, slot->text);
	}
}

/* Columns ---------------------------------------------------------------------------------------------------------- */

static void choose_columns(struct ctx *c, struct export *x)
{
	const struct record *r = x->model->record;
	size_t n = 0;
	while (r->sheet && r->sheet[n])
		n++;
	x->columns = ARENA_ARRAY(c->arena, struct column, (r->sheet ? n : r->field_count) + x->custom.n);
	for (size_t i = 0; i < (r->sheet ? n : r->field_count); i++)
		if ((r->sheet || is_shown(&r->fields[i])) && field_path_read(r, r->sheet ? r->sheet[i] : r->fields[i].name, &x->columns[x->column_count].path))
			x->column_count++;
	for (size_t i = 0; i < x->custom.n; i++)
		if (!x->custom.at[i].archived && custom_may_read(c, &x->custom.at[i]))
			x->columns[x->column_count++] = (struct column){ .custom = &x->custom.at[i], .path = { .end = &x->custom.at[i].field } };
}

static void put_heads(struct ctx *c, struct export *x)
{
	for (size_t i = 0; i < x->column_count; i++)
		export_text(&x->out, in_lang(c, x->columns[i].path.end->label));
	if (x->model->record->more_cells)
		export_text(&x->out, in_lang(c, x->model->record->more_cells_label));
	if (x->model->created_at)
		export_text(&x->out, in_lang(c, (struct label)L("创建时间", "Created at")));
	x->out.sheet->ops->end_row(x->out.sheet);
}

/* Rows ------------------------------------------------------------------------------------------------------------- */

static int read_slots(struct ctx *c, struct rows *rows)
{
	rows->slots = ARENA_ARRAY(c->arena, struct slot, rows->n * rows->model->record->field_count + 1);
	TRY(record_shown(c, rows->model->record, &rows->at, rows->n));
	return record_slots_many(c, rows->model, rows->at, rows->n, MASKED, rows->slots);
}

static int64_t *ids_of(struct ctx *c, const struct rows *rows, size_t field)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, rows->n + 1);
	for (size_t k = 0; k < rows->n; k++) {
		int64_t id = rows->slots[k * rows->model->record->field_count + field].i;
		ids[k] = id == NULL_INT ? 0 : id;
	}
	return ids;
}

/* What the references of a column name, as far as the reader may see it. */
static int read_named(struct ctx *c, const struct rows *page, struct column *column)
{
	struct rows *named = &column->named;
	*named = (struct rows){ .model = model_of(c, column->path.of) };
	if (!may(c, named->model->read_right))
		return 0;
	TRY(list_rows(c, column->path.of, ids_of(c, page, column->path.field), page->n, (void **)&named->at, &named->n));
	return read_slots(c, named);
}

static int read_column(struct ctx *c, const struct rows *page, struct column *column)
{
	const struct field_path *path = &column->path;
	if (column->custom)
		return 0;
	if (path->of)
		TRY(read_named(c, page, column));
	column->titles = (struct titles){ 0 };
	if (path->end->kind != FIELD_REF || !path->end->to)
		return 0;
	const struct rows *rows = path->of ? &column->named : page;
	return record_titles(c, path->end->to, ids_of(c, rows, path->of ? path->inner : path->field), rows->n, &column->titles);
}

/* What the column holds for a row of the page; NULL: it names nothing, or nothing that the reader may see. */
static const struct slot *slot_of(const struct rows *page, size_t k, const struct column *column)
{
	const struct slot *own = &page->slots[k * page->model->record->field_count + column->path.field];
	const struct rows *named = &column->named;
	if (!column->path.of)
		return own;
	size_t size = column->path.of->table->row->size;
	for (size_t i = 0; i < named->n; i++)
		if (*member_int(named->model->id, (char *)named->at + i * size) == own->i)
			return &named->slots[i * column->path.of->field_count + column->path.inner];
	return NULL;
}

static void put_own(struct ctx *c, struct export *x, const struct rows *page, size_t k, const struct column *column)
{
	const char *object = page->slots[k * page->model->record->field_count + page->model->custom_field].text;
	struct slot slot;
	custom_slots(c->arena, &(struct customs){ column->custom, 1 }, object, &slot);
	put_cell(c, x, &column->custom->field, &slot, NULL);
}

static int put_rows(struct ctx *c, struct export *x, const void *rows, size_t n)
{
	struct rows page = { .model = x->model, .at = rows, .n = n };
	TRY(read_slots(c, &page));
	const char **more = ARENA_ARRAY(c->arena, const char *, n + 1);
	if (x->model->record->more_cells)
		TRY(x->model->record->more_cells(c, rows, n, more));
	for (size_t i = 0; i < x->column_count; i++)
		TRY(read_column(c, &page, &x->columns[i]));
	for (size_t k = 0; k < n; k++) {
		for (size_t i = 0; i < x->column_count; i++) {
			if (x->columns[i].custom) {
				put_own(c, x, &page, k, &x->columns[i]);
				continue;
			}
			const struct slot *slot = slot_of(&page, k, &x->columns[i]);
			slot ? put_cell(c, x, x->columns[i].path.end, slot, &x->columns[i].titles) : export_text(&x->out, NULL);
		}
		if (x->model->record->more_cells)
			export_text(&x->out, more[k]);
		if (x->model->created_at)
			export_time(&x->out, *member_int(x->model->created_at, (char *)rows + k * x->model->record->table->row->size));
		export_end_row(&x->out);
	}
	return 0;
}

/* What a page took from the arena goes before the next; only the cursor stays. */
static int put_pages(struct ctx *c, struct export *x, const struct list_query *query)
{
	char cursor[LIST_CURSOR_MOST + 1];
	struct list_query q = *query;
	q.limit = PAGE;
	for (;;) {
		struct arena_mark mark = arena_mark(c->arena);
		struct list_page page;
		TRY(list_page(c, x->model->record, &q, &page));
		if (x->out.rows + (int64_t)page.n > setting_of(c, SETTING_SHEET_EXPORT_ROWS))
			return fail(c, ERR_REPORT_BUDGET, NULL);
		TRY(put_rows(c, x, page.rows, page.n));
		if (!page.next)
			return 0;
		if (strlen(page.next) > LIST_CURSOR_MOST)
			return fail(c, ERR_INTERNAL, NULL);
		memcpy(cursor, page.next, strlen(page.next) + 1);
		arena_rewind(c->arena, mark);
		q.after = cursor;
	}
}

void export_end_row(struct export_out *x)
{
	x->sheet->ops->end_row(x->sheet);
	x->rows++;
}

int export_begin(struct ctx *c, const char *format, const char *name, struct export_file *file, struct export_out *out)
{
	struct tenant tenant;
	int fd;
	TRY(tenant_row_get(c, &tenant));
	*out = (struct export_out){ .zone_minutes = tenant.zone_minutes };
	TRY(file_temporary(c, &file->path, &fd));
	if (!strcmp(format, "csv")) {
		out->sheet = export_csv(c->arena, fd);
	} else {
		close(fd);
		out->sheet = export_xlsx(c->arena, file->path, name);
	}
	if (out->sheet)
		return 0;
	unlink(file->path);
	return ERR_INTERNAL;
}

int export_end(struct export_out *x, int result, struct export_file *file)
{
	int closed = x->sheet->ops->close(x->sheet);
	result = result < 0 ? result : closed;
	if (result < 0)
		unlink(file->path);
	file->rows = x->rows;
	return result;
}

int export_run(struct ctx *c, const struct record *record, const struct export_query *query, struct export_file *out)
{
	struct export x = { .model = model_of(c, record) };
	TRY(customs_of(c, x.model, &x.custom));
	TRY(export_begin(c, query->format, record->name, out, &x.out));
	choose_columns(c, &x);
	put_heads(c, &x);
	return export_end(&x.out, put_pages(c, &x, &query->list), out);
}
