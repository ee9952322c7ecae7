/* Where vendors deliver what people write back and what became of ours. Their pushes are not signed: the address is the secret (16 random bytes), and nothing
 * that is believed opens anything: a message is taken in under the number that it says, and answers go to that number. */
#include <string.h>

#include "base/id.h"
#include "channel/sms/sms_arrive.h"
#include "core/api/delivery.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/sms/sms_private.h"
#include "engine/clean/clean.h"
#include "engine/language/language.h"
#include "gen/notify_sql.h"
#include "gen/sms_sql.h"

enum { DELIVERY_MOST = 256, SAME_NUMBER_MOST = 20 };
#define CHANNEL "sms"

struct brought {
	struct sms_opened k;
	struct sms_arrived *all;
	size_t n;
};

/* Messages ------------------------------------------------------------------------------------------------------------------ */

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
	const char *called = arena_format(c->arena, "短信 %s", clean.value + strlen(clean.value) - 4);
	TRY(customer_by_name(c, clean.value, &(struct newcomer){ .called = called, .channel = CHANNEL, .lang = language_of(m->text) }, &who, NULL));
	struct ctx hers = ctx_as_customer(c, who.customer_id);
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

static int take(struct ctx *c, void *delivery)
{
	const struct brought *b = ((struct delivery *)delivery)->own;
	struct ctx all = ctx_as_system(c);
	for (size_t i = 0; i < b->n; i++)
		TRY(b->all[i].is_report ? reported(&all, &b->k, &b->all[i]) : said(&all, &b->all[i]));
	return 0;
}

/* The way in ---------------------------------------------------------------------------------------------------------------- */

static int find(struct ctx *c, void *delivery)
{
	struct delivery *d = delivery;
	struct brought *b = d->own;
	struct sms_by_callback_row *rows;
	size_t n;
	TRY(sms_by_callback(c, delivery_callback(d), &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(sms_open(c, rows[0].id, &b->k));
	return text_equal(b->k.row.state, "on") && !b->k.row.archived_at ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static int read_all(struct delivery *d)
{
	struct brought *b = d->own;
	return sms_arrive_read(d->c->arena, b->k.row.kind, d->http->body, &b->all, &b->n) < 0 ? fail(d->c, ERR_BAD_REQUEST, "") : 0;
}

static void done(struct delivery *d)
{
	const char *answer = sms_arrive_answer(((struct brought *)d->own)->k.row.kind);
	http_reply_json(d->http, 200, answer, strlen(answer));
}

static void arrive(struct http_request *r, struct ctx *c)
{
	static const struct delivery_kind kind = { .own = sizeof(struct brought), .most = DELIVERY_MOST, .find = find, .read = read_all, .take = take, .done = done };
	delivery_begin(r, c, &kind);
}

const struct route sms_in_routes[] = {
	ROUTE(POST, "/api/v1/sms/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &delivery_shape, .raw = arrive,
	      .zh = "短信服务商：推送上行短信与状态报告", .en = "SMS vendors deliver messages and reports"),
};
const size_t sms_in_route_count = sizeof(sms_in_routes) / sizeof(sms_in_routes[0]);
