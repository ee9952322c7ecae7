/* A flow as screens draw it: states, own states, moves with whatever is said of them. */
#include "base/json.h"
#include "core/flow/flow_set.h"
#include "core/pack/packs.h"

/* In the words of the company's industry, unless the company has called it something itself. */
static void write_label(struct ctx *c, struct text *t, const struct pack *p, const char *path, struct label plain, bool own)
{
	struct label said = own ? plain : pack_label(c->arena, p, path, plain);
	json_label(t, said.zh, said.en);
}

static void write_states(struct ctx *c, struct text *t, const struct pack *p, const struct flow *flow)
{
	text_append(t, "\"states\":[");
	for (int i = 0; flow->states[i].value; i++) {
		const struct choice *s = &flow->states[i];
		text_format(t, "%s{\"value\":\"%s\",\"label\":", i ? "," : "", s->value);
		write_label(c, t, p, arena_format(c->arena, "%s.%s.%s", flow->record->name, flow->state, s->value), (struct label){ s->zh, s->en }, false);
		text_format(t, ",\"mark\":\"%s\",\"final\":%s}", s->mark ? s->mark : "", flow_is_final(flow, i) ? "true" : "false");
	}
	text_char(t, ']');
}

void flow_write_stages(const struct flow *flow, struct text *t)
{
	text_char(t, '[');
	for (size_t i = 0; i < flow->stage_count; i++) {
		const struct flow_stage *s = &flow->stages[i];
		text_format(t, "%s{\"value\":\"%s\",\"label\":", i ? "," : "", s->code);
		json_label(t, s->label.zh, s->label.en);
		text_format(t, ",\"mark\":\"%s\",\"state\":\"%s\",\"shown\":%s}", flow->states[s->state].mark, flow->states[s->state].value, s->shown ? "true" : "false");
	}
	text_char(t, ']');
}

/* Names of built-in states by their bits, then of own ones. */
static void write_places(struct text *t, const char *member, const struct flow *flow, uint32_t states, uint32_t stages)
{
	bool any = false;
	text_format(t, ",\"%s\":[", member);
	for (int i = 0; flow->states[i].value; i++)
		if (states >> i & 1) {
			text_format(t, "%s\"%s\"", any ? "," : "", flow->states[i].value);
			any = true;
		}
	for (size_t i = 0; i < flow->stage_count; i++)
		if (stages >> i & 1) {
			text_format(t, "%s\"%s\"", any ? "," : "", flow->stages[i].code);
			any = true;
		}
	text_char(t, ']');
}

static void write_terms(const struct flow *flow, const struct move *m, struct text *t)
{
	const struct move_terms *k = m->terms;
	text_format(t, ",\"confirm\":%s,\"own\":%s,\"needs\":[", k->confirm ? "true" : "false", k->own ? "true" : "false");
	for (size_t i = 0; i < k->field_count; i++)
		text_format(t, "%s\"%s\"", i ? "," : "", k->fields[i]);
	text_append(t, "],\"roles\":[");
	for (size_t i = 0; i < k->role_count; i++)
		text_format(t, "%s\"%lld\"", i ? "," : "", (long long)k->roles[i]);
	text_append(t, "],\"condition\":");
	json_text(t, k->when_text);
	if (!k->own)
		write_places(t, "not_from", flow, 0, k->stages);
}

static void write_guard(struct ctx *c, struct text *t, const struct pack *p, const struct flow *flow, const struct move *m)
{
	const struct move *guarded = m->guard ? m : NULL;
	for (int s = 0; !guarded && m->terms && m->terms->own && flow->states[s].value; s++)
		guarded = m->terms->carrier[s] && m->terms->carrier[s]->guard ? m->terms->carrier[s] : NULL;
	text_append(t, ",\"guard\":");
	if (guarded)
		write_label(c, t, p, arena_format(c->arena, "%s.guard.%s", flow->record->name, guarded->action), guarded->needs, false);
	else
		text_append(t, "null");
}

static const char *target_of_move(const struct flow *flow, const struct move *m)
{
	if (m->to == STAY)
		return NULL;
	return m->terms && m->terms->own && m->terms->to_stage >= 0 ? flow->stages[m->terms->to_stage].code : flow->states[m->to].value;
}

static void write_move(struct ctx *c, struct text *t, const struct pack *p, const struct flow *flow, const struct move *m)
{
	static const char *const movers[] = { [MOVER_USER] = "user", [MOVER_CUSTOMER] = "customer", [MOVER_BOTH] = "both", [MOVER_SYSTEM] = "system" };
	bool own = m->terms && m->terms->own;
	text_format(t, "{\"name\":\"%s\",\"label\":", m->action);
	write_label(c, t, p, arena_format(c->arena, "%s.action.%s", flow->record->name, m->action), m->label, m->terms && m->terms->named);
	text_format(t, ",\"permission\":\"%s\",\"reason\":\"%s\",\"to\":", m->permission, flow_reasons[m->reason]);
	json_text(t, target_of_move(flow, m));
	text_format(t, ",\"who\":\"%s\",\"kept\":%s", movers[m->who], m->kept ? "true" : "false");
	write_places(t, "from", flow, own ? m->terms->plain : m->from, own ? m->terms->stages : 0);
	write_guard(c, t, p, flow, m);
	flow_write_fields(m, t);
	if (m->terms)
		write_terms(flow, m, t);
	text_char(t, '}');
}

void flow_write(struct ctx *c, const struct pack *p, const struct flow *flow, struct text *t)
{
	bool any = false;
	text_format(t, "{\"name\":\"%s\",", flow->record->name);
	write_states(c, t, p, flow);
	text_append(t, ",\"stages\":");
	flow_write_stages(flow, t);
	text_format(t, ",\"takes_stages\":%s,\"actions\":[", flow->stage ? "true" : "false");
	for (size_t i = 0; i < flow->move_count; i++) {
		if (flow->moves[i].terms && flow->moves[i].terms->off)
			continue;
		text_append(t, any ? "," : "");
		write_move(c, t, p, flow, &flow->moves[i]);
		any = true;
	}
	text_append(t, "]}");
}
