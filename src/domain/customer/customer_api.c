/* Erasing a person: hashes, words, files and messages go at once, the keys after COMMIT; what is left of her file names nobody. */
#include "domain/customer/customer_api.h"

#include "core/api/api.h"
#include "core/upkeep.h"
#include "gen/pii_sql.h"

struct erase_in {
	int64_t id;
	const char *reason;
};
static const struct member erase_members[] = {
	MEMBER(struct erase_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct erase_in, reason, text, .flags = MEMBER_REQUIRED, .least = 2, .most = 100),
};
static const struct shape erase_shape = SHAPE("customer_erase", struct erase_in, erase_members);

/* Counts of what was destroyed; state running until the keys are gone. */
struct erasures_out {
	struct list items;
};
static const struct member erasures_members[] = { MEMBER(struct erasures_out, items, list, .shape = &shape_erasure) };
static const struct shape erasures_shape = SHAPE("erasures", struct erasures_out, erasures_members);

static int list(struct ctx *c, int64_t id, struct erasures_out *out)
{
	struct erasure *rows;
	TRY(erasures_of(c, "customer", id, &rows, &out->items.n));
	out->items.at = rows;
	return 0;
}

int customer_erase(struct ctx *c, int64_t id, const char *reason, int64_t *erasure)
{
	TRY(upkeep_erase_person(c, "customer", id, reason, erasure));
	return event_add(c, "customer.erased", "customer", id, "{}");
}

static int erase(struct ctx *c, const void *in, void *out)
{
	const struct erase_in *order = in;
	struct customer customer;
	int64_t erasure;
	TRY(record_get(c, &customer_record, order->id, &customer));
	TRY(customer_erase(c, customer.id, order->reason, &erasure));
	return list(c, customer.id, out);
}

static int erasures(struct ctx *c, const void *in, void *out)
{
	const struct id_in *asked = in;
	struct customer customer;
	TRY(record_get(c, &customer_record, asked->id, &customer));
	return list(c, customer.id, out);
}

const struct route customer_routes[] = {
	ROUTE(POST, "/api/v1/customer/{id}/erase", "customer.erase", WRITE, .body = BODY_JSON, .in = &erase_shape, .out = &erasures_shape, .run = erase,
	      .zh = "客户：彻底删除个人信息", .en = "Customer: erase for good"),
	ROUTE(GET, "/api/v1/customer/{id}/erasure", "customer.read", POOL, .in = &id_shape, .out = &erasures_shape, .run = erasures,
	      .zh = "客户：删除证明", .en = "Customer: proof of erasure"),
};
const size_t customer_route_count = sizeof(customer_routes) / sizeof(customer_routes[0]);
