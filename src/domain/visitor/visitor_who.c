/* Whose conversation it may be, of one that came by a name nobody has been recognised by: customers on file to whom something leads that came with it,
 * for whoever has it to ask, and her answer. Nothing is joined by itself: a number can be forged and handed on, a device sold, a parcel's label read by others.
 *
 * What is joined opens nothing to the customer (docs/adr/0049, 0054): her name in the channel stays unproven until she proves it herself. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/visitor/visitor.h"
#include "engine/clean/clean.h"
#include "engine/retrieve/slots.h"
#include "gen/conversation_sql.h"
#include "gen/portal_sql.h"
#include "gen/visitor_sql.h"

enum { LIKELY_MOST = 5, SAME_NUMBER_MOST = 5, SAID_MOST = 60 };

/* What leads to a customer, by bit. */
enum { BY_NUMBER, BY_PHONE, BY_EMAIL, BY_ORDER, BY_DEVICE, WAYS };
static const struct choice ways[WAYS + 1] = {
	[BY_NUMBER] = { "number", "来信或来电的号码", "the number it came from" },
	[BY_PHONE] = { "phone", "提供的手机号", "the phone number given" },
	[BY_EMAIL] = { "email", "来信的邮箱", "the mail address it came from" },
	[BY_ORDER] = { "order", "提供的服务单号", "the ticket number given" },
	[BY_DEVICE] = { "device", "提供的机身序列号", "the serial number given" },
	{ 0 },
};

struct likely {
	int64_t own;                    /* the file that it has */
	struct { struct customer row; unsigned by; } at[LIKELY_MOST];
	size_t n;
};

/* Finding ------------------------------------------------------------------------------------------------------------------ */

/* Of whom the actor may know. */
static int add(struct ctx *c, struct likely *l, int64_t id, int way)
{
	struct customer row;
	bool there;
	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].row.id == id) {
			l->at[i].by |= 1u << way;
			return 0;
		}
	if (!id || id == l->own || l->n == LIKELY_MOST)
		return 0;
	TRY(record_look(c, &customer_record, id, &row, &there));
	if (there && !row.archived_at) {
		l->at[l->n].row = row;
		l->at[l->n++].by = 1u << way;
	}
	return 0;
}

static int add_on_file(struct ctx *c, struct likely *l, enum lookup_kind kind, const char *text, int way)
{
	struct lookup_hit *hits;
	size_t n;
	TRY(lookup_find_hits(c, kind, text, "customer", SAME_NUMBER_MOST, &hits, &n));
	for (size_t i = 0; i < n; i++)
		TRY(add(c, l, hits[i].object_id, way));
	return 0;
}

/* Of whom it is a contact: somebody of the household, or what a visitor said of herself. */
static int add_contacts(struct ctx *c, struct likely *l, const char *number, int way)
{
	struct lookup_hit *hits;
	size_t n;
	TRY(lookup_find_hits(c, LOOKUP_PHONE, number, "contact", SAME_NUMBER_MOST, &hits, &n));
	for (size_t i = 0; i < n; i++) {
		struct contact row;
		TRY(contact_row_get(c, hits[i].object_id, &row));
		if (!row.archived_at)
			TRY(add(c, l, row.customer_id, way));
	}
	return 0;
}

/* Those in whose file it stands, and those who write or call by it. */
static int add_by_phone(struct ctx *c, struct likely *l, const char *text, int way)
{
	static const char *const channels[] = { "phone", "sms" };
	struct clean_phone number;
	struct identity who;
	bool there;
	if (text_empty(text) || clean_phone(c->arena, text, &number) < 0)
		return 0;
	TRY(add_on_file(c, l, LOOKUP_PHONE, number.value, way));
	TRY(add_contacts(c, l, number.value, way));
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
		TRY(identity_find(c, channels[i], number.value, &who, &there));
		if (there)
			TRY(add(c, l, who.customer_id, way));
	}
	return 0;
}

static int add_by_serial(struct ctx *c, struct likely *l, const char *serial)
{
	struct device *rows;
	size_t n;
	TRY(device_by_serial(c, serial, &rows, &n));
	return n ? add(c, l, rows[0].customer_id, BY_DEVICE) : 0;
}

