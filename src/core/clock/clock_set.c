/* From rows to what counts. A policy that no longer compiles (a field that is gone) holds for nobody and is told in the log: tickets
 * are taken all the same. */
#include "core/clock/clock_set.h"

#include <string.h>

#include "base/json.h"
#include "core/pack.h"
#include "core/services.h"
#include "engine/calendar/calendar_form.h"
#include "gen/clock_sql.h"

PACK_FILE(pack_china, "calendars/china.json");

/* Calendars ------------------------------------------------------------------------------------------------------------ */

int clock_source_of(struct ctx *c, struct arena *a, const char *form, struct calendar_source **out)
{
	struct calendar_form *read = ARENA_NEW(a, struct calendar_form);
	struct holiday_set_form *china = ARENA_NEW(a, struct holiday_set_form);
	struct calendar_source *source = ARENA_NEW(a, struct calendar_source);
	const struct holiday_set_form *const sets[] = { china };
	const struct calendar_names names = { .zone = zone_load, .sets = sets, .set_count = 1 };
	TRY(json_read(a, &holiday_set_shape, pack_china, strlen(pack_china), china, NULL, c->error));
	TRY(json_read(a, &calendar_shape, form, strlen(form), read, NULL, c->error));
	TRY(calendar_source_of(a, read, &names, source, c->error));
	*out = source;
	return 0;
}

int clock_calendar_of(struct ctx *c, struct arena *a, const char *form, const struct calendar **out)
{
	struct calendar_source *source;
	TRY(clock_source_of(c, a, form, &source));
	*out = calendar_compile(a, source);
	return 0;
}

static int fill_calendars(struct ctx *c, struct clock_set *s)
{
	struct work_calendar *rows;
	const struct zone *zone;
	size_t n;
	struct arena *a = s->base.arena;
	TRY(company_zone(c, a, &zone));
	s->natural = calendar_always(a, zone);
	TRY(calendars_all(c, &rows, &n));
	s->calendars = ARENA_ARRAY(a, struct ready_calendar, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct calendar_source *source;
		TRY(clock_source_of(c, a, arena_string(a, rows[i].form), &source));
		s->calendars[s->calendar_count++] = (struct ready_calendar){ .id = rows[i].id, .calendar = calendar_compile(a, source), .zone = &source->zone };
	}
	return 0;
}

const struct ready_calendar *clock_set_ready(const struct clock_set *s, int64_t id)
{
	for (size_t i = 0; i < s->calendar_count; i++)
		if (s->calendars[i].id == id)
			return &s->calendars[i];
	return NULL;
}

const struct calendar *clock_set_calendar(const struct clock_set *s, int64_t id)
{
	const struct ready_calendar *k = clock_set_ready(s, id);
	return k ? k->calendar : s->natural;
}

/* Policies ------------------------------------------------------------------------------------------------------------- */

struct ladder {
	struct list steps;
};
static const struct member step_members[] = {
	MEMBER(struct ladder_step, percent, count, .flags = MEMBER_REQUIRED, .least = 1, .most = 1000),
	MEMBER(struct ladder_step, to, code, .flags = MEMBER_REQUIRED, .choices = ladder_receivers),
};
static const struct shape step_shape = SHAPE("ladder_step", struct ladder_step, step_members);
enum { MOST_LADDER = 8 };
static const struct member ladder_members[] = { MEMBER(struct ladder, steps, list, .shape = &step_shape, .most = MOST_LADDER) };
static const struct shape ladder_shape = SHAPE("ladder", struct ladder, ladder_members);

int ladder_read(struct ctx *c, const char *field, const char *json, struct ladder_step **steps, size_t *n)
{
	struct ladder ladder = { 0 };
	struct error error = { 0 };
	const char *wrapped = arena_format(c->arena, "{\"steps\":%s}", text_empty(json) ? "[]" : json);
	*n = 0;
	if (json_read(c->arena, &ladder_shape, wrapped, strlen(wrapped), &ladder, NULL, &error) < 0)
		return fail_field(c, field, ERR_FIELD_TYPE, "[{\"percent\":150,\"to\":\"supervisor\"}]");
	*steps = (struct ladder_step *)ladder.steps.at;
	*n = ladder.steps.n;
	return 0;
}

/* Compiles, or stays without effect and says so in the log. */
static bool compiles(struct ctx *c, struct clock_set *s, const struct record_model *m, const char *text, struct condition *out)
{
	struct error error = { 0 };
	struct ctx own = *c;
	own.error = &error;
	if (condition_compile(&own, s->base.arena, m, text, out) >= 0)
		return true;
	log_write(c->log, LOG_ERROR, "a condition of a clock does not hold any more", "condition", text, "code", error_name(error.code), NULL);
	return false;
}

static const char *kept(struct clock_set *s, const char *text)
{
	return arena_string(s->base.arena, text ? text : "");
}

