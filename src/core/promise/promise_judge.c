/* What an object counts for today, beside what it counted for; only what differs is written. */
#include <string.h>

#include "core/list/list.h"
#include "core/promise/promise_set.h"
#include "core/services.h"
#include "gen/promise_sql.h"

struct promise_known {
	const struct promise_clocks_row *clocks;
	size_t n;
};

time_ms promise_late(const struct promise_known *known, const char *measure)
{
	for (size_t i = 0; i < known->n; i++) {
		const struct promise_clocks_row *k = &known->clocks[i];
		bool goes_on = text_equal(k->state, "running") || text_equal(k->state, "paused");
		if (goes_on && k->breached_at && text_equal(k->measure, measure))
			return k->breached_at;
	}
	return 0;
}

/* What is known of the objects of one call; clocks and cases in the order of their objects. */
struct judging {
	const struct promise_set *set;
	const struct promise_source *source;
	const struct record_model *model;
	int64_t zone_minutes;
	struct promise_clocks_row *clocks;
	struct promise_case *cases;
	size_t clock_count, case_count;
	struct promise_tally *tally;
	int64_t at[PART_COUNT];         /* of the one object, once one of its cases counts */
	bool is_placed;
};

/* All rounds of a clock are one case: a ticket that was reopened is solved when it is solved at last. Cancelled: nothing was promised in
 * the end. One that runs counts from its breach on, with the time that it was given. */
static void judge_clock(const struct judging *j, const struct ready_promise *p, struct promise_verdict *out)
{
	bool late = false;
	*out = (struct promise_verdict){ 0 };
	for (size_t i = 0; i < j->clock_count; i++) {
		const struct promise_clocks_row *k = &j->clocks[i];
		if (!text_equal(k->measure, p->clock) || text_equal(k->state, "cancelled"))
			continue;
		bool over = text_equal(k->state, "met");
		out->at = out->at ? out->at : k->from_at;
		out->open |= !over;
		late |= !over && k->breached_at;
		out->value += over ? k->spent_ms : k->target_ms;
	}
	out->counts = out->at && (!out->open || late);
}

/* Something that comes due without an event is looked at when it does. */
static int look_again(struct ctx *c, const struct judging *j, int64_t id, time_ms at)
{
	const char *name = j->source->record->name;
	const char *data = arena_format(c->arena, "{\"object\":\"%s\",\"object_id\":\"%lld\"}", name, (long long)id);
	/* The time is part of the key: the look that is being taken now goes when it ends, with whatever was put in its place. */
	return job_add(c, new_id(c), promise_look_job.name, at, arena_format(c->arena, "%s/%lld/%lld", name, (long long)id, (long long)at), data);
}

static int judge_one(struct ctx *c, struct judging *j, const struct ready_promise *p, struct subject *s, int64_t id, struct promise_case *out, bool *counts)
{
	struct promise_verdict v = { 0 };
	bool concerns;
	*counts = false;
	TRY(condition_holds(c, &p->when, s, &concerns));
	if (!concerns)
		return 0;
	const struct promise_known known = { j->clocks, j->clock_count };
	if (p->measure)
		TRY(p->measure->judge(c, s->row, &known, &v));
	else
		judge_clock(j, p, &v);
	if (v.look_at > c->now)
		TRY(look_again(c, j, id, v.look_at));
	if (!v.counts)
		return 0;
	bool is_share = p->unit == PROMISE_SHARE;
	if (!j->is_placed)
		TRY(j->source->place(c, s->row, j->at));
	j->is_placed = *counts = true;
	const int64_t *at = j->at;
	*out = (struct promise_case){
		.tenant = c->tenant, .object_id = id, .promise_id = p->row->id, .day = day_of(v.at, (int)j->zone_minutes),
		.held = is_share ? v.held : !v.open && v.value <= p->target, .value = is_share ? 0 : v.value,
		.region_id = at[PART_REGION], .product_id = at[PART_PRODUCT], .team_id = at[PART_TEAM], .agent_id = at[PART_AGENT], .channel = at[PART_CHANNEL],
		.symptom_id = at[PART_SYMPTOM],
	};
	return 0;
}

int64_t promise_channel(const struct choice *channels, const char *channel)
{
	const struct choice *found = choice_find(channels, channel);
	return found ? found - channels + 1 : 0;
}

