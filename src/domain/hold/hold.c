/* Holds as a record, placed and released by handlers of their own: each has a reason, and both are in the audit. */
#include "domain/hold/hold.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/retention/hold.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"

enum { REASON_LEAST = 2, REASON_MOST = 500 };

static const struct choice objects[] = { { "customer", "客户", "Customer" }, { "ticket", "服务单", "Ticket" }, { 0 } };

static const struct field fields[] = {
	CHOICE(legal_hold, object,       L("保全对象", "On"), .of = objects, .system = true, .fixed = true),
	REF   (legal_hold, customer_id,  L("客户", "Customer"), .to = &customer_record, .system = true, .fixed = true, .index = true),
	REF   (legal_hold, ticket_id,    L("服务单", "Ticket"), .to = &ticket_record, .system = true, .fixed = true, .index = true),
	TEXT  (legal_hold, reason,       L("理由", "Reason"), .system = true, .fixed = true, .required = true, .most = REASON_MOST, .search = true, .personal = true),
	TIME  (legal_hold, ends_at,      L("有效至", "In force until"), .system = true, .sort = true, .index = true),
	REF   (legal_hold, user_id,      L("设立人", "Placed by"), .to = &user_record, .system = true, .fixed = true),
	TIME  (legal_hold, released_at,  L("解除时间", "Released at"), .system = true),
	REF   (legal_hold, released_by,  L("解除人", "Released by"), .to = &user_record, .system = true),
	TEXT  (legal_hold, released_why, L("解除理由", "Why released"), .system = true, .most = REASON_MOST, .personal = true),
};

const struct record hold_record = {
	.name = "legal_hold", .label = L("法律保全", "Legal hold"), .plural = "Legal holds", .table = &table_legal_hold, FIELDS(fields), .title = { "reason" },
	.about = { "object", "object_id" }, .read_only = true, .no_import = true,
};

/* Placing ------------------------------------------------------------------------------------------------------------------ */

struct place_in {
	int64_t id, until;
	const char *reason;
};
static const struct member place_members[] = {
	MEMBER(struct place_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct place_in, reason, text, .flags = MEMBER_REQUIRED, .least = REASON_LEAST, .most = REASON_MOST),
	MEMBER(struct place_in, until, day, .flags = MEMBER_NULLABLE),  /* its last day in China; null: until it is released */
};
static const struct shape place_shape = SHAPE("legal_hold_place", struct place_in, place_members);

