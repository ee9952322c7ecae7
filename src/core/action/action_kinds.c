/* The two kinds that every record has: set a field, make a move of its flow. */
#include "core/action/action.h"

#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/flow/flow.h"
#include "core/services.h"

/* Set -------------------------------------------------------------------------------------------------------------- */

struct set_in {
	const char *field, *value;      /* value: JSON */
};
static const struct member set_members[] = {
	MEMBER(struct set_in, field, code, .flags = MEMBER_REQUIRED, .most = 60), MEMBER(struct set_in, value, raw, .flags = MEMBER_REQUIRED),
};
static const struct shape set_shape = SHAPE("action_set", struct set_in, set_members);

/* A field that the company defines travels as an object of it. */
static int read_custom(struct ctx *c, const struct record_model *m, const struct set_in *v, struct slot *slots, uint64_t *present)
{
	slots[m->custom_field].text = arena_format(c->arena, "{\"%s\":%s}", v->field, v->value);
	*present = UINT64_C(1) << m->custom_field;
	return 0;
}

static bool is_custom(const struct record_model *m, const char *field)
{
	return m->custom_field != SIZE_MAX && custom_is_name(field);
}

static int read_value(struct ctx *c, const struct record_model *m, const struct set_in *v, struct slot *slots, uint64_t *present)
{
	if (is_custom(m, v->field))
		return read_custom(c, m, v, slots, present);
	struct json_present found;
	struct error *outer = c->error, inner = { 0 };
	const char *body = arena_format(c->arena, "{\"%s\":%s}", v->field, v->value);
	int r = json_read(c->arena, &m->wire, body, strlen(body), slots, &found, &inner);
	c->error = outer;
	if (r < 0)
		return fail_field(c, "value", inner.fields ? inner.fields->code : r, inner.fields ? inner.fields->arg : inner.arg);
	*present = found.bits;
	return 0;
}

static int check_custom(struct ctx *c, const struct record_model *m, const struct set_in *v)
{
	struct customs all;
	const char *value;
	TRY(customs_of(c, m, &all));
	const struct custom *k = custom_named(&all, v->field);
	if (!k || !custom_may_read(c, k))
		return fail_field(c, "field", ERR_FIELD_UNKNOWN, NULL);
	if (k->archived)
		return fail_field(c, "field", ERR_FIELD_READ_ONLY, NULL);
	struct error *outer = c->error, inner = { 0 };
	c->error = &inner;
	int r = custom_check(c, k, v->value, &value);
	c->error = outer;
	return r < 0 ? fail_field(c, "value", inner.fields ? inner.fields->code : r, inner.fields ? inner.fields->arg : NULL) : 0;
}

static int check_set(struct ctx *c, const struct record_model *m, const void *in)
{
	const struct set_in *v = in;
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
	size_t i = field_index(m, v->field);
	if (is_custom(m, v->field) && may(c, arena_format(c->arena, "%s.change", m->record->name)))
		return check_custom(c, m, v);
	if (i == SIZE_MAX || i == m->custom_field)
		return fail_field(c, "field", ERR_FIELD_UNKNOWN, NULL);
	const struct field *f = &m->record->fields[i];
	if (f->system || f->fixed || f->series || m->record->read_only || field_is_sealed(f) || f->kind == FIELD_TAGS)
		return fail_field(c, "field", ERR_FIELD_READ_ONLY, NULL);
	if (!may(c, arena_format(c->arena, "%s.change", m->record->name)))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	TRY(read_value(c, m, v, slots, &present));
	if (f->of && slots[i].text && *slots[i].text && !choice_find(f->of, slots[i].text))
		return fail_field(c, "value", ERR_FIELD_CHOICE, slots[i].text);
	return 0;
}

static int run_set(struct ctx *c, struct acting *on, const void *in)
{
	const struct record *record = on->model->record;
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(require_permission(c, arena_format(c->arena, "%s.change", record->name)));
	TRY(read_value(c, on->model, in, slots, &present));
	TRY(record_get(c, record, on->id, row));
	return record_change(c, record, on->id, *member_int(on->model->version, row), slots, present, NULL, row);
}

const struct action_kind set_action = { .name = "set", .label = L("改字段", "Set a field"), .shape = &set_shape, .check = check_set, .run = run_set };

/* Move ------------------------------------------------------------------------------------------------------------- */

struct move_in {
	const char *action, *fields, *reason;
};
static const struct member move_members[] = {
	MEMBER(struct move_in, action, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct move_in, fields, raw), MEMBER(struct move_in, reason, text, .most = 500),
};
static const struct shape move_shape = SHAPE("action_move", struct move_in, move_members);

static int read_fields(struct ctx *c, const struct move *move, const struct move_in *v, const void **out)
{
	const char *json = v->fields ? v->fields : "{}";
	*out = NULL;
	if (!move->fields)
		return v->fields && strcmp(v->fields, "{}") != 0 ? fail_field(c, "fields", ERR_FIELD_UNKNOWN, NULL) : 0;
	void *in = arena_alloc(c->arena, move->fields->size);
	struct error inner = { 0 };
	int r = json_read(c->arena, move->fields, json, strlen(json), in, NULL, &inner);
	*out = in;
	for (const struct field_error *f = inner.fields; f; f = f->next)
		fail_field(c, arena_format(c->arena, "fields.%s", f->field), f->code, f->arg);
	return r < 0 && !inner.fields ? fail_field(c, "fields", r, inner.arg) : r;
}

static int find_move(struct ctx *c, const struct record_model *m, const char *action, const struct move **out)
{
	const struct flow *flow;
	*out = NULL;
	if (!m->record->flow)
		return 0;
	TRY(flow_of(c, m->record->flow, &flow));
	*out = flow_find(flow, action);
	return 0;
}

static int check_move(struct ctx *c, const struct record_model *m, const void *in)
{
	const struct move_in *v = in;
	const struct move *move;
	const void *fields;
	TRY(find_move(c, m, v->action, &move));
	if (!move)
		return fail_field(c, "action", ERR_FIELD_INVALID, NULL);
	if (!flow_is_mover(c, move))
		return fail_field(c, "action", ERR_FORBIDDEN, NULL);
	if (move->reason == REASON_REQUIRED && text_empty(v->reason))
		fail_field(c, "reason", ERR_FIELD_REQUIRED, NULL);
	return read_fields(c, move, v, &fields);
}

static int run_move(struct ctx *c, struct acting *on, const void *in)
{
	const struct move_in *v = in;
	const struct flow *flow = on->model->record->flow;
	const struct move *move;
	const void *fields;
	TRY(find_move(c, on->model, v->action, &move));
	void *row = arena_alloc(c->arena, on->model->record->table->row->size);
	TRY(require(c, move != NULL, ERR_NOT_FOUND, NULL));
	TRY(read_fields(c, move, v, &fields));
	on->lasting |= !move->undoable;
	return flow_act(c, flow, on->id, 0, v->action, v->reason, fields, row);
}

const struct action_kind move_action = { .name = "move", .label = L("流程动作", "Move of the flow"), .shape = &move_shape, .check = check_move, .run = run_move };
