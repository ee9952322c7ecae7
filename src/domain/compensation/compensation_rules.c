/* Pure decisions about compensation. */
#include "domain/compensation/compensation.h"
#include "domain/device/device.h"

bool plan_needs_second(const struct plan_sums *s)
{
	return s->total + s->on_ticket > s->limit || s->total + s->alone_today > s->day_limit;
}

int64_t plan_total(const struct compensation *plan, int64_t month_fen)
{
	return plan->coupon_fen + plan->refund_fen + plan->warranty_months * month_fen;
}

int64_t plan_longer(int64_t until, int64_t today, int64_t months)
{
	return warranty_until(until > today ? until : today, 0, months);
}
