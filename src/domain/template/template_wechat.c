/* What a template says in WeChat: which message of whose account, and what goes into each of WeChat's keywords. Judged when it is saved, since a
 * value that a keyword cannot hold would be refused by WeChat message by message. */
#include <string.h>

#include "channel/wechat/wechat_notice.h"
#include "core/auth/auth.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "engine/fill/fill.h"

const struct choice template_wechat_kinds[] = { { "none", "不发微信", "None" }, { "template", "公众号模板消息", "Template message" }, { "subscribe", "订阅消息", "Subscribe message" }, { 0 } };

/* Those of core/notify/templates.def that tell a customer about a ticket. */
const struct choice template_notices[] = {
	{ "none", "不用于自动通知", "None" }, { "ticket_received", "服务单已受理", "Ticket received" }, { "ticket_answered", "服务单有新回复", "New answer" },
	{ "ticket_waiting", "需要客户补充情况", "Waiting for the customer" }, { "ticket_resolved", "已处理，请确认并评价", "Done, please confirm" }, { 0 },
};

static void check_names(struct ctx *c, const struct message_template *m)
{
	if (text_empty(m->wechat_app))
		fail_field(c, "wechat_app", ERR_FIELD_REQUIRED, NULL);
	else if (!text_is_word(m->wechat_app, "_-"))
		fail_field(c, "wechat_app", ERR_FIELD_INVALID, ": wx0123456789abcdef");
	if (text_empty(m->wechat_id))
		fail_field(c, "wechat_id", ERR_FIELD_REQUIRED, NULL);
	else if (!text_is_word(m->wechat_id, "_-"))
		fail_field(c, "wechat_id", ERR_FIELD_INVALID, ": A–Z a–z 0–9 - _");
	if (!text_empty(m->wechat_page) && (m->wechat_page[0] == '/' || strpbrk(m->wechat_page, " \\") || strstr(m->wechat_page, "://")))
		fail_field(c, "wechat_page", ERR_FIELD_INVALID, ": pages/ticket/index");
}

/* What has no variable can be judged now. */
static int check_line(struct ctx *c, const struct wechat_line *line)
{
	struct fill f;
	struct fill_fault fault;
	int r = fill_cut(c->arena, line->text, template_names, template_variable_count, &f, &fault);
	if (r < 0)
		return fail_field(c, "wechat_data", r, arena_string_n(c->arena, line->text + fault.at, fault.n));
	TRY(template_may_say(c, "wechat_data", &f));
	if (!f.used && !wechat_fit(c->arena, line->type, line->text))
		return fail_field(c, "wechat_data", ERR_WECHAT_VALUE, arena_format(c->arena, "%s = %s", line->keyword, arena_string_n(c->arena, line->text, utf8_prefix(line->text, 40))));
	return 0;
}

static int check_lines(struct ctx *c, const struct message_template *m)
{
	struct wechat_line *lines;
	const char *wrong = NULL;
	size_t n;
	if (text_empty(m->wechat_data))
		return fail_field(c, "wechat_data", ERR_FIELD_REQUIRED, NULL);
	if (wechat_lines_read(c->arena, m->wechat_data, &lines, &n, &wrong) < 0)
		return fail_field(c, "wechat_data", ERR_WECHAT_LINE, arena_string_n(c->arena, wrong, utf8_prefix(wrong, 40)));
	for (size_t i = 0; i < n; i++)
		TRY(check_line(c, &lines[i]));
	return 0;
}

int template_wechat_check(struct ctx *c, const struct message_template *was, const struct message_template *m)
{
	/* What a pack brings says nothing of WeChat: defaults come later. */
	if (text_empty(m->wechat_kind) || text_equal(m->wechat_kind, "none"))
		return text_empty(m->notice) || text_equal(m->notice, "none") ? 0 : fail_field(c, "notice", ERR_WECHAT_NONE, NULL);
	check_names(c, m);
	bool as_it_was = was && text_equal(was->wechat_data, m->wechat_data) && text_equal(was->wechat_kind, m->wechat_kind);
	return as_it_was ? c->error->code : check_lines(c, m);
}
