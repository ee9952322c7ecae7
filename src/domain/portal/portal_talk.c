/* The customer's side of a conversation: what she writes, what she reads. */
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/portal/portal.h"
#include "gen/conversation_sql.h"

static int list(struct ctx *c, const void *in, void *out)
{
	struct conversation *rows;
	size_t n;
	TRY(own_not_by_link(c));
	TRY(conversations_of_customer(c, c->auth->customer_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_char(&t, '{');
	TRY(own_list_write(c, rows, n, &t));
	text_char(&t, '}');
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
	TRY(own_not_by_link(c));
	TRY(conversation_take_in(c, &(struct inbound){ .channel = "web", .external_id = v->external_id, .customer_id = c->auth->customer_id, .text = v->text, .file_ids = v->file_ids }, &k, &no));
	return own_said(c, &k, no, out);
}

const struct route portal_talk_routes[] = {
	ROUTE(GET, "/api/v1/my/conversation", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = list, .zh = "我的会话", .en = "My conversations"),
	ROUTE(GET, "/api/v1/my/conversation/{id}", FOR_CUSTOMER, POOL, .in = &id_shape, .out = &raw_shape, .run = own_conversation, .zh = "我的会话：一个", .en = "My conversation"),
	ROUTE(POST, "/api/v1/my/conversation", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &talk_shape, .out = &raw_shape, .run = talk, .zh = "发消息", .en = "Send a message"),
	ROUTE(GET, "/api/v1/my/conversation/{id}/message", FOR_CUSTOMER, POOL, .in = &messages_shape, .out = &raw_shape, .run = own_messages, .zh = "我的会话：消息", .en = "My conversation: messages"),
	ROUTE(POST, "/api/v1/my/conversation/{id}/read", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &messages_read_shape, .out = &raw_shape, .run = own_read_to, .zh = "我的会话：已读到", .en = "My conversation: read up to"),
	ROUTE(POST, "/api/v1/my/conversation/{id}/rating", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &conversation_rate_shape, .out = &raw_shape, .run = own_rate, .zh = "我的会话：评价", .en = "My conversation: rate it"),
};
const size_t portal_talk_route_count = sizeof(portal_talk_routes) / sizeof(portal_talk_routes[0]);
