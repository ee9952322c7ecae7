/* See route.h. */
#include "engine/route/route.h"

#include <stdlib.h>
#include <string.h>

/* From fewer than so many nothing is foretold, a promise made of two would be a guess; what came at once says nothing of its pace. */
enum { SPAN_LEAST_MS = 300000, TAKEN_LEAST = 3 };

/* Order ------------------------------------------------------------------------------------------------------------------ */

static int by_turn(const void *left, const void *right)
{
	const struct route_waiting *a = *(const struct route_waiting *const *)left, *b = *(const struct route_waiting *const *)right;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (a->valued != b->valued)
		return a->valued ? -1 : 1;
	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

void route_order(const struct route_waiting *waiting, size_t n, size_t *out)
{
	ARENA_SCOPED a = arena_new();
	const struct route_waiting **all = ARENA_ARRAY(a, const struct route_waiting *, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = &waiting[i];
	qsort(all, n, sizeof(*all), by_turn);
	for (size_t i = 0; i < n; i++)
		out[i] = (size_t)(all[i] - waiting);
}

/* Fitting ---------------------------------------------------------------------------------------------------------------- */

static const struct route_queue *queue_of(const struct route_floor *f, int64_t id)
{
	for (size_t i = 0; i < f->queue_count; i++)
		if (f->queues[i].id == id)
			return &f->queues[i];
	return NULL;
}

static bool is_of(const struct route_agent *a, int64_t queue_id)
{
	for (size_t i = 0; queue_id && i < a->queue_count; i++)
		if (a->queues[i] == queue_id)
			return true;
	return false;
}

static int64_t level_of(const struct route_agent *a, int64_t topic)
{
	for (size_t i = 0; topic && i < a->skill_count; i++)
		if (a->skills[i].topic == topic)
			return a->skills[i].level;
	return 0;
}

static bool helps(const struct route_floor *f, const struct route_queue *q, const struct route_waiting *w, const struct route_agent *a)
{
	return q && q->overflow_id && f->now - w->since >= q->overflow_ms && is_of(a, q->overflow_id);
}

/* Beside room and readiness. */
static bool suits(const struct route_floor *f, const struct route_waiting *w, const struct route_agent *a)
{
	const struct route_queue *q = queue_of(f, w->queue_id);
	if ((w->not_agent && w->not_agent == a->id) || (!is_of(a, w->queue_id) && !helps(f, q, w, a)))
		return false;
	if (w->languages && !(w->languages & a->languages))
		return false;
	return !q || !w->topic || level_of(a, w->topic) >= q->skill_least;
}

bool route_fits(const struct route_floor *f, const struct route_waiting *w, const struct route_agent *a, int64_t load)
{
	return a->ready && load + w->weight <= a->most && suits(f, w, a);
}

/* She still waits for who served her last: somebody ready who suits, and has no room just now. */
static bool is_held(const struct route_floor *f, const struct route_waiting *w, const int64_t *loads)
{
	const struct route_queue *q = queue_of(f, w->queue_id);
	if (!w->last_agent || !q || f->now - w->since >= q->favour_ms)
		return false;
	for (size_t i = 0; i < f->agent_count; i++)
		if (f->agents[i].id == w->last_agent)
			return f->agents[i].ready && suits(f, w, &f->agents[i]) && loads[i] + w->weight > f->agents[i].most;
	return false;
}

/* Choosing --------------------------------------------------------------------------------------------------------------- */

/* Who served her last; who knows it best; who has most of her room free; who has been without one longest. */
static bool is_better(const struct route_waiting *w, const struct route_agent *a, int64_t a_load, const struct route_agent *b, int64_t b_load)
{
	if ((a->id == w->last_agent) != (b->id == w->last_agent))
		return a->id == w->last_agent;
	int64_t a_level = level_of(a, w->topic), b_level = level_of(b, w->topic);
	if (a_level != b_level)
		return a_level > b_level;
	int64_t left = a_load * b->most, right = b_load * a->most;
	if (left != right)
		return left < right;
	return a->idle_since != b->idle_since ? a->idle_since < b->idle_since : a->id < b->id;
}

static size_t best_for(const struct route_floor *f, const struct route_waiting *w, const int64_t *loads)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < f->agent_count; i++)
		if (route_fits(f, w, &f->agents[i], loads[i]) && (best == SIZE_MAX || is_better(w, &f->agents[i], loads[i], &f->agents[best], loads[best])))
			best = i;
	return best;
}

static int64_t *loads_of(struct arena *a, const struct route_floor *f)
{
	int64_t *loads = ARENA_ARRAY(a, int64_t, f->agent_count + 1);
	for (size_t i = 0; i < f->agent_count; i++)
		loads[i] = f->agents[i].load;
	return loads;
}

size_t route_assign(struct arena *a, const struct route_floor *f, struct route_pair *out)
{
	size_t n = 0, *order = ARENA_ARRAY(a, size_t, f->waiting_count + 1);
	int64_t *loads = loads_of(a, f);
	route_order(f->waiting, f->waiting_count, order);
	for (size_t i = 0; i < f->waiting_count; i++) {
		const struct route_waiting *w = &f->waiting[order[i]];
		size_t best = is_held(f, w, loads) ? SIZE_MAX : best_for(f, w, loads);
		if (best == SIZE_MAX)
			continue;
		loads[best] += w->weight;
		out[n++] = (struct route_pair){ order[i], best };
	}
	return n;
}

size_t route_next(struct arena *a, const struct route_floor *f, const struct route_agent *agent)
{
	size_t *order = ARENA_ARRAY(a, size_t, f->waiting_count + 1);
	int64_t *loads = loads_of(a, f);
	route_order(f->waiting, f->waiting_count, order);
	for (size_t i = 0; i < f->waiting_count; i++) {
		struct route_waiting w = f->waiting[order[i]];
		w.not_agent = w.not_agent == agent->id ? 0 : w.not_agent;       /* who asks for it herself may have it again */
		if (route_fits(f, &w, agent, agent->load) && (w.last_agent == agent->id || !is_held(f, &w, loads)))
			return order[i];
	}
	return SIZE_MAX;
}

int64_t route_look_at(const struct route_floor *f)
{
	int64_t at = INT64_MAX;
	for (size_t i = 0; i < f->waiting_count; i++) {
		const struct route_waiting *w = &f->waiting[i];
		const struct route_queue *q = queue_of(f, w->queue_id);
		int64_t overflow = q && q->overflow_id ? w->since + q->overflow_ms : 0, favour = q && w->last_agent ? w->since + q->favour_ms : 0;
		if (overflow > f->now && overflow < at)
			at = overflow;
		if (favour > f->now && favour < at)
			at = favour;
	}
	return at;
}

int64_t route_expected_ms(int64_t place, int64_t taken, int64_t span_ms)
{
	int64_t span = span_ms > SPAN_LEAST_MS ? span_ms : SPAN_LEAST_MS;
	return taken < TAKEN_LEAST || place < 1 ? -1 : place * span / taken;
}
