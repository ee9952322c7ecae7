/* Which moves are there, whose they are, and which of them may be made now. */
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/flow/flow_set.h"

const char *const flow_reasons[] = { [REASON_NONE] = "none", [REASON_OPTIONAL] = "optional", [REASON_REQUIRED] = "required", NULL };

int flow_state_named(const struct flow *flow, const char *value)
{
	for (int i = 0; flow->states[i].value; i++)
		if (!strcmp(flow->states[i].value, value))
			return i;
	return -1;
}

int flow_stage_named(const struct flow *flow, const char *code)
{
	for (size_t i = 0; i < flow->stage_count; i++)
		if (!strcmp(flow->stages[i].code, code))
			return (int)i;
	return -1;
}

int flow_state(struct ctx *c, const struct flow *flow, const void *row)
{
	return flow_state_named(flow, *member_text(model_of(c, flow->record)->state, (void *)row));
}

/* An own state that is no more counts as none: the row is in what it means. */
static int stage_index(struct ctx *c, const struct flow *flow, const void *row)
{
	const struct member *column = model_of(c, flow->record)->stage;
	const char *now = column ? *member_text(column, (void *)row) : NULL;
	return text_empty(now) ? -1 : flow_stage_named(flow, now);
}

const struct flow_stage *flow_stage(struct ctx *c, const struct flow *flow, const void *row)
{
	int i = stage_index(c, flow, row);
	return i < 0 ? NULL : &flow->stages[i];
}

const struct move *flow_find(const struct flow *flow, const char *action)
{
	for (size_t i = 0; i < flow->move_count; i++)
		if (!strcmp(flow->moves[i].action, action))
			return &flow->moves[i];
	return NULL;
}

static bool has_role(const struct ctx *c, const struct move_terms *t)
{
	for (size_t i = 0; i < t->role_count; i++)
		if (t->roles[i] == c->auth->role_id)
			return true;
	return t->role_count == 0;
}

bool flow_is_mover(const struct ctx *c, const struct move *move)
{
	switch (c->actor_kind) {
	case ACTOR_SYSTEM:   return true;
	case ACTOR_CUSTOMER: return move->who == MOVER_CUSTOMER || move->who == MOVER_BOTH;
	default:             return (move->who == MOVER_USER || move->who == MOVER_BOTH) && may(c, move->permission) && (!move->terms || !c->auth || has_role(c, move->terms));
	}
}

bool flow_leaves(const struct move *move, int state, int stage)
{
	const struct move_terms *t = move->terms;
	if (state < 0 || (t && t->off))
		return false;
	if (t && t->own)
		return (stage < 0 ? t->plain >> state : t->stages >> stage) & 1;
	return (move->from >> state & 1) && !(t && stage >= 0 && (t->stages >> stage & 1));
}

static int holds(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, bool *out)
{
	*out = true;
	if (!move->terms || !move->terms->when.program)
		return 0;
	if (!a->subject) {
		struct subject *s = ARENA_NEW(c->arena, struct subject);
		TRY(subject_of(c, model_of(c, a->flow->record), row, s));
		a->subject = s;
	}
	a->subject->row = row;
	return condition_holds(c, &move->terms->when, a->subject, out);
}

static int allows_from(struct ctx *c, struct flow_asking *a, const struct move *move, int state, int stage, const void *row, bool *out)
{
	*out = flow_leaves(move, state, stage) && flow_is_mover(c, move);
	const struct move *way = *out ? flow_carrier(move, state) : NULL;
	if (way)
		*out = flow_is_mover(c, way) && (!way->guard || way->guard(c, row));
	return *out ? holds(c, a, move, row, out) : 0;
}

int flow_allows(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, bool *allowed)
{
	return allows_from(c, a, move, flow_state(c, a->flow, row), stage_index(c, a->flow, row), row, allowed);
}

int flow_is_free(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, bool *is_free)
{
	struct text missing = text_in(c->arena);
	const char *first = NULL;
	TRY(flow_allows(c, a, move, row, is_free));
	if (*is_free)
		TRY(flow_missing(c, a, move, row, &first, &missing));
	*is_free = *is_free && move->reason != REASON_REQUIRED && !first;
	return 0;
}

/* Fields to be filled ---------------------------------------------------------------------------------------------- */

