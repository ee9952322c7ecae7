/* Definition of the plan and its flow: who proposes, who approves, what happens when it is carried out. */
#include "domain/compensation/compensation.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "engine/redact/redact.h"
#include "gen/compensation_sql.h"

enum { MOST_FEN = 100000000, MOST_MONTHS = 120, MERGED = 20, KIN = 40 };

static const struct choice states[] = {
	[PLAN_PROPOSED]  = { "proposed", "待审批", "To be approved", "hollow" },
	[PLAN_APPROVED]  = { "approved", "已批准", "Approved", "half" },
	[PLAN_GRANTED]   = { "granted", "已执行", "Carried out", "tick" },
	[PLAN_DECLINED]  = { "declined", "未批准", "Declined", "dash" },
	[PLAN_WITHDRAWN] = { "withdrawn", "已撤回", "Withdrawn", "dash" },
	{ 0 },
};

int64_t plan_person(const struct ctx *c)
{
	return c->auth ? c->auth->user_id : 0;
}

bool plan_same_content(const struct compensation *a, const struct compensation *b)
{
	return a->device_id == b->device_id && a->warranty_months == b->warranty_months && a->coupon_fen == b->coupon_fen &&
	       a->refund_fen == b->refund_fen && text_equal(a->cause, b->cause);
}

/* Never another customer's. */
static int check_device(struct ctx *c, const struct ticket *t, struct compensation *p)
{
	struct device device;
	bool there;
	if (!p->device_id)
		return 0;
	TRY(record_look(c, &device_record, p->device_id, &device, &there));
	return there && device.customer_id == t->customer_id ? 0 : fail_field(c, "device_id", ERR_FIELD_REFERENCE, NULL);
}

static int check_content(struct ctx *c, struct compensation *p)
{
	struct ticket t;
	bool there;
	TRY(record_look(c, &ticket_record, p->ticket_id, &t, &there));
	if (!there)
		return 0;       /* reported as required or as a bad reference */
	TRY(require(c, !t.archived_at, ERR_STATE, NULL));
	TRY(check_device(c, &t, p));
	p->total_fen = plan_total(p, setting_of(c, SETTING_COMPENSATION_MONTH));
	return 0;
}

bool plan_has_hand(const struct compensation *p, struct arena *a, int64_t user)
{
	return strstr(p->hands, arena_format(a, " %lld ", (long long)user));
}

/* Whoever once had a hand in a plan is never its second person, whoever touched it after. */
static void add_hand(struct ctx *c, struct compensation *p)
{
	p->hands = text_empty(p->hands) ? " " : p->hands;
	if (!plan_has_hand(p, c->arena, plan_person(c)))
		p->hands = arena_format(c->arena, "%s%lld ", p->hands, (long long)plan_person(c));
}

/* What was approved is what was seen: a plan that is changed waits for approval anew. */
static int before(struct ctx *c, const void *old, void *row)
{
	const struct compensation *was = old;
	struct compensation *p = row;
	if (!was || !text_equal(was->cause, p->cause))
		p->cause = redact(c->arena, p->cause, strlen(p->cause), NULL);
	if (was && plan_same_content(was, p))
		return 0;
	if (was && !text_equal(was->state, states[PLAN_PROPOSED].value) && !text_equal(was->state, states[PLAN_APPROVED].value))
		return fail(c, ERR_STATE, NULL);
	if (!was)
		p->proposed_by = plan_person(c);
	p->changed_by = plan_person(c);
	add_hand(c, p);
	p->state = states[PLAN_PROPOSED].value;
	p->decided_by = p->decided_at = p->alone = 0;
	p->decision = "";
	return check_content(c, p);
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct compensation *was = old, *p = row;
	TRY(plan_tell(c, was, p));
	const char *what = !was ? "proposed" : !plan_same_content(was, p) ? "revised" : !text_equal(was->state, p->state) ? p->state : NULL;
	if (!what)
		return 0;
	const char *data = arena_format(c->arena, "{\"compensation_id\":\"%lld\",\"no\":\"%s\",\"total_fen\":%lld}", (long long)p->id, p->no, (long long)p->total_fen);
	return event_add(c, arena_format(c->arena, "ticket.compensation_%s", what), "ticket", p->ticket_id, data);
}

