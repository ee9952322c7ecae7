/* Changing packs: what the old one brought and nobody touched is put away, what the new one brings is added or fetched back; what the
 * company wrote or changed itself stays. A row is the pack's as long as it says what the pack says. */
#include <string.h>

#include "base/json.h"
#include "core/audit/audit.h"
#include "core/clock/clock_set.h"
#include "core/pack/packs.h"
#include "core/rule/rule_set.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/pack_sql.h"

PACK_FILE(pack_calendar_hotline, "calendars/hotline.json");
PACK_FILE(pack_calendar_office, "calendars/office.json");
static const struct { const char *name, *form; } forms[] = { { "hotline", pack_calendar_hotline }, { "office", pack_calendar_office } };

struct rows {
	void **at;
	size_t n;
};

/* One kind of record that packs bring. */
struct brought {
	const char *record;
	enum pack_part part;
	const char *list;               /* of the part */
	int (*read)(struct ctx *c, yyjson_val *v, int64_t place, void *row);
	int (*all)(struct ctx *c, struct rows *out);
	bool (*same)(const void *a, const void *b);
};

/* Engines keep JSON in their own spelling. */
static bool json_same(const char *a, const char *b)
{
	yyjson_doc *x = yyjson_read(a, strlen(a), 0), *y = yyjson_read(b, strlen(b), 0);
	bool same = x && y && yyjson_equals(yyjson_doc_get_root(x), yyjson_doc_get_root(y));
	yyjson_doc_free(x);
	yyjson_doc_free(y);
	return same;
}

static const char *json_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *json = json_value(c->arena, yyjson_obj_get(v, name));
	return json ? json : otherwise;
}

/* Calendars: by code, added when missing, never put away, for policies of the company's own may count by them. ---------- */

static int calendar_find(struct ctx *c, const char *code, int64_t *id)
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
	TRY(calendar_find(c, row.code, &there));
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

static int calendars_add(struct ctx *c, const struct pack *to)
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
		.tenant = c->tenant, .id = new_id(c), .object = "ticket", .measure = pack_text(c->arena, v, "measure", ""), .name = pack_text(c->arena, v, "name", ""),
		.name_en = pack_text(c->arena, v, "name_en", ""), .place = place, .condition = pack_text(c->arena, v, "condition", ""),
		.target_minutes = yyjson_get_sint(yyjson_obj_get(v, "target_minutes")), .soon_percent = yyjson_get_sint(yyjson_obj_get(v, "soon_percent")),
		.ladder = json_of(c, v, "ladder", "[]"),
	};
	return calendar_find(c, pack_text(c->arena, v, "calendar", ""), &p->calendar_id);
}

static int policy_all(struct ctx *c, struct rows *out)
{
	struct clock_policy *rows;
	TRY(pack_policies(c, &rows, &out->n));
	out->at = ARENA_ARRAY(c->arena, void *, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = &rows[i];
	return 0;
}

static bool policy_same(const void *a, const void *b)
{
	const struct clock_policy *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->object, y->object) && text_equal(x->measure, y->measure) &&
	       text_equal(x->condition, y->condition) && x->target_minutes == y->target_minutes && x->calendar_id == y->calendar_id &&
	       x->soon_percent == y->soon_percent && json_same(x->ladder, y->ladder);
}

/* Rules ---------------------------------------------------------------------------------------------------------------- */

static int rule_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct rule *)row = (struct rule){
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .object = "ticket",
		.state = pack_text(c->arena, v, "state", "draft"), .place = place, .cause = pack_text(c->arena, v, "cause", "event"), .events = json_of(c, v, "events", "[]"),
		.event_data = json_of(c, v, "event_data", "{}"), .changed = json_of(c, v, "changed", "[]"), .condition = pack_text(c->arena, v, "condition", ""),
		.actions = json_of(c, v, "actions", "[]"),
	};
	return 0;
}

