/* Figures beside the file of a customer, so that whoever answers knows at a glance with whom she speaks. */
#include "domain/ticket/customer_value.h"

#include "base/clock.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "domain/customer/customer.h"
#include "gen/schema.h"
#include "gen/ticket_sql.h"

#define SPAN_MS (365 * DAY_MS)

struct value_out {
	int64_t since, devices, under_warranty, tickets, open, complaints, reopened, rated, satisfied, compensation_fen;
};
static const struct member value_members[] = {
	MEMBER(struct value_out, since, time_ms, .flags = MEMBER_REQUIRED), MEMBER(struct value_out, devices, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct value_out, under_warranty, count, .flags = MEMBER_REQUIRED), MEMBER(struct value_out, tickets, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct value_out, open, count, .flags = MEMBER_REQUIRED), MEMBER(struct value_out, complaints, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct value_out, reopened, count, .flags = MEMBER_REQUIRED), MEMBER(struct value_out, rated, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct value_out, satisfied, count, .flags = MEMBER_REQUIRED), MEMBER(struct value_out, compensation_fen, fen, .flags = MEMBER_REQUIRED),
};
static const struct shape value_shape = SHAPE("customer_value", struct value_out, value_members);

/* Whoever may read the file knows how often she called; what stands in those tickets is theirs who see them. */
static int value(struct ctx *c, const void *in, void *out)
{
	struct customer row;
	struct tenant tenant;
	struct customer_value_row n;
	TRY(record_get(c, &customer_record, ((const struct id_in *)in)->id, &row));
	TRY(tenant_row_get(c, &tenant));
	TRY(customer_value(c, row.id, c->now - SPAN_MS, day_of(c->now, (int)tenant.zone_minutes), &n));
	*(struct value_out *)out = (struct value_out){
		.since = c->now - SPAN_MS, .devices = n.devices, .under_warranty = n.under_warranty, .tickets = n.tickets, .open = n.open, .complaints = n.complaints,
		.reopened = n.reopened, .rated = n.rated, .satisfied = n.satisfied, .compensation_fen = may(c, "compensation.read") ? n.compensation_fen : 0,
	};
	return 0;
}

const struct route customer_value_routes[] = {
	ROUTE(GET, "/api/v1/customer/{id}/value", "customer.read", POOL, .in = &id_shape, .out = &value_shape, .run = value,
	      .zh = "客户：近 12 个月的概况", .en = "Customer: what the last twelve months came to"),
};
const size_t customer_value_route_count = sizeof(customer_value_routes) / sizeof(customer_value_routes[0]);
