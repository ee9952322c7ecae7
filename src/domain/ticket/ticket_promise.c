/* What of tickets can be measured beside their clocks. */
#include "core/promise/promise.h"
#include "domain/customer/customer.h"
#include "domain/ticket/ticket.h"
#include "gen/ticket_sql.h"

/* How long a repair has to last, and how long one may take: beyond that a device is not looked back to. */
#define FIXED_MS (30 * DAY_MS)
#define REPAIR_MOST_MS (180 * DAY_MS)

/* Her file can be found again when she comes by another way: otherwise a second one begins. */
static int joined(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	struct customer customer;
	int r = customer_row_get(c, t->customer_id, &customer);
	if (r < 0)
		return r;
	out->counts = true;
	out->at = t->created_at;
	out->held = !customer.merged_into && (customer.phone.n || customer.email.n || !text_empty(customer.external_no));
	return 0;
}

/* A ticket that nobody answers counts from the moment it is overdue. */
static int response_time(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	time_ms late = promise_late(known, "first_response");
	late = late ? late : promise_late(known, "acceptance");
	out->open = !t->first_response_at;
	time_ms until = out->open ? late : t->first_response_at;
	out->counts = until >= t->created_at;
	out->value = until - t->created_at;
	out->at = t->created_at;
	return 0;
}

static int closed_loop(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	out->held = text_equal(t->state, "closed");
	out->counts = out->held || (ticket_is_open(t) && (t->reopen_count || promise_late(known, "solution")));
	out->at = t->created_at;
	return 0;
}

static int loop_time(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	bool closed = text_equal(t->state, "closed");
	time_ms until = closed ? t->closed_at : ticket_is_open(t) ? promise_late(known, "solution") : 0;
	out->open = !closed;
	out->counts = until >= t->created_at;
	out->value = until - t->created_at;
	out->at = t->created_at;
	return 0;
}

static int satisfied(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	out->counts = !text_empty(t->rating) && t->rated_at;
	out->held = text_equal(t->rating, "satisfied") || text_equal(t->rating, "mostly");
	out->at = t->rated_at;
	return 0;
}

/* Symptoms are ticked by whoever reports: without any it may be the same fault. */
static int is_same_fault(struct ctx *c, const char *a, const char *b, bool *same)
{
	const char *const *left, *const *right;
	size_t n, m;
	TRY(ticket_symptoms(c, a, &left, &n));
	TRY(ticket_symptoms(c, b, &right, &m));
	*same = !n || !m;
	for (size_t i = 0; i < n && !*same; i++)
		for (size_t k = 0; k < m && !*same; k++)
			*same = text_equal(left[i], right[k]);
	return 0;
}

/* A repair is good if nobody had to come again: not reopened, and the device not reported for the same fault within 30 days. Until they have
 * passed it counts as good so far. */
static int fixed_first(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct ticket *t = row;
	struct repairs_after_row *later;
	size_t n;
	out->counts = text_equal(t->scene, "repair") && t->device_id && t->solved_at;
	out->at = t->solved_at;
	out->held = !t->reopen_count;
	if (!out->counts || !out->held)
		return 0;
	TRY(repairs_after(c, t->device_id, t->solved_at, t->solved_at + FIXED_MS, &later, &n));
	for (size_t i = 0; i < n && out->held; i++) {
		bool same = false;
		if (later[i].id != t->id)
			TRY(is_same_fault(c, t->symptoms, later[i].symptoms, &same));
		out->held = !same;
	}
	return 0;
}

/* Earlier repairs of the same devices, of which a later report says that they did not last. */
static int kin(struct ctx *c, const int64_t *ids, size_t n, int64_t *out, size_t *count)
{
	struct repairs_before_row *rows;
	TRY(repairs_before(c, ids, n, REPAIR_MOST_MS, PROMISE_KIN, &rows, count));
	for (size_t i = 0; i < *count; i++)
		out[i] = rows[i].id;
	return 0;
}

/* Whether she can be recognised is said by her file. */
static int of_customers(struct ctx *c, const int64_t *ids, size_t n, int64_t *out, size_t *count)
{
	struct tickets_of_customers_row *rows;
	TRY(tickets_of_customers(c, ids, n, PROMISE_KIN, &rows, count));
	for (size_t i = 0; i < *count; i++)
		out[i] = rows[i].id;
	return 0;
}

static const struct promise_measure measures[] = {
	{ "joined",        L("客户可识别", "Customer can be recognised"), PROMISE_SHARE, joined },
	{ "response_time", L("首次响应用时", "Time to first response"), PROMISE_DURATION, response_time },
	{ "closed_loop",   L("闭环", "Closed loop"), PROMISE_SHARE, closed_loop },
	{ "loop_time",     L("关闭用时", "Time to closing"), PROMISE_DURATION, loop_time },
	{ "satisfied",     L("满意", "Satisfied"), PROMISE_SHARE, satisfied },
	{ "fixed_first",   L("一次修好", "Fixed the first time"), PROMISE_SHARE, fixed_first },
	{ 0 },
};

void ticket_parts(struct ctx *c, const struct ticket *t, int64_t *at)
{
	at[PART_REGION] = t->region_id;
	at[PART_PRODUCT] = t->product_id;
	at[PART_TEAM] = t->team_id;
	at[PART_AGENT] = t->owner_id;
	at[PART_CHANNEL] = promise_channel(ticket_channels, t->channel);
	at[PART_SYMPTOM] = ticket_fault(c, t);
}

static int place(struct ctx *c, const void *row, int64_t at[PART_COUNT])
{
	ticket_parts(c, row, at);
	return 0;
}

const struct promise_source ticket_promises = { .record = &ticket_record, .measures = measures, .place = place, .kin = kin, .channels = ticket_channels, .symptoms = ticket_fault_titles, .behind = &customer_record, .of_behind = of_customers };
