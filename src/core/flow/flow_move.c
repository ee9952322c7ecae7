/* One path for every move of every process: judged, done, written. */

#include "base/json.h"

#include "core/flow/flow_set.h"
#include "core/services.h"

static int check_move(struct ctx *c, const struct flow *flow, const struct move *move, const char *reason, const void *row)
{
	struct flow_asking asking = { .flow = flow };
	struct text missing = text_in(c->arena);
	const char *first;
	bool allowed;
	if (!flow_is_mover(c, move))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(flow_allows(c, &asking, move, row, &allowed));
	if (!allowed)
		return fail(c, ERR_STATE, NULL);
	if (move->reason == REASON_REQUIRED && text_empty(reason))
		fail_field(c, "reason", ERR_FIELD_REQUIRED, NULL);
	TRY(flow_missing(c, &asking, move, row, &first, &missing));
	if (first)
		fail_field(c, first, ERR_FIELD_REQUIRED, NULL);
	return c->error->code;
}

/* Where the row is afterwards: in what it means, and in which own state. */
static void set_state(struct ctx *c, const struct flow *flow, const struct move *move, const struct move *way, void *row)
{
	const struct record_model *m = model_of(c, flow->record);
	bool own = way != move;
	if (move->to == STAY)
		return;
	*member_text(m->state, row) = flow->states[move->to].value;
	if (m->stage)
		*member_text(m->stage, row) = own && move->terms->to_stage >= 0 ? arena_string(c->arena, flow->stages[move->terms->to_stage].code) : "";
}

static bool differs(const struct member *column, const void *old, const void *row)
{
	if (type_kind(column->type) == KIND_TEXT)
		return !text_equal(*member_text(column, (void *)old), *member_text(column, (void *)row));
	return type_kind(column->type) == KIND_INT && *member_int(column, (void *)old) != *member_int(column, (void *)row);
}

/* An own move tells its name, and what it was called: definitions come and go, events stay. */
static const char *own_data(struct ctx *c, const struct record_model *m, const struct move *move, const void *old, const void *row)
{
	struct text t = text_in(c->arena);
	bool any = false;
	text_format(&t, "{\"move\":\"%s\",\"label\":", move->action);
	json_label(&t, move->label.zh, move->label.en);
	text_append(&t, ",\"fields\":[");
	for (size_t i = 0; i < m->record->field_count; i++) {
		if (!differs(m->column[i], old, row))
			continue;
		text_format(&t, "%s\"%s\"", any ? "," : "", m->record->fields[i].name);
		any = true;
	}
	text_append(&t, "]}");
	return text_end(&t);
}

int flow_move(struct ctx *c, const struct flow *built_in, void *row, const char *action, const char *reason, const void *in)
{
	const struct record *record = built_in->record;
	const struct flow *flow;
	TRY(flow_of(c, built_in, &flow));
	const struct move *move = flow_find(flow, action);
	if (!move)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(check_move(c, flow, move, reason, row));
	const struct move *way = flow_carrier(move, flow_state(c, flow, row));
	void *old = arena_copy(c->arena, row, record->table->row->size);
	set_state(c, flow, move, way, row);
	struct act act = { .move = way ? way : move, .reason = reason, .in = in };
	if (act.move->effect)
		TRY(act.move->effect(c, &act, old, row));
	const char *kind = arena_format(c->arena, "%s.%s", record->name, way ? way->action : "moved");
	return record_update(c, record, old, row, kind, reason, way == move ? act.data : own_data(c, model_of(c, record), move, old, row));
}

int flow_act(struct ctx *c, const struct flow *flow, int64_t id, int64_t version, const char *action, const char *reason,
             const void *in, void *row)
{
	TRY(record_get(c, flow->record, id, row));
	const struct record_model *m = model_of(c, flow->record);
	if (version && *member_int(m->version, row) != version)
		return record_conflict(c, flow->record, row);
	return flow_move(c, flow, row, action, reason, in);
}
