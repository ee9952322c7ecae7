/* Each write of a row is seen before it happens. What its measures ask of the old row and of the new is compared in memory;
 * only where they differ are its clocks read, so most writes cost no question. */
#include "core/clock/clock_observe.h"

#include <string.h>

#include "core/services.h"
#include "gen/clock_sql.h"

/* What a row asks of one measure. */
struct wish {
	bool runs, pauses, cancels;
	bool held;              /* the row is put away: nothing begins, nobody is told */
	bool ran;               /* the row before asked for it, too */
	const struct ready_policy *policy;
};

enum { MOST_MEASURES = 32 };

static int holds(struct ctx *c, const struct condition *k, struct subject *s, bool *out)
{
	*out = false;
	return k->program ? condition_holds(c, k, s, out) : 0;
}

static int wish_of(struct ctx *c, const struct ready_measure *m, struct subject *s, struct wish *out)
{
	const struct member *archived = s->model->archived_at;
	*out = (struct wish){ .held = archived && *member_int(archived, (void *)s->row) };
	TRY(holds(c, &m->run, s, &out->runs));
	if (!out->runs)
		return holds(c, &m->cancel, s, &out->cancels);
	TRY(holds(c, &m->pause, s, &out->pauses));
	for (size_t i = 0; i < m->policy_count && !out->policy; i++) {
		bool fits;
		TRY(condition_holds(c, &m->policies[i]->when, s, &fits));
		if (fits)
			out->policy = m->policies[i];
	}
	return 0;
}

static int wishes_of(struct ctx *c, const struct ready_object *o, struct subject *s, struct wish *out)
{
	for (size_t i = 0; i < o->count && i < MOST_MEASURES; i++)
		TRY(wish_of(c, &o->measures[i], s, &out[i]));
	return 0;
}

static bool same(const struct wish *a, const struct wish *b)
{
	return a->runs == b->runs && a->pauses == b->pauses && a->cancels == b->cancels && a->held == b->held && a->policy == b->policy;
}

/* The clocks of one object: those there are, and room for one more a measure. */
struct clocks {
	struct service_clock *rows;
	size_t n;
};

/* The last round of a measure, or NULL. */
static struct service_clock *last_round(const struct clocks *all, const char *measure)
{
	struct service_clock *found = NULL;
	for (size_t i = 0; i < all->n; i++)
		if (text_equal(all->rows[i].measure, measure) && (!found || all->rows[i].round > found->round))
			found = &all->rows[i];
	return found;
}

/* A promise that comes when the row has run for a while (its grade was raised) counts from then, not from the promise. */
static time_ms start_of(struct ctx *c, const struct ready_measure *m, const struct wish *w, const void *row, bool is_first)
{
	time_ms since = w->ran && m->since && is_first ? *member_int(m->since, (void *)row) : 0;
	return since > 0 && since < c->now ? since : c->now;
}

static int start(struct ctx *c, const struct clock_set *set, const struct ready_object *o, const struct ready_measure *m, const struct wish *w, const void *row,
                 struct clocks *all)
{
	struct clock_case k;
	struct service_clock *before = last_round(all, m->code);
	int64_t object_id = *member_int(o->model->id, (void *)row);
	if (!w->policy || w->held)
		return 0;
	TRY(clock_begin(c, set, w->policy, o->model->record->name, object_id, m->code, before ? before->round + 1 : 1, start_of(c, m, w, row, !before), &k));
	if (w->pauses)
		TRY(clock_pause(c, &k));
	TRY(clock_store(c, &k));
	all->rows[all->n++] = k.row;
	return 0;
}

/* True when the clock is not as its policy is now. */
static bool is_stale(const struct service_clock *row, const struct ready_policy *p)
{
	return p && (row->policy_id != p->row->id || row->target_ms != p->row->target_minutes * MINUTE_MS || row->calendar_id != p->row->calendar_id);
}

