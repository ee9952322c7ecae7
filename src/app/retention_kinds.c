/* What goes by age without being looked at one by one, and what stays because proof needs it. */
#include "app/app.h"
#include "core/file/file.h"
#include "core/retention/retention.h"
#include "core/services.h"
#include "gen/import_sql.h"
#include "gen/notify_sql.h"
#include "gen/sweep_sql.h"
#include "gen/undo_sql.h"

enum { CHUNK = 200, IMPORTS = 20, MARKS = 1000 };

#define NO_LONGER L("个人信息保护法第 19 条：不超过必要的最短时间", "PIPL art. 19: no longer than needed")

/* Messages ------------------------------------------------------------------------------------------------------------------ */

static int count_messages(struct ctx *c, time_ms before, int64_t most, int64_t *n)
{
	struct outbox_old_row *rows;
	size_t found;
	TRY(outbox_old(c, before, most, &rows, &found));
	*n = (int64_t)found;
	return 0;
}

static int forget_messages(struct ctx *c, time_ms before, int64_t *removed, bool *more)
{
	struct outbox_old_row *rows;
	size_t n;
	TRY(outbox_old(c, before, CHUNK, &rows, &n));
	*more = n == CHUNK;
	return n ? outbox_forget_old(c, rows[n - 1].created_at + 1, removed) : 0;
}

const struct retention_kind message_retention = {
	.name = "message", .label = L("发件箱的消息", "Messages of the outbox"), .setting = SETTING_KEEP_MESSAGE, .count = count_messages, .sweep = forget_messages,
	.what = L("删除短信和邮件", "SMS and e-mail are deleted"), .since = L("消息写成", "When they were written"), .law = NO_LONGER,
};

/* Imports ------------------------------------------------------------------------------------------------------------------- */

static int count_imports(struct ctx *c, time_ms before, int64_t most, int64_t *n)
{
	struct imports_kept_row *rows;
	size_t found;
	TRY(imports_kept(c, before, most, &rows, &found));
	*n = (int64_t)found;
	return 0;
}

/* A spreadsheet holds many people in clear: its file goes, and the cells that were at fault. */
static int forget_imports(struct ctx *c, time_ms before, int64_t *removed, bool *more)
{
	struct imports_kept_row *rows;
	size_t n;
	int64_t released, marks;
	TRY(imports_kept(c, before, IMPORTS, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(undo_forget(c, rows[i].id, MARKS, &marks));
		if (marks == MARKS) {           /* its notes take more than one turn */
			*removed = (int64_t)i;
			*more = true;
			return 0;
		}
		TRY(undo_forgotten(c, rows[i].id, NULL));
		TRY(file_release(c, "import", rows[i].id, &released));
		TRY(import_errors_clear(c, rows[i].id, NULL));
		TRY(import_forget_file(c, rows[i].id, NULL));
	}
	*removed = (int64_t)n;
	*more = n == IMPORTS;
	return 0;
}

const struct retention_kind import_retention = {
	.name = "import", .label = L("导入用的表格", "Imported spreadsheets"), .setting = SETTING_KEEP_IMPORT, .count = count_imports, .sweep = forget_imports,
	.what = L("删除原表格、附带文件、错误明细和撤销所需的记录，导入的数据不变", "The file, what came beside it, the list of faults and what undoing needs are deleted; what was imported stays"),
	.since = L("开始导入", "When the import began"), .law = NO_LONGER,
};

/* Runs ---------------------------------------------------------------------------------------------------------------------- */

static int count_runs(struct ctx *c, time_ms before, int64_t most, int64_t *n)
{
	struct old_runs_count_row row;
	TRY(old_runs_count(c, id_first(before), before, most, &row));
	*n = row.n;
	return 0;
}

/* Rows of a run go with it: both statements find the same runs. */
static int forget_runs(struct ctx *c, time_ms before, int64_t *removed, bool *more)
{
	int64_t first = id_first(before), gone[7];
	TRY(old_rule_runs(c, first, CHUNK, &gone[0]));
	TRY(old_deliveries(c, first, CHUNK, &gone[1]));
	TRY(old_notices(c, first, CHUNK, &gone[2]));
	TRY(old_action_rows(c, first, CHUNK, &gone[3]));
	TRY(old_action_runs(c, first, CHUNK, &gone[4]));
	TRY(old_dropped_jobs(c, before, CHUNK, &gone[5]));
	TRY(old_model_calls(c, first, CHUNK, &gone[6]));
	*removed = gone[0] + gone[1] + gone[2] + gone[4] + gone[5] + gone[6];
	*more = gone[0] == CHUNK || gone[1] == CHUNK || gone[2] == CHUNK || gone[4] == CHUNK || gone[5] == CHUNK || gone[6] == CHUNK;
	return 0;
}

const struct retention_kind run_retention = {
	.name = "run", .label = L("运行记录与提醒", "Runs and notices"), .setting = SETTING_KEEP_RUN, .count = count_runs, .sweep = forget_runs,
	.what = L("删除规则和批量操作的运行记录、Webhook 的投递记录、员工收到的提醒、放弃的任务", "Runs of rules and of bulk work, deliveries of webhooks, notices to staff and dropped jobs are deleted"),
	.since = L("产生", "When they were made"), .law = NO_LONGER,
};

/* Kept ---------------------------------------------------------------------------------------------------------------------- */

const struct retention_kind reading_retention = {
	.name = "reading", .label = L("查看原文的记录", "Who read what in clear"), .setting = KEPT,
	.what = L("不删除：只记谁、何时、看了哪一项，不含内容", "Stays: it says who, when and which field, not what it held"), .since = L("查看", "When it was read"),
	.law = L("个人信息保护法第 51、55 条；网络安全法第 21 条：日志不少于 6 个月", "PIPL art. 51, 55; Cybersecurity Law art. 21: logs for 6 months at least"),
};

const struct retention_kind audit_retention = {
	.name = "audit", .label = L("审计与变更历史", "Audit and history"), .setting = KEPT,
	.what = L("不删除：缺一条，校验链就断；被删除的人和到期服务单的文字已从中清空", "Stays: with a row less the chain breaks; words of who was erased and of tickets past their time are emptied in it"),
	.since = L("发生", "When it happened"), .law = L("网络安全法第 21 条：日志不少于 6 个月", "Cybersecurity Law art. 21: logs for 6 months at least"),
};
