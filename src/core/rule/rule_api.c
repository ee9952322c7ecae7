/* What is special about rules: what one may be made of, trying one on what has happened, how often it fired. */

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/flow/flow.h"
#include "core/list/list.h"
#include "core/record/place.h"
#include "core/rule/rule_set.h"
#include "core/services.h"
#include "gen/rule_sql.h"

enum { TRIED = 100, LOOK = 500, MOST_LOOKS = 20, DAYS = 30 };

/* A rule as its editor holds it, stored or not. */
struct trial_in {
	const char *object, *cause, *condition;
	const char *events, *event_data, *changed, *actions;
};
static const struct member trial_members[] = {
	MEMBER(struct trial_in, object, code, .flags = MEMBER_REQUIRED),
	MEMBER(struct trial_in, cause, code),
	MEMBER(struct trial_in, condition, text, .most = 4000),
	MEMBER(struct trial_in, events, json, .most = 2000),
	MEMBER(struct trial_in, event_data, json, .most = 2000),
	MEMBER(struct trial_in, changed, json, .most = 2000),
	MEMBER(struct trial_in, actions, json, .most = 20000),
};
static const struct shape trial_shape = SHAPE("rule_trial", struct trial_in, trial_members);

struct trial {
	struct ready_rule ready;
	struct rule_events_row *events;
	size_t count;
	size_t fires;
	bool more;              /* a rule of time: it holds for rows besides */
};

static const char *or_else(const char *text, const char *otherwise)
{
	return text_empty(text) ? otherwise : text;
}

static int ready_of(struct ctx *c, const struct trial_in *in, struct ready_rule *out)
{
	const struct rule row = {
		.object = in->object, .name = "", .cause = or_else(in->cause, "event"), .condition = or_else(in->condition, ""), .events = or_else(in->events, "[]"),
		.event_data = or_else(in->event_data, "{}"), .changed = or_else(in->changed, "[]"), .actions = or_else(in->actions, "[]"),
	};
	TRY(rule_ready(c, c->arena, &row, out));
	return require_permission(c, out->model->read_right);
}

/* The last events that the rule waits for, newest first. */
static int collect(struct ctx *c, struct trial *t)
{
	int64_t before = FAR_FUTURE_MS;
	t->events = ARENA_ARRAY(c->arena, struct rule_events_row, TRIED);
	for (int look = 0; look < MOST_LOOKS && t->count < TRIED; look++) {
		struct rule_events_row *rows;
		size_t n;
		TRY(rule_events(c, t->ready.model->record->name, before, LOOK, &rows, &n));
		for (size_t i = 0; i < n && t->count < TRIED; i++)
			if (rule_wants(&t->ready, rows[i].kind, rows[i].data))
				t->events[t->count++] = rows[i];
		if (n < LOOK)
			return 0;
		before = rows[n - 1].no;
	}
	return 0;
}

/* The rows that a rule of time would fire on as they are, the oldest first: what another system closed is none of them, nor what is invented. */
static int collect_held(struct ctx *c, struct trial *t)
{
	const struct record_model *m = t->ready.model;
	struct list_query query = { .condition = t->ready.row->condition, .sort = "created_at", .limit = TRIED, .alive = 1 };
	struct list_page page;
	TRY(list_page(c, m->record, &query, &page));
	t->events = ARENA_ARRAY(c->arena, struct rule_events_row, TRIED);
	t->more = page.next != NULL;
	for (t->count = 0; t->count < page.n; t->count++) {
		int64_t id = *member_int(m->id, (char *)page.rows + t->count * m->record->table->row->size);
		t->events[t->count] = (struct rule_events_row){ .kind = "time", .object_id = id, .at = c->now };
	}
	return 0;
}

/* What its actions would say to somebody. */
static int write_said(struct ctx *c, const struct trial *t, const void *row, struct text *out)
{
	const struct actions *all = &t->ready.actions;
	bool any = false;
	text_append(out, ",\"says\":[");
	for (size_t i = 0; i < all->n; i++) {
		if (!all->at[i].kind->show)
			continue;
		text_append(out, any ? "," : "");
		TRY(all->at[i].kind->show(c, row, all->at[i].in, out));
		any = true;
	}
	text_char(out, ']');
	return 0;
}

static int write_one(struct ctx *c, struct trial *t, const struct rule_events_row *e, const void *row, const char *title, struct text *out)
{
	struct subject subject;
	bool holds;
	TRY(subject_of(c, t->ready.model, row, &subject));
	TRY(condition_holds(c, &t->ready.when, &subject, &holds));
	t->fires += holds;
	text_format(out, "%s{\"event_no\":%lld,\"kind\":\"%s\",\"at\":%lld,\"object_id\":\"%lld\",\"title\":", out->p[out->n - 1] == '[' ? "" : ",", (long long)e->no,
	            e->kind, (long long)e->at, (long long)e->object_id);
	json_text(out, title);
	text_format(out, ",\"fires\":%s", holds ? "true" : "false");
	if (holds)
		TRY(write_said(c, t, row, out));
	text_char(out, '}');
	return 0;
}

