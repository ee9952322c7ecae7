/* What the company holds on a customer, for herself to see and to put right (PIPL art 45, 46): her name, her mail, her addresses. The number
 * she signs in by is proven, and another one takes an agent. What was wrong is forgotten by look-ups and search; the history says that she
 * changed it. */
#include "domain/portal/portal_self.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "domain/customer/customer.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"

/* A link to one ticket shows that ticket, not the person. */
static int check_self(struct ctx *c, struct customer *row)
{
	TRY(require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL));
	return record_get(c, &customer_record, c->auth->customer_id, row);
}

static int write_sealed(struct ctx *c, struct text *t, const char *name, const char *context, int64_t key, struct bytes sealed)
{
	const char *text;
	TRY(pii_open(c, key, context, sealed, &text));
	text_format(t, ",\"%s\":", name);
	json_text(t, text ? text : "");
	return 0;
}

static int write_address(struct ctx *c, const struct address *a, struct text *t)
{
	text_format(t, "{\"id\":\"%lld\",\"version\":%lld,\"province\":", (long long)a->id, (long long)a->version);
	json_text(t, a->province);
	text_append(t, ",\"city\":");
	json_text(t, a->city);
	text_append(t, ",\"district\":");
	json_text(t, a->district);
	TRY(write_sealed(c, t, "street", "address.street", a->key, a->street));
	text_char(t, '}');
	return 0;
}

static int write_addresses(struct ctx *c, struct text *t)
{
	struct address *rows;
	size_t n;
	TRY(addresses_of_customer(c, c->auth->customer_id, &rows, &n));
	text_append(t, ",\"addresses\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? "," : "");
		TRY(write_address(c, &rows[i], t));
	}
	text_char(t, ']');
	return 0;
}

static int show(struct ctx *c, const void *in, void *out)
{
	struct customer row;
	const char *phone;
	struct text t = text_in(c->arena);
	TRY(check_self(c, &row));
	TRY(pii_open(c, row.key, "customer.phone", row.phone, &phone));
	text_format(&t, "{\"version\":%lld,\"phone\":", (long long)row.version);
	json_text(&t, mask(c->arena, MASK_PHONE, phone));
	TRY(write_sealed(c, &t, "name", "customer.name", row.key, row.name));
	TRY(write_sealed(c, &t, "email", "customer.email", row.key, row.email));
	TRY(write_addresses(c, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Putting right ------------------------------------------------------------------------------------------------------- */

struct wish {
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
};

/* NULL: as it is. */
static void wish_for(struct wish *w, const struct record_model *m, const char *name, const char *text)
{
	size_t i = field_index(m, name);
	if (!text)
		return;
	w->slots[i] = (struct slot){ .text = text };
	w->present |= UINT64_C(1) << i;
}

struct self_in {
	const char *name, *email;
	int64_t version;
};
static const struct member self_members[] = {
	MEMBER(struct self_in, name, code, .most = 100),
	MEMBER(struct self_in, email, code, .most = 200),
	MEMBER(struct self_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape self_shape = SHAPE("my_self_change", struct self_in, self_members);

static int change(struct ctx *c, const void *input, void *out)
{
	const struct self_in *in = input;
	const struct record_model *m = model_of(c, &customer_record);
	struct wish w = { 0 };
	struct customer row;
	TRY(check_self(c, &row));
	wish_for(&w, m, "name", in->name);
	wish_for(&w, m, "email", in->email);
	if (w.present)
		TRY(record_change(c, &customer_record, row.id, in->version, w.slots, w.present, NULL, &row));
	return show(c, NULL, out);
}

struct place_in {
	int64_t id, version;
	const char *province, *city, *district, *street;
};
static const struct member place_members[] = {
	MEMBER(struct place_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct place_in, province, code, .most = 40),
	MEMBER(struct place_in, city, code, .most = 40),
	MEMBER(struct place_in, district, code, .most = 40),
	MEMBER(struct place_in, street, code, .most = 200),
	MEMBER(struct place_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape place_shape = SHAPE("my_address_change", struct place_in, place_members);

static int her_address(struct ctx *c, int64_t id, struct address *row)
{
	struct customer self;
	TRY(check_self(c, &self));
	TRY(record_get(c, &address_record, id, row));
	return require(c, row->customer_id == self.id && !row->archived_at, ERR_NOT_FOUND, NULL);
}

static int show_address(struct ctx *c, const void *in, void *out)
{
	struct address row;
	struct text t = text_in(c->arena);
	TRY(her_address(c, ((const struct id_in *)in)->id, &row));
	TRY(write_address(c, &row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int change_address(struct ctx *c, const void *input, void *out)
{
	const struct place_in *in = input;
	const struct record_model *m = model_of(c, &address_record);
	struct wish w = { 0 };
	struct address row;
	TRY(her_address(c, in->id, &row));
	wish_for(&w, m, "province", in->province);
	wish_for(&w, m, "city", in->city);
	wish_for(&w, m, "district", in->district);
	wish_for(&w, m, "street", in->street);
	if (w.present)
		TRY(record_change(c, &address_record, row.id, in->version, w.slots, w.present, NULL, &row));
	return show(c, NULL, out);
}

const struct route portal_self_routes[] = {
	ROUTE(GET, "/api/v1/my/self", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = show, .zh = "我的信息", .en = "What is held on me"),
	ROUTE(PATCH, "/api/v1/my/self", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &self_shape, .out = &raw_shape, .run = change,
	      .zh = "更正我的信息", .en = "Put right what is held on me"),
	ROUTE(GET, "/api/v1/my/address/{id}", FOR_CUSTOMER, POOL, .in = &id_shape, .out = &raw_shape, .run = show_address, .zh = "我的地址", .en = "An address of mine"),
	ROUTE(PATCH, "/api/v1/my/address/{id}", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &place_shape, .out = &raw_shape, .run = change_address,
	      .zh = "更正我的地址", .en = "Put an address of mine right"),
};
const size_t portal_self_route_count = sizeof(portal_self_routes) / sizeof(portal_self_routes[0]);
