/* Who may be the second person of a plan, and whom a plan is told to. */
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/notify/holders.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "domain/compensation/compensation.h"
#include "domain/ticket/ticket.h"
#include "gen/compensation_sql.h"

/* Only who sees the ticket can approve what is about it. */
int plan_approvers(struct ctx *c, const struct ticket *t, const struct compensation *plan, struct plan_approver *out, size_t *n)
{
	struct holders able;
	*n = 0;
	TRY(holders_of(c, "compensation.approve", HOLDS, model_of(c, &ticket_record), t, &able));
	for (size_t i = 0; i < able.n && *n < PLAN_APPROVERS; i++)
		if (able.at[i].id != plan_person(c) && !(plan && plan_has_hand(plan, c->arena, able.at[i].id)))
			out[(*n)++] = (struct plan_approver){ able.at[i].id, able.at[i].name };
	return 0;
}

int plan_given(struct ctx *c, int64_t ticket_id, struct compensation_grant **rows, size_t *n)
{
	enum { MERGED = 20 };
	int64_t tickets[MERGED];
	size_t count;
	TRY(ticket_with_merged(c, ticket_id, tickets, MERGED, &count));
	return grants_of_tickets(c, tickets, count, rows, n);
}

/* Telling ---------------------------------------------------------------------------------------------------------- */

/* The notice leads to the ticket: whoever decides reads what the customer complained of first. */
static int tell(struct ctx *c, int64_t user, const char *kind, const struct compensation *p)
{
	const char *data = arena_format(c->arena, "{\"text\":\"%s\"}", p->no);
	return notify_staff(c, user, &(struct staff_notice){ .kind = kind, .object = "ticket", .object_id = p->ticket_id, .data = data });
}

/* Nobody but a person who is signed in approves, so only for her it may need no other. */
static int needs_nobody(struct ctx *c, const struct compensation *p, bool *out)
{
	struct plan_sums sums;
	TRY(plan_sums_of(c, p, &sums));
	*out = c->actor_kind == ACTOR_USER && may(c, "compensation.approve") && !plan_needs_second(&sums);
	return 0;
}

static int tell_all(struct ctx *c, const struct compensation *p)
{
	struct plan_approver who[PLAN_APPROVERS];
	struct ticket t;
	size_t n;
	bool alone, there;
	TRY(needs_nobody(c, p, &alone));
	TRY(record_look(c, &ticket_record, p->ticket_id, &t, &there));
	if (alone || !there)
		return 0;
	TRY(plan_approvers(c, &t, p, who, &n));
	for (size_t i = 0; i < n; i++)
		TRY(tell(c, who[i].id, "approval_asked", p));
	return 0;
}

int plan_tell(struct ctx *c, const struct compensation *was, const struct compensation *p)
{
	bool waits = text_equal(p->state, "proposed"), changed = !was || !plan_same_content(was, p);
	if (waits && p->approver_id && (changed || was->approver_id != p->approver_id))
		return tell(c, p->approver_id, "approval_asked", p);
	if (waits && !p->approver_id && changed)
		return tell_all(c, p);
	if (!was || text_equal(was->state, p->state))
		return 0;
	if (text_equal(p->state, "approved"))
		return tell(c, p->proposed_by, "approval_given", p);
	return text_equal(p->state, "declined") ? tell(c, p->proposed_by, "approval_refused", p) : 0;
}
