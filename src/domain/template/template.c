/* Templates as a record: what is wrong with a text is refused when it is saved, with its place. */
#include "domain/template/template.h"

#include "core/auth/auth.h"
#include "engine/fill/fill.h"

static const struct choice purposes[] = {
	{ "received", "受理", "Receipt" }, { "ask", "补充情况", "Asking for facts" }, { "progress", "进展", "Progress" },
	{ "visit", "上门与寄送", "Visit and delivery" }, { "done", "完成与回访", "Done and follow-up" }, { "sorry", "致歉与补偿", "Apology" },
	{ "other", "其他", "Other" }, { 0 },
};

/* Nobody puts into a text what he may not read himself: it would be read to him by the first ticket. */
int template_may_say(struct ctx *c, const char *field, const struct fill *f)
{
	bool may_read = !(f->used & template_personal) || may(c, "customer.reveal");
	return may_read ? 0 : fail_field(c, field, ERR_FORBIDDEN, template_names_of(c, f->used & template_personal));
}

int template_check(struct ctx *c, const char *field, const char *text)
{
	struct fill f;
	struct fill_fault fault;
	int r = fill_cut(c->arena, text, template_names, template_variable_count, &f, &fault);
	if (r < 0) {
		size_t at = utf8_count(arena_string_n(c->arena, text, fault.at));
		return fail_field(c, arena_format(c->arena, "%s[%zu]", field, at), r, arena_string_n(c->arena, text + fault.at, fault.n));
	}
	return template_may_say(c, field, &f);
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct message_template *was = old, *m = row;
	bool zh = !text_empty(m->text_zh) && !(was && text_equal(was->text_zh, m->text_zh));
	bool en = !text_empty(m->text_en) && !(was && text_equal(was->text_en, m->text_en));
	int first = zh ? template_check(c, "text_zh", m->text_zh) : 0, second = en ? template_check(c, "text_en", m->text_en) : 0;
	TRY(first);
	TRY(second);
	TRY(template_wechat_check(c, was, m));
	return c->error->code;
}

static const struct field fields[] = {
	CODE  (message_template, name,    L("名称", "Name"), .required = true, .search = true, .sort = true, .most = 50),
	CODE  (message_template, name_en, L("英文名称", "Name in English"), .search = true, .most = 50),
	CHOICE(message_template, purpose, L("用途", "Purpose"), .of = purposes, .initial = "other", .index = true),
	TEXT  (message_template, text_zh, L("中文内容", "Chinese text"), .required = true, .search = true, .most = TEMPLATE_TEXT_MOST),
	TEXT  (message_template, text_en, L("英文内容", "English text"), .search = true, .most = TEMPLATE_TEXT_MOST),
	FLAG  (message_template, active,  L("启用", "Active"), .initial = "1"),
	CHOICE(message_template, wechat_kind, L("微信消息类型", "Kind of WeChat message"), .of = template_wechat_kinds, .initial = "none", .index = true),
	CHOICE(message_template, notice,  L("用于自动通知", "Sent as the notice"), .of = template_notices, .initial = "none", .hidden = true),
	CODE  (message_template, wechat_app, L("微信账号 AppID", "WeChat account (AppID)"), .most = 64, .hidden = true),
	CODE  (message_template, wechat_id, L("微信模板 ID", "WeChat's template id"), .most = 64, .hidden = true),
	CODE  (message_template, wechat_page, L("小程序页面", "Page of the mini-program"), .most = 100, .hidden = true),
	TEXT  (message_template, wechat_data, L("微信关键词", "WeChat keywords"), .most = TEMPLATE_TEXT_MOST, .hidden = true),
};

const struct record template_record = {
	.name = "template", .label = L("消息模板", "Message template"), .plural = "Message templates", .table = &table_message_template, FIELDS(fields),
	.title = { "name" }, .default_sort = "name", .no_import = true, .before = before,
};
