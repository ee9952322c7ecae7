/* One ticket taken over by another of the same customer, and given back. What people go on working with moves: tasks, proofs,
 * plans with what was given by them, conversations. What happened stays where it did: events, comments, files, links, who watches; it is
 * read of all that went into a ticket together. */
#include "core/auth/auth.h"
#include "core/clock/clocks.h"
#include "db/writer.h"
#include "domain/merge/merge.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/ticket_api.h"
#include "gen/merge_sql.h"
#include "gen/split_sql.h"

enum { MOST_STEPS = 20 };

int ticket_with_merged(struct ctx *c, int64_t ticket_id, int64_t *ids, size_t most, size_t *n)
{
	ids[0] = ticket_id;
	*n = 1;
	for (size_t i = 0; i < *n; i++) {
		struct merge *rows;
		size_t count;
		TRY(merges_into(c, "ticket", ids[i], &rows, &count));
		for (size_t k = 0; k < count && *n < most; k++)
			ids[(*n)++] = rows[k].loser_id;
	}
	return 0;
}

int ticket_current(struct ctx *c, struct ticket *t)
{
	for (int i = 0; t->archived_at && i < MOST_STEPS; i++) {
		struct merge *into;
		size_t n;
		TRY(merge_open_of(c, "ticket", t->id, &into, &n));
		int64_t next = n ? into[0].winner_id : 0;
		if (!n)
			TRY(split_of(c, t->id, &into, &n));
		if (!next && n && into[0].undone_at)
			next = into[0].loser_id;
		if (!next)
			return 0;
		TRY(ticket_row_get(c, next, t));
	}
	return 0;
}

/* Who waits for an answer there waits for it here; the parting knows by the note that it was not asked here. */
static int carry_wait(struct ctx *c, const struct merge *m, const struct ticket *loser, struct ticket *winner)
{
	if (!loser->waiting_since || winner->waiting_since)
		return 0;
	winner->waiting_since = loser->waiting_since;
	return merge_part_row_insert(c, &(struct merge_part){ .tenant = c->tenant, .merge_id = m->id, .part = "waiting", .object_id = loser->waiting_since });
}

/* Nobody answered it here, and nobody has to any more: no promise that was kept. */
static int give_wait_back(struct ctx *c, const struct merge *m, struct ticket *winner)
{
	struct merge_parts_of_row *waited;
	size_t n;
	TRY(merge_parts_of(c, m->id, "waiting", &waited, &n));
	if (!n || waited[0].object_id != winner->waiting_since)
		return 0;
	winner->waiting_since = 0;
	return clock_cancel(c, &ticket_record, winner->id, "next_response");
}

static int note_ticket_parts(struct ctx *c, int64_t merge, int64_t from)
{
	TRY(merge_note_tasks_of_ticket(c, merge, from, NULL));
	TRY(merge_note_proofs_of_ticket(c, merge, from, NULL));
	TRY(merge_note_plans_of_ticket(c, merge, from, NULL));
	return merge_note_talks_of_ticket(c, merge, from, NULL);
}

static int move_ticket_parts(struct ctx *c, int64_t merge, int64_t from, int64_t to)
{
	TRY(merge_move_tasks_of_ticket(c, merge, from, to, c->now, NULL));
	TRY(merge_move_proofs_of_ticket(c, merge, from, to, NULL));
	TRY(merge_move_grants_of_ticket(c, merge, from, to, NULL));
	TRY(merge_move_plans_of_ticket(c, merge, from, to, c->now, NULL));
	return merge_move_talks_of_ticket(c, merge, from, to, c->now, NULL);
}

