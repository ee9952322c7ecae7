/* Names of customers in channels as a record: read with the customer, written by whatever brings a message or a proof. */
#include "domain/customer/customer.h"
#include "domain/ticket/ticket.h"
#include "domain/visitor/visitor.h"

static const struct choice proofs[] = { { "code", "验证码", "One-time code" }, { "session", "客户登录", "Sign-in" }, { "system", "对接系统", "Another system" }, { "staff", "客服核对", "Staff asked" }, { 0 } };

static const struct field fields[] = {
	REF   (identity, customer_id, L("客户", "Customer"), .to = &customer_record, .system = true, .index = true),
	CHOICE(identity, channel,     L("渠道", "Channel"), .of = ticket_channels, .system = true, .fixed = true),
	TIME  (identity, verified_at, L("确认为本人", "Shown to be the customer"), .system = true),
	CHOICE(identity, verified_by, L("确认方式", "Shown by"), .of = proofs, .system = true),
};

const struct record identity_record = {
	.name = "identity", .label = L("渠道身份", "Name in a channel"), .plural = "Names in channels", .table = &table_identity, FIELDS(fields), .title = { "channel" },
	.key_of = "customer_id", .within = "customer_id", .read_only = true, .no_import = true,
};