static const struct field fields[] = {
	CODE  (compensation, no,              L("方案编号", "Plan no."), .series = "CP", .system = true, .unique = true, .search = true),
	REF   (compensation, ticket_id,       L("服务单", "Ticket"), .to = &ticket_record, .required = true, .fixed = true, .index = true),
	CHOICE(compensation, state,           L("状态", "State"), .of = states, .initial = "proposed", .system = true, .index = true, .split = true),
	MONEY (compensation, total_fen,       L("合计", "Sum"), .system = true),
	COUNT (compensation, warranty_months, L("延保月数", "Months of warranty"), .most = MOST_MONTHS),
	REF   (compensation, device_id,       L("延保设备", "Device"), .to = &device_record, .index = true),
	MONEY (compensation, coupon_fen,      L("优惠券", "Coupon"), .most = MOST_FEN),
	MONEY (compensation, refund_fen,      L("退款", "Refund"), .most = MOST_FEN),
	TEXT  (compensation, cause,           L("理由", "Reason"), .personal = true, .required = true, .most = 500),
	REF   (compensation, approver_id,     L("请谁审批", "Approver asked"), .to = &user_record),
	REF   (compensation, proposed_by,     L("提出人", "Proposed by"), .to = &user_record, .system = true),
	REF   (compensation, changed_by,      L("最后修改人", "Last changed by"), .to = &user_record, .system = true, .hidden = true),
	REF   (compensation, decided_by,      L("审批人", "Decided by"), .to = &user_record, .system = true),
	TIME  (compensation, decided_at,      L("审批时间", "Decided at"), .system = true),
	TEXT  (compensation, decision,        L("审批意见", "Decision"), .personal = true, .system = true, .hidden = true),
	FLAG  (compensation, alone,           L("限额内自批", "Approved by its proposer"), .system = true, .hidden = true),
	REF   (compensation, granted_by,      L("执行人", "Carried out by"), .to = &user_record, .system = true, .hidden = true),
	TIME  (compensation, granted_at,      L("执行时间", "Carried out at"), .system = true, .hidden = true),
};

const struct record compensation_record = {
	.name = "compensation", .label = L("补偿方案", "Compensation plan"), .plural = "Compensation plans", .table = &table_compensation, FIELDS(fields),
	.title = { "no" }, .within = "ticket_id", .flow = &compensation_flow, .no_import = true, .before = before, .after = after,
};

/* Approval --------------------------------------------------------------------------------------------------------- */

int plan_sums_of(struct ctx *c, const struct compensation *p, struct plan_sums *out)
{
	int64_t tickets[KIN];
	size_t n;
	struct tenant tenant;
	struct plans_sum_row sum;
	struct plans_alone_sum_row alone;
	TRY(tenant_row_get(c, &tenant));
	TRY(ticket_with_merged(c, p->ticket_id, tickets, MERGED, &n));
	TRY(ticket_split_kin(c, tickets, KIN, &n));     /* a matter that was split is one matter to the limit */
	TRY(plans_sum(c, tickets, n, p->id, &sum));
	int64_t midnight = day_of(c->now, (int)tenant.zone_minutes) * DAY_MS - tenant.zone_minutes * 60 * SECOND_MS;
	TRY(plans_alone_sum(c, plan_person(c) ? plan_person(c) : p->id, midnight, p->id, &alone));
	*out = (struct plan_sums){
		.total = p->total_fen, .on_ticket = sum.fen, .alone_today = alone.fen,
		.limit = setting_of(c, SETTING_COMPENSATION_LIMIT), .day_limit = setting_of(c, SETTING_COMPENSATION_DAY),
	};
	return 0;
}

/* By somebody who is signed in: neither a rule nor a program approves. */
static int decide(struct ctx *c, const struct act *act, struct compensation *p)
{
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	p->decided_by = c->actor_id;
	p->decided_at = c->now;
	p->decision = act->reason ? redact(c->arena, act->reason, strlen(act->reason), NULL) : "";
	return 0;
}

/* One that gives nothing, or lengthens no device's warranty, may be written down, not approved. */
static int check_complete(struct ctx *c, const struct compensation *p)
{
	if (!p->warranty_months && !p->coupon_fen && !p->refund_fen)
		return fail_field(c, "coupon_fen", ERR_FIELD_REQUIRED, NULL);
	return p->warranty_months && !p->device_id ? fail_field(c, "device_id", ERR_FIELD_REQUIRED, NULL) : 0;
}

static int approve(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct compensation *p = row;
	struct plan_sums sums;
	struct ticket t;
	TRY(record_get(c, &ticket_record, p->ticket_id, &t));
	TRY(require(c, !t.archived_at, ERR_STATE, NULL));
	TRY(check_complete(c, p));
	TRY(decide(c, act, p));
	p->alone = plan_has_hand(p, c->arena, p->decided_by);
	TRY(plan_sums_of(c, p, &sums));
	return p->alone && plan_needs_second(&sums) ? fail(c, ERR_SECOND_PERSON, NULL) : 0;
}

static int decline(struct ctx *c, struct act *act, const void *old, void *row)
{
	return decide(c, act, row);
}

static int grant(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct compensation *p = row;
	p->granted_by = plan_person(c);
	p->granted_at = c->now;
	return plan_carry_out(c, p);
}

static const struct move moves[] = {
	{ ON(PLAN_PROPOSED), "approve", PLAN_APPROVED, MOVER_USER, "compensation.approve", L("批准", "Approve"), REASON_OPTIONAL, .primary = true, .effect = approve, .kept = true },
	{ ON(PLAN_PROPOSED), "decline", PLAN_DECLINED, MOVER_USER, "compensation.approve", L("不批准", "Decline"), REASON_REQUIRED, .effect = decline, .kept = true },
	{ ON(PLAN_APPROVED), "grant", PLAN_GRANTED, MOVER_USER, "compensation.change", L("执行", "Carry out"), .primary = true, .effect = grant },
	{ ON(PLAN_PROPOSED) | ON(PLAN_APPROVED), "withdraw", PLAN_WITHDRAWN, MOVER_USER, "compensation.change", L("撤回", "Withdraw"), REASON_REQUIRED },
};

const struct flow compensation_flow = { .record = &compensation_record, .state = "state", .states = states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]) };
