/* The copy is made in the pool into a file; before it goes the audit is told, and, where staff hands it out, who read all of it and why. */
#include "domain/customer/customer_handout.h"

#include "core/api/api.h"
#include "core/api/export_api.h"
#include "core/pii/handout.h"
#include "core/pii/pii.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "gen/schema.h"

struct handout_in {
	const char *format;             /* first, as every export's */
	int64_t id;
	const char *purpose;
};
static const struct choice formats[] = { { "json", "JSON", "JSON" }, { 0 } };
static const struct member staff_members[] = {
	MEMBER(struct handout_in, format, code, .flags = MEMBER_REQUIRED, .choices = formats), MEMBER(struct handout_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct handout_in, purpose, code, .flags = MEMBER_REQUIRED, .least = 2, .most = 100),
};
static const struct shape staff_shape = SHAPE("customer_handout", struct handout_in, staff_members);
static const struct member own_members[] = { MEMBER(struct handout_in, format, code, .flags = MEMBER_REQUIRED, .choices = formats) };
static const struct shape own_shape = SHAPE("my_handout", struct handout_in, own_members);

static int64_t whose(const struct ctx *c, const struct handout_in *in)
{
	return c->actor_kind == ACTOR_CUSTOMER ? c->auth->customer_id : in->id;
}

static int write_copy(struct ctx *c, const void *in, struct export_file *out)
{
	int64_t id = whose(c, in);
	struct customer customer;
	if (c->actor_kind != ACTOR_CUSTOMER)
		TRY(record_get(c, &customer_record, id, &customer));
	return handout_file(c, "customer", id, out);
}

static int tell(struct ctx *c, const void *in, const struct export_file *file)
{
	const struct handout_in *v = in;
	int64_t id = whose(c, v);
	if (c->actor_kind != ACTOR_CUSTOMER)
		TRY(pii_reading(c, "customer", id, "*", v->purpose));
	return event_add(c, "customer.handed_out", "customer", id, "{}");
}

/* A link to one ticket does not open everything. */
static void hand_out(struct http_request *r, struct ctx *c)
{
	if (c->actor_kind == ACTOR_CUSTOMER && c->auth->ticket_id) {
		c->error->code = ERR_FORBIDDEN;
		return http_reply_error(r, c->error);
	}
	export_send(r, c, "personal-data", write_copy, tell);
}

const struct route handout_routes[] = {
	ROUTE(GET, "/api/v1/customer/{id}/handout", "customer.handout", RAW, .in = &staff_shape, .raw = hand_out,
	      .zh = "客户：全部个人信息副本", .en = "Customer: a copy of everything that is held"),
	ROUTE(GET, "/api/v1/my/handout", FOR_CUSTOMER, RAW, .in = &own_shape, .raw = hand_out, .zh = "我的全部个人信息副本", .en = "A copy of everything that is held on me"),
};
const size_t handout_route_count = sizeof(handout_routes) / sizeof(handout_routes[0]);
