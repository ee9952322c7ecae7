/* What a plan comes to, whether one person may approve it alone, and who else could: before it is submitted, and after. */
#include "base/json.h"
#include "core/api/api.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/compensation/compensation.h"
#include "domain/ticket/ticket.h"

struct ask_in {
	int64_t id, compensation_id, warranty_months, coupon_fen, refund_fen;
};
static const struct member ask_members[] = {
	MEMBER(struct ask_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct ask_in, compensation_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct ask_in, warranty_months, count, .most = 120),
	MEMBER(struct ask_in, coupon_fen, count, .most = 100000000),
	MEMBER(struct ask_in, refund_fen, count, .most = 100000000),
};
static const struct shape ask_shape = SHAPE("compensation_ask", struct ask_in, ask_members);

static int write_approvers(struct ctx *c, const struct ticket *t, const struct compensation *plan, struct text *out)
{
	struct plan_approver who[PLAN_APPROVERS];
	size_t n;
	TRY(plan_approvers(c, t, plan, who, &n));
	text_append(out, ",\"approvers\":[");
	for (size_t i = 0; i < n; i++) {
		json_named(out, i, who[i].id, who[i].name);
		text_char(out, '}');
	}
	text_char(out, ']');
	return 0;
}

static void write_sums(const struct plan_sums *sums, struct text *out)
{
	text_format(out, "\"total_fen\":%lld,\"ticket_fen\":%lld,\"alone_today_fen\":%lld,\"limit_fen\":%lld,\"day_limit_fen\":%lld",
	            (long long)sums->total, (long long)sums->on_ticket, (long long)sums->alone_today, (long long)sums->limit, (long long)sums->day_limit);
}

static int ask(struct ctx *c, const void *arg, void *out)
{
	const struct ask_in *in = arg;
	struct ticket t;
	struct plan_sums sums;
	struct text text = text_in(c->arena);
	TRY(record_get(c, &ticket_record, in->id, &t));
	struct compensation plan = {
		.id = in->compensation_id > 0 ? in->compensation_id : 0, .ticket_id = t.id,
		.warranty_months = in->warranty_months, .coupon_fen = in->coupon_fen, .refund_fen = in->refund_fen,
	};
	plan.total_fen = plan_total(&plan, setting_of(c, SETTING_COMPENSATION_MONTH));
	TRY(plan_sums_of(c, &plan, &sums));
	bool own = may(c, "compensation.approve") && !plan_needs_second(&sums);
	text_char(&text, '{');
	write_sums(&sums, &text);
	text_format(&text, ",\"needs_second\":%s", own ? "false" : "true");
	TRY(write_approvers(c, &t, NULL, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

/* Of a plan that is written down: whether whoever asks may approve it, and if not, why. */
static int approval(struct ctx *c, const void *arg, void *out)
{
	struct compensation plan;
	struct ticket t;
	struct plan_sums sums;
	struct text text = text_in(c->arena);
	TRY(record_get(c, &compensation_record, ((const struct id_in *)arg)->id, &plan));
	TRY(record_get(c, &ticket_record, plan.ticket_id, &t));
	TRY(plan_sums_of(c, &plan, &sums));
	bool hand = plan_has_hand(&plan, c->arena, plan_person(c)), over = plan_needs_second(&sums);
	bool able = c->actor_kind == ACTOR_USER && text_equal(plan.state, "proposed") && !t.archived_at && may(c, "compensation.approve") && !(hand && over);
	text_char(&text, '{');
	write_sums(&sums, &text);
	text_format(&text, ",\"over_limit\":%s,\"hand\":%s,\"may_approve\":%s", over ? "true" : "false", hand ? "true" : "false", able ? "true" : "false");
	TRY(write_approvers(c, &t, &plan, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route compensation_routes[] = {
	ROUTE(GET, "/api/v1/compensation/{id}/approval", "compensation.read", POOL, .in = &id_shape, .out = &raw_shape, .run = approval,
	      .zh = "补偿方案：谁能批准", .en = "Compensation: who may approve it"),
	ROUTE(GET, "/api/v1/ticket/{id}/compensation_ask", "compensation.create", POOL, .in = &ask_shape, .out = &raw_shape, .run = ask,
	      .zh = "补偿方案：提交前看合计与审批人", .en = "Compensation: sum and approvers before it is submitted"),
};
const size_t compensation_route_count = sizeof(compensation_routes) / sizeof(compensation_routes[0]);
