/* Definitions: calendars, measures and policies as records, so that lists, pages, import, export and history come with them. */

#include "base/json.h"
#include "core/clock/clock_set.h"
#include "core/list/list.h"
#include "core/notify/tell.h"
#include "core/services.h"
#include "db/job.h"
#include "engine/expr/expr.h"

const struct choice ladder_receivers[] = {
	TELL_LADDER, { 0 },
};

/* From this transaction on it holds for what is written; clocks that run are brought up to it soon. */
static int changed(struct ctx *c, const void *old, const void *row)
{
	TRY(definition_changed(c, DEFINITION_CLOCK));
	return job_add(c, new_id(c), clock_review_job.name, c->now, "start", NULL);
}

/* Calendars ------------------------------------------------------------------------------------------------------------ */

static int calendar_before(struct ctx *c, const void *old, void *row)
{
	struct work_calendar *k = row;
	const struct calendar *unused;
	struct error error = { 0 };
	struct ctx own = *c;
	own.error = &error;
	if (text_empty(k->form) || text_equal(k->form, "{}"))
		return fail_field(c, "form", ERR_FIELD_REQUIRED, NULL);
	int r = clock_calendar_of(&own, c->arena, k->form, &unused);
	for (const struct field_error *f = error.fields; f; f = f->next)
		fail_field(c, arena_format(c->arena, "form.%s", f->field), f->code, f->arg);
	return r < 0 && !error.fields ? fail_field(c, "form", r, error.arg) : c->error->code;
}

static const struct field calendar_fields[] = {
	CODE(work_calendar, code,    L("日历编号", "Calendar code"), .required = true, .unique = true, .fixed = true, .most = 40),
	CODE(work_calendar, name,    L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE(work_calendar, name_en, L("英文名称", "English name"), .search = true, .most = 60),
	JSON(work_calendar, form,    L("工作时间", "Working time"), .required = true, .hidden = true),
};

const struct record calendar_record = {
	.name = "calendar", .label = L("日历", "Calendar"), .plural = "Calendars", .table = &table_work_calendar, FIELDS(calendar_fields), .title = { "name" },
	.no_import = true, .before = calendar_before, .after = changed,
};

/* Measures ------------------------------------------------------------------------------------------------------------- */

static bool check_object(struct ctx *c, const char *object)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	bool known = m && m->record->measures;
	if (!known)
		fail_field(c, "object", ERR_FIELD_INVALID, "");
	return known;
}

static const struct measure *built_in(struct ctx *c, const char *object, const char *code)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	for (const struct measure *k = m ? m->record->measures : NULL; k && k->code; k++)
		if (text_equal(k->code, code))
			return k;
	return NULL;
}

static int measure_before(struct ctx *c, const void *old, void *row)
{
	struct clock_measure *m = row;
	if (!check_object(c, m->object))
		return c->error->code;
	if (built_in(c, m->object, m->code))
		return fail_field(c, "code", ERR_FIELD_TAKEN, m->code);
	m->language = EXPR_VERSION;
	TRY(condition_store(c, "run_when", m->object, &m->run_when));
	TRY(condition_store(c, "pause_when", m->object, &m->pause_when));
	return condition_store(c, "cancel_when", m->object, &m->cancel_when);
}

static const struct field measure_fields[] = {
	CODE(clock_measure, object,      L("对象", "Object"), .required = true, .fixed = true, .initial = "ticket"),
	CODE(clock_measure, code,        L("指标编号", "Measure code"), .required = true, .unique = true, .fixed = true, .most = 40),
	CODE(clock_measure, name,        L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE(clock_measure, name_en,     L("英文名称", "English name"), .search = true, .most = 60),
	TEXT(clock_measure, run_when,    L("计时条件", "Runs when"), .required = true),
	TEXT(clock_measure, pause_when,  L("暂停条件", "Pauses when")),
	TEXT(clock_measure, cancel_when, L("作废条件", "Cancelled when")),
};

const struct record clock_measure_record = {
	.name = "clock_measure", .label = L("时限指标", "Measure"), .plural = "Measures", .table = &table_clock_measure, FIELDS(measure_fields), .title = { "name" },
	.no_import = true, .before = measure_before, .after = changed,
};

/* Policies ------------------------------------------------------------------------------------------------------------- */

enum { LONGEST_TARGET = 5 * 366 * 24 * 60 };

static int measure_known(struct ctx *c, const struct clock_policy *p)
{
	struct slot slot = { .text = p->measure };
	int64_t found = 0;
	if (built_in(c, p->object, p->measure))
		return 0;
	const struct record_model *m = model_of(c, &clock_measure_record);
	TRY(list_find(c, m, field_index(m, "code"), &slot, &found));
	return found ? 0 : fail_field(c, "measure", ERR_FIELD_REFERENCE, NULL);
}

static int policy_before(struct ctx *c, const void *old, void *row)
{
	struct clock_policy *p = row;
	struct ladder_step *steps;
	size_t n;
	if (!check_object(c, p->object))
		return c->error->code;
	TRY(measure_known(c, p));
	TRY(ladder_read(c, "ladder", p->ladder, &steps, &n));
	p->language = EXPR_VERSION;
	return condition_store(c, "condition", p->object, &p->condition);
}

static const struct field policy_fields[] = {
	CODE (clock_policy, name,           L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE (clock_policy, name_en,        L("英文名称", "English name"), .search = true, .most = 60),
	CODE (clock_policy, object,         L("对象", "Object"), .required = true, .fixed = true, .initial = "ticket"),
	CODE (clock_policy, measure,        L("指标", "Measure"), .required = true, .fixed = true),
	TEXT (clock_policy, condition,      L("适用条件", "Applies when")),
	COUNT(clock_policy, target_minutes, L("目标（分钟）", "Target (minutes)"), .required = true, .least = 1, .most = LONGEST_TARGET),
	REF  (clock_policy, calendar_id,    L("日历", "Calendar"), .to = &calendar_record),
	COUNT(clock_policy, soon_percent,   L("提醒于（%）", "Warn at (%)"), .initial = "75", .least = 1, .most = 99),
	JSON (clock_policy, ladder,         L("升级阶梯", "Escalation ladder"), .initial = "[]", .hidden = true),
	COUNT(clock_policy, place,          L("次序", "Order"), .sort = true),
};

const struct record clock_policy_record = {
	.name = "clock_policy", .label = L("时限策略", "Clock policy"), .plural = "Clock policies", .table = &table_clock_policy, FIELDS(policy_fields), .title = { "name" },
	.default_sort = "place", .no_import = true, .before = policy_before, .after = changed,
};
