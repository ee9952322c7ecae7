/* Customers with whom the company has had nothing to do for so long that nothing needs their data any more. */
#include "core/retention/hold.h"
#include "core/retention/retention.h"

#include "base/clock.h"
#include "domain/customer/customer_api.h"
#include "gen/customer_sql.h"

static int look(struct ctx *c, time_ms before, const struct retention_place *after, size_t most, struct retention_row *rows, size_t *n)
{
	struct customers_still_row *found;
	TRY(customers_still(c, before, after->at, after->id, day_of(c->now, CHINA_MINUTES), (int64_t)most, &found, n));
	for (size_t i = 0; i < *n; i++)
		rows[i] = (struct retention_row){ .at = found[i].updated_at, .id = found[i].id, .live = found[i].live, .held = found[i].held };
	return hold_mark(c, "customer", rows, *n);
}

static int erase(struct ctx *c, int64_t id)
{
	int64_t erasure;
	return customer_erase(c, id, RETENTION_REASON, &erasure);
}

const struct retention_kind customer_retention = {
	.name = "customer", .label = L("不再往来的客户", "Customers who are gone"), .setting = SETTING_KEEP_CUSTOMER, .look = look, .remove = erase,
	.what = L("彻底删除个人信息，与客户本人要求删除相同，留有删除证明", "Erased for good, as when she asks for it, with a certificate"),
	.since = L("最近一次服务单、设备、任务、同意或登录的变动", "The last change of a ticket, device, task or consent, or sign-in"),
	.law = L("个人信息保护法第 19 条：不超过必要的最短时间；电商法第 31 条：交易信息不少于 3 年", "PIPL art. 19: no longer than needed; E-Commerce Law art. 31: records of a sale for 3 years at least"),
};