/* Two letters and figures may be either number. */
static int add_by_order(struct ctx *c, struct likely *l, const char *order)
{
	struct visitor_ticket_named_row *rows;
	size_t n;
	TRY(visitor_ticket_named(c, order, &rows, &n));
	return n ? add(c, l, rows[0].customer_id, BY_ORDER) : add_by_serial(c, l, order);
}

static int add_by_words(struct ctx *c, struct likely *l, const char *text)
{
	struct slots named;
	slots_of(c->arena, NULL, 0, text, "", &named);
	TRY(add_by_phone(c, l, named.phone, BY_PHONE));
	if (*named.order)
		TRY(add_by_order(c, l, named.order));
	return *named.serial ? add_by_serial(c, l, named.serial) : 0;
}

static int add_by_said(struct ctx *c, struct likely *l, const struct conversation *k)
{
	struct message *rows;
	const char **texts;
	size_t n;
	TRY(conversation_public_messages(c, k, SAID_MOST, &rows, &texts, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].actor_kind == ACTOR_CUSTOMER)
			TRY(add_by_words(c, l, texts[i]));
	return 0;
}

/* The name by which it came, where that is a number or an address. */
static int add_by_name(struct ctx *c, struct likely *l, const struct conversation *k)
{
	struct identity who;
	const char *name, *mail;
	if (!k->identity_id)
		return 0;
	TRY(identity_row_get(c, k->identity_id, &who));
	TRY(pii_open(c, who.key, "identity.name", who.name, &name));
	if (text_equal(k->channel, "sms") || text_equal(k->channel, "phone"))
		return add_by_phone(c, l, name, BY_NUMBER);
	return !text_empty(name) && text_equal(k->channel, "mail") && clean_mail(c->arena, name, &mail) == 0 ? add_on_file(c, l, LOOKUP_EMAIL, mail, BY_EMAIL) : 0;
}

/* What she filled in before the chat. */
static int add_by_form(struct ctx *c, struct likely *l)
{
	struct visitor_contacts_row *there;
	struct contact row;
	const char *phone;
	size_t n;
	TRY(visitor_contacts(c, l->own, &there, &n));
	if (!n)
		return 0;
	TRY(contact_row_get(c, there[0].id, &row));
	TRY(pii_open(c, row.key, "contact.phone", row.phone, &phone));
	return add_by_phone(c, l, phone, BY_PHONE);
}

static int find(struct ctx *c, const struct conversation *k, struct likely *l)
{
	*l = (struct likely){ .own = k->customer_id };
	TRY(add_by_name(c, l, k));
	TRY(add_by_said(c, l, k));
	return add_by_form(c, l);
}

/* known: it has a customer; proven: she has shown that she is he. A number that a household shares knows one of them. */
static int look(struct ctx *c, const struct conversation *k, bool *known, bool *proven)
{
	struct customer own;
	TRY(customer_row_get(c, k->customer_id, &own));
	*known = !text_equal(own.kind, "visitor");
	return conversation_is_proven(c, k, proven);
}

/* Whether somebody has asked here, and did not only take it for granted of a number. */
static int is_asked(struct ctx *c, const struct conversation *k, bool *asked)
{
	struct messages_marked_row *rows;
	size_t n;
	TRY(messages_marked(c, k->id, CONVERSATION_ASKED, &rows, &n));
	*asked = n > 0;
	return 0;
}

/* Showing ------------------------------------------------------------------------------------------------------------------ */

static void write_ways(struct text *t, unsigned by)
{
	size_t written = 0;
	text_append(t, ",\"by\":[");
	for (size_t i = 0; i < WAYS; i++)
		if (by >> i & 1)
			text_format(t, "%s\"%s\"", written++ ? "," : "", ways[i].value);
	text_char(t, ']');
}

