/* The customer's side of a conversation: what she writes, what she reads. */
#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/portal/portal.h"
#include "gen/conversation_sql.h"

/* Who came by the link of one ticket sees that ticket and nothing else. */
static int not_by_link(struct ctx *c)
{
	return require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL);
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct conversation *rows;
	size_t n;
	TRY(not_by_link(c));
	TRY(conversations_of_customer(c, c->auth->customer_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		TRY(conversation_public_json(c, &rows[i], &t));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int one(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	TRY(not_by_link(c));
	TRY(conversation_of_customer(c, ((const struct id_in *)in)->id, &k));
	struct text t = text_in(c->arena);
	TRY(conversation_public_json(c, &k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct talk_in {
	const char *text, *external_id;
	struct list file_ids;
};
static const struct member talk_members[] = {
	MEMBER(struct talk_in, text, text, .most = 2000),
	MEMBER(struct talk_in, external_id, code, .flags = MEMBER_REQUIRED, .least = 8, .most = 64),
	MEMBER(struct talk_in, file_ids, list, .item = TYPE_id, .most = MESSAGE_FILES_MOST),
};
static const struct shape talk_shape = SHAPE("talk", struct talk_in, talk_members);

static int talk(struct ctx *c, const void *in, void *out)
{
	const struct talk_in *v = in;
	struct conversation k;
	int64_t no;
	TRY(not_by_link(c));
	TRY(conversation_take_in(c, &(struct inbound){ .channel = "web", .external_id = v->external_id, .customer_id = c->auth->customer_id, .text = v->text, .file_ids = v->file_ids }, &k, &no));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"no\":%lld,\"conversation\":", (long long)no);
	TRY(conversation_public_json(c, &k, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int messages(struct ctx *c, const void *in, void *out)
{
	const struct messages_in *q = in;
	struct conversation k;
	struct text t = text_in(c->arena);
	TRY(not_by_link(c));
	TRY(conversation_of_customer(c, q->id, &k));
	TRY(messages_write(c, &k, MESSAGES_PUBLIC, q, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int read_to(struct ctx *c, const void *in, void *out)
{
	const struct read_in *v = in;
	struct conversation k;
	TRY(not_by_link(c));
	TRY(conversation_of_customer(c, v->id, &k));
	TRY(conversation_read_to(c, &k, v->no));
	struct text t = text_in(c->arena);
	TRY(conversation_public_json(c, &k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int rate(struct ctx *c, const void *in, void *out)
{
	const struct conversation_rate_in *v = in;
	struct conversation k;
	TRY(not_by_link(c));
	TRY(conversation_of_customer(c, v->id, &k));
	TRY(conversation_rate(c, &k, v->rating, v->text));
	struct text t = text_in(c->arena);
	TRY(conversation_public_json(c, &k, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route portal_talk_routes[] = {
	ROUTE(GET, "/api/v1/my/conversation", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = list, .zh = "我的会话", .en = "My conversations"),
	ROUTE(GET, "/api/v1/my/conversation/{id}", FOR_CUSTOMER, POOL, .in = &id_shape, .out = &raw_shape, .run = one, .zh = "我的会话：一个", .en = "My conversation"),
	ROUTE(POST, "/api/v1/my/conversation", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &talk_shape, .out = &raw_shape, .run = talk, .zh = "发消息", .en = "Send a message"),
	ROUTE(GET, "/api/v1/my/conversation/{id}/message", FOR_CUSTOMER, POOL, .in = &messages_shape, .out = &raw_shape, .run = messages, .zh = "我的会话：消息", .en = "My conversation: messages"),
	ROUTE(POST, "/api/v1/my/conversation/{id}/read", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &messages_read_shape, .out = &raw_shape, .run = read_to, .zh = "我的会话：已读到", .en = "My conversation: read up to"),
	ROUTE(POST, "/api/v1/my/conversation/{id}/rating", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &conversation_rate_shape, .out = &raw_shape, .run = rate, .zh = "我的会话：评价", .en = "My conversation: rate it"),
};
const size_t portal_talk_route_count = sizeof(portal_talk_routes) / sizeof(portal_talk_routes[0]);
