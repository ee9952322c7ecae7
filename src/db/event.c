/* Events and hooks of the running batch. Numbers are given at the very end, inside the transaction: another node may have
 * moved the counters since, and what is rolled back must not leave a gap. */
#include "db/batch.h"
#include "gen/schema.h"
#include "gen/writer_sql.h"

int event_add(struct ctx *c, const char *kind, const char *object, int64_t object_id, const char *data)
{
	return event_add_detail(c, kind, object, object_id, 0, data);
}

int event_add_detail(struct ctx *c, const char *kind, const char *object, int64_t object_id, int64_t detail, const char *data)
{
	struct batch *b = c->batch;
	if (!b || !c->tenant)
		return fail(c, ERR_INTERNAL, NULL);
	ARENA_GROW(b->arena, b->events, b->event_count, b->event_room);
	b->events[b->event_count++] = (struct event){
		.tenant = c->tenant,
		.lane = b->lane,
		.kind = arena_string(b->arena, kind),
		.object = arena_string(b->arena, object),
		.object_id = object_id,
		.at = c->now,
		.actor_kind = c->actor_kind,
		.actor_id = c->actor_id,
		.request_id = arena_string(b->arena, c->request_id ? c->request_id : ""),
		.data = arena_string(b->arena, data ? data : "{}"),
		.detail = detail,
		.area = "",
	};
	return 0;
}

void after_commit(struct ctx *c, void (*fn)(void *arg), void *arg)
{
	struct batch *b = c->batch;
	ARENA_GROW(b->arena, b->hooks, b->hook_count, b->hook_room);
	b->hooks[b->hook_count++] = (struct hook){ fn, arg };
}

/* Numbers and inserts the events of one company, in the order they were added. */
static int store_company(struct batch *b, struct ctx *c, int64_t tenant)
{
	struct event_numbers_take_row taken;
	int64_t count = 0;
	for (size_t i = 0; i < b->event_count; i++)
		count += b->events[i].tenant == tenant;
	c->tenant = tenant;
	TRY(db_set_tenant(b->db, tenant));
	TRY(event_numbers_take(c, count, &taken));
	int64_t no = taken.last - count;
	for (size_t i = 0; i < b->event_count; i++) {
		if (b->events[i].tenant != tenant)
			continue;
		b->events[i].no = ++no;
		if (b->mark)
			TRY(b->mark(b->mark_arg, c, &b->events[i]));
		TRY(event_row_insert(c, &b->events[i]));
	}
	return 0;
}

int batch_number_events(struct batch *b, struct ctx *c)
{
	struct lane_positions_take_row taken;
	if (!b->event_count)
		return 0;
	TRY(lane_positions_take(c, b->lane, (int64_t)b->event_count, &taken));
	for (size_t i = 0; i < b->event_count; i++)
		b->events[i].pos = taken.last - (int64_t)(b->event_count - 1 - i);
	for (size_t i = 0; i < b->event_count; i++)
		if (!b->events[i].no)
			TRY(store_company(b, c, b->events[i].tenant));
	return 0;
}
