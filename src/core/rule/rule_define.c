/* Rules and what they did, as records. */

#include "core/rule/rule_set.h"
#include "core/services.h"
#include "engine/expr/expr.h"

static const struct choice states[] = {
	{ "draft", "草稿", "Draft", "hollow" }, { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 },
};
static const struct choice causes[] = { { "event", "发生时", "When something happens" }, { "time", "到时", "When time has passed" }, { 0 } };
static const struct choice results[] = {
	{ "done", "已执行", "Done", "tick" }, { "failed", "失败", "Failed", "dash" }, { "loop", "循环，已停止", "Ended: a loop", "dash" }, { 0 },
};

/* Whoever writes a rule makes the system act: nothing that he could not do himself, so the actions are read once more with his rights. */
static int before(struct ctx *c, const void *old, void *row)
{
	const struct rule *was = old;
	struct rule *rule = row;
	struct ready_rule ready;
	rule->language = EXPR_VERSION;
	TRY(condition_store(c, "condition", rule->object, &rule->condition));
	TRY(rule_ready(c, c->arena, rule, &ready));
	bool by_event = text_equal(rule->cause, "event"), is_on = text_equal(rule->state, "on");
	if (by_event && is_on && !ready.events.n)
		fail_field(c, "events", ERR_FIELD_REQUIRED, NULL);
	if (!by_event && is_on && text_empty(rule->condition))
		fail_field(c, "condition", ERR_FIELD_REQUIRED, NULL);   /* it would hold for every row there is */
	if (is_on && !ready.actions.n)
		fail_field(c, "actions", ERR_FIELD_REQUIRED, NULL);
	if (is_on && !(was && text_equal(was->state, "on")))
		rule->on_since = c->now;
	return ready.actions.n ? actions_read(c, ready.model, "actions", rule->actions, &ready.actions) : c->error->code;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct rule *rule = row;
	TRY(definition_changed(c, DEFINITION_RULE));
	bool by_time = text_equal(rule->cause, "time") && text_equal(rule->state, "on") && !rule->archived_at;
	return by_time ? job_add(c, new_id(c), rule_time_job.name, c->now, "start", NULL) : 0;
}

static const struct field fields[] = {
	CODE  (rule, name,       L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (rule, name_en,    L("英文名称", "English name"), .search = true, .most = 60),
	CODE  (rule, object,     L("对象", "Object"), .required = true, .fixed = true, .initial = "ticket"),
	CHOICE(rule, state,      L("状态", "State"), .of = states, .initial = "draft"),
	CHOICE(rule, cause,      L("触发", "Trigger"), .of = causes, .initial = "event", .fixed = true),
	JSON  (rule, events,     L("事件", "Events"), .initial = "[]", .hidden = true),
	JSON  (rule, event_data, L("事件内容", "What the event says"), .hidden = true),
	JSON  (rule, changed,    L("变更字段", "Changed fields"), .initial = "[]", .hidden = true),
	TEXT  (rule, condition,  L("条件", "Condition")),
	JSON  (rule, actions,    L("动作", "Actions"), .initial = "[]", .hidden = true),
	COUNT (rule, place,      L("次序", "Order"), .sort = true),
	TIME  (rule, on_since,   L("启用于", "On since"), .system = true, .hidden = true),
};

const struct record rule_record = {
	.name = "rule", .label = L("规则", "Rule"), .plural = "Rules", .table = &table_rule, FIELDS(fields), .title = { "name" },
	.default_sort = "place", .no_import = true, .before = before, .after = after,
};

static const struct field run_fields[] = {
	REF   (rule_run, rule_id,   L("规则", "Rule"), .to = &rule_record, .index = true, .required = true),
	REF   (rule_run, object_id, L("编号", "Id"), .required = true),
	CODE  (rule_run, object,    L("对象", "Object")),
	CODE  (rule_run, cause,     L("事件", "Event")),
	COUNT (rule_run, event_no,  L("事件号", "Event no.")),
	COUNT (rule_run, depth,     L("链条层数", "Link of the chain")),
	CHOICE(rule_run, result,    L("结果", "Result"), .of = results),
	TEXT  (rule_run, error,     L("原因", "Why")),
};

const struct record rule_run_record = {
	.name = "rule_run", .label = L("规则执行记录", "Rule run"), .plural = "Rule runs", .table = &table_rule_run, FIELDS(run_fields), .title = { "cause" },
	.read_only = true, .no_import = true, .about = { "object", "object_id" },
};