static int go_on(struct ctx *c, struct clock_case *k, const struct wish *w)
{
	if (k->held && !w->held)
		TRY(clock_let_go(c, k));
	if (is_stale(&k->row, w->policy))
		TRY(clock_put_under(c, k, w->policy));
	if (w->pauses && k->run.state == SERVICE_CLOCK_RUNNING)
		return clock_pause(c, k);
	if (!w->pauses && k->run.state == SERVICE_CLOCK_PAUSED)
		TRY(clock_resume(c, k));
	return w->held && !k->held && k->run.state == SERVICE_CLOCK_RUNNING ? clock_hold(c, k) : 0;
}

static int follow(struct ctx *c, const struct clock_set *set, const struct ready_object *o, size_t i, const struct wish *w, const void *object, struct clocks *all)
{
	struct service_clock *row = last_round(all, o->measures[i].code);
	struct clock_case k;
	if (!row || clock_is_over(row))
		return w->runs ? start(c, set, o, &o->measures[i], w, object, all) : 0;
	clock_case_read(set, row, &k);
	if (w->runs)
		TRY(go_on(c, &k, w));
	else
		TRY(clock_finish(c, &k, w->cancels ? SERVICE_CLOCK_CANCELLED : SERVICE_CLOCK_MET));
	TRY(clock_store(c, &k));
	*row = k.row;
	return 0;
}

static int read_clocks(struct ctx *c, const struct ready_object *o, int64_t object_id, struct clocks *out)
{
	struct service_clock *rows;
	TRY(clocks_of_object(c, o->model->record->name, object_id, &rows, &out->n));
	out->rows = ARENA_ARRAY(c->arena, struct service_clock, out->n + o->count);
	if (out->n)
		memcpy(out->rows, rows, out->n * sizeof(*rows));
	return 0;
}

static int writing(struct ctx *c, const struct record *record, const void *old, void *row)
{
	if (!record->measures)
		return 0;
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	const struct record_model *m = model_of(c, record);
	const struct ready_object *o = clock_set_object(set, m);
	struct wish was[MOST_MEASURES] = { 0 }, is[MOST_MEASURES] = { 0 };
	struct clocks all = { 0 };
	if (!o)
		return 0;
	struct subject s;
	TRY(subject_of(c, m, row, &s));
	TRY(wishes_of(c, o, &s, is));
	s.row = old;
	if (old)
		TRY(wishes_of(c, o, &s, was));
	bool read = false;
	for (size_t i = 0; i < o->count && i < MOST_MEASURES; i++) {
		if (same(&was[i], &is[i]))
			continue;
		if (!read && old)
			TRY(read_clocks(c, o, *member_int(m->id, row), &all));
		else if (!read)
			all.rows = ARENA_ARRAY(c->arena, struct service_clock, o->count);
		read = true;
		is[i].ran = was[i].runs && !was[i].held;
		TRY(follow(c, set, o, i, &is[i], row, &all));
	}
	if (read)
		*member_int(m->column[field_index(m, "next_due_at")], row) = clock_earliest(all.rows, all.n);
	return 0;
}

const struct observer clock_observer = { .writing = writing };

static int review(struct ctx *c, const struct clock_set *set, const struct ready_object *o, size_t i, const struct wish *w, const void *object, struct clocks *all)
{
	struct service_clock *row = last_round(all, o->measures[i].code);
	struct clock_case k;
	if (!row || clock_is_over(row))
		return 0;       /* nothing begins for what happened before there was a promise */
	TRY(follow(c, set, o, i, w, object, all));
	if (clock_is_over(row))
		return 0;
	clock_case_read(set, row, &k);
	TRY(clock_recount(c, &k));
	TRY(clock_store(c, &k));
	*row = k.row;
	return 0;
}

int clocks_review(struct ctx *c, const struct clock_set *set, const struct ready_object *o, const void *row, time_ms *earliest)
{
	struct wish is[MOST_MEASURES] = { 0 };
	struct clocks all = { 0 };
	int64_t id = *member_int(o->model->id, (void *)row);
	struct subject s;
	TRY(subject_of(c, o->model, row, &s));
	TRY(wishes_of(c, o, &s, is));
	TRY(read_clocks(c, o, id, &all));
	for (size_t i = 0; i < o->count && i < MOST_MEASURES; i++)
		TRY(review(c, set, o, i, &is[i], row, &all));
	*earliest = clock_earliest(all.rows, all.n);
	return 0;
}