static int who(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	struct likely l = { 0 };
	bool known, proven, asked;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	TRY(look(c, &k, &known, &proven));
	TRY(is_asked(c, &k, &asked));
	if (!known || !proven)
		TRY(find(c, &k, &l));
	text_format(&t, "{\"known\":%s,\"proven\":%s,\"asked\":%s,\"customers\":[", known ? "true" : "false", proven ? "true" : "false", known && asked ? "true" : "false");
	for (size_t i = 0; i < l.n; i++) {
		text_append(&t, i ? ",{\"customer\":" : "{\"customer\":");
		TRY(record_json(c, &customer_record, &l.at[i].row, &t));
		write_ways(&t, l.at[i].by);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Saying so ---------------------------------------------------------------------------------------------------------------- */

struct she_in {
	int64_t id, customer_id;
};
static const struct member she_members[] = { MEMBER(struct she_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct she_in, customer_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape she_shape = SHAPE("conversation_she", struct she_in, she_members);

static const char *reason_of(struct ctx *c, unsigned by)
{
	bool en = c->lang == LANG_EN;
	struct text t = text_in(c->arena);
	text_append(&t, en ? "Asked in the conversation" : "会话中已核对身份");
	for (size_t i = 0, written = 0; i < WAYS; i++)
		if (by >> i & 1)
			text_format(&t, "%s%s", written++ ? (en ? ", " : "、") : en ? ": " : "：", en ? ways[i].en : ways[i].zh);
	return text_end(&t);
}

/* Somebody to whom nothing leads is named by who may join files alone. */
static int led_to(struct ctx *c, const struct conversation *k, int64_t customer_id, unsigned *by)
{
	struct likely l;
	*by = 0;
	TRY(find(c, k, &l));
	for (size_t i = 0; i < l.n; i++)
		if (l.at[i].row.id == customer_id)
			*by = l.at[i].by;
	return *by || may(c, "customer.merge") ? 0 : fail_field(c, "customer_id", ERR_FIELD_REFERENCE, NULL);
}

/* Of whom it is taken for already that is all there is to say. */
static int she(struct ctx *c, const void *in, void *out)
{
	const struct she_in *v = in;
	struct conversation k;
	struct customer hers;
	struct text t = text_in(c->arena);
	unsigned by = 0;
	bool known, proven, asked;
	TRY(record_get(c, &conversation_record, v->id, &k));
	TRY(record_named(c, &customer_record, "customer_id", v->customer_id, &hers));
	TRY(look(c, &k, &known, &proven));
	TRY(is_asked(c, &k, &asked));
	bool taken = hers.id == k.customer_id;
	TRY(require(c, (taken ? known && !asked : !hers.archived_at) && !(known && proven), ERR_STATE, NULL));
	TRY(taken ? 0 : led_to(c, &k, hers.id, &by));
	const char *reason = reason_of(c, by);
	TRY(taken ? conversation_mark(c, &k, k.last_no, CONVERSATION_ASKED) : conversation_join(c, &k, &hers, reason));
	TRY(conversation_note_down(c, &k, reason));
	TRY(record_json(c, &conversation_record, &k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Somebody else wrote or called by his number: what she said gets a file of its own, and waits until it is known whose it is. */
static int not_she(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	struct customer nobody;
	struct ctx all = ctx_as_system(c);
	struct text t = text_in(c->arena);
	bool known, proven, en = c->lang == LANG_EN;
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	TRY(look(c, &k, &known, &proven));
	TRY(require(c, known && !proven, ERR_STATE, NULL));
	TRY(customer_of_newcomer(&all, &(struct newcomer){ .called = arena_format(c->arena, en ? "Somebody else %04lld" : "同号码另一位 %04lld", (long long)(k.id % 10000)), .channel = k.channel, .lang = text_empty(k.lang) ? NULL : k.lang }, &nobody));
	TRY(conversation_give(c, &k, &nobody));
	TRY(conversation_note_down(c, &k, en ? "Asked in the conversation: somebody else by this number" : "会话中已核对：不是号码对应的客户本人"));
	TRY(record_json(c, &conversation_record, &k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route visitor_who_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/who", "conversation.read", POOL, .in = &id_shape, .out = &raw_shape, .run = who,
	      .zh = "会话：可能是哪位客户", .en = "Conversation: which customer it may be"),
	ROUTE(POST, "/api/v1/conversation/{id}/she", "conversation.work", WRITE, .body = BODY_JSON, .in = &she_shape, .out = &raw_shape, .run = she,
	      .zh = "会话：核对后归入这位客户", .en = "Conversation: this customer it is, she was asked"),
	ROUTE(POST, "/api/v1/conversation/{id}/not_she", "conversation.work", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = not_she,
	      .zh = "会话：不是号码对应的客户", .en = "Conversation: not the customer whose number it is"),
};
const size_t visitor_who_route_count = sizeof(visitor_who_routes) / sizeof(visitor_who_routes[0]);
