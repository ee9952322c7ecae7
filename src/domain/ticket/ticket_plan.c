/* The new plan of a ticket that was reopened (C6): what will be done and by when, written before it is worked on to an end again. The
 * customer reads both on her page. */
#include "domain/ticket/ticket_plan.h"

#include "domain/ticket/ticket.h"

struct plan_in {
	const char *new_plan;
	int64_t plan_due_at;
};
static const struct member members[] = {
	MEMBER(struct plan_in, new_plan, text, .flags = MEMBER_REQUIRED, .least = 2, .most = 500),
	MEMBER(struct plan_in, plan_due_at, time_ms, .flags = MEMBER_REQUIRED),
};
const struct shape ticket_plan_shape = SHAPE("ticket_plan", struct plan_in, members);

bool ticket_is_planned(struct ctx *c, const void *row)
{
	const struct ticket *t = row;
	return t->plan_round >= t->reopen_count;
}

bool ticket_was_reopened(struct ctx *c, const void *row)
{
	return ((const struct ticket *)row)->reopen_count > 0;
}

int ticket_write_plan(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	const struct plan_in *in = act->in;
	if (in->plan_due_at <= c->now)
		return fail_field(c, "plan_due_at", ERR_FIELD_PAST, NULL);
	t->new_plan = in->new_plan;
	t->plan_due_at = in->plan_due_at;
	t->plan_round = t->reopen_count;
	ticket_responded(t, c->now);
	return ticket_notify(c, t, "ticket_answered");
}
