/* Creating and changing rows: rights of the row, values, numbers, keys, look-ups, history and event in one transaction. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/demo/demo.h"
#include "core/event/history.h"
#include "core/event/number.h"
#include "core/io/undo.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "db/writer.h"

/* Who writes a row has to say what it is part of, unless it is about something. */
static bool belongs(const struct record_model *m, const void *row)
{
	return m->about_id && *member_int(m->about_id, (void *)row) > 0;
}

static void check_required(struct ctx *c, const struct record_model *m, const void *row)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (!f->required || (i == m->within_field && belongs(m, row)))
			continue;
		if (field_is_empty(m, i, row))
			fail_field(c, f->name, ERR_FIELD_REQUIRED, NULL);
	}
}

/* Two rows may not share a unique value. Writes of a tenant are serial, so looking first is enough. given: fields whose value
 * came from a series of numbers just now, which gives each only once. */
static int check_unique(struct ctx *c, const struct record_model *m, const void *old, const void *row, uint64_t given)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (!f->unique || (given >> i & 1) || type_kind(m->column[i]->type) != KIND_TEXT)
			continue;
		const char *value = *member_text(m->column[i], (void *)row);
		if (text_empty(value) || (old && text_equal(*member_text(m->column[i], (void *)old), value)))
			continue;
		int64_t found;
		TRY(list_find(c, m, i, &(struct slot){ .text = value }, &found));
		if (found)
			fail_field(c, f->name, ERR_FIELD_TAKEN, value);
	}
	return c->error->code;
}

/* Look-up hashes follow the sealed values they were made from: all fields of one kind together. changed UINT64_MAX: a new row. */
static int follow_kind(struct ctx *c, const struct record_model *m, int64_t id, const struct slot *slots, enum field_kind kind, enum lookup_kind lookup, uint64_t changed)
{
	const char *texts[MOST_FIELDS_OF_RECORD];
	size_t n = 0;
	bool touched = false;
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (f->kind != kind || !f->search)
			continue;
		touched |= changed >> i & 1;
		texts[n++] = slots[i].text;
	}
	if (!touched)
		return 0;
	return changed == UINT64_MAX ? lookup_add(c, lookup, m->record->name, id, texts, n) : lookup_set(c, lookup, m->record->name, id, texts, n);
}

static int follow_lookups(struct ctx *c, const struct record_model *m, const void *row, uint64_t changed)
{
	bool any = false;
	for (size_t i = 0; i < m->record->field_count; i++)
		any |= field_has_lookup(&m->record->fields[i]) && (changed >> i & 1);
	if (!any)
		return 0;
	struct slot slots[MOST_FIELDS_OF_RECORD];
	TRY(record_slots(c, m, row, OPENED, slots));
	int64_t id = *member_int(m->id, (void *)row);
	TRY(follow_kind(c, m, id, slots, FIELD_PHONE, LOOKUP_PHONE, changed));
	TRY(follow_kind(c, m, id, slots, FIELD_EMAIL, LOOKUP_EMAIL, changed));
	return follow_kind(c, m, id, slots, FIELD_NAME, LOOKUP_NAME, changed);
}

/* Which key seals the row: its parent's, or a new one from the stock. */
static int give_key(struct ctx *c, const struct record_model *m, void *row)
{
	if (!m->key || *member_int(m->key, row))
		return 0;
	if (m->key_field == SIZE_MAX)
		return pii_key_new(c, m->record->name, *member_int(m->id, row), member_int(m->key, row));
	const struct record *parent = m->record->fields[m->key_field].to;
	const struct record_model *parent_model = model_of(c, parent);
	int64_t id = *member_int(m->column[m->key_field], row);
	if (id == 0)
		return fail_field(c, m->record->key_of, ERR_FIELD_REQUIRED, NULL);
	void *parent_row = arena_alloc(c->arena, parent->table->row->size);
	bool there;
	TRY(record_look(c, parent, id, parent_row, &there));
	if (!there)
		return fail_field(c, m->record->key_of, ERR_FIELD_REFERENCE, NULL);
	*member_int(m->key, row) = *member_int(parent_model->key, parent_row);
	return 0;
}

static int give_numbers(struct ctx *c, const struct record_model *m, void *row, uint64_t *given)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		const char **no = member_text(m->column[i], row);
		if (!f->series || !text_empty(*no))
			continue;
		TRY(number_next(c, f->series, no));
		*given |= UINT64_C(1) << i;
	}
	return 0;
}

