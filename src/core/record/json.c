/* Rows as JSON: fields, titles of what they refer to, and the actions that the actor may take now. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/flow/flow.h"
#include "core/list/list.h"
#include "core/record/record.h"
#include "core/services.h"

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* A person must not learn of a reference's title what the list of that record would not show at all. */
static bool may_read(struct ctx *c, const struct record *r)
{
	return may(c, arena_format(c->arena, "%s.read", r->name)) || may(c, "title.read") || c->actor_kind == ACTOR_CUSTOMER;
}

/* One row is a look-up by key; several are one list. */
static int fetch_rows(struct ctx *c, const struct record *to, const int64_t *ids, size_t n, void **rows, size_t *found)
{
	struct { int64_t tenant, id; } key = { c->tenant, ids[0] };
	if (n > 1)
		return list_rows(c, to, ids, n, LIST_ALL, rows, found);
	*rows = arena_alloc(c->arena, to->table->row->size);
	int r = db_one(c->db, c->arena, to->table->get, &key, *rows);
	*found = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int record_titles(struct ctx *c, const struct record *to, int64_t *ids, size_t n, struct titles *out)
{
	*out = (struct titles){ 0 };
	if (!may_read(c, to))
		return 0;
	qsort(ids, n, sizeof(*ids), compare_ids);
	size_t distinct = 0;
	for (size_t k = 0; k < n; k++)
		if (ids[k] > 0 && (distinct == 0 || ids[k] != ids[distinct - 1]))
			ids[distinct++] = ids[k];
	if (!distinct)
		return 0;
	const struct record_model *m = model_of(c, to);
	void *rows;
	size_t found;
	TRY(fetch_rows(c, to, ids, distinct, &rows, &found));
	struct slot *values = ARENA_ARRAY(c->arena, struct slot, found * to->field_count + 1);
	TRY(record_slots_many(c, m, rows, found, MASKED, values));
	out->at = ARENA_ARRAY(c->arena, struct title, found + 1);
	out->n = found;
	for (size_t k = 0; k < found; k++) {
		out->at[k].id = *member_int(m->id, (char *)rows + k * to->table->row->size);
		out->at[k].text = record_title(c, m, values + k * to->field_count);
	}
	qsort(out->at, found, sizeof(*out->at), compare_ids);
	return 0;
}

const char *titles_find(const struct titles *titles, int64_t id)
{
	const struct title *t = titles->n ? bsearch(&id, titles->at, titles->n, sizeof(*t), compare_ids) : NULL;
	return t ? t->text : NULL;
}

/* The titles that field i of these rows refers to. */
static int fetch_titles(struct ctx *c, const struct record *to, const struct slot *slots, size_t field, size_t stride, size_t n, struct titles *out)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t k = 0; k < n; k++)
		ids[k] = slots[k * stride + field].i == NULL_INT ? 0 : slots[k * stride + field].i;
	return record_titles(c, to, ids, n, out);
}

static void write_titles(const struct record_model *m, const struct titles *titles, const struct slot *slots, struct text *out)
{
	text_append(out, ",\"titles\":{");
	bool any = false;
	for (size_t i = 0; i < m->record->field_count; i++) {
		const char *title = titles_find(&titles[i], slots[i].i);
		if (!title)
			continue;
		text_format(out, "%s\"%s\":", any ? "," : "", m->record->fields[i].name);
		json_text(out, title);
		any = true;
	}
	text_char(out, '}');
}

static void write_column(struct text *out, const char *name, const struct member *column, const void *row)
{
	if (!column)
		return;
	text_format(out, ",\"%s\":", name);
	json_member(out, column, row);
}

static int write_row(struct ctx *c, const struct record_model *m, const void *row, const struct slot *slots, const struct titles *titles, struct text *out)
{
	text_append(out, "{\"id\":");
	json_member(out, m->id, row);
	for (size_t i = 0; i < m->record->field_count; i++) {
		text_format(out, ",\"%s\":", m->record->fields[i].name);
		json_member(out, &m->wire.members[i], slots);
	}
	write_column(out, "version", m->version, row);
	write_column(out, "created_at", m->created_at, row);
	write_column(out, "updated_at", m->updated_at, row);
	write_column(out, "archived_at", m->archived_at, row);
	text_append(out, ",\"title\":");
	const char *title = record_title(c, m, slots);
	size_t own = field_index(m, "title");
	if (own == SIZE_MAX) {
		json_text(out, title);
	} else {
		out->n -= strlen(",\"title\":");        /* the record has a field of that name: it is the title */
	}
	write_titles(m, titles, slots, out);
	if (m->record->flow) {
		text_append(out, ",\"actions\":");
		flow_write_actions(c, m->record->flow, row, out);
	}
	text_char(out, '}');
	return 0;
}

int record_shown(struct ctx *c, const struct record *record, const void **rows, size_t n)
{
	if (!record->show || n == 0)
		return 0;
	size_t size = record->table->row->size;
	char *copies = arena_copy(c->arena, *rows, n * size);
	for (size_t i = 0; i < n; i++)
		TRY(record->show(c, copies + i * size));
	*rows = copies;
	return 0;
}

static int write_rows(struct ctx *c, const struct record *record, const void *rows, size_t n, struct text *out)
{
	const struct record_model *m = model_of(c, record);
	size_t stride = record->field_count;
	struct slot *slots = ARENA_ARRAY(c->arena, struct slot, n * stride + 1);
	TRY(record_shown(c, record, &rows, n));
	TRY(record_slots_many(c, m, rows, n, MASKED, slots));
	struct titles *titles = ARENA_ARRAY(c->arena, struct titles, stride + 1);
	for (size_t i = 0; i < stride; i++)
		if (record->fields[i].kind == FIELD_REF)
			TRY(fetch_titles(c, record->fields[i].to, slots, i, stride, n, &titles[i]));
	for (size_t k = 0; k < n; k++) {
		if (k)
			text_char(out, ',');
		TRY(write_row(c, m, (const char *)rows + k * record->table->row->size, slots + k * stride, titles, out));
	}
	return 0;
}

int record_json(struct ctx *c, const struct record *record, const void *row, struct text *out)
{
	return write_rows(c, record, row, 1, out);
}

int record_json_list(struct ctx *c, const struct record *record, const void *rows, size_t n, struct text *out)
{
	text_char(out, '[');
	TRY(write_rows(c, record, rows, n, out));
	text_char(out, ']');
	return 0;
}
