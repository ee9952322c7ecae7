/* What is special about templates: which variables there are, how a text would look, a text filled for a reply. */
#include "base/json.h"
#include "channel/wechat/wechat_notice.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pack/packs.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "engine/fill/fill.h"

/* What WeChat's keywords may hold, by type. */
static void write_types(struct text *t)
{
	text_append(t, ",\"wechat\":[");
	for (size_t i = 0; i < wechat_type_count; i++) {
		const struct wechat_type *one = &wechat_types[i];
		text_format(t, "%s{\"name\":\"%s\",\"most\":%zu,\"label\":", i ? "," : "", one->name, one->most);
		json_label(t, one->label.zh, one->label.en);
		text_append(t, ",\"limit\":");
		json_label(t, one->limit.zh, one->limit.en);
		text_char(t, '}');
	}
	text_char(t, ']');
}

/* Called as the company's industry calls them; with the templates of its pack, to start from. */
static int variables(struct ctx *c, const void *in, void *out)
{
	const struct pack *pack;
	struct text t = text_in(c->arena);
	TRY(pack_of(c, &pack));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < template_variable_count; i++) {
		const struct template_variable *v = &template_variables[i];
		text_format(&t, "%s{\"name\":\"%s\",\"label\":", i ? "," : "", v->name);
		json_label(&t, pack_say(c->arena, pack, LANG_ZH, v->label.zh), pack_say(c->arena, pack, LANG_EN, v->label.en));
		text_append(&t, ",\"sample\":");
		json_label(&t, v->sample.zh, v->sample.en);
		text_format(&t, ",\"personal\":%s}", template_personal >> i & 1 ? "true" : "false");
	}
	text_char(&t, ']');
	write_types(&t);
	text_format(&t, ",\"examples\":%s}", json_value(c->arena, yyjson_obj_get(pack_json(pack, PACK_TEMPLATES), "templates")));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Preview --------------------------------------------------------------------------------------------------------------------- */

struct preview_in {
	const char *text_zh, *text_en;
	int64_t ticket_id;
};
static const struct member preview_members[] = {
	MEMBER(struct preview_in, text_zh, text, .most = TEMPLATE_TEXT_MOST),
	MEMBER(struct preview_in, text_en, text, .most = TEMPLATE_TEXT_MOST),
	MEMBER(struct preview_in, ticket_id, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape preview_shape = SHAPE("template_preview", struct preview_in, preview_members);

/* Half-written texts are no failure of the call: {"fault":{"at","n","message"}} in characters. */
static int preview_one(struct ctx *c, const char *text, enum lang lang, const struct ticket *t, struct text *out)
{
	struct fill f;
	struct fill_fault fault;
	struct filled_template filled;
	int r = fill_cut(c->arena, text ? text : "", template_names, template_variable_count, &f, &fault);
	if (r < 0) {
		const char *wrong = arena_string_n(c->arena, text + fault.at, fault.n);
		text_format(out, "{\"fault\":{\"at\":%zu,\"n\":%zu,\"message\":", utf8_count(arena_string_n(c->arena, text, fault.at)), utf8_count(wrong));
		json_text(out, error_text(r, c->lang, wrong, c->arena));
		text_append(out, "}}");
		return 0;
	}
	TRY(template_text(c, text ? text : "", lang, t, t ? TEMPLATE_PREVIEW : TEMPLATE_SAMPLE, &filled));
	template_write(c, &filled, out);
	return 0;
}

static int preview(struct ctx *c, const void *in, void *out)
{
	const struct preview_in *v = in;
	struct ticket ticket, *t = NULL;
	struct text text = text_in(c->arena);
	if (v->ticket_id > 0) {
		TRY(require_permission(c, "ticket.read"));
		TRY(record_get(c, &ticket_record, v->ticket_id, &ticket));
		t = &ticket;
	}
	text_append(&text, "{\"zh\":");
	TRY(preview_one(c, v->text_zh, LANG_ZH, t, &text));
	text_append(&text, ",\"en\":");
	TRY(preview_one(c, v->text_en, LANG_EN, t, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

/* For a reply: the text in the customer's language, to be read over and sent by hand --------------------------------------------- */

struct use_in {
	int64_t id, template_id;
};
static const struct member use_members[] = {
	MEMBER(struct use_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct use_in, template_id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape use_shape = SHAPE("template_use", struct use_in, use_members);

static int use(struct ctx *c, const void *in, void *out)
{
	const struct use_in *v = in;
	struct message_template m;
	struct filled_template filled;
	struct ticket t;
	struct text text = text_in(c->arena);
	TRY(require_permission(c, "template.read"));
	TRY(record_get(c, &ticket_record, v->id, &t));
	TRY(record_get(c, &template_record, v->template_id, &m));
	TRY(template_fill(c, &m, &t, TEMPLATE_TIMELINE, &filled));
	TRY(template_read(c, &m, &t, &filled));
	template_write(c, &filled, &text);
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route template_routes[] = {
	ROUTE(GET, "/api/v1/template/variables", "template.read", POOL, .out = &raw_shape, .run = variables, .zh = "消息模板：可用的变量", .en = "Message template: variables there are"),
	ROUTE(POST, "/api/v1/template/preview", "template.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &preview_shape, .out = &raw_shape, .run = preview,
	      .zh = "消息模板：预览", .en = "Message template: preview"),
	ROUTE(POST, "/api/v1/ticket/{id}/template", "ticket.work", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &use_shape, .out = &raw_shape, .run = use,
	      .zh = "服务单：用模板写回复", .en = "Ticket: fill a template for a reply"),
};
const size_t template_route_count = sizeof(template_routes) / sizeof(template_routes[0]);