static int reply(struct ctx *c, const struct legal_hold *hold, void *out)
{
	struct text t = text_in(c->arena);
	TRY(record_json(c, &hold_record, hold, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* The row that is to be held, as far as the actor sees it; whose it is. */
static int find_row(struct ctx *c, const char *object, int64_t id, int64_t *customer_id)
{
	struct customer customer;
	struct ticket ticket;
	bool is_ticket = text_equal(object, "ticket");
	TRY(is_ticket ? record_get(c, &ticket_record, id, &ticket) : record_get(c, &customer_record, id, &customer));
	*customer_id = is_ticket ? ticket.customer_id : id;
	return 0;
}

static int place(struct ctx *c, const char *object, const struct place_in *v, void *out)
{
	bool open_end = v->until == NULL_INT || v->until == 0;
	struct legal_hold hold = {
		.tenant = c->tenant, .id = new_id(c), .object = object, .object_id = v->id, .reason = v->reason, .user_id = c->actor_id, .released_why = "",
		.ends_at = open_end ? FAR_FUTURE_MS : (v->until + 1) * DAY_MS - (int64_t)CHINA_MINUTES * MINUTE_MS,
	};
	TRY(find_row(c, object, v->id, &hold.customer_id));
	hold.ticket_id = text_equal(object, "ticket") ? v->id : 0;
	if (hold.ends_at <= c->now)
		return fail_field(c, "until", ERR_FIELD_PAST, NULL), c->error->code;
	TRY(record_insert(c, &hold_record, &hold));
	return reply(c, &hold, out);
}

static int place_on_customer(struct ctx *c, const void *in, void *out)
{
	return place(c, "customer", in, out);
}

static int place_on_ticket(struct ctx *c, const void *in, void *out)
{
	return place(c, "ticket", in, out);
}

/* Releasing ---------------------------------------------------------------------------------------------------------------- */

struct release_in {
	int64_t id, version;
	const char *reason;
};
static const struct member release_members[] = {
	MEMBER(struct release_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct release_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
	MEMBER(struct release_in, reason, text, .flags = MEMBER_REQUIRED, .least = REASON_LEAST, .most = REASON_MOST),
};
static const struct shape release_shape = SHAPE("legal_hold_release", struct release_in, release_members);

static int release(struct ctx *c, const void *in, void *out)
{
	const struct release_in *v = in;
	struct legal_hold old, hold;
	TRY(record_get(c, &hold_record, v->id, &hold));
	TRY(require(c, hold.ends_at > c->now, ERR_STATE, NULL));
	if (hold.version != v->version)
		return record_conflict(c, &hold_record, &hold);
	old = hold;
	hold.ends_at = hold.released_at = c->now;
	hold.released_by = c->actor_id;
	hold.released_why = v->reason;
	TRY(record_update(c, &hold_record, &old, &hold, "legal_hold.released", NULL, NULL));
	return reply(c, &hold, out);
}

/* Of a row ------------------------------------------------------------------------------------------------------------------ */

/* Whoever sees the row sees that it is held; why is for those who may read holds. */
static int list(struct ctx *c, const char *object, int64_t id, void *out)
{
	struct legal_hold *holds;
	struct text t = text_in(c->arena);
	int64_t customer_id;
	size_t n;
	TRY(find_row(c, object, id, &customer_id));
	TRY(hold_find(c, object, id, &holds, &n));
	text_append(&t, "{\"items\":");
	if (may(c, "legal_hold.read")) {
		TRY(record_json_list(c, &hold_record, holds, n, &t));
	} else {
		text_append(&t, "[");
		for (size_t i = 0; i < n; i++)
			text_format(&t, "%s{\"id\":\"%lld\",\"object\":\"%s\",\"customer_id\":\"%lld\",\"ticket_id\":%s}", i ? "," : "", (long long)holds[i].id, holds[i].object, (long long)holds[i].customer_id,
			            holds[i].ticket_id ? arena_format(c->arena, "\"%lld\"", (long long)holds[i].ticket_id) : "null");
		text_append(&t, "]");
	}
	text_append(&t, "}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int of_customer(struct ctx *c, const void *in, void *out)
{
	return list(c, "customer", ((const struct id_in *)in)->id, out);
}

static int of_ticket(struct ctx *c, const void *in, void *out)
{
	return list(c, "ticket", ((const struct id_in *)in)->id, out);
}

const struct route hold_routes[] = {
	ROUTE(POST, "/api/v1/customer/{id}/hold", "legal_hold.create", WRITE, .body = BODY_JSON, .in = &place_shape, .out = &raw_shape, .run = place_on_customer,
	      .zh = "客户：设立保全", .en = "Customer: place a legal hold"),
	ROUTE(POST, "/api/v1/ticket/{id}/hold", "legal_hold.create", WRITE, .body = BODY_JSON, .in = &place_shape, .out = &raw_shape, .run = place_on_ticket,
	      .zh = "服务单：设立保全", .en = "Ticket: place a legal hold"),
	ROUTE(GET, "/api/v1/customer/{id}/hold", "customer.read", POOL, .in = &id_shape, .out = &raw_shape, .run = of_customer,
	      .zh = "客户：有效的保全", .en = "Customer: legal holds in force"),
	ROUTE(GET, "/api/v1/ticket/{id}/hold", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = of_ticket,
	      .zh = "服务单：有效的保全", .en = "Ticket: legal holds in force"),
	ROUTE(POST, "/api/v1/legal_hold/{id}/release", "legal_hold.change", WRITE, .body = BODY_JSON, .in = &release_shape, .out = &raw_shape, .run = release,
	      .zh = "保全：解除", .en = "Legal hold: release"),
};
const size_t hold_route_count = sizeof(hold_routes) / sizeof(hold_routes[0]);