static bool is_filled(struct ctx *c, const struct record_model *m, const char *name, const void *row)
{
	size_t i = field_index(m, name);
	if (i == SIZE_MAX) {
		const char *object = m->custom_field == SIZE_MAX ? NULL : *member_text(m->column[m->custom_field], (void *)row);
		return object && strstr(object, arena_format(c->arena, "\"%s\"", name));
	}
	return !field_is_empty(m, i, row);
}

/* A field that was archived takes no value any more: nobody could fill it. */
static int is_open(struct ctx *c, struct flow_asking *a, const char *name, bool *out)
{
	*out = true;
	if (!custom_is_name(name))
		return 0;
	if (!a->customs) {
		struct customs *all = ARENA_NEW(c->arena, struct customs);
		TRY(customs_of(c, model_of(c, a->flow->record), all));
		a->customs = all;
	}
	const struct custom *k = custom_named(a->customs, name);
	*out = !k || !k->archived;
	return 0;
}

int flow_missing(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, const char **first, struct text *out)
{
	const struct record_model *m = model_of(c, a->flow->record);
	*first = NULL;
	for (size_t i = 0; move->terms && i < move->terms->field_count; i++) {
		const char *name = move->terms->fields[i];
		bool open = !is_filled(c, m, name, row);
		if (open)
			TRY(is_open(c, a, name, &open));
		if (!open)
			continue;
		text_format(out, "%s\"%s\"", *first ? "," : "", name);
		*first = *first ? *first : name;
	}
	return 0;
}

/* As JSON ------------------------------------------------------------------------------------------------------------ */

void flow_write_fields(const struct move *move, struct text *out)
{
	text_append(out, ",\"fields\":[");
	for (size_t i = 0; move->fields && i < move->fields->count; i++) {
		const struct member *m = &move->fields->members[i];
		text_format(out, "%s{\"name\":\"%s\",\"type\":\"%s\",\"required\":%s}", i ? "," : "", m->name, type_name(m->type),
		            m->flags & MEMBER_REQUIRED ? "true" : "false");
	}
	text_char(out, ']');
}

static void write_action(const struct move *move, bool primary, struct text *out)
{
	text_format(out, "{\"name\":\"%s\",\"label\":", move->action);
	json_label(out, move->label.zh, move->label.en);
	text_format(out, ",\"reason\":\"%s\",\"primary\":%s,\"confirm\":%s", flow_reasons[move->reason], primary ? "true" : "false",
	            move->terms && move->terms->confirm ? "true" : "false");
	flow_write_fields(move, out);
}

const struct piece *flow_pieces(struct arena *a, const struct flow *flow)
{
	struct piece *pieces = ARENA_ARRAY(a, struct piece, flow->move_count * 2);
	for (size_t i = 0; i < flow->move_count * 2; i++) {
		struct text t = text_in(a);
		write_action(&flow->moves[i / 2], i % 2, &t);
		pieces[i] = (struct piece){ .text = text_end(&t), .n = t.n };
	}
	return pieces;
}

/* The company's own moves before the product's: they are what it wants done. */
static const struct move *in_order(const struct flow *flow, size_t i)
{
	size_t own = 0;
	while (own < flow->move_count && !(flow->moves[own].terms && flow->moves[own].terms->own))
		own++;
	return &flow->moves[(own + i) % flow->move_count];
}

int flow_write_actions(struct ctx *c, struct flow_asking *a, const void *row, struct text *out)
{
	const struct flow *flow = a->flow;
	const struct piece *pieces = flow->pieces ? flow->pieces : model_of(c, flow->record)->moves;
	int state = flow_state(c, flow, row), stage = stage_index(c, flow, row);
	bool any = false, primary = false, allowed;
	text_char(out, '[');
	for (size_t i = 0; i < flow->move_count; i++) {
		const struct move *move = in_order(flow, i);
		TRY(allows_from(c, a, move, state, stage, row, &allowed));
		if (!allowed)
			continue;
		if (any)
			text_char(out, ',');
		const struct piece *piece = &pieces[(size_t)(move - flow->moves) * 2 + (move->primary && !primary)];
		text_append_n(out, piece->text, piece->n);
		struct text missing = text_in(c->arena);
		const char *first;
		TRY(flow_missing(c, a, move, row, &first, &missing));
		if (first)
			text_format(out, ",\"missing\":[%s]", text_end(&missing));
		text_char(out, '}');
		primary |= move->primary;
		any = true;
	}
	text_char(out, ']');
	return 0;
}
