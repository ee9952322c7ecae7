/* From record definitions to the fields of conditions. Made for each actor: a record that he may not read has no field for him, and no
 * path leads through it. */
#include "core/condition/condition_fields.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "engine/clean/clean.h"
#include "gen/schema.h"

enum { BUILT_IN = 3 };          /* id, created_at, updated_at */

static int stored_text(struct arena *a, const char *text, const char **out)
{
	*out = clean_text(a, text);
	return 0;
}

/* As look-ups have it. */
static int stored_phone(struct arena *a, const char *text, const char **out)
{
	struct clean_phone phone;
	TRY(clean_phone(a, text, &phone));
	*out = phone.value;
	return 0;
}

/* Numbers, serials and whatever an index serves are compared as they are; other texts as people type them. */
static enum expr_type text_type(const struct field *f)
{
	return f->kind == FIELD_CODE && (f->series || f->unique || f->index || f->sort) ? EXPR_CODE : EXPR_TEXT;
}

static bool may_name(const struct field *f)
{
	return field_is_sealed(f) ? field_has_lookup(f) : f->kind != FIELD_JSON && f->kind != FIELD_BYTES && f->kind != FIELD_CUSTOM;
}

static enum expr_type type_of(const struct field *f)
{
	switch (f->kind) {
	case FIELD_CHOICE: return EXPR_CHOICE;
	case FIELD_REF:    return EXPR_ID;
	case FIELD_DAY:    return EXPR_DAY;
	case FIELD_TIME:   return EXPR_TIME;
	case FIELD_REAL:   return EXPR_REAL;
	case FIELD_FLAG:   return EXPR_FLAG;
	case FIELD_CODE:
	case FIELD_TEXT:   return text_type(f);
	case FIELD_NAME:
	case FIELD_PHONE:
	case FIELD_EMAIL:  return EXPR_SEALED;
	case FIELD_TAGS:   return EXPR_SET;
	default:           return EXPR_NUMBER;
	}
}

const char *condition_type(const struct field *f)
{
	static const char *const names[] = {
		[EXPR_NUMBER] = "number", [EXPR_REAL] = "real", [EXPR_FLAG] = "flag", [EXPR_TIME] = "time", [EXPR_DAY] = "day", [EXPR_ID] = "id",
		[EXPR_CHOICE] = "choice", [EXPR_CODE] = "code", [EXPR_TEXT] = "text", [EXPR_SEALED] = "sealed", [EXPR_SET] = "set",
	};
	return may_name(f) ? names[type_of(f)] : NULL;
}

static const struct condition_source *source_of(struct ctx *c, const struct record_model *m, const struct field *f)
{
	struct condition_source *s = ARENA_NEW(c->arena, struct condition_source);
	*s = (struct condition_source){ m, f, NULL };
	return s;
}

static void fill_field(struct ctx *c, const struct record_model *m, size_t i, const struct expr_record *to, struct expr_field *out)
{
	const struct field *f = &m->record->fields[i];
	*out = (struct expr_field){ .name = f->name, .type = type_of(f), .offset = f->offset, .of = f->of, .to = to, .self = source_of(c, m, f) };
	out->nullable = m->column[i]->flags & MEMBER_NULLABLE;
	if (field_has_none(f))
		out->none = EXPR_NONE_ZERO | (f->kind == FIELD_TIME ? EXPR_NONE_FAR : 0);
	if (f->kind == FIELD_PHONE)
		out->normalise = stored_phone;
	else if (f->kind == FIELD_CODE || f->kind == FIELD_NAME)
		out->normalise = stored_text;
	else if (f->kind == FIELD_EMAIL)
		out->normalise = clean_mail;
	if (f->kind == FIELD_TAGS) {
		out->normalise = tag_clean;
		out->fold = tag_fold;
	}
}

static void fill_custom(struct ctx *c, const struct custom *k, struct expr_field *out)
{
	static const enum expr_type types[] = {
		[CUSTOM_TEXT] = EXPR_TEXT, [CUSTOM_NUMBER] = EXPR_NUMBER, [CUSTOM_DAY] = EXPR_DAY, [CUSTOM_FLAG] = EXPR_FLAG, [CUSTOM_CHOICE] = EXPR_CHOICE,
	};
	struct condition_source *source = ARENA_NEW(c->arena, struct condition_source);
	*source = (struct condition_source){ k->model, &k->field, k };
	*out = (struct expr_field){
		.name = k->field.name, .type = types[k->kind], .column = "value", .of = k->field.of, .apart = true, .self = source,
		.offset = (uint32_t)(k->model->record->table->row->size + k->place * sizeof(int64_t)), .normalise = k->kind == CUSTOM_TEXT ? stored_text : NULL,
	};
}

