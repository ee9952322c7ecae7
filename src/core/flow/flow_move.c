/* One path for every move of every process: judged, done, written. */
#include "core/flow/flow.h"

#include "core/services.h"

static int check_move(struct ctx *c, const struct flow *flow, const struct move *move, const char *reason, const void *row)
{
	if (!flow_is_mover(c, move))
		return fail(c, ERR_FORBIDDEN, NULL);
	if (!flow_allows(c, flow, move, row))
		return fail(c, ERR_STATE, NULL);
	if (move->reason == REASON_REQUIRED && text_empty(reason)) {
		fail_field(c, "reason", ERR_FIELD_REQUIRED, NULL);
		return c->error->code;
	}
	return 0;
}

int flow_move(struct ctx *c, const struct flow *flow, void *row, const char *action, const char *reason, const void *in)
{
	const struct record *record = flow->record;
	const struct move *move = flow_find(flow, action);
	if (!move)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(check_move(c, flow, move, reason, row));
	void *old = arena_copy(c->arena, row, record->table->row->size);
	if (move->to != STAY)
		*member_text(model_of(c, record)->state, row) = flow->states[move->to].value;
	struct act act = { .move = move, .reason = reason, .in = in };
	if (move->effect)
		TRY(move->effect(c, &act, old, row));
	const char *kind = arena_format(c->arena, "%s.%s", record->name, action);
	return record_update(c, record, old, row, kind, reason, act.data);
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
