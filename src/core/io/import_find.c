/* Which row a row of the sheet is, and what a whole chunk of them is going to ask, asked at once (db/known.h). */
#include <string.h>

#include "core/io/import.h"
#include "core/list/list.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "db/known.h"
#include "engine/clean/clean.h"

bool import_names_its_row(const struct record_model *m, size_t i)
{
	const struct field *f = &m->record->fields[i];
	if ((f->unique && f->kind == FIELD_CODE) || (field_has_lookup(f) && f->kind != FIELD_NAME))
		return true;
	for (size_t k = 0; k < m->title_count; k++)
		if (m->title[k] == i && f->kind == FIELD_CODE)
			return true;
	return false;
}

/* A row with nothing but its unique plain values, in the form that the record's own rules store them. Its faults come later, with the
 * whole row's. */
static void *stored_form(struct ctx *c, const struct record_model *m, const struct slot *slots, uint64_t present)
{
	const struct shape *s = m->record->table->row;
	void *row = arena_alloc(c->arena, s->size);
	struct error unused = { 0 }, *outer = c->error;
	uint64_t unique = 0;
	memset(row, 0, s->size);
	for (size_t i = 0; i < s->count; i++)
		if (type_kind(s->members[i].type) == KIND_TEXT)
			*member_text(&s->members[i], row) = "";
	for (size_t i = 0; i < m->record->field_count; i++)
		if (m->record->fields[i].unique && !field_is_sealed(&m->record->fields[i]))
			unique |= present & UINT64_C(1) << i;
	c->error = &unused;
	if (unique && record_fill(c, m, slots, unique, row) == 0 && m->record->before)
		(void)!m->record->before(c, NULL, row);
	c->error = outer;
	return row;
}

static int sees(struct ctx *c, const struct record_model *m, int64_t id, bool *out)
{
	*out = true;
	if (!scope_bites(c, m))
		return 0;
	struct error before = *c->error;
	int r = record_get(c, m->record, id, arena_alloc(c->arena, m->record->table->row->size));
	if (r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	*out = false;
	return 0;
}

/* Of a row that the importer may not see she is told what is told to whoever makes a second one by hand: the value is in use. */
int import_find(struct ctx *c, const struct import_map *map, const struct slot *slots, uint64_t present, int64_t *id)
{
	const struct record *record = map->model->record;
	void *row = stored_form(c, map->model, slots, present);
	*id = 0;
	for (size_t i = 0; i < record->field_count; i++) {
		const struct field *f = &record->fields[i];
		int64_t found;
		if (!f->unique || !(present >> i & 1) || (field_is_sealed(f) && !field_has_lookup(f)))
			continue;
		const char *value = field_is_sealed(f) ? slots[i].text : *member_text(map->model->column[i], row);
		if (text_empty(value))
			continue;
		TRY(list_find(c, map->model, i, &(struct slot){ .text = value }, &found));
		bool hers = found != 0;
		if (found)
			TRY(sees(c, map->model, found, &hers));
		if (found && (!hers || (*id && found != *id)))
			fail_field(c, f->name, ERR_FIELD_TAKEN, field_is_sealed(f) ? "…" : value);
		else if (found)
			*id = found;
	}
	return 0;
}

/* Ahead -------------------------------------------------------------------------------------------------------------------- */

/* What the cells of one column name in another record. */
static int ask_for_names(struct ctx *c, const struct record_model *to, size_t column, const struct import_row *rows, size_t n)
{
	const char *texts[LIST_AHEAD_MOST] = { 0 };
	for (size_t i = 0; i < n; i++) {
		const struct sheet_row *row = &rows[i].row;
		if (column < row->count && !row->cells[column].broken && !clean_is_nothing(row->cells[column].text))
			texts[i] = clean_text(c->arena, row->cells[column].text);
	}
	for (size_t i = 0; i < to->record->field_count; i++)
		if (import_names_its_row(to, i))
			TRY(list_find_ahead(c, to, i, texts, n));
	return 0;
}

int import_ask_for_names(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n)
{
	for (size_t i = 0; db_knows(c->db) && i < map->count; i++) {
		size_t k = map->columns[i].field;
		if (k != SIZE_MAX && map->model->record->fields[k].kind == FIELD_REF)
			TRY(ask_for_names(c, model_of(c, map->model->record->fields[k].to), i, rows, n));
	}
	return 0;
}

static int ask_for_uniques(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n)
{
	const struct record *record = map->model->record;
	void *stored[LIST_AHEAD_MOST];
	const char *texts[LIST_AHEAD_MOST];
	for (size_t i = 0; i < n; i++)
		stored[i] = stored_form(c, map->model, rows[i].slots, rows[i].present);
	for (size_t k = 0; k < record->field_count; k++) {
		const struct field *f = &record->fields[k];
		if (!f->unique || (field_is_sealed(f) && !field_has_lookup(f)))
			continue;
		for (size_t i = 0; i < n; i++)
			texts[i] = !(rows[i].present >> k & 1) ? NULL : field_is_sealed(f) ? rows[i].slots[k].text : *member_text(map->model->column[k], stored[i]);
		TRY(list_find_ahead(c, map->model, k, texts, n));
	}
	return 0;
}

/* The rows that will be changed, and those that are referred to. */
static int ask_for_rows(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n)
{
	const struct record *record = map->model->record;
	if (record->bring)
		return 0;
	struct error unused = { 0 }, *outer = c->error;
	int64_t ids[LIST_AHEAD_MOST];
	int r = 0;
	c->error = &unused;
	for (size_t i = 0; i < n && r == 0; i++)
		r = import_find(c, map, rows[i].slots, rows[i].present, &ids[i]);
	c->error = outer;
	TRY(r);
	TRY(list_rows_ahead(c, record, ids, n));
	for (size_t k = 0; k < record->field_count; k++) {
		if (record->fields[k].kind != FIELD_REF)
			continue;
		for (size_t i = 0; i < n; i++)
			ids[i] = rows[i].present >> k & 1 ? rows[i].slots[k].i : 0;
		TRY(list_rows_ahead(c, record->fields[k].to, ids, n));
	}
	return 0;
}

int import_ask_for_rows(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n)
{
	if (!db_knows(c->db))
		return 0;
	TRY(ask_for_uniques(c, map, rows, n));
	return ask_for_rows(c, map, rows, n);
}