static int rule_all(struct ctx *c, struct rows *out)
{
	struct rule *rows;
	TRY(pack_rules(c, &rows, &out->n));
	out->at = ARENA_ARRAY(c->arena, void *, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = &rows[i];
	return 0;
}

static bool rule_same(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->object, y->object) && text_equal(x->state, y->state) &&
	       text_equal(x->cause, y->cause) && text_equal(x->condition, y->condition) && json_same(x->events, y->events) &&
	       json_same(x->event_data, y->event_data) && json_same(x->changed, y->changed) && json_same(x->actions, y->actions);
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

static int template_all(struct ctx *c, struct rows *out)
{
	struct message_template *rows;
	TRY(pack_templates(c, &rows, &out->n));
	out->at = ARENA_ARRAY(c->arena, void *, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = &rows[i];
	return 0;
}

static bool template_same(const void *a, const void *b)
{
	const struct message_template *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->purpose, y->purpose) && text_equal(x->text_zh, y->text_zh) &&
	       text_equal(x->text_en, y->text_en) && x->active == y->active;
}

static const struct brought kinds[] = {
	{ "clock_policy", PACK_CLOCKS, "policies", policy_read, policy_all, policy_same },
	{ "rule", PACK_RULES, "rules", rule_read, rule_all, rule_same },
	{ "template", PACK_TEMPLATES, "templates", template_read, template_all, template_same },
};

/* Planning ------------------------------------------------------------------------------------------------------------- */

struct planning {
	struct ctx *c;
	const struct brought *kind;
	const struct record_model *model;
	size_t name, name_en;
	struct rows rows, from, to;
	struct pack_switch *switches;
	size_t switch_count;
	struct pack_plan *out;
};

static const char *name_of(const struct planning *p, void *row, size_t field)
{
	return *member_text(p->model->column[field], row);
}

static bool is_away(const struct planning *p, void *row)
{
	return *member_int(p->model->archived_at, row) != 0;
}

/* As they would be stored: conditions in their plain spelling. */
static int entries(struct planning *p, const struct pack *pack, struct rows *out)
{
	yyjson_val *list = pack ? yyjson_obj_get(pack_json(pack, p->kind->part), p->kind->list) : NULL, *v;
	size_t i, n;
	*out = (struct rows){ ARENA_ARRAY(p->c->arena, void *, yyjson_arr_size(list) + 1), 0 };
	yyjson_arr_foreach(list, i, n, v) {
		void *row = arena_alloc(p->c->arena, p->model->record->table->row->size);
		TRY(p->kind->read(p->c, v, (int64_t)(i + 1) * 10, row));
		TRY(p->model->record->before(p->c, NULL, row));
		out->at[out->n++] = row;
	}
	return 0;
}

static bool is_among(const struct planning *p, const struct rows *rows, const void *row)
{
	for (size_t i = 0; i < rows->n; i++)
		if (p->kind->same(rows->at[i], row))
			return true;
	return false;
}

static void note(struct planning *p, enum pack_step step, void *row)
{
	struct pack_plan *out = p->out;
	if (out->n == out->room) {
		out->room = out->room ? out->room * 2 : 64;
		struct pack_change *wider = ARENA_ARRAY(p->c->arena, struct pack_change, out->room);
		if (out->n)
			memcpy(wider, out->at, out->n * sizeof(*wider));
		out->at = wider;
	}
	out->at[out->n++] = (struct pack_change){ p->model->record, step, row, name_of(p, row, p->name), name_of(p, row, p->name_en) };
}

/* A change of packs put it away, and no person: any change, for two packs may bring the same. */
static bool put_away_by_switch(const struct planning *p, void *row)
{
	for (size_t i = 0; i < p->switch_count; i++)
		if (p->switches[i].at == *member_int(p->model->archived_at, row))
			return true;
	return false;
}

/* The old pack's, and nobody has touched it: it goes. */
static bool is_leaving(const struct planning *p, const void *row)
{
	return is_among(p, &p->from, row) && !is_among(p, &p->to, row);
}

/* A row of that name that stays in use, or that somebody put away on purpose, is the company's answer to what the pack says. */
static void plan_entry(struct planning *p, void *entry)
{
	void *back = NULL;
	for (size_t i = 0; i < p->rows.n; i++) {
		void *row = p->rows.at[i];
		if (!text_equal(name_of(p, row, p->name), name_of(p, entry, p->name)))
			continue;
		if (!is_away(p, row) && is_leaving(p, row))
			continue;
		if (!is_away(p, row) || !put_away_by_switch(p, row))
			return;
		if (p->kind->same(row, entry))
			back = row;
	}
	note(p, back ? PACK_RESTORE : PACK_ADD, back ? back : entry);
}

static int plan_kind(struct planning *p, const struct pack *from, const struct pack *to)
{
	p->model = registry_find(&p->c->services->registry, p->kind->record);
	p->name = field_index(p->model, "name");
	p->name_en = field_index(p->model, "name_en");
	TRY(p->kind->all(p->c, &p->rows));
	TRY(entries(p, from, &p->from));
	TRY(entries(p, to, &p->to));
	for (size_t i = 0; i < p->rows.n; i++)
		if (!is_away(p, p->rows.at[i]) && !is_among(p, &p->to, p->rows.at[i]))
			note(p, is_among(p, &p->from, p->rows.at[i]) ? PACK_ARCHIVE : PACK_KEEP, p->rows.at[i]);
	for (size_t i = 0; i < p->to.n; i++)
		plan_entry(p, p->to.at[i]);
	return 0;
}

int pack_plan(struct ctx *c, const struct pack *from, const struct pack *to, struct pack_plan *out)
{
	struct planning p = { .c = c, .out = out };
	*out = (struct pack_plan){ 0 };
	if (from == to)
		return 0;
	TRY(pack_switches(c, &p.switches, &p.switch_count));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		p.kind = &kinds[i];
		TRY(plan_kind(&p, from, to));
	}
	return 0;
}

