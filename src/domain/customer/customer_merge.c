/* One customer's file taken over by another, and given back: what names her changes hands by reference. What is sealed stays sealed with
 * the key it has; the keys are listed with the winner, so erasing him erases both. */
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "domain/customer/customer_api.h"
#include "domain/merge/merge.h"
#include "gen/merge_sql.h"

enum { MOST_STEPS = 20 };

int customer_current(struct ctx *c, struct customer *row)
{
	for (int i = 0; row->merged_into && i < MOST_STEPS; i++)
		TRY(customer_row_get(c, row->merged_into, row));
	return 0;
}

static int note_customer_parts(struct ctx *c, int64_t merge, int64_t from)
{
	TRY(merge_note_tickets(c, merge, from, NULL));
	TRY(merge_note_devices(c, merge, from, NULL));
	TRY(merge_note_contacts(c, merge, from, NULL));
	TRY(merge_note_addresses(c, merge, from, NULL));
	TRY(merge_note_consents(c, merge, from, NULL));
	TRY(merge_note_tasks(c, merge, from, NULL));
	TRY(merge_note_conversations(c, merge, from, NULL));
	TRY(merge_note_identities(c, merge, from, NULL));
	TRY(merge_note_bot_turns(c, merge, from, NULL));
	TRY(merge_note_calls(c, merge, from, NULL));
	TRY(merge_note_qualities(c, merge, from, NULL));
	return merge_note_keys(c, merge, from, NULL);
}

static int move_customer_parts(struct ctx *c, int64_t merge, int64_t from, int64_t to)
{
	TRY(merge_move_tickets(c, merge, from, to, c->now, NULL));
	TRY(merge_move_devices(c, merge, from, to, c->now, NULL));
	TRY(merge_move_contacts(c, merge, from, to, NULL));
	TRY(merge_move_addresses(c, merge, from, to, NULL));
	TRY(merge_move_consents(c, merge, from, to, NULL));
	TRY(merge_move_tasks(c, merge, from, to, c->now, NULL));
	TRY(merge_move_conversations(c, merge, from, to, c->now, NULL));
	TRY(merge_move_identities(c, merge, from, to, NULL));
	TRY(merge_move_bot_turns(c, merge, from, to, NULL));
	TRY(merge_move_calls(c, merge, from, to, c->now, NULL));
	TRY(merge_move_qualities(c, merge, from, to, NULL));
	return merge_move_keys(c, merge, from, to, NULL);
}

static int own_lookups(struct ctx *c, const struct customer *row)
{
	struct pii_field f[] = {
		{ row->key, "customer.phone", row->phone, NULL, 0 }, { row->key, "customer.email", row->email, NULL, 0 }, { row->key, "customer.name", row->name, NULL, 0 },
	};
	int64_t removed;
	TRY(pii_open_many(c, f, 3));
	TRY(lookup_remove(c, "customer", row->id, &removed));
	TRY(lookup_add(c, LOOKUP_PHONE, "customer", row->id, &f[0].text, 1));
	TRY(lookup_add(c, LOOKUP_EMAIL, "customer", row->id, &f[1].text, 1));
	return lookup_add(c, LOOKUP_NAME, "customer", row->id, &f[2].text, 1);
}

static int put_away_customer(struct ctx *c, const struct merge *m, const char *reason)
{
	struct customer loser, winner;
	TRY(record_get(c, &customer_record, m->winner_id, &winner));
	TRY(record_get(c, &customer_record, m->loser_id, &loser));
	TRY(require(c, !winner.archived_at && !loser.archived_at, ERR_STATE, NULL));
	TRY(note_customer_parts(c, m->id, loser.id));
	TRY(move_customer_parts(c, m->id, loser.id, winner.id));
	TRY(merge_lend_lookups(c, loser.id, winner.id, NULL));
	TRY(merge_sessions_end(c, loser.id, NULL));
	struct customer old = loser, was = winner;
	bool gains;
	TRY(merge_join_tags(c, &customer_record, m, &loser, &winner, &gains));
	loser.archived_at = c->now;
	loser.merged_into = winner.id;
	TRY(record_update(c, &customer_record, &old, &loser, "customer.merged", reason, merge_naming(c, "into", winner.id)));
	return merge_note_winner(c, &customer_record, &was, &winner, gains, "took_over", merge_naming(c, "from", loser.id));
}

/* What came in between of what goes back. */
static int follow_parts(struct ctx *c, time_ms since, int64_t from, int64_t to)
{
	TRY(merge_follow_tickets(c, from, to, since, c->now, NULL));
	TRY(merge_follow_files(c, from, to, NULL));
	TRY(merge_follow_bot_turns(c, from, to, NULL));
	TRY(merge_follow_qualities(c, from, to, NULL));
	TRY(merge_follow_calls(c, from, to, c->now, NULL));
	TRY(merge_follow_tasks(c, from, to, c->now, NULL));
	return merge_untie_talks(c, from, to, c->now, NULL);
}

