/* The follower: each event is held against the rules that wait for its kind. It decides, the job acts. */
#include <stdlib.h>
#include <string.h>

#include "core/demo/demo.h"
#include "core/rule/rule_chain.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/rule_sql.h"

/* An event that is looked at so late is history: a follower that is built anew fires nothing again. */
#define LATE_MS DAY_MS

struct rule_chain rule_chain_of(const char *request_id, int64_t event_no)
{
	struct rule_chain chain = { .root = event_no };
	char *p;
	if (!request_id || strncmp(request_id, "rule/", 5))
		return chain;
	chain.depth = strtoll(request_id + 5, &p, 10);
	chain.root = *p == '/' ? strtoll(p + 1, NULL, 10) : event_no;
	return chain;
}

static struct rule_firing firing_of(const struct ready_rule *r, const struct event *e, const struct rule_chain *chain)
{
	return (struct rule_firing){
		.rule_id = r->row->id, .object_id = e->object_id, .event_no = e->no, .event_at = e->at, .kind = e->kind, .root = chain->root, .depth = chain->depth,
	};
}

static int note_loop(struct ctx *c, const struct ready_rule *r, const struct event *e, const struct rule_chain *chain)
{
	const struct rule_firing f = firing_of(r, e, chain);
	log_write(c->log, LOG_WARN, "rules follow one another without end", "rule", r->row->name, NULL);
	return rule_run_note(c, &f, e->object, "loop", "");
}

/* Only what others rules did can come round. */
static int comes_round(struct ctx *c, const struct ready_rule *r, const struct event *e, const struct rule_chain *chain, bool *out)
{
	struct rule_in_chain_row *rows;
	size_t n = 0;
	if (chain->depth)
		TRY(rule_in_chain(c, r->row->id, e->object_id, chain->root, &rows, &n));
	*out = n > 0;
	return 0;
}

/* Rules that fit an event, until they are given to a job. */
struct fitting {
	int64_t ids[RULE_MOST_AT_ONCE];
	struct rule_firing first;
	size_t n;
};

/* Of another key than the jobs it may fall apart into. */
static int fire(struct ctx *c, struct fitting *all)
{
	if (!all->n)
		return 0;
	all->first.also = (struct list){ all->ids + 1, all->n - 1 };
	all->n = 0;
	return rule_fire(c, arena_format(c->arena, "%lld+%zu/%lld", (long long)all->first.rule_id, all->first.also.n, (long long)all->first.event_no), &all->first);
}

static int plan(struct ctx *c, const struct ready_rule *r, const struct event *e, struct fitting *all)
{
	struct rule_chain chain = rule_chain_of(e->request_id, e->no);
	bool round;
	TRY(comes_round(c, r, e, &chain, &round));
	if (round)
		return 0;
	if (chain.depth >= RULE_MOST_DEPTH)
		return note_loop(c, r, e, &chain);
	if (!all->n)
		all->first = firing_of(r, e, &chain);
	all->ids[all->n++] = r->row->id;
	return all->n == RULE_MOST_AT_ONCE ? fire(c, all) : 0;
}

/* What becomes of a demo row by itself (a clock runs out) calls nobody; what a person does with it, and what follows from that, is being tried out. */
static int is_invented(struct ctx *c, const struct event *e, bool *is)
{
	*is = false;
	return e->actor_kind == ACTOR_SYSTEM && !rule_chain_of(e->request_id, e->no).depth ? demo_is(c, e->object_id, is) : 0;
}

static int look(struct ctx *c, const struct rule_set *set, const struct event *e)
{
	struct subject subject;
	struct fitting all = { 0 };
	void *row = NULL;       /* as it is now, for as many rules as ask for it */
	for (size_t i = 0; i < set->count; i++) {
		const struct ready_rule *r = &set->rules[i];
		bool holds;
		if (e->at < r->row->on_since || !rule_wants(r, e->kind, e->data))
			continue;
		if (!row) {
			bool there, invented;
			TRY(is_invented(c, e, &invented));
			if (invented)
				return 0;
			row = arena_alloc(c->arena, r->model->record->table->row->size);
			TRY(record_look(c, r->model->record, e->object_id, row, &there));
			if (!there)
				return 0;
			TRY(subject_of(c, r->model, row, &subject));
		}
		TRY(condition_holds(c, &r->when, &subject, &holds));
		if (holds)
			TRY(plan(c, r, e, &all));
	}
	return fire(c, &all);
}

static int step(struct ctx *c, const struct event *events, size_t n)
{
	RULE_SET set = NULL;
	TRY(rule_set_take(c, &set));
	for (size_t i = 0; i < n && set->count; i++)
		if (events[i].at > c->now - LATE_MS && !text_equal(events[i].request_id, DEMO_REQUEST))
			TRY(look(c, set, &events[i]));
	return 0;
}

const struct follower rule_follower = { .name = "rule", .step = step };