/* Only rows that the reader may see; the condition is asked of the row as it is today. */
static int write_trial(struct ctx *c, struct trial *t, struct text *out)
{
	const struct record_model *m = t->ready.model;
	int64_t ids[TRIED];
	const void *rows[TRIED];
	struct titles titles = { 0 };
	for (size_t i = 0; i < t->count; i++)
		ids[i] = t->events[i].object_id;
	if (t->count) {
		TRY(list_rows_in_order(c, m->record, ids, t->count, rows));
		TRY(record_titles(c, m->record, ids, t->count, &titles));
	}
	text_append(out, "{\"events\":[");
	for (size_t i = 0; i < t->count; i++)
		if (rows[i])
			TRY(write_one(c, t, &t->events[i], rows[i], titles_find(&titles, ids[i]), out));
	text_format(out, "],\"fires\":%zu,\"more\":%s}", t->fires, t->more ? "true" : "false");
	return 0;
}

static int try_out(struct ctx *c, const void *in, void *out)
{
	struct trial t = { 0 };
	TRY(ready_of(c, in, &t.ready));
	TRY(text_equal(t.ready.row->cause, "event") ? collect(c, &t) : collect_held(c, &t));
	struct text text = text_in(c->arena);
	TRY(write_trial(c, &t, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

struct kinds_in {
	const char *object;
};
static const struct member kinds_members[] = { MEMBER(struct kinds_in, object, code, .flags = MEMBER_REQUIRED) };
static const struct shape kinds_shape = SHAPE("rule_kinds_query", struct kinds_in, kinds_members);

static void write_event(struct text *t, const char *name, const char *zh, const char *en)
{
	text_format(t, "%s{\"name\":\"%s\",\"label\":", t->p[t->n - 1] == '[' ? "" : ",", name);
	json_label(t, zh, en);
	text_char(t, '}');
}

/* What may happen to a record: what all have, its moves, its clocks, and what it says of itself. */
static int kinds(struct ctx *c, const void *in, void *out)
{
	const struct record_model *m = registry_find(&c->services->registry, ((const struct kinds_in *)in)->object);
	const struct flow *flow = NULL;
	struct text t = text_in(c->arena);
	TRY(require(c, m != NULL, ERR_NOT_FOUND, NULL));
	text_append(&t, "{\"events\":[");
	write_event(&t, "created", "新建", "Created");
	write_event(&t, "changed", "字段变更", "Fields changed");
	if (m->record->flow)
		TRY(flow_of(c, m->record->flow, &flow));
	for (size_t i = 0; flow && i < flow->move_count; i++)
		write_event(&t, flow->moves[i].action, flow->moves[i].label.zh, flow->moves[i].label.en);
	for (const struct event_word *w = m->record->events; w && w->name; w++)
		write_event(&t, w->name, w->label.zh, w->label.en);
	if (m->record->measures) {
		write_event(&t, "clock_soon", "时限将到", "A clock is due soon");
		write_event(&t, "clock_breached", "时限超时", "A clock was breached");
		write_event(&t, "clock_escalated", "时限升级", "A clock was escalated");
	}
	text_append(&t, "],\"actions\":");
	actions_write_kinds(c, m, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int statistics(struct ctx *c, const void *in, void *out)
{
	struct rule rule;
	struct rule_day *days;
	struct tenant tenant;
	size_t n;
	TRY(record_get(c, &rule_record, ((const struct id_in *)in)->id, &rule));
	TRY(tenant_row_get(c, &tenant));
	TRY(rule_days(c, rule.id, day_of(c->now, (int)tenant.zone_minutes) - DAYS + 1, &days, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"days\":[");
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(days[i].day, day);
		text_format(&t, "%s{\"day\":\"%s\",\"fired\":%lld,\"failed\":%lld}", i ? "," : "", day, (long long)days[i].fired, (long long)days[i].failed);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct place_in {
	int64_t id, after_id;
};
static const struct member place_members[] = {
	MEMBER(struct place_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct place_in, after_id, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape place_shape = SHAPE("rule_place", struct place_in, place_members);

static int next_rules(struct ctx *c, const struct place_order *o, const struct placed *behind, struct placed *rows, size_t *n)
{
	struct rules_behind_row *rules;
	TRY(rules_behind(c, (int64_t)behind->at, behind->id, PLACE_AHEAD, &rules, n));
	for (size_t i = 0; i < *n; i++)
		rows[i] = (struct placed){ rules[i].id, (place_number)rules[i].place };
	return 0;
}

static int put_in_order(struct ctx *c, const void *in, void *out)
{
	const struct place_in *v = in;
	return record_place(c, &rule_record, next_rules, v->id, v->after_id == NULL_INT ? 0 : v->after_id);
}

const struct route rule_routes[] = {
	ROUTE(POST, "/api/v1/rule/{id}/place", "rule.change", WRITE, .body = BODY_JSON, .in = &place_shape, .run = put_in_order,
	      .zh = "规则：排到另一条之后", .en = "Rule: put behind another one"),
	ROUTE(GET, "/api/v1/rule/kinds", "rule.read", POOL, .in = &kinds_shape, .out = &raw_shape, .run = kinds,
	      .zh = "规则：可用的事件与动作", .en = "Rule: events and actions there are"),
	ROUTE(POST, "/api/v1/rule/try", "rule.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &trial_shape, .out = &raw_shape, .run = try_out,
	      .zh = "规则：在最近 100 个事件上试运行", .en = "Rule: dry run on the last 100 events"),
	ROUTE(GET, "/api/v1/rule/{id}/statistics", "rule.read", POOL, .in = &id_shape, .out = &raw_shape, .run = statistics,
	      .zh = "规则：30 天执行统计", .en = "Rule: how often it fired in 30 days"),
};
const size_t rule_route_count = sizeof(rule_routes) / sizeof(rule_routes[0]);
