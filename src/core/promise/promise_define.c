/* Definitions, as a record: lists, pages, history and rights come with it. A change counts all objects again: what is shown of the past
 * is what the promise, as it reads today, would have said. */
#include "core/promise/promise_set.h"

#include "core/clock/clock_set.h"
#include "core/services.h"
#include "engine/expr/expr.h"

static const struct choice areas[] = {
	{ "intake", "受理与响应", "Intake and response" }, { "solving", "解决与闭环", "Solving and closing" }, { "calls", "回访与投诉", "Calls and complaints" },
	{ "satisfaction", "满意度", "Satisfaction" }, { 0 },
};
static const struct choice units[] = { { "share", "比例（%）", "Share (%)" }, { "duration", "时长（分钟）", "Duration (min)" }, { 0 } };
static const struct choice directions[] = { { "least", "至少", "At least" }, { "most", "至多", "At most" }, { 0 } };
static const struct choice periods[] = { { "day", "日", "Day" }, { "week", "周", "Week" }, { "month", "月", "Month" }, { 0 } };

enum { LONGEST_MINUTES = 5 * 366 * 24 * 60 };

static int before(struct ctx *c, const void *old, void *row)
{
	struct promise *p = row;
	struct ready_promise ready;
	p->language = EXPR_VERSION;
	TRY(promise_ready(c, c->arena, p, &ready));
	p->unit = ready.row->unit;
	p->direction = ready.row->direction;
	int most = ready.unit == PROMISE_SHARE ? 100 : LONGEST_MINUTES;
	if (ready.target < 1)
		return fail_field(c, "target", ERR_FIELD_TOO_SMALL, "0.01");
	if (p->target > most)
		return fail_field(c, "target", ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%d", most));
	return condition_store(c, "condition", p->object, &p->condition);
}

/* Names alone change nothing that is counted. */
static bool counts_alike(const struct promise *a, const struct promise *b)
{
	return a->target == b->target && text_equal(a->condition, b->condition) && text_equal(a->measure, b->measure) && !a->archived_at == !b->archived_at;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct promise *p = row;
	TRY(definition_changed(c, DEFINITION_PROMISE));
	if (old && counts_alike(old, p))
		return 0;
	return job_add(c, new_id(c), promise_recount_job.name, c->now, p->object, arena_format(c->arena, "{\"object\":\"%s\"}", p->object));
}

static void offer(struct ctx *c, struct text *t, const char *value, struct label label, const char *of)
{
	text_format(t, "%s{\"value\":\"%s\",\"label\":", t->n && t->p[t->n - 1] == '}' ? "," : "", value);
	json_label(t, label.zh, label.en);
	text_append(t, ",\"of\":");
	json_text(t, of);
	text_char(t, '}');
}

static int offer_objects(struct ctx *c, struct text *t)
{
	for (const struct promise_source *const *s = c->services->promise_sources; s && *s; s++)
		offer(c, t, (*s)->record->name, (*s)->record->label, NULL);
	return 0;
}

/* How long its clocks run is measured of every object that has some. */
static void offer_clocks(struct ctx *c, struct text *t, const struct clock_set *set, const struct record *r)
{
	const struct ready_object *object = clock_set_object(set, model_of(c, r));
	for (size_t i = 0; object && i < object->count; i++) {
		const struct ready_measure *k = &object->measures[i];
		offer(c, t, arena_format(c->arena, "clock_%s", k->code),
		      (struct label){ arena_format(c->arena, "%s用时", k->label.zh), arena_format(c->arena, "%s: time taken", k->label.en) }, r->name);
	}
}

static int offer_measures(struct ctx *c, struct text *t)
{
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	for (const struct promise_source *const *s = c->services->promise_sources; s && *s; s++) {
		for (const struct promise_measure *m = (*s)->measures; m && m->code; m++)
			offer(c, t, m->code, m->label, (*s)->record->name);
		offer_clocks(c, t, set, (*s)->record);
	}
	return 0;
}

static const struct field fields[] = {
	CODE  (promise, name,       L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (promise, name_en,    L("英文名称", "English name"), .search = true, .most = 80),
	CODE  (promise, code,       L("编号", "Code"), .required = true, .unique = true, .fixed = true, .most = 40),
	CHOICE(promise, area,       L("分组", "Group"), .of = areas, .required = true),
	TEXT  (promise, meaning,    L("口径", "What is counted"), .most = 300),
	TEXT  (promise, meaning_en, L("口径（英文）", "What is counted, in English"), .most = 300),
	CODE  (promise, object,     L("对象", "Object"), .required = true, .fixed = true, .initial = "ticket", .offers = offer_objects),
	CODE  (promise, measure,    L("指标", "Measure"), .required = true, .fixed = true, .offers = offer_measures),
	CHOICE(promise, unit,       L("单位", "Unit"), .of = units, .system = true),
	CHOICE(promise, direction,  L("方向", "Direction"), .of = directions, .system = true),
	REAL  (promise, target,     L("目标（% 或分钟）", "Target (% or minutes)"), .required = true),
	TEXT  (promise, condition,  L("适用条件", "Applies when")),
	CHOICE(promise, period,     L("周期", "Period"), .of = periods, .initial = "week"),
	COUNT (promise, place,      L("次序", "Order"), .sort = true),
};

const struct record promise_record = {
	.name = "promise", .label = L("承诺", "Promise"), .plural = "Promises", .table = &table_promise, FIELDS(fields), .title = { "name" },
	.default_sort = "place", .no_import = true, .before = before, .after = after,
};