/* Of one customer only: what one person wrote is nobody else's to read. */
static int put_away_ticket(struct ctx *c, const struct merge *m, const char *reason)
{
	struct ticket loser, winner;
	TRY(record_get(c, &ticket_record, m->winner_id, &winner));
	TRY(record_get(c, &ticket_record, m->loser_id, &loser));
	TRY(require(c, !winner.archived_at && !loser.archived_at, ERR_STATE, NULL));
	if (winner.customer_id != loser.customer_id)
		return fail_field(c, "from_id", ERR_MERGE_CUSTOMER, NULL), c->error->code;
	TRY(note_ticket_parts(c, m->id, loser.id));
	TRY(move_ticket_parts(c, m->id, loser.id, winner.id));
	struct ticket old = loser, was = winner;
	bool gains;
	TRY(merge_join_tags(c, &ticket_record, m, &loser, &winner, &gains));
	loser.archived_at = c->now;
	TRY(record_update(c, &ticket_record, &old, &loser, "ticket.merged", reason, merge_naming(c, "into", winner.id)));
	TRY(carry_wait(c, m, &loser, &winner));
	const char *data = arena_format(c->arena, "{\"from\":\"%lld\",\"no\":\"%s\"}", (long long)loser.id, loser.no);
	return merge_note_winner(c, &ticket_record, &was, &winner, gains || winner.waiting_since != was.waiting_since, "took_over", data);
}

static int bring_back_ticket(struct ctx *c, const struct merge *m)
{
	struct ticket loser, winner;
	struct merge *further;
	size_t n;
	TRY(record_get(c, &ticket_record, m->winner_id, &winner));
	TRY(record_get(c, &ticket_record, m->loser_id, &loser));
	TRY(merge_open_of(c, "ticket", winner.id, &further, &n));
	TRY(require(c, n == 0, ERR_STATE, NULL));       /* in reverse: what went on with the winner lies there */
	TRY(move_ticket_parts(c, m->id, winner.id, loser.id));
	struct ticket old = loser, was = winner;
	bool gives;
	TRY(merge_part_tags(c, &ticket_record, m, &winner, &gives));
	loser.archived_at = 0;
	TRY(record_update(c, &ticket_record, &old, &loser, "ticket.parted", NULL, merge_naming(c, "from", winner.id)));
	TRY(give_wait_back(c, m, &winner));
	bool differs = gives || winner.waiting_since != was.waiting_since;
	return merge_note_winner(c, &ticket_record, &was, &winner, differs, "gave_back", merge_naming(c, "to", loser.id));
}

static const struct member members[] = {
	MEMBER(struct merge_in, id, id, .flags = MEMBER_REQUIRED),
	{ .name = "ticket_id", .type = TYPE_id, .offset = offsetof(struct merge_in, from_id), .flags = MEMBER_REQUIRED },
	MEMBER(struct merge_in, reason, text, .most = 100),
};
static const struct shape merge_shape = SHAPE("ticket_merge", struct merge_in, members);

static int merge_ticket(struct ctx *c, const void *in, void *out)
{
	return merge_rows(c, &ticket_record, in, put_away_ticket, out);
}

static int part_ticket(struct ctx *c, const void *in, void *out)
{
	return merge_part_row(c, &ticket_record, ((const struct id_in *)in)->id, bring_back_ticket, out);
}

static int likely(struct ctx *c, const void *in, void *out)
{
	struct ticket *found, t;
	int64_t ids[MERGE_LIKELY];
	size_t n;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)in)->id, &t));
	TRY(ticket_likely_same(c, t.customer_id, t.id, t.device_id, MERGE_LIKELY, &found, &n));
	for (size_t i = 0; i < n; i++)
		ids[i] = found[i].id;
	return merge_show_likely(c, &ticket_record, ids, n, out);
}

const struct route ticket_merge_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/likely", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = likely,
	      .zh = "服务单：可能是同一件事", .en = "Ticket: what may be the same matter"),
	ROUTE(POST, "/api/v1/ticket/{id}/merge", "ticket.merge", WRITE, .body = BODY_JSON, .in = &merge_shape, .out = &raw_shape, .run = merge_ticket,
	      .zh = "服务单：并入另一张", .en = "Ticket: take another one over"),
	ROUTE(POST, "/api/v1/ticket/{id}/part", "ticket.merge", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = part_ticket,
	      .zh = "服务单：撤销合并", .en = "Ticket: come back out of a merge"),
};
const size_t ticket_merge_route_count = sizeof(ticket_merge_routes) / sizeof(ticket_merge_routes[0]);