static int fill_policy(struct ctx *c, struct clock_set *s, const struct clock_policy *row)
{
	struct ready_policy *p = &s->policies[s->policy_count];
	const struct record_model *m = registry_find(&c->services->registry, row->object);
	if (!m || !m->record->measures || !compiles(c, s, m, row->condition, &p->when))
		return 0;
	struct clock_policy *own = ARENA_NEW(s->base.arena, struct clock_policy);
	*own = *row;
	own->object = kept(s, row->object);
	own->measure = kept(s, row->measure);
	own->name = kept(s, row->name);
	own->name_en = kept(s, row->name_en);
	own->condition = kept(s, row->condition);
	own->ladder = kept(s, row->ladder);
	p->row = own;
	p->calendar = row->calendar_id ? clock_set_calendar(s, row->calendar_id) : s->natural;
	struct ctx in_set = *c;
	in_set.arena = s->base.arena;
	TRY(ladder_read(&in_set, "ladder", own->ladder, &p->ladder, &p->ladder_count));
	int64_t percents[MOST_LADDER + 1] = { row->soon_percent };
	for (size_t i = 0; i < p->ladder_count; i++)
		percents[i + 1] = p->ladder[i].percent;
	p->steps = service_clock_steps_of(percents, p->ladder_count + 1);
	s->policy_count++;
	return 0;
}

static int fill_policies(struct ctx *c, struct clock_set *s)
{
	struct clock_policy *rows;
	size_t n;
	TRY(clock_policies_all(c, &rows, &n));
	s->policies = ARENA_ARRAY(s->base.arena, struct ready_policy, n + 1);
	for (size_t i = 0; i < n; i++)
		TRY(fill_policy(c, s, &rows[i]));
	return 0;
}

const struct ready_policy *clock_set_policy(const struct clock_set *s, int64_t id)
{
	for (size_t i = 0; i < s->policy_count; i++)
		if (s->policies[i].row->id == id)
			return &s->policies[i];
	return NULL;
}

/* Measures ------------------------------------------------------------------------------------------------------------- */

/* A measure whose conditions do not compile any more has no clock. */
static void add_measure(struct ctx *c, struct clock_set *s, struct ready_object *o, const struct measure *from)
{
	struct ready_measure *m = &o->measures[o->count];
	*m = (struct ready_measure){ .code = kept(s, from->code), .label = { kept(s, from->label.zh), kept(s, from->label.en) } };
	if (!compiles(c, s, o->model, kept(s, from->run_when), &m->run) || !compiles(c, s, o->model, kept(s, from->pause_when), &m->pause) ||
	    !compiles(c, s, o->model, kept(s, from->cancel_when), &m->cancel))
		return;
	m->since = from->since ? shape_member(o->model->record->table->row, from->since) : NULL;
	m->policies = ARENA_ARRAY(s->base.arena, const struct ready_policy *, s->policy_count + 1);
	for (size_t i = 0; i < s->policy_count; i++)
		if (text_equal(s->policies[i].row->measure, m->code) && text_equal(s->policies[i].row->object, o->model->record->name))
			m->policies[m->policy_count++] = &s->policies[i];
	o->count++;
}

static int fill_objects(struct ctx *c, struct clock_set *s)
{
	const struct registry *r = &c->services->registry;
	struct clock_measure *own;
	size_t n;
	TRY(clock_measures_all(c, &own, &n));
	s->objects = ARENA_ARRAY(s->base.arena, struct ready_object, r->count);
	for (size_t i = 0; i < r->count; i++) {
		const struct record *record = r->models[i].record;
		if (!record->measures)
			continue;
		struct ready_object *o = &s->objects[s->object_count++];
		size_t built_in = 0;
		while (record->measures[built_in].code)
			built_in++;
		*o = (struct ready_object){ .model = &r->models[i], .measures = ARENA_ARRAY(s->base.arena, struct ready_measure, built_in + n) };
		for (size_t k = 0; k < built_in; k++)
			add_measure(c, s, o, &record->measures[k]);
		for (size_t k = 0; k < n; k++)
			if (text_equal(own[k].object, record->name))
				add_measure(c, s, o, &(struct measure){ own[k].code, { own[k].name, own[k].name_en }, own[k].run_when, own[k].pause_when, own[k].cancel_when });
	}
	return 0;
}

const struct ready_object *clock_set_object(const struct clock_set *s, const struct record_model *m)
{
	for (size_t i = 0; i < s->object_count; i++)
		if (s->objects[i].model == m)
			return &s->objects[i];
	return NULL;
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct clock_set *s = (struct clock_set *)set;
	if (!set->stamp)
		return 0;
	TRY(fill_calendars(c, s));
	TRY(fill_policies(c, s));
	return fill_objects(c, s);
}

int clock_set_take(struct ctx *c, struct clock_set **out)
{
	struct definition_set *set = NULL;
	int r = definition_take(c, DEFINITION_CLOCK, sizeof(**out), compile, &set);
	*out = (struct clock_set *)set;
	return r;
}
