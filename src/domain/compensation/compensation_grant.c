/* What was given: rows that other systems take by webhook and answer, and the device's longer warranty. */

#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/compensation/compensation.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"

static const struct choice kinds[] = {
	{ "warranty", "延长保修", "Longer warranty" }, { "coupon", "优惠券", "Coupon" }, { "refund", "退款", "Refund" }, { 0 },
};

static const struct choice states[] = {
	[GRANT_WAITING] = { "waiting", "待发放", "To be paid out", "hollow" },
	[GRANT_DONE]    = { "done", "已到账", "Done", "tick" },
	[GRANT_FAILED]  = { "failed", "未成功", "Failed", "dash" },
	{ 0 },
};

static const struct field fields[] = {
	REF   (compensation_grant, compensation_id, L("补偿方案", "Plan"), .to = &compensation_record, .required = true, .fixed = true, .index = true),
	REF   (compensation_grant, ticket_id,  L("服务单", "Ticket"), .to = &ticket_record, .required = true, .fixed = true, .index = true),
	CHOICE(compensation_grant, kind,       L("种类", "Kind"), .of = kinds, .required = true, .fixed = true),
	CHOICE(compensation_grant, state,      L("状态", "State"), .of = states, .initial = "waiting", .system = true, .index = true, .split = true),
	MONEY (compensation_grant, amount_fen, L("金额", "Amount"), .system = true),
	COUNT (compensation_grant, months,     L("月数", "Months"), .system = true),
	DAY   (compensation_grant, until,      L("保修至", "Warranty until"), .system = true),
	CODE  (compensation_grant, reference,  L("凭证号", "Reference"), .system = true),
	TIME  (compensation_grant, settled_at, L("到账时间", "Settled at"), .system = true),
};

const struct record grant_record = {
	.name = "compensation_grant", .label = L("补偿发放", "Grant"), .plural = "Grants", .table = &table_compensation_grant, FIELDS(fields),
	.title = { "kind" }, .within = "compensation_id", .flow = &grant_flow, .read_only = true, .no_import = true,
};

/* Giving ----------------------------------------------------------------------------------------------------------- */

static int give(struct ctx *c, const struct compensation *p, struct compensation_grant grant)
{
	bool at_once = grant.until != 0;
	grant.tenant = c->tenant;
	grant.id = new_id(c);
	grant.compensation_id = p->id;
	grant.ticket_id = p->ticket_id;
	grant.state = states[at_once ? GRANT_DONE : GRANT_WAITING].value;
	grant.settled_at = at_once ? c->now : 0;
	grant.reference = "";
	return record_insert(c, &grant_record, &grant);
}

/* Of a device that changed hands since nobody's warranty is made longer. */
static int lengthen(struct ctx *c, const struct compensation *p)
{
	struct device device, old;
	struct ticket t;
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	TRY(record_get(c, &ticket_record, p->ticket_id, &t));
	TRY(record_get(c, &device_record, p->device_id, &device));
	TRY(require(c, !device.archived_at && device.customer_id == t.customer_id, ERR_STATE, NULL));
	old = device;
	device.extended_until = plan_longer(device.warranty_until, day_of(c->now, (int)tenant.zone_minutes), p->warranty_months);
	TRY(record_update(c, &device_record, &old, &device, "device.warranty_extended", p->no, NULL));
	return give(c, p, (struct compensation_grant){ .kind = "warranty", .months = p->warranty_months, .until = device.extended_until });
}

int plan_carry_out(struct ctx *c, const struct compensation *p)
{
	if (p->warranty_months)
		TRY(lengthen(c, p));
	if (p->coupon_fen)
		TRY(give(c, p, (struct compensation_grant){ .kind = "coupon", .amount_fen = p->coupon_fen }));
	return p->refund_fen ? give(c, p, (struct compensation_grant){ .kind = "refund", .amount_fen = p->refund_fen }) : 0;
}

/* What became of it ------------------------------------------------------------------------------------------------- */

struct settle_in {
	const char *reference;
};
static const struct member settle_members[] = { MEMBER(struct settle_in, reference, code, .flags = MEMBER_REQUIRED, .least = 1, .most = 80) };
static const struct shape settle_shape = SHAPE("grant_settle", struct settle_in, settle_members);

static int settle(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct compensation_grant *g = row;
	g->reference = ((const struct settle_in *)act->in)->reference;
	g->settled_at = c->now;
	return 0;
}

static const struct move moves[] = {
	{ ON(GRANT_WAITING) | ON(GRANT_FAILED), "settle", GRANT_DONE, MOVER_USER, "compensation_grant.settle", L("已到账", "Settled"), .fields = &settle_shape, .primary = true, .effect = settle },
	{ ON(GRANT_WAITING), "fail", GRANT_FAILED, MOVER_USER, "compensation_grant.settle", L("未成功", "Failed"), REASON_REQUIRED },
};

const struct flow grant_flow = { .record = &grant_record, .state = "state", .states = states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]) };
