/* Which moves are there, whose they are, and which of them may be made now. */
#include "core/flow/flow.h"

#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"

int flow_state(struct ctx *c, const struct flow *flow, const void *row)
{
	const char *now = *member_text(model_of(c, flow->record)->state, (void *)row);
	for (int i = 0; flow->states[i].value; i++)
		if (!strcmp(flow->states[i].value, now))
			return i;
	return -1;
}

const struct move *flow_find(const struct flow *flow, const char *action)
{
	for (size_t i = 0; i < flow->move_count; i++)
		if (!strcmp(flow->moves[i].action, action))
			return &flow->moves[i];
	return NULL;
}

bool flow_is_mover(const struct ctx *c, const struct move *move)
{
	switch (c->actor_kind) {
	case ACTOR_SYSTEM:   return true;
	case ACTOR_CUSTOMER: return move->who == MOVER_CUSTOMER || move->who == MOVER_BOTH;
	default:             return (move->who == MOVER_USER || move->who == MOVER_BOTH) && may(c, move->permission);
	}
}

static bool allows_from(struct ctx *c, const struct move *move, int state, const void *row)
{
	return state >= 0 && (move->from >> state & 1) && flow_is_mover(c, move) && (!move->guard || move->guard(c, row));
}

bool flow_allows(struct ctx *c, const struct flow *flow, const struct move *move, const void *row)
{
	return allows_from(c, move, flow_state(c, flow, row), row);
}

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
	static const char *const reasons[] = { "none", "optional", "required" };
	text_format(out, "{\"name\":\"%s\",\"label\":", move->action);
	json_label(out, move->label.zh, move->label.en);
	text_format(out, ",\"reason\":\"%s\",\"primary\":%s", reasons[move->reason], primary ? "true" : "false");
	flow_write_fields(move, out);
	text_char(out, '}');
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

void flow_write_actions(struct ctx *c, const struct flow *flow, const void *row, struct text *out)
{
	const struct piece *pieces = model_of(c, flow->record)->moves;
	int state = flow_state(c, flow, row);
	bool any = false, primary = false;
	text_char(out, '[');
	for (size_t i = 0; i < flow->move_count; i++) {
		const struct move *move = &flow->moves[i];
		if (!allows_from(c, move, state, row))
			continue;
		if (any)
			text_char(out, ',');
		const struct piece *piece = &pieces[i * 2 + (move->primary && !primary)];
		text_append_n(out, piece->text, piece->n);
		primary |= move->primary;
		any = true;
	}
	text_char(out, ']');
}