/* Nothing in every column: NULL where it may be, else 0 or empty; then what the definition begins with. */
static int fill_initial(struct ctx *c, const struct record_model *m, void *row)
{
	const struct shape *s = m->record->table->row;
	for (size_t i = 0; i < s->count; i++) {
		const struct member *column = &s->members[i];
		bool nullable = column->flags & MEMBER_NULLABLE;
		if (nullable && type_kind(column->type) == KIND_INT)
			*member_int(column, row) = NULL_INT;
		else if (nullable && type_kind(column->type) == KIND_REAL)
			*member_real(column, row) = NAN;
		else if (nullable)
			continue;
		else if (type_kind(column->type) == KIND_TEXT)
			*member_text(column, row) = column->type == TYPE_json ? "{}" : "";
		else if (type_kind(column->type) == KIND_BYTES && column->type != TYPE_sealed)
			*member_bytes(column, row) = (struct bytes){ (const uint8_t *)"", 0 };
	}
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (f->initial && type_kind(m->column[i]->type) == KIND_TEXT)
			*member_text(m->column[i], row) = f->initial;
		else if (f->initial && f->kind == FIELD_TIME)
			*member_int(m->column[i], row) = FAR_FUTURE_MS;
		else if (f->initial && type_kind(m->column[i]->type) == KIND_INT)
			*member_int(m->column[i], row) = strtoll(f->initial, NULL, 10);
	}
	*member_int(&s->members[0], row) = c->tenant;
	*member_int(m->id, row) = new_id(c);
	return 0;
}

static int before_write(struct ctx *c, const struct record *record, const void *old, void *row)
{
	for (const struct observer *const *o = c->services->observers; o && *o; o++)
		TRY((*o)->writing(c, record, old, row));
	return 0;
}

static void set_times(struct ctx *c, const struct record_model *m, void *row)
{
	*member_int(m->created_at, row) = c->now;
	if (m->updated_at)
		*member_int(m->updated_at, row) = c->now;
}

static int insert(struct ctx *c, const struct record *record, void *row, bool past)
{
	const struct record_model *m = model_of(c, record);
	*member_int(m->version, row) = 1;
	uint64_t given = 0;
	TRY(give_numbers(c, m, row, &given));
	TRY(tags_settle(c, m, NULL, row));
	if (record->before)
		TRY(record->before(c, NULL, row));
	check_required(c, m, row);
	TRY(check_unique(c, m, NULL, row, given));
	TRY(scope_require(c, m, row));
	if (!past)
		TRY(before_write(c, record, NULL, row));
	TRY(db_exec(c->db, c->arena, record->table->insert, row, NULL));
	TRY(demo_note(c, m, row));
	TRY(undo_note(c, m, NULL, row));
	TRY(follow_lookups(c, m, row, UINT64_MAX));
	TRY(custom_follow(c, m, NULL, row));
	TRY(tags_follow(c, m, NULL, row));
	if (record->after)
		TRY(record->after(c, NULL, row));
	return event_add(c, arena_format(c->arena, "%s.%s", record->name, past ? "brought" : "created"), record->name, *member_int(m->id, row), "{}");
}

int record_insert(struct ctx *c, const struct record *record, void *row)
{
	set_times(c, model_of(c, record), row);
	return insert(c, record, row, false);
}

int record_insert_past(struct ctx *c, const struct record *record, void *row)
{
	return insert(c, record, row, true);
}

/* Fields that only the server sets may not come from outside. */
static void refuse_system(struct ctx *c, const struct record_model *m, uint64_t present, bool creating)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if ((present >> i & 1) && (f->system || (f->fixed && !creating)))
			fail_field(c, f->name, ERR_FIELD_READ_ONLY, NULL);
	}
}

/* A required number that is not given: in the row it would be a 0 like any other. */
static void ask_for_numbers(struct ctx *c, const struct record_model *m, uint64_t present)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		enum kind kind = type_kind(m->column[i]->type);
		if (f->required && !f->initial && !(present >> i & 1) && ((kind == KIND_INT && !field_has_none(f)) || kind == KIND_REAL))
			fail_field(c, f->name, ERR_FIELD_REQUIRED, NULL);
	}
}

static int create(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, void *row, bool past)
{
	const struct record_model *m = model_of(c, record);
	memset(row, 0, record->table->row->size);
	refuse_system(c, m, present, true);
	ask_for_numbers(c, m, present);
	TRY(fill_initial(c, m, row));
	if (m->key_field != SIZE_MAX && (present >> m->key_field & 1) && slots[m->key_field].i != NULL_INT)
		*member_int(m->column[m->key_field], row) = slots[m->key_field].i;
	TRY(give_key(c, m, row));
	TRY(record_fill(c, m, slots, present, row));
	if (!past)
		TRY(custom_complete(c, m, row));
	TRY(c->error->code);
	set_times(c, m, row);
	return insert(c, record, row, past);
}

int record_create(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, void *row)
{
	return create(c, record, slots, present, row, false);
}

int record_create_past(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, void *row)
{
	return create(c, record, slots, present, row, true);
}

