/* One route: a message of a person, in the words of another system. The same external id is the same message, however often and however many at once it comes;
 * a person is a name in that system, with a file of her own until somebody says which customer she is. */
#include "domain/intake/intake.h"

#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "engine/language/language.h"
#include "gen/conversation_sql.h"

#define CHANNEL "api"

struct intake_in {
	const char *system, *person, *name, *external_id, *text;
	struct list file_ids;
	int64_t customer_id, product_id;
};
static const struct member members[] = {
	MEMBER(struct intake_in, system, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct intake_in, person, code, .flags = MEMBER_REQUIRED, .most = 100),
	MEMBER(struct intake_in, name, code, .most = 60), MEMBER(struct intake_in, external_id, code, .flags = MEMBER_REQUIRED, .most = 100), MEMBER(struct intake_in, text, text, .most = 4000),
	MEMBER(struct intake_in, file_ids, list, .item = TYPE_id, .most = MESSAGE_FILES_MOST), MEMBER(struct intake_in, customer_id, id), MEMBER(struct intake_in, product_id, id),
};
static const struct shape shape = SHAPE("intake_message", struct intake_in, members);

/* A system that knows the customer says so with her first message; later it changes nothing. */
static int know(struct ctx *c, const struct intake_in *v, struct identity *who)
{
	struct customer customer;
	struct ctx all = ctx_as_system(c);
	bool there;
	const char *name = arena_format(c->arena, "%s %s", v->system, v->person);
	if (!v->customer_id)
		return customer_by_name(&all, name, &(struct newcomer){ .called = text_empty(v->name) ? arena_format(c->arena, "%s 用户", v->system) : v->name, .channel = CHANNEL, .lang = language_of(v->text ? v->text : "") }, who, NULL);
	TRY(identity_find(c, CHANNEL, name, who, &there));
	if (there)
		return 0;
	TRY(record_named(c, &customer_record, "customer_id", v->customer_id, &customer));
	return identity_add(&all, &(struct identity_new){ .channel = CHANNEL, .name = name, .customer_id = customer.id, .key = customer.key, .keeps_name = true, .verified_by = "system" }, who);
}

/* Files were uploaded by whoever hands them over. */
static int take_files(struct ctx *c, struct conversation *k, int64_t no, const struct list *files)
{
	const int64_t *ids = files->at;
	for (size_t i = 0; i < files->n; i++)
		TRY(conversation_add_file(c, k, no, ids[i]));
	return 0;
}

static int take_in(struct ctx *c, const void *in, void *out)
{
	const struct intake_in *v = in;
	struct product product;
	struct identity who;
	struct conversation k;
	bool seen;
	int64_t no;
	if (text_empty(v->text) && !v->file_ids.n)
		return fail_field(c, "text", ERR_FIELD_REQUIRED, NULL);
	if (v->product_id)
		TRY(record_named(c, &product_record, "product_id", v->product_id, &product));
	TRY(know(c, v, &who));
	TRY(conversation_has_taken(c, CHANNEL, who.id, v->external_id, &seen));
	struct ctx hers = ctx_as_customer(c, who.customer_id);
	TRY(conversation_take_in(&hers, &(struct inbound){
		.channel = CHANNEL, .external_id = v->external_id, .customer_id = who.customer_id, .text = text_empty(v->text) ? (c->lang == LANG_EN ? "[File]" : "[文件]") : v->text, .identity_id = who.id, .among = OF_IDENTITY, .product_id = v->product_id,
	}, &k, &no));
	if (!seen)
		TRY(take_files(c, &k, no, &v->file_ids));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"conversation_id\":\"%lld\",\"no\":%lld,\"customer_id\":\"%lld\",\"state\":\"%s\"}", (long long)k.id, (long long)no, (long long)k.customer_id, k.state);
	return 0;
}

const struct route intake_routes[] = {
	ROUTE(POST, "/api/v1/intake/message", "conversation.intake", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &shape, .out = &raw_shape, .run = take_in,
	      .zh = "开放接口：转交客户在其他系统里发来的消息", .en = "Other systems: hand over what somebody wrote there"),
};
const size_t intake_route_count = sizeof(intake_routes) / sizeof(intake_routes[0]);
