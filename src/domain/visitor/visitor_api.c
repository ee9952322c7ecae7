/* What a visitor's browser asks: how the chat looks, what was said, saying something, files, having read, rating. All under /api/v1/visit, from
 * pages of the company's alone, answered for one visitor and nobody else. */
#include "base/json.h"
#include "core/api/call.h"
#include "core/api/file_api.h"
#include "core/auth/auth.h"
#include "core/clock/clock_set.h"
#include "core/flow/flow.h"
#include "core/identity/visitor.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/portal/portal.h"
#include "domain/visitor/visitor.h"
#include "gen/conversation_sql.h"
#include "gen/visitor_sql.h"

/* Hello ----------------------------------------------------------------------------------------------------------------- */

static void write_label(struct text *t, const char *name, const char *zh, const char *en)
{
	text_format(t, ",\"%s\":", name);
	json_label(t, zh, en);
}

/* Whether people are there by the calendar, and if not, from when on. */
static int write_hours(struct ctx *c, const struct web_chat *chat, struct text *t)
{
	CLOCK_SET set = NULL;
	if (!chat->calendar_id) {
		text_append(t, ",\"open\":true,\"opens_at\":null");
		return 0;
	}
	TRY(clock_set_take(c, &set));
	const struct calendar *hours = clock_set_calendar(set, chat->calendar_id);
	bool open = calendar_is_open(hours, c->now);
	time_ms next = open ? FAR_FUTURE_MS : calendar_next_open(hours, c->now);
	text_format(t, ",\"open\":%s,\"opens_at\":", open ? "true" : "false");
	text_format(t, next < FAR_FUTURE_MS ? "%lld" : "null", (long long)next);
	return 0;
}

static int write_products(struct ctx *c, const struct web_chat *chat, struct text *t)
{
	struct visitor_products_row *rows;
	size_t n = 0;
	if (!text_equal(chat->ask_product, "off"))
		TRY(visitor_products(c, &rows, &n));
	text_append(t, ",\"products\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"id\":\"%lld\",\"name\":", i ? "," : "", (long long)rows[i].id);
		json_label(t, rows[i].name, rows[i].name_en);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static int write_chat(struct ctx *c, const struct web_chat *chat, const char *token, struct text *t)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	text_format(t, "{\"token\":\"%s\",\"now\":%lld,\"company\":{\"code\":\"%s\",\"name\":", token, (long long)c->now, tenant.code);
	json_text(t, tenant.name);
	text_append(t, ",\"hotline\":");
	json_text(t, tenant.service_phone);
	text_char(t, '}');
	write_label(t, "title", chat->title, chat->title_en);
	write_label(t, "greeting", chat->greeting, chat->greeting_en);
	write_label(t, "away", chat->away, chat->away_en);
	text_format(t, ",\"colour\":\"%s\",\"side\":\"%s\",\"ask\":{\"name\":\"%s\",\"phone\":\"%s\",\"product\":\"%s\"},\"file_most\":%lld", chat->colour, chat->side, chat->ask_name, chat->ask_phone,
	            chat->ask_product, (long long)setting_of(c, SETTING_FILE_SIZE));
	TRY(write_hours(c, chat, t));
	TRY(write_products(c, chat, t));
	text_char(t, '}');
	return 0;
}

struct hello_in {
	const char *tenant;             /* its code; none: of the only company there is */
};
static const struct member hello_members[] = { MEMBER(struct hello_in, tenant, code, .most = 40) };
static const struct shape hello_shape = SHAPE("visit_hello", struct hello_in, hello_members);

