/* What closed tickets say of people goes when its time is over; that there was a matter, of what kind and how it went, stays. */
#include "core/retention/hold.h"
#include "core/retention/retention.h"

#include "base/clock.h"
#include "core/upkeep.h"
#include "domain/ticket/ticket_api.h"
#include "gen/ticket_sql.h"

static int look(struct ctx *c, time_ms before, const struct retention_place *after, size_t most, struct retention_row *rows, size_t *n)
{
	struct tickets_still_row *found;
	TRY(tickets_still(c, before, after->at, after->id, day_of(c->now, CHINA_MINUTES), (int64_t)most, &found, n));
	for (size_t i = 0; i < *n; i++)
		rows[i] = (struct retention_row){ .at = found[i].updated_at, .id = found[i].id, .live = found[i].live, .held = found[i].held };
	return hold_mark(c, "ticket", rows, *n);
}

static int empty(struct ctx *c, int64_t id)
{
	int64_t erasure;
	return upkeep_erase_person(c, "ticket", id, RETENTION_REASON, &erasure);
}

const struct retention_kind ticket_retention = {
	.name = "ticket", .label = L("已关闭服务单的内容", "Words and files of closed tickets"), .setting = SETTING_KEEP_TICKET, .look = look, .remove = empty,
	.what = L("清空描述、回复、备注、评价文字和任务内容，删除文件；单号、时间、状态和评分留作统计", "Description, replies, notes and words of ratings and tasks are emptied, files deleted; number, times, state and ratings stay for figures"),
	.since = L("关闭或取消后的最近一次变动", "The last change since it was closed or cancelled"),
	.law = L("个人信息保护法第 19 条：不超过必要的最短时间；电商法第 31 条：交易信息不少于 3 年", "PIPL art. 19: no longer than needed; E-Commerce Law art. 31: records of a sale for 3 years at least"),
};
