/* Flows of a company as records. At most one a record is in force; whatever is in one of its own states is never left without it. */
#include <yyjson.h>

#include "core/action/action.h"
#include "core/auth/auth.h"
#include "core/flow/flow_define.h"
#include "core/flow/flow_set.h"
#include "core/list/list.h"
#include "core/services.h"
#include "gen/flow_sql.h"
#include "gen/schema.h"

static const struct choice objects[] = { { "ticket", "服务单", "Ticket" }, { "task", "任务", "Task" }, { "compensation", "补偿方案", "Compensation plan" }, { 0 } };
static const struct choice states[] = { { "draft", "草稿", "Draft", "hollow" }, { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };

static bool is_on(const struct company_flow *f)
{
	return f && text_equal(f->state, "on") && !f->archived_at;
}

/* The one in force of the same record but for this row; NULL: none. */
static int other_on(struct ctx *c, const struct company_flow *f, struct company_flow **out)
{
	struct company_flow *rows;
	size_t n;
	*out = NULL;
	TRY(company_flows_on(c, &rows, &n));
	for (size_t i = 0; i < n && !*out; i++)
		if (rows[i].id != f->id && text_equal(rows[i].object, f->object))
			*out = &rows[i];
	return 0;
}

/* Nobody is stranded --------------------------------------------------------------------------------------------------- */

int flow_count_in(struct ctx *c, const struct flow *flow, const char *stage, int64_t *n)
{
	struct ctx all = ctx_as_system(c);
	int64_t archived, more;
	struct list_query query = { .condition = arena_format(c->arena, "%s = \"%s\"", flow->stage, stage) };
	TRY(list_count(&all, flow->record, &query, n, &more));
	query.archived = 1;
	TRY(list_count(&all, flow->record, &query, &archived, &more));
	*n += archived;
	return 0;
}

int flow_stranded(struct ctx *c, const struct flow *was, const struct flow *now, struct text *out)
{
	for (size_t i = 0; was && i < was->stage_count; i++) {
		const struct flow_stage *s = &was->stages[i];
		int kept = now ? flow_stage_named(now, s->code) : -1;
		int64_t n;
		if (kept >= 0 && now->stages[kept].state == s->state)
			continue;
		TRY(flow_count_in(c, was, s->code, &n));
		if (n)
			text_format(out, c->lang == LANG_EN ? "%s“%s” (%lld)" : "%s“%s”（%lld）", out->n ? "、" : "", c->lang == LANG_EN ? s->label.en : s->label.zh, (long long)n);
	}
	return 0;
}

/* Nothing still uses what goes ------------------------------------------------------------------------------------------- */

static bool can_be_made(const struct flow *flow, const char *action)
{
	const struct move *m = flow_find(flow, action);
	return m && !(m->terms && m->terms->off);
}

struct succession {
	const struct flow *was, *now;
};

/* {"do":"move","action":"wait"}: a move that the one flow has and the other has not. */
static bool loses_move(struct ctx *c, struct yyjson_val *action, const void *arg)
{
	const struct succession *k = arg;
	const char *name = yyjson_equals_str(yyjson_obj_get(action, "do"), "move") ? yyjson_get_str(yyjson_obj_get(action, "action")) : NULL;
	return name && can_be_made(k->was, name) && !can_be_made(k->now, name);
}

/* A rule or macro that could no longer do its work would only fail later, out of sight. */
static int find_user(struct ctx *c, const char *object, const struct flow *was, const struct flow *now, const char **out)
{
	struct action_user user;
	TRY(action_user_of(c, object, loses_move, &(struct succession){ was, now }, &user));
	if (user.is_macro)
		*out = arena_format(c->arena, c->lang == LANG_EN ? "The macro “%s”" : "宏“%s”", user.name);
	else
		*out = user.name ? arena_format(c->arena, c->lang == LANG_EN ? "The rule “%s”" : "规则“%s”", user.name) : NULL;
	return 0;
}

/* Writing -------------------------------------------------------------------------------------------------------------- */

/* What is in force before and after this write: NULL the built-in flow alone. */
static int check_change(struct ctx *c, const char *object, const struct flow *was, const struct flow *now)
{
	const struct flow *base = flow_built_in(c, object);
	struct text stranded = text_in(c->arena);
	const char *user;
	TRY(find_user(c, object, was ? was : base, now ? now : base, &user));
	if (user)
		return fail_field(c, "moves", ERR_FLOW_USED, user);
	TRY(flow_stranded(c, was, now, &stranded));
	return stranded.n ? fail(c, ERR_FLOW_STRANDED, text_end(&stranded)) : 0;
}

int flow_users(struct ctx *c, const struct company_flow *row, struct text *out)
{
	const struct flow *flow;
	const char *user;
	if (!is_on(row))
		return 0;
	flow = flow_read_kept(c, c->arena, row);
	if (!flow)
		return 0;
	TRY(flow_stranded(c, flow, NULL, out));
	TRY(find_user(c, row->object, flow, flow_built_in(c, row->object), &user));
	if (user)
		text_format(out, "%s%s", out->n ? "、" : "", user);
	return 0;
}

/* Who fetches one back from the archive has not asked for another to stand back. */
static int come_back(struct ctx *c, const struct company_flow *was, struct company_flow *f)
{
	struct company_flow *other;
	if (!was || !was->archived_at || !is_on(f))
		return 0;
	TRY(other_on(c, f, &other));
	if (other)
		f->state = "draft";
	return 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct company_flow *was = old;
	struct company_flow *f = row, *other;
	const struct flow *ready, *last = NULL;
	TRY(flow_read(c, c->arena, f, &ready));
	TRY(come_back(c, was, f));
	if (is_on(f))
		TRY(flow_check(c, ready));
	if (is_on(f) && !is_on(was))
		f->on_since = c->now;
	if (!is_on(f) && !is_on(was))
		return 0;
	TRY(other_on(c, f, &other));
	if (!is_on(f) && other)
		return 0;       /* it gives way to that one, which has been judged */
	const struct company_flow *present = is_on(was) ? was : other;
	if (present)
		last = flow_read_kept(c, c->arena, present);    /* NULL: it does not hold any more, so nothing is in force */
	return check_change(c, f->object, last, is_on(f) ? ready : NULL);
}

/* There is one in force: the other one stands back, and its history says so. */
static int stand_back(struct ctx *c, const struct company_flow *f)
{
	struct company_flow *other, old;
	TRY(other_on(c, f, &other));
	if (!is_on(f) || !other)
		return 0;
	old = *other;
	other->state = "off";
	return record_update(c, &flow_record, &old, other, "flow.changed", NULL, NULL);
}

/* Rules and macros hold moves. */
static int after(struct ctx *c, const void *old, const void *row)
{
	TRY(stand_back(c, row));
	for (int kind = DEFINITION_CLOCK; kind < DEFINITION_KINDS; kind++)
		TRY(definition_changed(c, (enum definition_kind)kind));
	return 0;
}

static const struct field fields[] = {
	CODE  (company_flow, name,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (company_flow, name_en,  L("英文名称", "English name"), .search = true, .most = 60),
	CHOICE(company_flow, object,   L("档案", "Record"), .of = objects, .required = true, .fixed = true, .initial = "ticket"),
	CHOICE(company_flow, state,    L("状态", "State"), .of = states, .initial = "draft"),
	JSON  (company_flow, states,   L("自有环节", "Own states"), .initial = "[]", .hidden = true),
	JSON  (company_flow, moves,    L("动作", "Moves"), .initial = "[]", .hidden = true),
	TIME  (company_flow, on_since, L("启用于", "On since"), .system = true),
};

const struct record flow_record = {
	.name = "flow", .label = L("流程", "Flow"), .plural = "Flows", .table = &table_company_flow, FIELDS(fields), .title = { "name" },
	.no_import = true, .before = before, .after = after,
};
