/* The outbox as a record: what was sent to whom, what waits, what failed and why. Read only; notify() writes it. */
#include "core/notify/notify.h"

#include "gen/schema.h"

static const struct choice channels[] = { { "sms", "短信", "SMS" }, { "mail", "邮件", "E-mail" }, { "wechat", "微信", "WeChat" }, { 0 } };

static const struct choice states[] = {
	{ "waiting", "等待发送", "Waiting", "dashed" }, { "held", "未配置通道", "No channel set", "hollow" },
	{ "sent", "已发送", "Sent", "tick" }, { "failed", "发送失败", "Failed", "dash" },
	{ "unsure", "不确定是否送达", "May not have arrived", "half" }, { "arrived", "已送达", "Arrived", "tick" }, { 0 },
};

static const struct field fields[] = {
	CHOICE(outbox, channel,    L("渠道", "Channel"), .of = channels),
	CODE  (outbox, template,   L("模板", "Template")),
	PHONE (outbox, address,    L("收件人", "Receiver")),       /* or e-mail: its mask shows nothing of that */
	CODE  (outbox, subject,    L("标题", "Subject")),
	SEALED(outbox, body,       L("内容", "Text")),
	CHOICE(outbox, state,      L("状态", "State"), .of = states, .index = true),
	COUNT (outbox, attempts,   L("尝试次数", "Attempts")),
	CODE  (outbox, last_error, L("最近错误", "Last error")),
	TIME  (outbox, sent_at,    L("发送时间", "Sent at")),
};

/* A code or link opens the customer's pages: outside of a demo nobody of the company may read it. */
static int show(struct ctx *c, void *row)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	if (!tenant.demo)
		((struct outbox *)row)->body = (struct bytes){ 0 };
	return 0;
}

const struct record outbox_record = {
	.name = "outbox", .label = L("发件箱", "Outbox"), .plural = "Outbox", .table = &table_outbox, FIELDS(fields), .title = { "template" },
	.about = { "object", "object_id" }, .read_only = true, .no_import = true, .show = show,
};