/* Found by one's own values again, and by those of whom one has still taken over. */
static int give_lookups_back(struct ctx *c, const struct merge *m, const struct customer *winner)
{
	struct merge *others;
	size_t n;
	TRY(own_lookups(c, winner));
	TRY(merges_into(c, customer_record.name, winner->id, &others, &n));
	for (size_t i = 0; i < n; i++)
		if (others[i].id != m->id)
			TRY(merge_lend_lookups(c, others[i].loser_id, winner->id, NULL));
	return 0;
}

/* In reverse: tickets of hers that are merged with his are parted first. */
static int check_tickets(struct ctx *c, int64_t merge)
{
	struct merge_torn_tickets_row *torn;
	size_t n;
	TRY(merge_torn_tickets(c, merge, &torn, &n));
	return require(c, n == 0, ERR_MERGE_TICKETS, NULL);
}

static int bring_back_customer(struct ctx *c, const struct merge *m)
{
	struct customer loser, winner;
	TRY(record_get(c, &customer_record, m->winner_id, &winner));
	TRY(record_get(c, &customer_record, m->loser_id, &loser));
	TRY(require(c, !winner.merged_into && loser.merged_into == winner.id, ERR_STATE, NULL));
	TRY(check_tickets(c, m->id));
	TRY(move_customer_parts(c, m->id, winner.id, loser.id));
	TRY(follow_parts(c, m->at, winner.id, loser.id));
	TRY(give_lookups_back(c, m, &winner));
	struct customer old = loser, was = winner;
	bool gives;
	TRY(merge_part_tags(c, &customer_record, m, &winner, &gives));
	loser.archived_at = 0;
	loser.merged_into = 0;
	TRY(record_update(c, &customer_record, &old, &loser, "customer.parted", NULL, merge_naming(c, "from", winner.id)));
	return merge_note_winner(c, &customer_record, &was, &winner, gives, "gave_back", merge_naming(c, "to", loser.id));
}

static const struct member members[] = {
	MEMBER(struct merge_in, id, id, .flags = MEMBER_REQUIRED),
	{ .name = "customer_id", .type = TYPE_id, .offset = offsetof(struct merge_in, from_id), .flags = MEMBER_REQUIRED },
	MEMBER(struct merge_in, reason, text, .most = 100),
};
static const struct shape merge_shape = SHAPE("customer_merge", struct merge_in, members);

static int merge_customer(struct ctx *c, const void *in, void *out)
{
	return merge_rows(c, &customer_record, in, put_away_customer, out);
}

int customer_take_over(struct ctx *c, int64_t into, int64_t from, const char *reason)
{
	struct ctx all = *c;
	struct raw_out out;
	all.auth = NULL;                /* both files are read whoever asks; what is written stays hers */
	return merge_rows(&all, &customer_record, &(struct merge_in){ .id = into, .from_id = from, .reason = reason }, put_away_customer, &out);
}

static int part_customer(struct ctx *c, const void *in, void *out)
{
	return merge_part_row(c, &customer_record, ((const struct id_in *)in)->id, bring_back_customer, out);
}

static int likely(struct ctx *c, const void *in, void *out)
{
	struct customer_likely_same_row *found;
	struct customer customer;
	int64_t ids[MERGE_LIKELY];
	size_t n;
	TRY(record_get(c, &customer_record, ((const struct id_in *)in)->id, &customer));
	TRY(customer_likely_same(c, customer.id, MERGE_LIKELY, &found, &n));
	for (size_t i = 0; i < n; i++)
		ids[i] = found[i].object_id;
	return merge_show_likely(c, &customer_record, ids, n, out);
}

const struct route customer_merge_routes[] = {
	ROUTE(GET, "/api/v1/customer/{id}/likely", "customer.read", POOL, .in = &id_shape, .out = &raw_shape, .run = likely,
	      .zh = "客户：可能是同一位", .en = "Customer: who may be the same"),
	ROUTE(POST, "/api/v1/customer/{id}/merge", "customer.merge", WRITE, .body = BODY_JSON, .in = &merge_shape, .out = &raw_shape, .run = merge_customer,
	      .zh = "客户：并入另一位", .en = "Customer: take another's file over"),
	ROUTE(POST, "/api/v1/customer/{id}/part", "customer.merge", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = part_customer,
	      .zh = "客户：撤销合并", .en = "Customer: come back out of a merge"),
};
const size_t customer_merge_route_count = sizeof(customer_merge_routes) / sizeof(customer_merge_routes[0]);