static bool same(const struct promise_case *a, const struct promise_case *b)
{
	return a->day == b->day && a->held == b->held && a->value == b->value && a->region_id == b->region_id && a->product_id == b->product_id &&
	       a->team_id == b->team_id && a->agent_id == b->agent_id && a->channel == b->channel && a->symptom_id == b->symptom_id;
}

static int put(struct ctx *c, const struct promise_case *k)
{
	struct promise_case_put_in in = {
		.object = k->object_id, .promise = k->promise_id, .day = k->day, .held = k->held, .value = k->value, .region = k->region_id, .product = k->product_id,
		.team = k->team_id, .agent = k->agent_id, .channel = k->channel, .symptom = k->symptom_id,
	};
	return promise_case_put(c, &in, NULL);
}

static int replace(struct ctx *c, struct judging *j, const struct promise_case *before, const struct promise_case *now)
{
	if ((!before && !now) || (before && now && same(before, now)))
		return 0;
	if (before)
		promise_tally_case(j->tally, before, -1);
	if (now)
		promise_tally_case(j->tally, now, 1);
	return now ? put(c, now) : promise_case_remove(c, before->object_id, before->promise_id, NULL);
}

static const struct promise_case *case_before(const struct judging *j, int64_t promise)
{
	for (size_t i = 0; i < j->case_count; i++)
		if (j->cases[i].promise_id == promise)
			return &j->cases[i];
	return NULL;
}

/* Of a promise that is no more, nothing is left. */
static int drop_gone(struct ctx *c, struct judging *j)
{
	for (size_t i = 0; i < j->case_count; i++)
		if (!promise_set_find(j->set, j->cases[i].promise_id))
			TRY(replace(c, j, &j->cases[i], NULL));
	return 0;
}

/* row NULL: there is none any more, or it was put away (a ticket that went into another). */
static int judge_object(struct ctx *c, struct judging *j, int64_t id, const void *row)
{
	struct subject s;
	if (row)
		TRY(subject_of(c, j->model, row, &s));
	for (size_t i = 0; i < j->set->n; i++) {
		struct promise_case now;
		bool counts = false;
		if (j->set->at[i].source != j->source)
			continue;
		if (row)
			TRY(judge_one(c, j, &j->set->at[i], &s, id, &now, &counts));
		TRY(replace(c, j, case_before(j, j->set->at[i].row->id), counts ? &now : NULL));
	}
	return drop_gone(c, j);
}

/* NULL for one that was archived, too. */
static const void *counted(const struct record_model *m, const void *row)
{
	return row && m->archived_at && *member_int(m->archived_at, (void *)row) ? NULL : row;
}

/* Leaves the clocks and cases of one object. */
static void keep_own(struct judging *j, int64_t id)
{
	size_t n = 0;
	for (; j->clock_count && j->clocks->object_id < id; j->clock_count--)
		j->clocks++;
	while (n < j->clock_count && j->clocks[n].object_id == id)
		n++;
	j->clock_count = n;
	for (; j->case_count && j->cases->object_id < id; j->case_count--)
		j->cases++;
	for (n = 0; n < j->case_count && j->cases[n].object_id == id;)
		n++;
	j->case_count = n;
}

int promise_judge(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const int64_t *ids, size_t n)
{
	struct judging j = { .set = set, .source = source, .model = model_of(c, source->record) };
	struct tenant tenant;
	const void **rows = ARENA_ARRAY(c->arena, const void *, n + 1);
	if (!n)
		return 0;
	j.tally = promise_tally_new(c->arena);
	TRY(tenant_row_get(c, &tenant));
	j.zone_minutes = tenant.zone_minutes;
	TRY(list_rows_in_order(c, source->record, ids, n, rows));
	TRY(promise_clocks(c, source->record->name, ids, n, &j.clocks, &j.clock_count));
	TRY(promise_cases_of(c, ids, n, &j.cases, &j.case_count));
	for (size_t i = 0; i < n; i++) {
		struct judging own = j;
		keep_own(&own, ids[i]);
		TRY(judge_object(c, &own, ids[i], counted(j.model, rows[i])));
	}
	return promise_tally_write(c, j.tally);
}
