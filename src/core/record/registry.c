/* Makes record definitions ready: finds each field's column, lays the JSON shape over slots, refuses what does not fit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/flow/flow.h"
#include "core/list/condition.h"
#include "core/record/record.h"

enum { SORTED_TEXT_MOST = 50 };  /* characters */

/* How a field of each kind travels in JSON, and where in its slot. */
static const struct {
	enum type type;
	uint32_t slot_offset;
	enum kind column;               /* what its column must be */
	int64_t most_characters;        /* default for text */
} forms[] = {
	[FIELD_CODE]   = { TYPE_code,    offsetof(struct slot, text),  KIND_TEXT,  100 },
	[FIELD_TEXT]   = { TYPE_text,    offsetof(struct slot, text),  KIND_TEXT,  4000 },
	[FIELD_CHOICE] = { TYPE_code,    offsetof(struct slot, text),  KIND_TEXT,  100 },
	[FIELD_REF]    = { TYPE_ref,     offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_DAY]    = { TYPE_day,     offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_TIME]   = { TYPE_time_ms, offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_MONEY]  = { TYPE_fen,     offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_COUNT]  = { TYPE_count,   offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_INT]    = { TYPE_i64,     offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_REAL]   = { TYPE_real,    offsetof(struct slot, real),  KIND_REAL,  0 },
	[FIELD_FLAG]   = { TYPE_flag,    offsetof(struct slot, i),     KIND_INT,   0 },
	[FIELD_JSON]   = { TYPE_json,    offsetof(struct slot, text),  KIND_TEXT,  20000 },
	[FIELD_CUSTOM] = { TYPE_json,    offsetof(struct slot, text),  KIND_TEXT,  20000 },
	[FIELD_TAGS]   = { TYPE_json,    offsetof(struct slot, text),  KIND_TEXT,  20000 },
	[FIELD_BYTES]  = { TYPE_bytes,   offsetof(struct slot, bytes), KIND_BYTES, 0 },
	[FIELD_NAME]   = { TYPE_code,    offsetof(struct slot, text),  KIND_BYTES, 60 },
	[FIELD_PHONE]  = { TYPE_code,    offsetof(struct slot, text),  KIND_BYTES, 40 },
	[FIELD_EMAIL]  = { TYPE_code,    offsetof(struct slot, text),  KIND_BYTES, 100 },
	[FIELD_PLACE]  = { TYPE_code,    offsetof(struct slot, text),  KIND_BYTES, 100 },
	[FIELD_SEALED] = { TYPE_text,    offsetof(struct slot, text),  KIND_BYTES, 4000 },
};

static void refuse(const struct record *r, const char *field, const char *why)
{
	fprintf(stderr, "record %s, field %s: %s\n", r->name, field, why);
	abort();
}

static size_t count_choices(const struct choice *of)
{
	size_t n = 0;
	while (of && of[n].value)
		n++;
	return n;
}

static struct member wire_member(const struct field *f, size_t slot)
{
	return (struct member){
		.name = f->name,
		.type = forms[f->kind].type,
		.offset = (uint32_t)(slot * sizeof(struct slot) + forms[f->kind].slot_offset),
		.flags = MEMBER_NULLABLE,
		.least = f->least,
		.most = f->most ? f->most : forms[f->kind].most_characters,
		.choices = f->of,
	};
}

static void fit_field(struct record_model *m, size_t i)
{
	const struct record *r = m->record;
	const struct field *f = &r->fields[i];
	const struct member *column = shape_member(r->table->row, f->name);
	if (!column || column->offset != f->offset)
		refuse(r, f->name, "has no such column");
	if (type_kind(column->type) != forms[f->kind].column)
		refuse(r, f->name, "kind and column type differ");
	if (field_is_sealed(f) && (column->type != TYPE_sealed || !m->key))
		refuse(r, f->name, "a sealed field needs a sealed column and a key column");
	if (field_is_sealed(f) && !f->required && !(column->flags & MEMBER_NULLABLE))
		refuse(r, f->name, "a sealed column that must hold something needs .required");
	if (f->kind == FIELD_REF && !f->required && !f->system && column->type != TYPE_ref && !(column->flags & MEMBER_NULLABLE))
		refuse(r, f->name, "a reference that may be none needs a column of type ref, or one that may be NULL");
	bool is_about = r->about[0] && !strcmp(r->about[1], f->name) && r->no_import;
	if ((f->kind == FIELD_REF && !f->to && !is_about) || (f->kind == FIELD_CHOICE && !f->of))
		refuse(r, f->name, "a reference needs .to, a choice .of");
	if (count_choices(f->of) > MOST_CONDITION_VALUES)
		refuse(r, f->name, "more choices than a list's condition may name");
	if (f->sort && (f->kind == FIELD_CODE || f->kind == FIELD_TEXT) && (!f->most || f->most > SORTED_TEXT_MOST))
		refuse(r, f->name, "a sorted text needs .most of 50 or less: cursors hold it");
	if (f->sort && ((column->flags & MEMBER_NULLABLE) || type_kind(column->type) == KIND_BYTES || column->type == TYPE_json))
		refuse(r, f->name, "a sorted column is NOT NULL, and a number or a text");
	if (f->kind == FIELD_CUSTOM)
		m->custom_field = i;
	if (f->kind == FIELD_TAGS)
		m->tags_field = i;
	m->column[i] = column;
}