int record_try(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, int64_t id)
{
	const struct record_model *m = model_of(c, record);
	void *row = arena_alloc(c->arena, record->table->row->size), *old = NULL;
	refuse_system(c, m, present, id == 0);
	if (id) {
		TRY(record_get(c, record, id, row));
		old = arena_copy(c->arena, row, record->table->row->size);
	} else {
		ask_for_numbers(c, m, present);
		TRY(fill_initial(c, m, row));
	}
	if (record_fill(c, m, slots, present, row) < 0 && c->error->fields == NULL)
		return c->error->code;
	if (record->before)
		TRY(record->before(c, old, row));
	check_required(c, m, row);
	if (!id)
		TRY(custom_complete(c, m, row));
	return check_unique(c, m, old, row, 0);
}

int record_update(struct ctx *c, const struct record *record, const void *old, void *row, const char *kind,
                  const char *reason, const char *data)
{
	const struct record_model *m = model_of(c, record);
	if (m->updated_at)
		*member_int(m->updated_at, row) = c->now;
	TRY(tags_settle(c, m, old, row));
	if (record->before)
		TRY(record->before(c, old, row));
	check_required(c, m, row);
	TRY(check_unique(c, m, old, row, 0));
	TRY(before_write(c, record, old, row));
	int64_t changed_rows;
	TRY(db_exec(c->db, c->arena, record->table->update, row, &changed_rows));
	if (changed_rows == 0)
		return fail(c, ERR_VERSION_CONFLICT, NULL);
	*member_int(m->version, row) += 1;
	TRY(undo_note(c, m, old, row));
	const char *names;
	TRY(history_add(c, m, old, row, reason, &names));
	uint64_t changed = 0;
	for (size_t i = 0; i < record->field_count; i++)
		if (field_is_sealed(&record->fields[i]) &&
		    memcmp(member_bytes(m->column[i], (void *)old), member_bytes(m->column[i], row), sizeof(struct bytes)) != 0)
			changed |= UINT64_C(1) << i;
	TRY(follow_lookups(c, m, row, changed));
	TRY(custom_follow(c, m, old, row));
	TRY(tags_follow(c, m, old, row));
	if (record->after)
		TRY(record->after(c, old, row));
	if (!data)
		data = arena_format(c->arena, "{\"fields\":%s}", names);
	int64_t detail = strcmp(names, "[]") ? *member_int(m->version, row) : 0;
	return event_add_detail(c, kind, record->name, *member_int(m->id, row), detail, data);
}

int record_conflict(struct ctx *c, const struct record *record, const void *row)
{
	struct text t = text_in(c->arena);
	TRY(record_json(c, record, row, &t));
	c->error->current = text_end(&t);
	return fail(c, ERR_VERSION_CONFLICT, NULL);
}

/* A sealed value never looks the same twice. What was given again as it was stays as it was: no history, no new look-up. */
static int keep_equal(struct ctx *c, const struct record_model *m, const void *old, uint64_t present, void *row)
{
	struct slot before[MOST_FIELDS_OF_RECORD], after[MOST_FIELDS_OF_RECORD];
	if (!(m->sealed_fields & present))
		return 0;
	TRY(record_slots(c, m, old, OPENED, before));
	TRY(record_slots(c, m, row, OPENED, after));
	for (size_t i = 0; i < m->record->field_count; i++)
		if ((m->sealed_fields & present) >> i & 1 && before[i].text && text_equal(before[i].text, after[i].text))
			*member_bytes(m->column[i], row) = *member_bytes(m->column[i], (void *)old);
	return 0;
}

int record_change(struct ctx *c, const struct record *record, int64_t id, int64_t version, const struct slot *slots,
                  uint64_t present, const char *reason, void *row)
{
	const struct record_model *m = model_of(c, record);
	size_t size = record->table->row->size;
	TRY(record_get(c, record, id, row));
	if (*member_int(m->version, row) != version)
		return record_conflict(c, record, row);
	void *old = arena_copy(c->arena, row, size);
	refuse_system(c, m, present, false);
	TRY(record_fill(c, m, slots, present, row));
	TRY(keep_equal(c, m, old, present, row));
	TRY(scope_require(c, m, row));
	return record_update(c, record, old, row, arena_format(c->arena, "%s.changed", record->name), reason, NULL);
}

int record_archive(struct ctx *c, const struct record *record, int64_t id, int64_t version, enum archive what, void *row)
{
	const struct record_model *m = model_of(c, record);
	TRY(record_get(c, record, id, row));
	TRY(require(c, m->archived_at != NULL, ERR_STATE, NULL));
	if (*member_int(m->version, row) != version)
		return record_conflict(c, record, row);
	bool archived = *member_int(m->archived_at, row) != 0;
	TRY(require(c, archived == (what == RESTORE), ERR_STATE, NULL));
	void *old = arena_copy(c->arena, row, record->table->row->size);
	*member_int(m->archived_at, row) = what == ARCHIVE ? c->now : 0;
	const char *kind = arena_format(c->arena, "%s.%s", record->name, what == ARCHIVE ? "archived" : "restored");
	return record_update(c, record, old, row, kind, NULL, "{}");
}