static void add_built_in(struct expr_record *r, struct expr_field *fields, const struct member *column, enum expr_type type, const void *source)
{
	if (column)
		fields[r->count++] = (struct expr_field){ .name = column->name, .type = type, .offset = column->offset, .self = source };
}

/* NULL when the actor may not read it. */
static struct expr_record *record_in(struct ctx *c, struct expr_record *all, const struct record *record)
{
	const struct record_model *m = model_of(c, record);
	return may(c, m->read_right) ? &all[m - c->services->registry.models] : NULL;
}

static void fill_record(struct ctx *c, struct expr_record *all, const struct record_model *m, const struct customs *custom, struct expr_record *out)
{
	const struct record *r = m->record;
	struct expr_field *fields = ARENA_ARRAY(c->arena, struct expr_field, r->field_count + BUILT_IN + custom->n);
	out->name = r->name;
	out->fields = fields;
	for (size_t i = 0; i < r->field_count; i++)
		if (may_name(&r->fields[i]))
			fill_field(c, m, i, r->fields[i].to ? record_in(c, all, r->fields[i].to) : NULL, &fields[out->count++]);
	for (size_t i = 0; i < custom->n; i++)
		if (custom->at[i].model == m && custom_may_read(c, &custom->at[i]))
			fill_custom(c, &custom->at[i], &fields[out->count++]);
	const void *source = source_of(c, m, NULL);
	add_built_in(out, fields, m->id, EXPR_ID, source);
	add_built_in(out, fields, m->created_at, EXPR_TIME, source);
	add_built_in(out, fields, m->updated_at, EXPR_TIME, source);
}

int condition_fields(struct ctx *c, const struct record_model *m, const struct expr_record **out)
{
	struct customs custom;
	TRY(customs_of(c, NULL, &custom));
	const struct registry *g = &c->services->registry;
	struct expr_record *all = ARENA_ARRAY(c->arena, struct expr_record, g->count);
	for (size_t i = 0; i < g->count; i++)
		if (&g->models[i] == m || may(c, g->models[i].read_right))
			fill_record(c, all, &g->models[i], &custom, &all[i]);
	*out = &all[m - g->models];
	return 0;
}

int condition_look(struct ctx *c, const struct record_model *m, const char *text, struct expr *out, struct expr_faults *faults)
{
	int r = expr_parse(c->arena, text, strlen(text), out, faults);
	if (r < 0)
		out->root = NULL;
	if (r < 0)
		return r;
	const struct expr_record *fields;
	TRY(condition_fields(c, m, &fields));
	return expr_check(c->arena, out, fields, faults);
}

int condition_read(struct ctx *c, const struct record_model *m, const char *member, const char *text, struct expr *out)
{
	struct expr_faults faults;
	int r = condition_look(c, m, text, out, &faults);
	for (size_t i = 0; i < faults.n; i++) {
		const struct expr_fault *f = &faults.list[i];
		size_t characters = utf8_count(arena_string_n(c->arena, text, f->at));
		fail_field(c, arena_format(c->arena, "%s[%zu]", member, characters), f->code, f->arg);
	}
	return r < 0 ? c->error->code : 0;
}

int company_zone(struct ctx *c, struct arena *a, const struct zone **out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	struct zone_shift *always = ARENA_NEW(a, struct zone_shift);
	struct zone *zone = ARENA_NEW(a, struct zone);
	*always = (struct zone_shift){ .at = TIMELINE_FIRST_MS, .offset_ms = (int32_t)(tenant.zone_minutes * MINUTE_MS) };
	*zone = (struct zone){ .name = "", .shifts = always, .n = 1 };
	*out = zone;
	return 0;
}

int condition_env(struct ctx *c, struct expr_env *out)
{
	const struct zone *zone;
	TRY(company_zone(c, c->arena, &zone));
	*out = (struct expr_env){ .now = c->now, .zone = zone };
	if (c->auth) {
		out->me = c->auth->user_id;
		out->my_team = c->auth->team_id;
		out->my_region = c->auth->region_id;
	}
	return 0;
}
