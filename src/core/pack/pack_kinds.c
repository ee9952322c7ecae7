/* Calendars, policies, rules and templates of packs: how an entry of a pack becomes a row, and whether a row still says what an entry says. */
#include "core/pack/pack_kinds.h"

#include <string.h>

#include "base/json.h"
#include "core/clock/clock_set.h"
#include "core/rule/rule_set.h"
#include "core/services.h"
#include "gen/pack_sql.h"

PACK_FILE(pack_calendar_hotline, "calendars/hotline.json");
PACK_FILE(pack_calendar_office, "calendars/office.json");
PACK_FILE(pack_calendar_chat, "calendars/chat.json");
static const struct { const char *name, *form; } forms[] = { { "hotline", pack_calendar_hotline }, { "office", pack_calendar_office }, { "chat", pack_calendar_chat } };

/* Engines keep JSON in their own spelling. */
bool pack_json_same(const char *a, const char *b)
{
	yyjson_doc *x = yyjson_read(a, strlen(a), 0), *y = yyjson_read(b, strlen(b), 0);
	bool same = x && y && yyjson_equals(yyjson_doc_get_root(x), yyjson_doc_get_root(y));
	yyjson_doc_free(x);
	yyjson_doc_free(y);
	return same;
}

const char *pack_json_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *json = json_value(c->arena, yyjson_obj_get(v, name));
	return json ? json : otherwise;
}

/* Calendars: by code, added when missing, never put away, for policies and queues of the company's own may go by them. -- */

int pack_calendar_find(struct ctx *c, const char *code, int64_t *id)
{
	struct pack_calendar_row *rows;
	size_t n;
	TRY(pack_calendar(c, code, &rows, &n));
	*id = n ? rows[0].id : 0;
	return 0;
}

static int pack_calendar_add(struct ctx *c, yyjson_val *v)
{
	struct work_calendar row = { .tenant = c->tenant, .id = new_id(c), .code = pack_text(c->arena, v, "code", "") };
	int64_t there;
	TRY(pack_calendar_find(c, row.code, &there));
	if (there)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (text_equal(forms[i].name, pack_text(c->arena, v, "form", "")))
			row.form = forms[i].form;
	yyjson_doc *form = row.form ? yyjson_read(row.form, strlen(row.form), 0) : NULL;
	yyjson_val *name = yyjson_obj_get(yyjson_doc_get_root(form), "name");
	row.name = pack_text(c->arena, name, "zh", "");
	row.name_en = pack_text(c->arena, name, "en", "");
	yyjson_doc_free(form);
	return record_insert(c, &calendar_record, &row);
}

int pack_calendars_add(struct ctx *c, const struct pack *to)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(pack_json(to, PACK_CLOCKS), "calendars"), i, n, v)
		TRY(pack_calendar_add(c, v));
	return 0;
}

/* Policies ------------------------------------------------------------------------------------------------------------- */

static int policy_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	struct clock_policy *p = row;
	*p = (struct clock_policy){
		.tenant = c->tenant, .id = new_id(c), .object = pack_text(c->arena, v, "object", "ticket"), .measure = pack_text(c->arena, v, "measure", ""), .name = pack_text(c->arena, v, "name", ""),
		.name_en = pack_text(c->arena, v, "name_en", ""), .place = place, .condition = pack_text(c->arena, v, "condition", ""),
		.target_minutes = yyjson_get_sint(yyjson_obj_get(v, "target_minutes")), .soon_percent = yyjson_get_sint(yyjson_obj_get(v, "soon_percent")),
		.ladder = pack_json_of(c, v, "ladder", "[]"),
	};
	return pack_calendar_find(c, pack_text(c->arena, v, "calendar", ""), &p->calendar_id);
}

static bool policy_same(struct ctx *c, const void *a, const void *b)
{
	const struct clock_policy *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->object, y->object) && text_equal(x->measure, y->measure) &&
	       text_equal(x->condition, y->condition) && x->target_minutes == y->target_minutes && x->calendar_id == y->calendar_id &&
	       x->soon_percent == y->soon_percent && pack_json_same(x->ladder, y->ladder);
}

/* Rules ---------------------------------------------------------------------------------------------------------------- */

static int rule_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct rule *)row = (struct rule){
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .object = pack_text(c->arena, v, "object", "ticket"),
		.state = pack_text(c->arena, v, "state", "draft"), .place = place, .cause = pack_text(c->arena, v, "cause", "event"), .events = pack_json_of(c, v, "events", "[]"),
		.event_data = pack_json_of(c, v, "event_data", "{}"), .changed = pack_json_of(c, v, "changed", "[]"), .condition = pack_text(c->arena, v, "condition", ""),
		.actions = pack_json_of(c, v, "actions", "[]"),
	};
	return 0;
}

static bool rule_same(struct ctx *c, const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->object, y->object) && text_equal(x->state, y->state) &&
	       text_equal(x->cause, y->cause) && text_equal(x->condition, y->condition) && pack_json_same(x->events, y->events) &&
	       pack_json_same(x->event_data, y->event_data) && pack_json_same(x->changed, y->changed) && pack_json_same(x->actions, y->actions);
}

/* Templates ------------------------------------------------------------------------------------------------------------ */

static int template_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct message_template *)row = (struct message_template){
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""),
		.purpose = pack_text(c->arena, v, "purpose", "other"), .text_zh = pack_text(c->arena, v, "text_zh", ""), .text_en = pack_text(c->arena, v, "text_en", ""), .active = 1,
	};
	return 0;
}

static bool template_same(struct ctx *c, const void *a, const void *b)
{
	const struct message_template *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->purpose, y->purpose) && text_equal(x->text_zh, y->text_zh) &&
	       text_equal(x->text_en, y->text_en) && x->active == y->active;
}

const struct brought pack_kinds[] = {
	{ "role", PACK_ROLES, "roles", "code", pack_role_read, &query_pack_roles, pack_role_same, pack_role_held },
	{ "flow", PACK_FLOWS, "flows", NULL, pack_flow_read, &query_pack_flows, pack_flow_same, pack_flow_held, pack_flow_take, .late = true },
	{ "clock_policy", PACK_CLOCKS, "policies", NULL, policy_read, &query_pack_policies, policy_same },
	{ "rule", PACK_RULES, "rules", NULL, rule_read, &query_pack_rules, rule_same },
	{ "template", PACK_TEMPLATES, "templates", NULL, template_read, &query_pack_templates, template_same },
	{ "promise", PACK_PROMISES, "promises", "code", pack_promise_read, &query_pack_promises, pack_promise_same },
	{ "chat_queue", PACK_CLOCKS, "queues", NULL, pack_queue_read, &query_pack_queues, pack_queue_same },
	{ "quality_rule", PACK_QUALITY, "rules", NULL, pack_quality_read, &query_pack_quality_rules, pack_quality_same },
	{ 0 },
};
