/* Queues for staff: what stands in one and why, putting a ticket elsewhere in it, taking the next. */
#include "domain/ticket/queue_api.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "domain/ticket/queue.h"
#include "domain/ticket/ticket.h"
#include "gen/queue_sql.h"

enum { LIMIT = 50, CURSOR_MOST = 60 };

/* The list ------------------------------------------------------------------------------------------------------------ */

static const struct choice kinds[] = { { "mine", "我的", "Mine" }, { "team", "小组等候", "Waiting for the team" }, { 0 } };

struct queue_in {
	const char *of, *after;
	int64_t team_id, limit;
};
static const struct member queue_members[] = {
	MEMBER(struct queue_in, of, code, .choices = kinds), MEMBER(struct queue_in, team_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct queue_in, after, code, .most = CURSOR_MOST), MEMBER(struct queue_in, limit, count, .most = LIST_LIMIT_MOST),
};
static const struct shape queue_shape = SHAPE("queue_query", struct queue_in, queue_members);

static struct queue_lists lists_of(const struct ctx *c, const struct queue_in *q)
{
	if (!text_equal(q->of, "team"))
		return queue_own(c->auth->user_id);
	return queue_waiting(q->team_id > 0 ? q->team_id : c->auth->team_id);
}

/* "place.id" of the last row of the page before. */
static int read_cursor(struct ctx *c, const char *after, const char **place, int64_t *id)
{
	place_number at;
	*place = "";
	*id = 0;
	if (text_empty(after))
		return 0;
	const char *dot = strchr(after, '.');
	*place = dot ? arena_string_n(c->arena, after, (size_t)(dot - after)) : "";
	long long no;
	if (!queue_place_read(*place, &at) || sscanf(dot + 1, "%18lld", &no) != 1)
		return fail_field(c, "after", ERR_FIELD_INVALID, NULL);
	*id = no;
	return 0;
}

