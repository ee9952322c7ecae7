/* Receivers and what was sent to them, as records. */
#include "domain/weekly/weekly.h"

#include "domain/org/org.h"
#include "gen/schema.h"

static const struct field receiver_fields[] = {
	REF (weekly_receiver, user_id,  L("接收人", "Receiver"), .to = &user_record, .required = true, .fixed = true),
	FLAG(weekly_receiver, promises, L("承诺达成", "Promises"), .initial = "1"),
	FLAG(weekly_receiver, worst,    L("未达承诺的产品与小组", "Products and teams behind a missed promise"), .initial = "1"),
	FLAG(weekly_receiver, counts,   L("本周服务单", "Tickets of the week"), .initial = "1"),
	FLAG(weekly_receiver, oldest,   L("最久未结的服务单", "Oldest open tickets"), .initial = "1"),
};

const struct record weekly_receiver_record = {
	.name = "weekly_receiver", .label = L("周报接收人", "Receiver of the weekly report"), .plural = "Receivers of the weekly report", .table = &table_weekly_receiver,
	FIELDS(receiver_fields), .title = { "user_id" }, .no_import = true,
};

static const struct choice states[] = {
	{ "waiting", "等待发送", "Waiting", "dashed" }, { "held", "未配置通道", "No channel set", "hollow" }, { "sent", "已发送", "Sent", "tick" },
	{ "failed", "发送失败", "Failed", "dash" }, { 0 },
};

static const struct field mail_fields[] = {
	CODE  (weekly_mail, name,       L("周", "Week")),
	REF   (weekly_mail, user_id,    L("接收人", "Receiver"), .to = &user_record, .required = true),
	CHOICE(weekly_mail, state,      L("状态", "State"), .of = states),
	TIME  (weekly_mail, sent_at,    L("发送时间", "Sent at")),
	CODE  (weekly_mail, last_error, L("错误", "Error")),
	TIME  (weekly_mail, asked_at,   L("本人索取于", "Asked for at")),
	DAY   (weekly_mail, week,       L("周一", "Monday"), .hidden = true),
};

const struct record weekly_mail_record = {
	.name = "weekly_mail", .label = L("已发周报", "Weekly report sent"), .plural = "Weekly reports sent", .table = &table_weekly_mail, FIELDS(mail_fields),
	.title = { "name" }, .read_only = true, .no_import = true,
};
