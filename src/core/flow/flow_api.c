/* Flows over HTTP: the built-in one to begin with, what a draft would change for rows that are open, and emptying an own state. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/flow/flow_define.h"
#include "core/flow/flow_set.h"
#include "core/list/list.h"
#include "core/pack/packs.h"
#include "core/services.h"
#include "gen/schema.h"

enum { TRY_ROWS = 200, EXAMPLES = 5, EMPTY_ROWS = 50 };

struct object_in {
	const char *object;
};
static const struct member object_members[] = { MEMBER(struct object_in, object, code, .flags = MEMBER_REQUIRED, .most = 40) };
static const struct shape object_shape = SHAPE("flow_object_query", struct object_in, object_members);

static int find_base(struct ctx *c, const char *object, const struct flow **out)
{
	*out = flow_built_in(c, object);
	return require(c, *out != NULL, ERR_NOT_FOUND, NULL);
}

static int built_in(struct ctx *c, const void *in, void *out)
{
	const struct flow *flow;
	const struct pack *p;
	struct text t = text_in(c->arena);
	TRY(find_base(c, ((const struct object_in *)in)->object, &flow));
	TRY(pack_of(c, &p));
	flow_write(c, p, flow, &t);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Trying --------------------------------------------------------------------------------------------------------------- */

struct try_in {
	const char *object, *states, *moves;
};
static const struct member try_members[] = {
	MEMBER(struct try_in, object, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct try_in, states, json), MEMBER(struct try_in, moves, json),
};
static const struct shape try_shape = SHAPE("flow_try", struct try_in, try_members);

/* What becomes of one move: rows that get it, lose it, are asked to fill something in first. */
struct outcome {
	const char *name;
	struct label label;
	enum { OUTCOME_GAINED, OUTCOME_LOST, OUTCOME_ASKS } kind;
	int64_t n;
	int64_t rows[EXAMPLES];
};

struct trial {
	struct ctx *c;
	struct flow_asking was, now;
	struct outcome *all;
	size_t count;
};

static void note(struct trial *t, const struct move *m, int kind, int64_t id)
{
	struct outcome *o = t->all;
	while (o < t->all + t->count && ((int)o->kind != kind || strcmp(o->name, m->action) != 0))
		o++;
	if (o == t->all + t->count)
		*o = (struct outcome){ .name = m->action, .label = m->label, .kind = kind };
	t->count += o == t->all + t->count;
	if (o->n < EXAMPLES)
		o->rows[o->n] = id;
	o->n++;
}

static int allows(struct ctx *c, struct flow_asking *a, const char *action, const void *row, bool *out)
{
	const struct move *m = flow_find(a->flow, action);
	*out = false;
	return m ? flow_allows(c, a, m, row, out) : 0;
}

/* Judged with all rights: who may is another question than what may be done. */
static int try_row(struct trial *t, const void *row, int64_t id)
{
	struct ctx all = ctx_as_system(t->c);
	bool before, after;
	for (size_t i = 0; i < t->was.flow->move_count; i++) {
		const struct move *m = &t->was.flow->moves[i];
		TRY(allows(&all, &t->was, m->action, row, &before));
		TRY(allows(&all, &t->now, m->action, row, &after));
		if (before && !after)
			note(t, m, OUTCOME_LOST, id);
	}
	for (size_t i = 0; i < t->now.flow->move_count; i++) {
		const struct move *m = &t->now.flow->moves[i];
		struct text missing = text_in(t->c->arena);
		const char *first = NULL;
		TRY(allows(&all, &t->now, m->action, row, &after));
		TRY(allows(&all, &t->was, m->action, row, &before));
		if (after && !before)
			note(t, m, OUTCOME_GAINED, id);
		if (after)
			TRY(flow_missing(&all, &t->now, m, row, &first, &missing));
		if (first)
			note(t, m, OUTCOME_ASKS, id);
	}
	return 0;
}

static const char *open_rows(struct ctx *c, const struct flow *flow)
{
	struct text t = text_in(c->arena);
	for (int i = 0; flow->states[i].value; i++)
		if (!flow_is_final(flow, i))
			text_format(&t, "%s%s", t.n ? ", " : "", flow->states[i].value);
	return arena_format(c->arena, "%s in (%s)", flow->state, text_end(&t));
}

static int write_examples(struct trial *t, const struct outcome *o, struct text *out)
{
	const struct record *record = t->was.flow->record;
	size_t n = o->n < EXAMPLES ? (size_t)o->n : EXAMPLES;
	struct titles titles;
	int64_t *ids = arena_copy(t->c->arena, o->rows, sizeof(o->rows));
	TRY(record_titles(t->c, record, ids, n, &titles));
	text_append(out, ",\"rows\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(out, "%s{\"id\":\"%lld\",\"title\":", i ? "," : "", (long long)o->rows[i]);
		json_text(out, titles_find(&titles, o->rows[i]));
		text_char(out, '}');
	}
	text_append(out, "]}");
	return 0;
}

static int write_trial(struct trial *t, size_t rows, const char *stranded, struct text *out)
{
	static const char *const kinds[] = { "gained", "lost", "asks" };
	text_format(out, "{\"rows\":%zu,\"stranded\":", rows);
	json_text(out, *stranded ? stranded : NULL);
	text_append(out, ",\"moves\":[");
	for (size_t i = 0; i < t->count; i++) {
		const struct outcome *o = &t->all[i];
		text_format(out, "%s{\"name\":\"%s\",\"kind\":\"%s\",\"n\":%lld,\"label\":", i ? "," : "", o->name, kinds[o->kind], (long long)o->n);
		json_label(out, o->label.zh, o->label.en);
		TRY(write_examples(t, o, out));
	}
	text_append(out, "]}");
	return 0;
}