static void fit_titles(struct record_model *m)
{
	const struct record *r = m->record;
	for (; m->title_count < 3 && r->title[m->title_count]; m->title_count++) {
		size_t i = field_index(m, r->title[m->title_count]);
		if (i == SIZE_MAX)
			refuse(r, r->title[m->title_count], "is no field");
		m->title[m->title_count] = i;
		m->title_fields |= UINT64_C(1) << i;
	}
	m->has_title = field_index(m, "title") != SIZE_MAX;
}

/* What each answer would else format anew. */
static void write_pieces(struct arena *a, struct record_model *m)
{
	const struct record *r = m->record;
	for (size_t i = 0; i < r->field_count; i++) {
		m->head[i].text = arena_format(a, ",\"%s\":", r->fields[i].name);
		m->head[i].n = strlen(m->head[i].text);
		if (!field_is_sealed(&r->fields[i]))
			continue;
		m->sealed_fields |= UINT64_C(1) << i;
		m->context[i] = arena_format(a, "%s.%s", r->table->name, r->fields[i].name);
	}
	m->read_right = arena_format(a, "%s.read", r->name);
	m->moves = r->flow ? flow_pieces(a, r->flow) : NULL;
}

static void model_build(struct arena *a, struct record_model *m, const struct record *r)
{
	const struct shape *row = r->table->row;
	if (r->field_count > MOST_FIELDS_OF_RECORD - 2)
		refuse(r, "*", "too many fields");
	m->record = r;
	m->id = shape_member(row, "id");
	m->version = shape_member(row, "version");
	m->key = shape_member(row, "key");
	m->archived_at = shape_member(row, "archived_at");
	m->created_at = shape_member(row, "created_at");
	m->updated_at = shape_member(row, "updated_at");
	m->owner = r->owner ? shape_member(row, r->owner) : NULL;
	m->team = r->team ? shape_member(row, r->team) : NULL;
	m->region = r->region ? shape_member(row, r->region) : NULL;
	m->within = r->within ? shape_member(row, r->within) : NULL;
	m->about = r->about[0] ? shape_member(row, r->about[0]) : NULL;
	m->about_id = r->about[0] ? shape_member(row, r->about[1]) : NULL;
	m->audience = r->audience ? shape_member(row, r->audience) : NULL;
	m->past = r->past ? shape_member(row, r->past) : NULL;
	m->state = r->flow ? shape_member(row, r->flow->state) : NULL;
	m->stage = r->flow && r->flow->stage ? shape_member(row, r->flow->stage) : NULL;
	if (!m->owner != !r->owner || !m->team != !r->team || !m->region != !r->region || !m->state != !r->flow)
		refuse(r, "*", "owner, team, region and state must be columns");
	if (r->flow && !m->stage != !r->flow->stage)
		refuse(r, r->flow->stage, "is no column");
	if (r->about[0] && (!m->about || !m->about_id))
		refuse(r, r->about[0], "is no column that names a record, with one for the id");
	if (r->past && !m->past)
		refuse(r, r->past, "is no column");
	if (r->audience && (!m->audience || !m->owner || !m->team))
		refuse(r, r->audience, "an audience needs an owner and a team");
	if (!m->id || !m->version || !m->created_at)
		refuse(r, "*", "a record needs id, version and created_at");
	m->custom_field = m->tags_field = SIZE_MAX;
	struct member *wire = ARENA_ARRAY(a, struct member, r->field_count + 2);
	for (size_t i = 0; i < r->field_count; i++) {
		fit_field(m, i);
		wire[i] = wire_member(&r->fields[i], i);
	}
	static const struct field version = { .name = "version", .kind = FIELD_COUNT }, reason = { .name = "reason", .kind = FIELD_TEXT, .most = 500 };
	wire[r->field_count] = wire_member(&version, r->field_count);
	wire[r->field_count + 1] = wire_member(&reason, r->field_count + 1);
	m->wire = (struct shape){ .name = r->name, .size = r->field_count * sizeof(struct slot), .members = wire, .count = r->field_count };
	m->input = (struct shape){ .name = r->name, .size = (r->field_count + 2) * sizeof(struct slot), .members = wire, .count = r->field_count + 2 };
	m->key_field = r->key_of ? field_index(m, r->key_of) : SIZE_MAX;
	m->within_field = r->within ? field_index(m, r->within) : SIZE_MAX;
	if (r->within && (m->within_field == SIZE_MAX || !m->within || !r->fields[m->within_field].to))
		refuse(r, r->within, "is no reference to the record that it is part of");
	struct field_path path;
	for (size_t i = 0; r->sheet && r->sheet[i]; i++)
		if (!field_path_read(r, r->sheet[i], &path) || path.end->kind == FIELD_BYTES)
			refuse(r, r->sheet[i], "is no field that a sheet can show");
	fit_titles(m);
	write_pieces(a, m);
	list_titles_prepare(a, m);
}

struct registry registry_build(struct arena *a, const struct record *const *records, size_t count)
{
	struct record_model *models = ARENA_ARRAY(a, struct record_model, count);
	for (size_t i = 0; i < count; i++)
		model_build(a, &models[i], records[i]);
	return (struct registry){ .models = models, .count = count };
}