/* The tickets in their order, those that the reader may see, and beside each who put it there. */
static int write_rows(struct ctx *c, const struct queue_page *page, struct text *t)
{
	struct ticket *ordered = ARENA_ARRAY(c->arena, struct ticket, page->n + 1);
	int64_t *people = ARENA_ARRAY(c->arena, int64_t, page->n + 1);
	struct titles names;
	size_t seen = 0;
	for (size_t i = 0; i < page->n; i++) {
		people[i] = page->entries[i].put_by;
		if (page->tickets[i])
			ordered[seen++] = *(const struct ticket *)page->tickets[i];
	}
	TRY(record_titles(c, &user_record, people, page->n, &names));
	text_append(t, "{\"items\":");
	TRY(record_json_list(c, &ticket_record, ordered, seen, t));
	text_append(t, ",\"places\":[");
	for (size_t i = 0; i < page->n; i++) {
		const struct queue_behind_row *e = &page->entries[i];
		const char *name = titles_find(&names, e->put_by);
		if (!page->tickets[i])
			continue;
		text_format(t, "%s{\"id\":\"%lld\",\"put_at\":%lld,\"put_by\":", t->p[t->n - 1] == '[' ? "" : ",", (long long)e->ticket_id, (long long)e->put_at);
		json_text(t, e->put_at ? name ? name : "" : NULL);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

/* How a team takes what waits for it, and which one the reader would get. */
static int write_taking(struct ctx *c, const struct queue_in *q, const struct queue_page *front, struct text *t)
{
	int64_t team_id = q->team_id > 0 ? q->team_id : c->auth->team_id;
	struct team team = { .take_by = "skill" };
	struct queue_next next = { 0 };
	bool there = true;
	if (team_id)
		TRY(record_look(c, &team_record, team_id, &team, &there));
	if (team_id == c->auth->team_id && may(c, "ticket.work"))
		TRY(queue_next(c, front, &next));
	text_append(t, ",\"take_by\":");
	json_text(t, there ? team.take_by : NULL);
	text_append(t, ",\"next_for_me\":");
	json_text(t, next.found ? arena_format(c->arena, "%lld", (long long)next.ticket.id) : NULL);
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	const struct queue_in *q = in;
	struct queue_lists lists = lists_of(c, q);
	int64_t limit = q->limit > 0 ? q->limit : LIMIT, id;
	struct queue_length_row length;
	struct queue_page page;
	const char *place;
	TRY(read_cursor(c, q->after, &place, &id));
	TRY(queue_page(c, lists, place, id, (size_t)limit, &page));
	TRY(queue_length(c, lists.id, lists.also, LIST_TOTAL_MOST + 1, &length));
	struct text t = text_in(c->arena);
	TRY(write_rows(c, &page, &t));
	text_append(&t, ",\"next\":");
	const struct queue_behind_row *last = page.more ? &page.entries[page.n - 1] : NULL;
	json_text(&t, last ? arena_format(c->arena, "%s.%lld", last->place, (long long)last->ticket_id) : NULL);
	if (text_equal(q->of, "team") && text_empty(q->after))
		TRY(write_taking(c, q, &page, &t));
	bool cut = length.n > LIST_TOTAL_MOST;
	text_format(&t, ",\"total\":%lld,\"total_more\":%s}", (long long)(cut ? LIST_TOTAL_MOST : length.n), cut ? "true" : "false");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Putting elsewhere --------------------------------------------------------------------------------------------------- */

struct place_in {
	int64_t id, behind_id, team_id;
	const char *was;
};
static const struct member place_members[] = {
	MEMBER(struct place_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct place_in, behind_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct place_in, team_id, ref, .flags = MEMBER_NULLABLE), MEMBER(struct place_in, was, code, .most = CURSOR_MOST),
};
static const struct shape place_shape = SHAPE("queue_place", struct place_in, place_members);

#define BY_ITSELF "self"
struct placed_out {
	const char *was;                /* gives the ticket back the place that it had; "self": none of its own */
	int64_t moved;
};
static const struct member placed_members[] = {
	MEMBER(struct placed_out, was, code, .flags = MEMBER_REQUIRED), MEMBER(struct placed_out, moved, count, .flags = MEMBER_REQUIRED),
};
static const struct shape placed_shape = SHAPE("queue_placed", struct placed_out, placed_members);

struct putting {
	struct queue_lists lists;
	int64_t id;
};

static int next_entries(struct ctx *c, const struct place_order *o, const struct placed *behind, struct placed *rows, size_t *n)
{
	const struct putting *p = o->self;
	struct queue_behind_row *found;
	TRY(queue_read(c, p->lists, queue_place_text(c->arena, behind->at), behind->id, PLACE_AHEAD, &found, n));
	for (size_t i = 0; i < *n; i++) {
		rows[i].id = found[i].ticket_id;
		if (!queue_place_read(found[i].place, &rows[i].at))
			return fail(c, ERR_INTERNAL, "place");
	}
	return 0;
}

/* What gives way keeps who put it there, or that nobody did. */
static int put_entry(struct ctx *c, const struct place_order *o, int64_t id, place_number at)
{
	const struct putting *p = o->self;
	const char *place = queue_place_text(c->arena, at);
	return id == p->id ? queue_put(c, id, place, p->lists.id, c->actor_id, c->now, NULL) : queue_shift(c, id, place, NULL);
}

static int find_entry(struct ctx *c, int64_t id, struct queue_entry *out, bool *there)
{
	struct queue_entry *rows;
	size_t n;
	TRY(queue_find(c, id, &rows, &n));
	*there = n > 0;
	if (n)
		*out = rows[0];
	return 0;
}

/* The list that a move is about: the ticket's own; of a ticket that waits for all teams, the one in which it is looked at. */
static struct queue_lists lists_at(const struct ctx *c, const struct queue_entry *e, int64_t looked_at)
{
	if (e->owner_id)
		return queue_own(e->owner_id);
	return queue_waiting(e->list_id ? e->list_id : looked_at > 0 ? looked_at : c->auth->team_id);
}

static int find_behind(struct ctx *c, const struct putting *p, int64_t id, struct placed *behind)
{
	struct queue_entry e;
	bool there;
	TRY(find_entry(c, id, &e, &there));
	if (!there || (e.list_id != p->lists.id && e.list_id != p->lists.also) || !queue_place_read(e.place, &behind->at))
		return fail_field(c, "behind_id", ERR_FIELD_REFERENCE, NULL);
	behind->id = id;
	return 0;
}

static int put_back(struct ctx *c, const struct putting *p, const struct ticket *t, const char *was)
{
	place_number at;
	if (text_equal(was, BY_ITSELF))
		return queue_put(c, t->id, queue_place_text(c->arena, queue_place(t)), 0, 0, 0, NULL);
	if (!queue_place_read(was, &at))
		return fail_field(c, "was", ERR_FIELD_INVALID, NULL);
	return queue_put(c, t->id, was, p->lists.id, c->actor_id, c->now, NULL);
}

static int put_behind(struct ctx *c, struct putting *p, int64_t behind_id, size_t *moved)
{
	const struct place_order order = { .self = p, .room = (place_number)1 << 15, .next = next_entries, .put = put_entry };
	struct placed behind = { 0 };
	if (behind_id > 0)
		TRY(find_behind(c, p, behind_id, &behind));
	return place_behind(c, &order, p->id, &behind, moved);
}

/* What is named has to be there for who names it, whatever becomes of it. */
static int check_named(struct ctx *c, const struct place_in *v)
{
	struct ticket behind;
	struct team team;
	if (v->behind_id > 0)
		TRY(record_named(c, &ticket_record, "behind_id", v->behind_id, &behind));
	return v->team_id > 0 ? record_named(c, &team_record, "team_id", v->team_id, &team) : 0;
}

/* whose 0: anybody's. */
static int place(struct ctx *c, const struct place_in *v, int64_t whose, struct placed_out *answer)
{
	struct queue_entry e;
	struct ticket t;
	bool there;
	size_t moved = 1;
	TRY(record_get(c, &ticket_record, v->id, &t));
	TRY(check_named(c, v));
	TRY(find_entry(c, v->id, &e, &there));
	TRY(require(c, there && (!whose || e.owner_id == whose), ERR_STATE, NULL));
	struct putting p = { lists_at(c, &e, v->team_id), t.id };
	if (!text_empty(v->was))
		TRY(put_back(c, &p, &t, v->was));
	else
		TRY(put_behind(c, &p, v->behind_id, &moved));
	answer->was = e.put_at ? e.place : BY_ITSELF;
	answer->moved = (int64_t)moved;
	return moved ? event_add(c, "ticket.placed", "ticket", t.id, "{}") : 0;
}

static int place_own(struct ctx *c, const void *in, void *out)
{
	return place(c, in, c->auth->user_id, out);
}

static int place_any(struct ctx *c, const void *in, void *out)
{
	return place(c, in, 0, out);
}

/* Taking the next ------------------------------------------------------------------------------------------------------ */

static int take(struct ctx *c, const void *in, void *out)
{
	static const char *const words[] = { [TAKEN] = "taken", [TAKEN_NONE] = "none", [TAKEN_AWAY] = "away" };
	struct queue_next next;
	enum taken taken;
	int64_t run;
	TRY(queue_take(c, &next, &taken, &run));
	struct text text = text_in(c->arena);
	text_append(&text, "{\"ticket\":");
	if (taken == TAKEN)
		TRY(record_json(c, &ticket_record, &next.ticket, &text));
	else
		text_append(&text, "null");
	text_format(&text, ",\"outcome\":\"%s\",\"run\":\"%lld\",\"ahead\":%lld}", words[taken], (long long)run, (long long)next.ahead);
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route queue_routes[] = {
	ROUTE(GET, "/api/v1/queue", "ticket.read", POOL, .in = &queue_shape, .out = &raw_shape, .run = list,
	      .zh = "队列：我的或小组等候的服务单", .en = "Queue: one's own, or what waits for a team"),
	ROUTE(POST, "/api/v1/ticket/{id}/place", "ticket.work", WRITE, .body = BODY_JSON, .in = &place_shape, .out = &placed_shape, .run = place_own,
	      .zh = "服务单：在我的待办里排到另一张之后", .en = "Ticket: put behind another one of one's own"),
	ROUTE(POST, "/api/v1/ticket/{id}/order", "ticket.order", WRITE, .body = BODY_JSON, .in = &place_shape, .out = &placed_shape, .run = place_any,
	      .zh = "服务单：在等候队列里排到另一张之后", .en = "Ticket: put behind another one that waits"),
	ROUTE(POST, "/api/v1/queue/take", "ticket.work", WRITE, .body = BODY_JSON, .out = &raw_shape, .run = take,
	      .zh = "队列：领取下一张", .en = "Queue: take the next one"),
};
const size_t queue_route_count = sizeof(queue_routes) / sizeof(queue_routes[0]);
