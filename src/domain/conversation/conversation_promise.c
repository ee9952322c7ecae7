/* What of conversations can be measured beside their clocks. */
#include "core/promise/promise.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"

enum { GOOD = 4, SOON_MS = 60 * SECOND_MS, SILENT_HOURS = 25 };  /* of 5; a day at least */

/* One that nobody answers counts from the moment it is late. What came outside of service hours is promised for the morning, by its task. */
static int response_time(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	out->open = !k->first_response_at;
	time_ms until = out->open ? promise_late(known, "first_response") : k->first_response_at;
	bool away;
	TRY(queue_was_closed(c, k->queue_id, k->asked_at, &away));
	out->counts = k->asked_at && !away && until >= k->asked_at;
	out->value = until - k->asked_at;
	out->at = k->asked_at;
	return 0;
}

/* Answered by a person before it ended; one that is still open counts once it is answered, or late. */
static int answered(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	out->held = k->first_response_at > 0;
	out->counts = k->asked_at && (out->held || text_equal(k->state, "closed") || promise_late(known, "first_response"));
	out->at = k->asked_at;
	return 0;
}

/* Taken by a person within a minute (A3). Who left sooner has not waited, who left later has, and so has who still waits. */
static int taken_soon(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	bool away, closed = text_equal(k->state, "closed");
	TRY(queue_was_closed(c, k->queue_id, k->asked_at, &away));
	time_ms late = k->asked_at + SOON_MS, until = k->taken_at ? k->taken_at : closed ? k->closed_at : c->now;
	if (!k->asked_at || away || until < k->asked_at)
		return 0;
	out->held = k->taken_at && until <= late;
	out->counts = k->taken_at || until > late;
	out->at = k->asked_at;
	out->look_at = k->taken_at || closed ? 0 : late + 1;
	return 0;
}

/* Customers leave a chat and do not end it: nothing was said for a day. Whole hours, so that a talk is looked at again once and not after each message. */
static time_ms silent_from(const struct conversation *k)
{
	return (k->last_at / HOUR_MS + SILENT_HOURS) * HOUR_MS;
}

/* The bot answered, and nobody else had to: over without a person, and she did not say that it was of no help (B2). What it did not
 * understand at all was no common question. */
static int bot_alone(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	struct bot_answers_of_row *turns;
	bool answered = false, solved = false, unsolved = false, person = k->asked_at || k->taken_at || k->first_response_at;
	size_t n;
	TRY(bot_answers_of(c, k->id, &turns, &n));
	for (size_t i = 0; i < n; i++) {
		answered |= text_equal(turns[i].did, "answer") || text_equal(turns[i].did, "own") || text_equal(turns[i].did, "tree") || text_equal(turns[i].did, "flow");
		if (!text_equal(turns[i].verdict, "solved") && !text_equal(turns[i].verdict, "unsolved"))
			continue;
		solved = text_equal(turns[i].verdict, "solved");
		unsolved = !solved;
	}
	bool over = person || solved || text_equal(k->state, "closed") || c->now >= silent_from(k);
	out->counts = answered && over;
	out->look_at = answered && !over ? silent_from(k) : 0;
	out->held = !person && !unsolved;
	out->at = k->created_at;
	return 0;
}

/* Somebody has recognised her, or she has shown who she is: what is said lies with all else of hers. */
static int joined(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	struct customer customer;
	TRY(customer_row_get(c, k->customer_id, &customer));
	out->counts = true;
	out->at = k->created_at;
	out->held = !customer.merged_into && !text_equal(customer.kind, "visitor");
	return 0;
}

static int of_customers(struct ctx *c, const int64_t *ids, size_t n, int64_t *out, size_t *count)
{
	struct conversations_of_customers_row *rows;
	TRY(conversations_of_customers(c, ids, n, PROMISE_KIN, &rows, count));
	for (size_t i = 0; i < *count; i++)
		out[i] = rows[i].id;
	return 0;
}

static int satisfied(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct conversation *k = row;
	out->counts = k->rating && k->rated_at;
	out->held = k->rating >= GOOD;
	out->at = k->rated_at;
	return 0;
}

static const struct promise_measure measures[] = {
	{ "chat_response_time", L("会话首次响应用时", "Time to first response"), PROMISE_DURATION, response_time },
	{ "answered",           L("会话接通", "Answered"), PROMISE_SHARE, answered },
	{ "taken_soon",         L("会话 60 秒内接起", "Taken within 60 s"), PROMISE_SHARE, taken_soon },
	{ "bot_alone",          L("智能客服独立解决", "Resolved by the bot alone"), PROMISE_SHARE, bot_alone },
	{ "joined",             L("会话归到客户", "Joined to a customer"), PROMISE_SHARE, joined },
	{ "satisfied",          L("会话满意", "Satisfied"), PROMISE_SHARE, satisfied },
	{ 0 },
};

static int place(struct ctx *c, const void *row, int64_t at[PART_COUNT])
{
	const struct conversation *k = row;
	at[PART_REGION] = k->region_id;
	at[PART_PRODUCT] = k->product_id;
	at[PART_TEAM] = k->team_id;
	at[PART_AGENT] = k->owner_id;
	at[PART_CHANNEL] = promise_channel(ticket_channels, k->channel);
	return 0;
}

const struct promise_source conversation_promises = { .record = &conversation_record, .measures = measures, .place = place, .channels = ticket_channels, .behind = &customer_record, .of_behind = of_customers };
