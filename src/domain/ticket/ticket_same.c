/* Tickets that look like one matter: offered on a ticket's page and while one is filed, until somebody says that they are not. */
#include "core/api/api.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/merge/merge.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/ticket_api.h"
#include "engine/clean/clean.h"
#include "engine/redact/redact.h"
#include "gen/link_sql.h"

#include <string.h>

enum { LOOK_AT = 30, OFFER = 3 };

/* Told apart, or linked: somebody has decided. */
static int decided(struct ctx *c, int64_t id, const struct ticket *found, size_t n, bool *out)
{
	int64_t ids[LOOK_AT] = { 0 };
	struct merge_apart apart;
	struct ticket_link *links;
	size_t link_count;
	for (size_t i = 0; i < n; i++)
		ids[i] = found[i].id;
	TRY(merge_apart_from(c, &ticket_record, &id, 1, &apart));
	TRY(links_between(c, &id, 1, ids, n, &links, &link_count));
	for (size_t i = 0; i < n; i++) {
		out[i] = merge_are_apart(&apart, id, ids[i]);
		for (size_t k = 0; k < link_count; k++)
			out[i] |= links[k].from_id == ids[i] || links[k].to_id == ids[i];
	}
	return 0;
}

static int offer(struct ctx *c, const struct ticket *t, void *out)
{
	struct ticket *found;
	int64_t ids[OFFER];
	size_t n, count = 0;
	bool done[LOOK_AT] = { false };
	TRY(open_tickets_of_customer(c, t->customer_id, t->id, LOOK_AT, &found, &n));
	if (t->id && n)
		TRY(decided(c, t->id, found, n, done));
	for (size_t i = 0; i < n && count < OFFER; i++)
		if (!done[i] && ticket_looks_same(t, &found[i]))
			ids[count++] = found[i].id;
	return merge_show_likely(c, &ticket_record, ids, count, out);
}

static int same_as(struct ctx *c, const void *in, void *out)
{
	struct ticket t;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)in)->id, &t));
	if (t.archived_at || !ticket_is_open(&t))
		return merge_show_likely(c, &ticket_record, NULL, 0, out);
	return offer(c, &t, out);
}

struct filing_in {
	int64_t customer_id, device_id, product_id;
	const char *scene, *text;
};

/* What is typed comes in a body: words of a person belong in no address. */
static int same_as_filed(struct ctx *c, const void *in, void *out)
{
	const struct filing_in *v = in;
	struct customer customer;
	struct device device;
	struct product product;
	TRY(record_get(c, &customer_record, v->customer_id, &customer));
	if (v->device_id > 0)   /* nobody learns of what is not hers to see by what looks the same */
		TRY(record_named(c, &device_record, "device_id", v->device_id, &device));
	if (v->product_id > 0)
		TRY(record_named(c, &product_record, "product_id", v->product_id, &product));
	const char *text = v->text ? v->text : "";
	const struct ticket t = {
		.customer_id = customer.id, .device_id = v->device_id > 0 ? v->device_id : 0, .product_id = v->product_id > 0 ? v->product_id : 0, .scene = v->scene,
		.title = ticket_title(c->arena, clean_text(c->arena, redact(c->arena, text, strlen(text), NULL)), NULL, ""),
	};
	return offer(c, &t, out);
}

struct apart_in {
	int64_t id, ticket_id, on;
};

static int not_same(struct ctx *c, const void *in, void *out)
{
	const struct apart_in *v = in;
	struct ticket t, other;
	TRY(record_get(c, &ticket_record, v->id, &t));
	TRY(record_get(c, &ticket_record, v->ticket_id, &other));
	TRY(merge_tell_apart(c, &ticket_record, t.id, other.id, v->on));
	return offer(c, &t, out);
}

static const struct member filing_members[] = {
	MEMBER(struct filing_in, customer_id, id, .flags = MEMBER_REQUIRED), MEMBER(struct filing_in, device_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct filing_in, product_id, ref, .flags = MEMBER_NULLABLE), MEMBER(struct filing_in, scene, code, .flags = MEMBER_REQUIRED, .choices = ticket_scenes),
	MEMBER(struct filing_in, text, text, .most = 4000),
};
static const struct shape filing_shape = SHAPE("ticket_filing", struct filing_in, filing_members);
static const struct member apart_members[] = {
	MEMBER(struct apart_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct apart_in, ticket_id, id, .flags = MEMBER_REQUIRED),
	{ .name = "on", .type = TYPE_flag, .offset = offsetof(struct apart_in, on), .flags = MEMBER_REQUIRED },
};
static const struct shape apart_shape = SHAPE("ticket_not_same", struct apart_in, apart_members);

const struct route ticket_same_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/same", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = same_as,
	      .zh = "服务单：看起来是同一件事", .en = "Ticket: what looks like the same matter"),
	ROUTE(POST, "/api/v1/ticket/same", "ticket.create", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &filing_shape, .out = &raw_shape, .run = same_as_filed,
	      .zh = "服务单：新建时看起来是同一件事", .en = "Ticket: what looks like the one being filed"),
	ROUTE(POST, "/api/v1/ticket/{id}/not_same", "ticket.work", WRITE, .body = BODY_JSON, .in = &apart_shape, .out = &raw_shape, .run = not_same,
	      .zh = "服务单：不是同一件事", .en = "Ticket: not the same matter"),
};
const size_t ticket_same_route_count = sizeof(ticket_same_routes) / sizeof(ticket_same_routes[0]);
