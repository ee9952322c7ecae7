/* Where vendors deliver what people write back and what became of ours. Their pushes are not signed: the address is the secret (16 random bytes), and nothing
 * that is believed opens anything: a message is taken in under the number that it says, and answers go to that number. */
#include <string.h>

#include "base/id.h"
#include "channel/sms/sms_arrive.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/sms/sms_private.h"
#include "engine/clean/clean.h"
#include "gen/notify_sql.h"
#include "gen/sms_sql.h"

enum { DELIVERY_MOST = 256 * 1024, SAME_NUMBER_MOST = 20 };
#define CHANNEL "sms"

struct delivery {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	struct sms_opened k;
	struct sms_arrived *all;
	size_t n;
	struct write_request write;
};

/* Messages ------------------------------------------------------------------------------------------------------------------ */

static int add_customer(struct ctx *c, const char *number, struct customer *row)
{
	const struct record_model *m = model_of(c, &customer_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t called = field_index(m, "name"), kind = field_index(m, "kind"), source = field_index(m, "source");
	slots[called].text = arena_format(c->arena, "短信 %s", number + strlen(number) - 4);
	slots[kind].text = "visitor";
	slots[source].text = CHANNEL;
	return record_create(c, &customer_record, slots, UINT64_C(1) << called | UINT64_C(1) << kind | UINT64_C(1) << source, row);
}

static int know(struct ctx *c, const char *number, struct identity *who)
{
	struct customer customer;
	bool there;
	TRY(identity_find(c, CHANNEL, number, who, &there));
	if (there)
		return 0;
	TRY(add_customer(c, number, &customer));
	return identity_add(c, &(struct identity_new){ .channel = CHANNEL, .name = number, .customer_id = customer.id, .key = customer.key, .keeps_name = true }, who);
}

static int withdraw(struct ctx *c, int64_t customer)
{
	const struct record_model *m = model_of(c, &consent_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	struct consent *before, row;
	size_t n, whose = field_index(m, "customer_id"), purpose = field_index(m, "purpose"), state = field_index(m, "state"), source = field_index(m, "source");
	TRY(marketing_consent(c, customer, &before, &n));
	if (n && text_equal(before[0].state, "withdrawn"))
		return 0;
	slots[whose].i = customer;
	slots[purpose].text = "marketing";
	slots[state].text = "withdrawn";
	slots[source].text = CHANNEL;
	if (n)
		return record_change(c, &consent_record, before[0].id, before[0].version, slots, UINT64_C(1) << state | UINT64_C(1) << source, NULL, &row);
	return record_create(c, &consent_record, slots, UINT64_C(1) << whose | UINT64_C(1) << purpose | UINT64_C(1) << state | UINT64_C(1) << source, &row);
}

/* Of everybody whose number it is: who asks for no more offers must not get them because a number stands in two files. */
static int opt_out(struct ctx *c, const char *number, int64_t own)
{
	struct lookup_hit *hits;
	size_t n;
	TRY(withdraw(c, own));
	TRY(lookup_find_hits(c, LOOKUP_PHONE, number, "customer", SAME_NUMBER_MOST, &hits, &n));
	for (size_t i = 0; i < n; i++) {
		struct customer row;
		TRY(customer_row_get(c, hits[i].object_id, &row));
		if (row.id != own && !row.archived_at)
			TRY(withdraw(c, row.id));
	}
	return 0;
}

static int said(struct ctx *c, const struct sms_arrived *m)
{
	struct clean_phone clean;
	struct identity who;
	struct conversation k;
	int64_t no;
	if (clean_phone(c->arena, m->phone, &clean) < 0)
		return 0;
	TRY(know(c, clean.value, &who));
	struct ctx hers = *c;
	hers.actor_kind = ACTOR_CUSTOMER;
	hers.actor_id = who.customer_id;
	TRY(conversation_take_in(&hers, &(struct inbound){ .channel = CHANNEL, .external_id = m->name, .customer_id = who.customer_id, .text = m->text, .identity_id = who.id, .among = OF_IDENTITY }, &k, &no));
	return sms_opts_out(m->text) ? opt_out(c, clean.value, who.customer_id) : 0;
}

/* Reports ------------------------------------------------------------------------------------------------------------------- */

static int reported(struct ctx *c, const struct sms_opened *k, const struct sms_arrived *m)
{
	struct outbox row, *rows;
	struct error before = *c->error;
	int64_t id;
	size_t n = 0;
	if (*m->own_id && id_parse(m->own_id, &id) == 0) {
		int r = outbox_row_get(c, id, &row);
		if (r == 0 && text_equal(row.channel, "sms"))
			return outbox_reported(c, &row, m->arrived, m->code);
		error_take_back(c->error, &before);
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
	}
	if (!*m->serial)
		return 0;
	TRY(outbox_by_serial(c, m->serial, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].gateway_id == k->row.id)
			TRY(outbox_reported(c, &rows[i], m->arrived, m->code));
	return 0;
}

static int take(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	struct ctx all = ctx_as_system(c);
	for (size_t i = 0; i < d->n; i++)
		TRY(d->all[i].is_report ? reported(&all, &d->k, &d->all[i]) : said(&all, &d->all[i]));
	return 0;
}

/* The way in ---------------------------------------------------------------------------------------------------------------- */

static void refuse(struct delivery *d, int r)
{
	struct error *e = d->c->error;
	if (!e->code)
		e->code = r;
	http_reply_error(d->http, e);
}

static int find(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	struct sms_by_callback_row *rows;
	size_t n;
	const char *name = http_param(d->http, "callback");
	TRY(sms_by_callback(c, name ? name : "", &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(sms_open(c, rows[0].id, &d->k));
	return text_equal(d->k.row.state, "on") && !d->k.row.archived_at ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static void done(struct ctx *c, void *arg, int result)
{
	struct delivery *d = arg;
	const char *answer = sms_arrive_answer(d->k.row.kind);
	d->c->error = c->error;
	if (result < 0)
		return refuse(d, result);
	http_reply_json(d->http, 200, answer, strlen(answer));
}

static void work(void *arg)
{
	struct delivery *d = arg;
	int r = readers_run(d->readers, d->c, find, d);
	if (r == 0 && sms_arrive_read(d->c->arena, d->k.row.kind, d->http->body, &d->all, &d->n) < 0)
		r = fail(d->c, ERR_BAD_REQUEST, "");
	if (r == 0) {
		d->write = (struct write_request){ .run = take, .done = done, .arg = d, .queue = QUEUE_PEOPLE, .ctx = *d->c };
		r = writer_submit(d->c->services->writer, &d->write);
	}
	if (r < 0)
		refuse(d, r);
}

static void arrive(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct delivery *d = ARENA_NEW(c->arena, struct delivery);
	*d = (struct delivery){ .http = r, .c = c, .readers = api_readers(k) };
	int result = r->body.n > DELIVERY_MOST ? fail(c, ERR_TOO_LARGE, "256 KB") : pool_submit(api_pool(k), work, d);
	if (result < 0)
		refuse(d, result);
}

struct callback_in {
	const char *callback;
};
static const struct member callback_members[] = { MEMBER(struct callback_in, callback, code, .most = 64) };
static const struct shape callback_shape = SHAPE("sms_callback", struct callback_in, callback_members);

const struct route sms_in_routes[] = {
	ROUTE(POST, "/api/v1/sms/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &callback_shape, .raw = arrive,
	      .zh = "短信服务商：推送上行短信与状态报告", .en = "SMS vendors deliver messages and reports"),
};
const size_t sms_in_route_count = sizeof(sms_in_routes) / sizeof(sms_in_routes[0]);
