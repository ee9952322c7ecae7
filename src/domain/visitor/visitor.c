/* A visitor's own file, and how it becomes part of her customer's. */
#include "domain/visitor/visitor.h"

#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/identity/visitor.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "gen/visitor_sql.h"

/* Making the file ------------------------------------------------------------------------------------------------------- */

static void need(struct ctx *c, const char *how, const char *field, bool said)
{
	if (text_equal(how, "required") && !said)
		fail_field(c, field, ERR_FIELD_REQUIRED, NULL);
}

static int check_said(struct ctx *c, const struct visitor_words *said)
{
	struct web_chat chat;
	TRY(web_chat_now(c, &chat));
	need(c, chat.ask_name, "name", !text_empty(said->name));
	need(c, chat.ask_phone, "phone", !text_empty(said->phone));
	need(c, chat.ask_product, "product_id", said->product_id > 0);
	return c->error->code;
}

static int make_customer(struct ctx *c, const char *name, struct customer *row)
{
	const char *number = arena_format(c->arena, c->lang == LANG_EN ? "Visitor %04lld" : "访客 %04lld", (long long)(c->auth->visitor % 10000));
	return customer_of_newcomer(c, &(struct newcomer){ .called = text_empty(name) ? number : name, .channel = VISITOR_CHANNEL, .lang = c->lang == LANG_EN ? "en" : "zh" }, row);
}

/* A number that nobody has checked names nobody: as the customer's own it would make whoever proves it later find this file. */
static int note_phone(struct ctx *c, const char *name, const char *phone, const struct customer *customer)
{
	const struct record_model *m = model_of(c, &contact_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	struct contact row;
	struct visitor_contacts_row *there;
	size_t n, whose = field_index(m, "customer_id"), called = field_index(m, "name"), number = field_index(m, "phone"), relation = field_index(m, "relation");
	if (text_empty(phone))
		return 0;
	TRY(visitor_contacts(c, customer->id, &there, &n));
	if (n)
		return 0;
	slots[whose].i = customer->id;
	slots[called].text = text_empty(name) ? (c->lang == LANG_EN ? "Says the visitor" : "访客自报") : name;
	slots[number].text = phone;
	slots[relation].text = "self";
	return record_create(c, &contact_record, slots, UINT64_C(1) << whose | UINT64_C(1) << called | UINT64_C(1) << number | UINT64_C(1) << relation, &row);
}

static int begin_file(struct ctx *c, const struct visitor_words *said, struct identity *name, struct customer *row)
{
	TRY(check_said(c, said));
	TRY(make_customer(c, said->name, row));
	return identity_add(c, &(struct identity_new){ .channel = VISITOR_CHANNEL, .name = visitor_name(c, c->auth->visitor), .customer_id = row->id, .key = row->key }, name);
}

/* Who asks was found before this transaction; another of her messages may have come first. */
int visitor_file(struct ctx *c, const struct visitor_words *said, struct customer *row)
{
	struct identity name;
	bool there;
	TRY(identity_find(c, VISITOR_CHANNEL, visitor_name(c, c->auth->visitor), &name, &there));
	if (there)
		TRY(customer_row_get(c, name.customer_id, row));
	else
		TRY(begin_file(c, said, &name, row));
	struct auth *auth = ARENA_NEW(c->arena, struct auth);
	*auth = *c->auth;
	auth->customer_id = row->id;
	auth->identity_id = name.id;
	auth->is_verified = name.verified_at > 0;
	c->auth = auth;
	c->actor_id = visitor_acts_as(auth);
	return note_phone(c, said->name, said->phone, row);
}

/* Whose it is ----------------------------------------------------------------------------------------------------------- */

static int add_name(struct ctx *c, int64_t visitor, const struct customer *customer, const char *by)
{
	struct identity name;
	return identity_add(c, &(struct identity_new){ .channel = VISITOR_CHANNEL, .name = visitor_name(c, visitor), .customer_id = customer->id, .key = customer->key, .verified_by = by }, &name);
}

/* The browser of somebody else, who has shown it: two people share a machine, so this one gets a name of his own. */
static int another_name(struct ctx *c, const struct customer *customer, const char *by, const char **token)
{
	int64_t visitor = new_id(c);
	TRY(add_name(c, visitor, customer, by));
	return visitor_token(c, visitor, token);
}

int visitor_is(struct ctx *c, int64_t visitor, const struct customer *customer, const char *by, const char **token)
{
	struct identity name;
	struct customer own;
	bool there;
	*token = NULL;
	TRY(identity_find(c, VISITOR_CHANNEL, visitor_name(c, visitor), &name, &there));
	if (!there)
		return add_name(c, visitor, customer, by);
	if (name.customer_id != customer->id) {
		TRY(customer_row_get(c, name.customer_id, &own));
		if (name.verified_at || !text_equal(own.kind, "visitor") || own.archived_at)
			return another_name(c, customer, by, token);
		TRY(customer_take_over(c, customer->id, own.id, c->lang == LANG_EN ? "The visitor has shown to be this customer" : "访客已确认是本人"));
		TRY(identity_row_get(c, name.id, &name));
	}
	return identity_verify(c, &name, by);
}
