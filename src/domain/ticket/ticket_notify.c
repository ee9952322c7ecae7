/* Messages about tickets. */
#include "domain/ticket/ticket.h"

#include "base/text.h"
#include "core/auth/sign_in.h"
#include "core/notify/notify.h"
#include "core/notify/tell.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"

int ticket_address(struct ctx *c, const struct ticket *t, bool opens, const char **out)
{
	struct tenant tenant;
	struct signed_link link = { c->tenant, t->customer_id, t->id, c->now + setting_ms(c, SETTING_CUSTOMER_LINK_LIFE) };
	const char *token;
	if (opens) {
		TRY(link_sign(c, &link, &token));
		*out = arena_format(c->arena, "%s/h5/#/ticket/%lld?t=%s", c->services->public_url, (long long)t->id, token);
		return 0;
	}
	TRY(tenant_row_get(c, &tenant));
	*out = arena_format(c->arena, "%s/h5/#/ticket/%lld?c=%s", c->services->public_url, (long long)t->id, tenant.code);
	return 0;
}

/* For whom: the number that was given for this matter, else her own; only what is for herself may go by a name of hers elsewhere. */
static int for_whom(struct ctx *c, const struct ticket *t, const struct customer *customer, const char **phone, bool *is_hers)
{
	const char *own;
	TRY(pii_open(c, customer->key, "customer.phone", customer->phone, &own));
	*phone = own;
	if (t->contact_phone.p)
		TRY(pii_open(c, t->key, "ticket.contact_phone", t->contact_phone, phone));
	*is_hers = text_equal(*phone, own) || text_empty(*phone);
	return 0;
}

int ticket_notify_from(struct ctx *c, const struct ticket *t, const char *template, const char *text, int64_t message_template)
{
	struct customer customer;
	struct tenant tenant;
	const char *phone = NULL, *link;
	bool is_hers;
	TRY(customer_row_get(c, t->customer_id, &customer));
	TRY(tenant_row_get(c, &tenant));
	TRY(for_whom(c, t, &customer, &phone, &is_hers));
	TRY(ticket_address(c, t, true, &link));
	const struct notice_word words[] = { { "no", t->no }, { "company", tenant.name }, { "link", link }, { "text", text } };
	return notify(c, &(struct notice){
		.channel = NOTICE_SMS, .template = template, .key = t->key, .address = phone,
		.lang = text_equal(customer.lang, "en") ? LANG_EN : LANG_ZH, .object = "ticket", .object_id = t->id,
		.words = words, .word_count = sizeof(words) / sizeof(words[0]),
		.customer_id = is_hers ? t->customer_id : 0, .template_id = message_template, .row = t,
	});
}

int ticket_notify(struct ctx *c, const struct ticket *t, const char *template)
{
	return ticket_notify_from(c, t, template, "", 0);
}

int ticket_tell_reminder(struct ctx *c, const struct ticket *t)
{
	const struct record_model *m = model_of(c, &ticket_record);
	struct receivers near, above = { 0 };
	const char *times = arena_format(c->arena, "{\"label\":{\"zh\":\"第 %lld 次\",\"en\":\"time %lld\"}}", (long long)t->remind_count, (long long)t->remind_count);
	const struct staff_notice notice = { .kind = c->actor_kind == ACTOR_USER ? "reminded_by" : "reminded", .object = "ticket", .object_id = t->id, .data = times };
	TRY(receivers_of(c, m, t, "owner", &near));
	TRY(tell_all(c, &near, NULL, &notice));
	if (t->remind_count > 1)
		TRY(receivers_of(c, m, t, "supervisor", &above));
	return tell_all(c, &above, &near, &notice);
}