/* Whoever has a token already keeps it; this one costs nothing. */
static int hello(struct ctx *c, const void *in, void *out)
{
	struct http_request *http = c->call->http;
	struct web_chat chat;
	const char *token;
	struct text t = text_in(c->arena);
	TRY(visitor_origin_known(c, http));
	TRY(portal_company(c, ((const struct hello_in *)in)->tenant));
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(visitor_origin_ours(c, http));
	TRY(api_limit(http->user, SETTING_VISIT_ASKED));
	TRY(web_chat_now(c, &chat));
	TRY(visitor_token(c, new_id(c), &token));
	TRY(write_chat(c, &chat, token, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int pass(struct ctx *c, const void *in, void *out)
{
	const char *text;
	TRY(visitor_pass(c, &text));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"pass\":\"%s\"}", text);
	return 0;
}

/* Said ------------------------------------------------------------------------------------------------------------------- */

static int list(struct ctx *c, const void *in, void *out)
{
	struct conversation *rows = NULL;
	size_t n = 0;
	const struct auth *who = c->auth;
	if (who->is_verified)
		TRY(conversations_of_customer(c, who->customer_id, &rows, &n));
	else if (who->identity_id)
		TRY(conversations_of_identity(c, who->identity_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"verified\":%s,", who->is_verified ? "true" : "false");
	TRY(own_list_write(c, rows, n, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int close_it(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	TRY(conversation_of_customer(c, ((const struct id_in *)in)->id, &k));
	TRY(flow_move(c, &conversation_flow, &k, "close", NULL, NULL));
	return own_show(c, &k, out);
}

/* Saying ----------------------------------------------------------------------------------------------------------------- */

static int known_product(struct ctx *c, int64_t id)
{
	struct product product;
	int r = id > 0 ? product_row_get(c, id, &product) : 0;
	if (r == ERR_NOT_FOUND || (r == 0 && id > 0 && product.archived_at))
		return fail_field(c, "product_id", ERR_FIELD_REFERENCE, NULL);
	return r;
}

static int say(struct ctx *c, const void *in, void *out)
{
	const struct visit_message *v = in;
	struct web_chat chat;
	struct customer customer;
	struct conversation k;
	int64_t no, product = v->product_id > 0 ? v->product_id : 0;
	TRY(known_product(c, product));
	TRY(web_chat_now(c, &chat));
	TRY(visitor_file(c, &(struct visitor_words){ .name = v->name, .phone = v->phone, .product_id = product }, &customer));
	TRY(conversation_take_in(c, &(struct inbound){
		.channel = VISITOR_CHANNEL, .external_id = v->external_id, .customer_id = customer.id, .text = v->text, .file_ids = v->file_ids, .identity_id = c->auth->identity_id,
		.among = c->auth->is_verified ? OF_CUSTOMER : OF_IDENTITY, .product_id = product, .team_id = chat.team_id,
	}, &k, &no));
	return own_said(c, &k, no, out);
}

/* A file needs somebody whose it is. */
static int begin_upload(struct ctx *c, const void *in, void *out)
{
	struct customer customer;
	TRY(visitor_file(c, &(struct visitor_words){ 0 }, &customer));
	return file_announce(c, in, out);
}

#define VISIT(verb, path, work, ...) ROUTE(verb, "/api/v1/visit/" path, FOR_VISITOR, work, __VA_ARGS__)
#define SENT .body = BODY_JSON, .flags = ROUTE_FOREIGN | ROUTE_NO_KEY
#define ASKED .flags = ROUTE_FOREIGN

const struct route visitor_routes[] = {
	ROUTE(GET, "/api/v1/visit/hello", FOR_ANYBODY, POOL, ASKED, .in = &hello_shape, .out = &raw_shape, .run = hello, .zh = "网页客服：外观与访客身份", .en = "Web chat: how it looks, and a visitor's token"),
	VISIT(GET, "pass", POOL, ASKED, .out = &raw_shape, .run = pass, .zh = "网页客服：实时连接凭证", .en = "Web chat: pass for a WebSocket"),
	VISIT(GET, "conversation", POOL, ASKED, .out = &raw_shape, .run = list, .zh = "访客的会话", .en = "A visitor's conversations"),
	VISIT(GET, "conversation/{id}", POOL, ASKED, .in = &id_shape, .out = &raw_shape, .run = own_conversation, .zh = "访客的会话：一个", .en = "A visitor's conversation"),
	VISIT(GET, "conversation/{id}/message", POOL, ASKED, .in = &messages_shape, .out = &raw_shape, .run = own_messages, .zh = "访客的会话：消息", .en = "A visitor's conversation: messages"),
	VISIT(POST, "conversation/{id}/read", WRITE, SENT, .in = &messages_read_shape, .out = &raw_shape, .run = own_read_to, .zh = "访客的会话：已读到", .en = "A visitor's conversation: read up to"),
	VISIT(POST, "conversation/{id}/rating", WRITE, SENT, .in = &conversation_rate_shape, .out = &raw_shape, .run = own_rate, .zh = "访客的会话：评价", .en = "A visitor's conversation: rate it"),
	VISIT(POST, "conversation/{id}/close", WRITE, SENT, .in = &id_shape, .out = &raw_shape, .run = close_it, .zh = "访客的会话：结束", .en = "A visitor's conversation: end it"),
	VISIT(POST, "message", WRITE, SENT, .in = &visit_message_shape, .out = &raw_shape, .run = say, .zh = "访客发消息", .en = "A visitor says something"),
	VISIT(POST, "file", WRITE, .body = BODY_JSON, .flags = ROUTE_FOREIGN | ROUTE_NO_KEY | ROUTE_CREATED, .in = &file_announce_shape, .out = &file_place_shape, .run = begin_upload,
	      .zh = "访客开始上传文件", .en = "A visitor announces a file"),
};
const size_t visitor_route_count = sizeof(visitor_routes) / sizeof(visitor_routes[0]);