/* Doing ---------------------------------------------------------------------------------------------------------------- */

static int carry_out(struct ctx *c, const struct pack_change *change)
{
	const struct record_model *m = model_of(c, change->record);
	void *row = arena_alloc(c->arena, change->record->table->row->size);
	if (change->step == PACK_KEEP)
		return 0;
	if (change->step == PACK_ADD)
		return record_insert(c, change->record, change->row);
	return record_archive(c, change->record, *member_int(m->id, change->row), *member_int(m->version, change->row),
	                      change->step == PACK_ARCHIVE ? ARCHIVE : RESTORE, row);
}

static int carry_out_all(struct ctx *c, const struct pack *from, const struct pack *to, struct pack_plan *out)
{
	TRY(calendars_add(c, to));      /* first: the plan's policies name them */
	TRY(pack_plan(c, from, to, out));
	for (size_t i = 0; i < out->n; i++)
		TRY(carry_out(c, &out->at[i]));
	return 0;
}

int pack_begin(struct ctx *c, const struct pack *to)
{
	struct pack_plan plan;
	return carry_out_all(c, NULL, to, &plan);
}

int pack_take_up(struct ctx *c, const struct pack *to, struct pack_plan *out)
{
	const struct pack *from;
	struct tenant tenant;
	TRY(pack_of(c, &from));
	*out = (struct pack_plan){ 0 };
	if (from == to)
		return 0;
	TRY(carry_out_all(c, from, to, out));
	struct pack_switch row = {
		.tenant = c->tenant, .id = new_id(c), .from_pack = from->name, .to_pack = to->name, .at = c->now, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
	};
	TRY(pack_switch_row_insert(c, &row));
	TRY(tenant_row_get(c, &tenant));
	tenant.pack = to->name;
	TRY(tenant_row_update(c, &tenant));
	return event_add(c, "company.pack_changed", "company", c->tenant, arena_format(c->arena, "{\"from\":\"%s\",\"to\":\"%s\"}", from->name, to->name));
}
