/* A ticket's place follows its row. */
#include "domain/ticket/queue.h"

#include <string.h>

#include "core/list/list.h"
#include "core/services.h"
#include "domain/ticket/ticket.h"
#include "gen/queue_sql.h"

struct queue_lists queue_own(int64_t user_id)
{
	return (struct queue_lists){ user_id, NO_LIST };
}

struct queue_lists queue_waiting(int64_t team_id)
{
	return (struct queue_lists){ team_id, team_id ? 0 : NO_LIST };
}

static bool comes_first(const struct queue_behind_row *a, const struct queue_behind_row *b)
{
	int order = strcmp(a->place, b->place);
	return order ? order < 0 : a->ticket_id < b->ticket_id;
}

int queue_read(struct ctx *c, struct queue_lists lists, const char *place, int64_t id, int64_t most, struct queue_behind_row **rows, size_t *n)
{
	struct queue_behind_row *own, *also = NULL;
	size_t own_n, also_n = 0, i = 0, k = 0;
	TRY(queue_behind(c, lists.id, place, id, most, &own, &own_n));
	if (lists.also != NO_LIST)
		TRY(queue_behind(c, lists.also, place, id, most, &also, &also_n));
	*rows = ARENA_ARRAY(c->arena, struct queue_behind_row, own_n + also_n + 1);
	for (*n = 0; *n < (size_t)most && i + k < own_n + also_n; (*n)++)
		(*rows)[*n] = k == also_n || (i < own_n && comes_first(&own[i], &also[k])) ? own[i++] : also[k++];
	return 0;
}

int queue_page(struct ctx *c, struct queue_lists lists, const char *place, int64_t id, size_t most, struct queue_page *out)
{
	*out = (struct queue_page){ 0 };
	TRY(queue_read(c, lists, place, id, (int64_t)most + 1, &out->entries, &out->n));
	out->more = out->n > most;
	out->n -= out->more;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		ids[i] = out->entries[i].ticket_id;
	out->tickets = ARENA_ARRAY(c->arena, const void *, out->n + 1);
	return list_rows_in_order(c, &ticket_record, ids, out->n, out->tickets);
}

/* Following ---------------------------------------------------------------------------------------------------------- */

static bool is_open(const struct ticket *t)
{
	static const char *const states[] = { "new", "accepted", "working", "waiting_customer" };
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]) && !t->archived_at; i++)
		if (text_equal(t->state, states[i]))
			return true;
	return false;
}

/* Since when it waits for a first answer; 0: it does not. */
static time_ms waits_since(const struct ticket *t)
{
	return t->first_response_at || text_equal(t->state, "waiting_customer") ? 0 : t->created_at;
}

static bool is_critical(const struct ticket *t)
{
	return text_equal(t->grade, "critical");
}

static bool stands_alike(const struct ticket *a, const struct ticket *b)
{
	return a->owner_id == b->owner_id && a->team_id == b->team_id && a->region_id == b->region_id && a->product_id == b->product_id &&
	       a->next_due_at == b->next_due_at && queue_band(a) == queue_band(b) && is_critical(a) == is_critical(b) && waits_since(a) == waits_since(b);
}

static int64_t list_of(const struct ticket *t)
{
	return t->owner_id ? t->owner_id : t->team_id;
}

/* A place goes with a ticket while it stays in the list in which it was given, and to whoever takes it out of its team's. */
static bool keeps_place(const struct queue_entry *e, const struct ticket *was, const struct ticket *t)
{
	if (!e->put_at || queue_band(was) != queue_band(t))
		return false;
	return e->put_in == list_of(t) || e->put_in == t->team_id || e->put_in == 0;
}

static int write_entry(struct ctx *c, const struct queue_entry *old, const struct ticket *was, const struct ticket *t)
{
	struct queue_entry e = {
		.tenant = c->tenant, .ticket_id = t->id, .list_id = list_of(t), .place = queue_place_text(c->arena, queue_place(t)), .owner_id = t->owner_id,
		.team_id = t->team_id, .region_id = t->region_id, .product_id = t->product_id, .due_at = t->next_due_at,
		.critical = is_critical(t), .waits_since = waits_since(t), .since = was && !was->archived_at ? c->now : t->created_at,
	};
	if (!old)
		return queue_entry_row_insert(c, &e);
	e.since = old->since;
	if (keeps_place(old, was, t)) {
		e.place = old->place;
		e.put_in = old->put_in;
		e.put_by = old->put_by;
		e.put_at = old->put_at;
	}
	return queue_entry_is(c, &(struct queue_entry_is_in){
		.ticket = t->id, .list = e.list_id, .place = e.place, .owner = e.owner_id, .team = e.team_id, .region = e.region_id, .product = e.product_id,
		.due = e.due_at, .critical = e.critical, .waits_since = e.waits_since, .put_in = e.put_in, .put_by = e.put_by, .put_at = e.put_at }, NULL);
}

int queue_follow(struct ctx *c, const struct ticket *was, const struct ticket *t)
{
	struct queue_entry *old;
	size_t n = 0;
	bool stood = was && is_open(was);
	if (!is_open(t))
		return stood ? queue_leave(c, t->id, NULL) : 0;
	if (stood && stands_alike(was, t))
		return 0;
	if (stood)
		TRY(queue_find(c, t->id, &old, &n));
	return write_entry(c, n ? old : NULL, was, t);
}