static int try_out(struct ctx *c, const void *in, void *out)
{
	const struct try_in *v = in;
	struct company_flow row = { .object = v->object, .states = v->states ? v->states : "[]", .moves = v->moves ? v->moves : "[]" };
	const struct flow *base;
	struct trial t = { .c = c };
	struct list_page page;
	TRY(find_base(c, v->object, &base));
	TRY(flow_of(c, base, &t.was.flow));
	TRY(flow_read(c, c->arena, &row, &t.now.flow));
	TRY(flow_check(c, t.now.flow));
	t.all = ARENA_ARRAY(c->arena, struct outcome, (t.was.flow->move_count + t.now.flow->move_count * 2) + 1);
	TRY(list_page(c, base->record, &(struct list_query){ .condition = open_rows(c, base), .limit = TRY_ROWS }, &page));
	const struct record_model *m = model_of(c, base->record);
	for (size_t i = 0; i < page.n; i++) {
		void *one = (char *)page.rows + i * base->record->table->row->size;
		TRY(try_row(&t, one, *member_int(m->id, one)));
	}
	struct text stranded = text_in(c->arena), text = text_in(c->arena);
	TRY(flow_stranded(c, t.was.flow, t.now.flow, &stranded));
	TRY(write_trial(&t, page.n, text_end(&stranded), &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

/* Emptying ------------------------------------------------------------------------------------------------------------- */

/* From an own state of the flow in force to another of the same meaning; `to` "": to what it means. A chunk a call, `left`: how many more. */
struct empty_in {
	const char *object, *from, *to;
};
static const struct member empty_members[] = {
	MEMBER(struct empty_in, object, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct empty_in, from, code, .flags = MEMBER_REQUIRED, .most = FLOW_CODE_MOST),
	MEMBER(struct empty_in, to, code, .most = FLOW_CODE_MOST),
};
static const struct shape empty_shape = SHAPE("flow_empty", struct empty_in, empty_members);

struct empty_out {
	int64_t moved, left;
};
static const struct member emptied_members[] = {
	MEMBER(struct empty_out, moved, count, .flags = MEMBER_REQUIRED), MEMBER(struct empty_out, left, count, .flags = MEMBER_REQUIRED),
};
static const struct shape emptied_shape = SHAPE("flow_emptied", struct empty_out, emptied_members);

static const struct flow_stage *stage_named(const struct flow *flow, const char *code)
{
	int i = text_empty(code) ? -1 : flow_stage_named(flow, code);
	return i < 0 ? NULL : &flow->stages[i];
}

static int move_row(struct ctx *c, const struct flow *flow, const void *was, const char *to)
{
	void *row = arena_copy(c->arena, was, flow->record->table->row->size);
	*member_text(model_of(c, flow->record)->stage, row) = to;
	return record_update(c, flow->record, was, row, arena_format(c->arena, "%s.moved", flow->record->name), NULL, NULL);
}

static int move_some(struct ctx *c, const struct flow *flow, const char *from, const char *to, int64_t archived, int64_t *moved)
{
	struct ctx all = ctx_as_system(c);
	struct list_page page;
	struct list_query query = { .condition = arena_format(c->arena, "%s = \"%s\"", flow->stage, from), .limit = EMPTY_ROWS, .archived = archived };
	TRY(list_page(&all, flow->record, &query, &page));
	for (size_t i = 0; i < page.n; i++)
		TRY(move_row(c, flow, (char *)page.rows + i * flow->record->table->row->size, to));
	*moved += (int64_t)page.n;
	return 0;
}

static int empty(struct ctx *c, const void *in, void *out)
{
	const struct empty_in *v = in;
	struct empty_out *answer = out;
	const struct flow *base, *flow;
	TRY(find_base(c, v->object, &base));
	TRY(flow_of(c, base, &flow));
	const struct flow_stage *from = stage_named(flow, v->from), *to = stage_named(flow, v->to);
	TRY(require(c, from != NULL, ERR_NOT_FOUND, NULL));
	if (!text_empty(v->to) && (!to || to == from || to->state != from->state))
		return fail_field(c, "to", ERR_FIELD_REFERENCE, NULL);
	*answer = (struct empty_out){ 0 };
	TRY(move_some(c, flow, from->code, to ? to->code : "", 0, &answer->moved));
	if (answer->moved < EMPTY_ROWS)
		TRY(move_some(c, flow, from->code, to ? to->code : "", 1, &answer->moved));
	return flow_count_in(c, flow, from->code, &answer->left);
}

const struct route flow_routes[] = {
	ROUTE(GET, "/api/v1/flow/built_in", "flow.read", POOL, .in = &object_shape, .out = &raw_shape, .run = built_in, .zh = "流程：内置的流程", .en = "Flow: the built-in one"),
	ROUTE(POST, "/api/v1/flow/try", "flow.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &try_shape, .out = &raw_shape, .run = try_out,
	      .zh = "流程：试运行，看未完成的单据会有什么不同", .en = "Flow: what a draft would change for open rows"),
	ROUTE(POST, "/api/v1/flow/empty", "flow.change", WRITE, .body = BODY_JSON, .in = &empty_shape, .out = &emptied_shape, .run = empty,
	      .zh = "流程：把自有环节里的单据移走", .en = "Flow: move rows out of an own state"),
};
const size_t flow_route_count = sizeof(flow_routes) / sizeof(flow_routes[0]);
