/* What is special about conversations for staff: what was said, saying something, having read it. */
#include "domain/conversation/conversation_api.h"

#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "base/json.h"
#include "domain/conversation/conversation.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"

static const struct choice visibilities[] = { { "internal", "内部备注", "Internal" }, { "public", "回复客户", "Public" }, { WHISPER, "悄悄话", "Whisper" }, { 0 } };

static int show(struct ctx *c, const struct conversation *k, void *out)
{
	struct text text = text_in(c->arena);
	TRY(record_json(c, &conversation_record, k, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static int messages(struct ctx *c, const void *in, void *out)
{
	const struct messages_in *q = in;
	struct conversation k;
	struct text text = text_in(c->arena);
	TRY(record_get(c, &conversation_record, q->id, &k));
	TRY(messages_write(c, &k, MESSAGES_ALL, q, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static const struct member say_members[] = {
	MEMBER(struct message_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct message_in, text, text, .most = 4000),
	MEMBER(struct message_in, visibility, code, .flags = MEMBER_REQUIRED, .choices = visibilities),
	MEMBER(struct message_in, file_ids, list, .item = TYPE_id, .most = MESSAGE_FILES_MOST),
	MEMBER(struct message_in, user_ids, list, .item = TYPE_id, .most = 20),
};
static const struct shape say_shape = SHAPE("message", struct message_in, say_members);

static int say(struct ctx *c, const void *in, void *out)
{
	const struct message_in *v = in;
	struct conversation k;
	TRY(record_get(c, &conversation_record, v->id, &k));
	TRY(conversation_say(c, &k, v));
	return show(c, &k, out);
}

static int read_to(struct ctx *c, const void *in, void *out)
{
	const struct read_in *v = in;
	struct conversation k;
	TRY(record_get(c, &conversation_record, v->id, &k));
	TRY(conversation_read_to(c, &k, v->no));
	return show(c, &k, out);
}

static int make_ticket(struct ctx *c, const void *in, void *out)
{
	const struct conversation_ticket_in *v = in;
	struct conversation k;
	struct ticket ticket;
	struct text text = text_in(c->arena);
	TRY(require_permission(c, "conversation.work"));
	TRY(record_get(c, &conversation_record, v->id, &k));
	TRY(conversation_make_ticket(c, &k, v, &ticket));
	text_append(&text, "{\"ticket\":");
	TRY(record_json(c, &ticket_record, &ticket, &text));
	text_append(&text, ",\"conversation\":");
	TRY(record_json(c, &conversation_record, &k, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

struct use_in {
	int64_t id, template_id;
};
static const struct member use_members[] = { MEMBER(struct use_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct use_in, template_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape use_shape = SHAPE("conversation_template", struct use_in, use_members);

/* Filled from its ticket, where there is one. */
static int use_template(struct ctx *c, const void *in, void *out)
{
	const struct use_in *v = in;
	struct conversation k;
	struct message_template m;
	struct filled_template filled;
	struct ticket t;
	struct text text = text_in(c->arena);
	TRY(require_permission(c, "template.read"));
	TRY(record_get(c, &conversation_record, v->id, &k));
	TRY(record_get(c, &template_record, v->template_id, &m));
	TRY(conversation_as_ticket(c, &k, &t));
	TRY(template_fill(c, &m, &t, TEMPLATE_TIMELINE, &filled));
	TRY(template_read(c, &m, &t, &filled));
	template_write(c, &filled, &text);
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static int summary(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	const char *words;
	struct text text = text_in(c->arena);
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	TRY(conversation_summary(c, &k, NULL, &words));
	text_append(&text, "{\"text\":");
	json_text(&text, words);
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route conversation_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/message", "conversation.read", POOL, .in = &messages_shape, .out = &raw_shape, .run = messages,
	      .zh = "会话：消息", .en = "Conversation: messages"),
	ROUTE(POST, "/api/v1/conversation/{id}/message", "conversation.work", WRITE, .body = BODY_JSON, .in = &say_shape, .out = &raw_shape, .run = say,
	      .zh = "会话：回复或备注", .en = "Conversation: reply or note"),
	ROUTE(POST, "/api/v1/conversation/{id}/ticket", "ticket.create", WRITE, .body = BODY_JSON, .in = &conversation_ticket_shape, .out = &raw_shape, .run = make_ticket,
	      .zh = "会话：生成服务单", .en = "Conversation: make a ticket of it"),
	ROUTE(POST, "/api/v1/conversation/{id}/template", "conversation.work", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &use_shape, .out = &raw_shape, .run = use_template,
	      .zh = "会话：用模板写回复", .en = "Conversation: fill a template for a reply"),
	ROUTE(GET, "/api/v1/conversation/{id}/summary", "conversation.read", POOL, .in = &id_shape, .out = &raw_shape, .run = summary,
	      .zh = "会话：交接摘要", .en = "Conversation: summary for a hand-over"),
	ROUTE(POST, "/api/v1/conversation/{id}/read", "conversation.work", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &messages_read_shape, .out = &raw_shape, .run = read_to,
	      .zh = "会话：已读到", .en = "Conversation: read up to"),
};
const size_t conversation_route_count = sizeof(conversation_routes) / sizeof(conversation_routes[0]);
