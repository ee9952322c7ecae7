/* What of conversations can be measured beside their clocks. */
#include "core/promise/promise.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"

enum { GOOD = 4 };      /* of 5 */

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
