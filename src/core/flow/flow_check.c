/* Whether a flow holds together: own states are reached and left, and from everywhere staff come to an end. */

#include "core/flow/flow_set.h"

enum { MOST_PLACES = FLOW_MOST_STATES + FLOW_MOST_STAGES };

/* Places: the built-in states, then the own ones. Guards and conditions are taken to hold at some time. */
struct graph {
	const struct flow *flow;
	int states, places;
	bool leads[MOST_PLACES][MOST_PLACES];
};

static int state_of(const struct graph *g, int place)
{
	return place < g->states ? place : g->flow->stages[place - g->states].state;
}

static int place_after(const struct graph *g, const struct move *m)
{
	bool own = m->terms && m->terms->own && m->terms->to_stage >= 0;
	return own ? g->states + m->terms->to_stage : m->to;
}

static void draw(struct graph *g, const struct flow *flow)
{
	*g = (struct graph){ .flow = flow };
	while (flow->states[g->states].value)
		g->states++;
	g->places = g->states + (int)flow->stage_count;
	for (size_t i = 0; i < flow->move_count; i++) {
		const struct move *m = &flow->moves[i];
		if (m->to == STAY || m->who == MOVER_CUSTOMER)
			continue;
		for (int p = 0; p < g->places; p++)
			if (flow_leaves(m, state_of(g, p), p < g->states ? -1 : p - g->states))
				g->leads[p][place_after(g, m)] = true;
	}
}

/* All places from which, or to which, one of the marked leads. */
static void spread(const struct graph *g, bool *marked, bool backwards)
{
	for (bool more = true; more;) {
		more = false;
		for (int a = 0; a < g->places; a++)
			for (int b = 0; b < g->places; b++) {
				int from = backwards ? b : a, to = backwards ? a : b;
				if (!g->leads[a][b] || !marked[from] || marked[to])
					continue;
				marked[to] = true;
				more = true;
			}
	}
}

static void fault(struct ctx *c, const struct graph *g, int place, int code)
{
	bool own = place >= g->states, en = c->lang == LANG_EN;
	const struct choice *state = &g->flow->states[place < g->states ? place : 0];
	struct label label = own ? g->flow->stages[place - g->states].label : (struct label){ state->zh, state->en };
	fail_field(c, own ? arena_format(c->arena, "states[%d]", place - g->states) : "moves", code, en ? label.en : label.zh);
}

int flow_check(struct ctx *c, const struct flow *flow)
{
	struct graph *g = ARENA_NEW(c->arena, struct graph);
	bool reached[MOST_PLACES] = { true }, ends[MOST_PLACES] = { false };
	draw(g, flow);
	for (int p = 0; p < g->states; p++)
		ends[p] = flow_is_final(flow, p);
	spread(g, reached, false);
	spread(g, ends, true);
	for (int p = 0; p < g->places; p++) {
		if (p >= g->states && !reached[p])
			fault(c, g, p, ERR_FLOW_UNREACHED);
		else if (!ends[p])
			fault(c, g, p, ERR_FLOW_DEAD_END);
	}
	return c->error->code;
}
