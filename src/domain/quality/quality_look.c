/* What an inspection has to know of a conversation: what was said, what was put down, who gave it to whom. */
#include "domain/quality/quality.h"

#include <string.h>
#include <yyjson.h>

#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "gen/conversation_sql.h"
#include "gen/quality_sql.h"

enum { MESSAGES_LOOKED_AT = 1000 };

struct told {
	struct quality_events_row *rows;
	size_t n;
};

static bool is_kind(const struct quality_events_row *e, const char *what)
{
	return text_equal(e->kind + strlen("conversation."), what);
}

static int64_t number_of(const char *data)
{
	yyjson_doc *doc = yyjson_read(data, strlen(data), 0);
	int64_t no = yyjson_get_sint(yyjson_obj_get(yyjson_doc_get_root(doc), "no"));
	yyjson_doc_free(doc);
	return no;
}

/* What the system says of itself is no answer; what the bot says is. */
static enum quality_side side_of(const struct message *m, const int64_t *bots, size_t n)
{
	if (m->actor_kind == ACTOR_CUSTOMER)
		return SIDE_CUSTOMER;
	if (m->actor_kind == ACTOR_USER || m->actor_kind == ACTOR_TOKEN)
		return SIDE_STAFF;
	for (size_t i = 0; i < n; i++)
		if (bots[i] == m->no)
			return SIDE_BOT;
	return SIDE_AUTOMATIC;
}

static int look_messages(struct ctx *c, const struct conversation *k, const struct told *told, struct quality_look *out)
{
	struct message *rows;
	size_t n, bots = 0;
	int64_t *answers = ARENA_ARRAY(c->arena, int64_t, told->n + 1);
	for (size_t i = 0; i < told->n; i++)
		if (is_kind(&told->rows[i], "answered"))
			answers[bots++] = number_of(told->rows[i].data);
	TRY(messages_after(c, k->id, 0, MESSAGES_LOOKED_AT, &rows, &n));
	struct pii_field *opened = ARENA_ARRAY(c->arena, struct pii_field, n + 1);
	struct quality_message *m = ARENA_ARRAY(c->arena, struct quality_message, n + 1);
	for (size_t i = 0; i < n; i++)
		opened[i] = (struct pii_field){ .key = rows[i].key, .context = "message.body", .sealed = rows[i].body };
	if (n)
		TRY(pii_open_many(c, opened, n));
	for (size_t i = 0; i < n; i++) {
		m[i] = (struct quality_message){ .no = rows[i].no, .at = rows[i].at, .side = side_of(&rows[i], answers, bots), .is_public = text_equal(rows[i].visibility, "public"), .by = rows[i].actor_id, .text = opened[i].text };
		if (m[i].is_public && rows[i].actor_kind == ACTOR_USER)
			out->last_staff = rows[i].actor_id;
	}
	out->talk.messages = m;
	out->talk.n = n;
	return 0;
}

/* Its summary is written in the same instant; the giver's own words stand before it. Who takes it herself writes none. */
static const struct quality_message *summary_of(const struct quality_look *l, const struct quality_events_row *e)
{
	for (size_t i = 0; i < l->talk.n; i++) {
		const struct quality_message *m = &l->talk.messages[i];
		if (!m->is_public && m->at == e->at && m->by == e->actor_id && m->side == SIDE_STAFF)
			return m;
	}
	return NULL;
}

static void look_transfers(struct ctx *c, const struct told *told, struct quality_look *out)
{
	struct quality_transfer *t = ARENA_ARRAY(c->arena, struct quality_transfer, told->n + 1);
	out->talk.transfers = t;
	for (size_t i = 0; i < told->n; i++) {
		const struct quality_events_row *e = &told->rows[i];
		const struct quality_message *m = e->actor_kind == ACTOR_USER && !is_kind(e, "answered") && !is_kind(e, "ticketed") ? summary_of(out, e) : NULL;
		if (m)
			t[out->talk.transfer_count++] = (struct quality_transfer){ e->at, e->actor_id, !m->text || conversation_has_note(m->text) };
	}
}

static int look_done(struct ctx *c, const struct conversation *k, const struct told *told, struct quality_look *out)
{
	struct quality_tasks_row *tasks;
	struct quality_ticket_tasks_row *more = NULL;
	struct quality_tickets_row *tickets;
	size_t n, count = 0, made, all = 0;
	time_ms from = k->created_at - DAY_MS;
	TRY(quality_tasks(c, k->customer_id, from, &tasks, &n));
	if (k->ticket_id)
		TRY(quality_ticket_tasks(c, k->ticket_id, from, &more, &count));
	TRY(quality_tickets(c, k->customer_id, from, &tickets, &made));
	time_ms *done = ARENA_ARRAY(c->arena, time_ms, n + count + made + told->n + 1);
	for (size_t i = 0; i < n; i++)
		done[all++] = tasks[i].created_at;
	for (size_t i = 0; i < count; i++)
		done[all++] = more[i].created_at;
	for (size_t i = 0; i < made; i++)
		done[all++] = tickets[i].created_at;
	for (size_t i = 0; i < told->n; i++)
		if (is_kind(&told->rows[i], "ticketed"))
			done[all++] = told->rows[i].at;
	out->talk.done = done;
	out->talk.done_count = all;
	return 0;
}

static int look_hours(struct ctx *c, struct clock_set *set, const struct conversation *k, struct quality_look *out)
{
	struct chat_queue q;
	struct error before = *c->error;
	int r = k->queue_id ? chat_queue_row_get(c, k->queue_id, &q) : ERR_NOT_FOUND;
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	out->talk.hours = q.calendar_id ? clock_set_calendar(set, q.calendar_id) : NULL;
	return 0;
}

int quality_look(struct ctx *c, struct clock_set *set, const struct conversation *k, struct quality_look *out)
{
	struct told told;
	*out = (struct quality_look){ .talk = { .taken_at = k->taken_at, .closed_at = text_equal(k->state, "closed") ? k->closed_at : 0, .now = c->now } };
	TRY(quality_events(c, k->id, &told.rows, &told.n));
	TRY(look_messages(c, k, &told, out));
	TRY(look_done(c, k, &told, out));
	look_transfers(c, &told, out);
	return look_hours(c, set, k, out);
}
