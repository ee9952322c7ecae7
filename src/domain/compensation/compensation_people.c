/* Who may be the second person of a plan, and whom a plan is told to. */
#include "base/text.h"
#include "core/notify/staff.h"
#include "core/record/narrowing.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "domain/compensation/compensation.h"
#include "domain/ticket/ticket.h"
#include "gen/compensation_sql.h"

enum { MOST_ROLES = 200 };

static int roles_that_approve(struct ctx *c, struct role **rows, size_t *n, int64_t *ids, size_t *count)
{
	*count = 0;
	TRY(roles_all(c, rows, n));
	for (size_t i = 0; i < *n && *count < MOST_ROLES; i++) {
		struct auth auth = { 0 };
		struct ctx holder = *c;
		holder.auth = &auth;
		TRY(permissions_read(c->arena, (*rows)[i].permissions, &auth.permissions, &auth.permission_count));
		if (may(&holder, "compensation.approve"))
			ids[(*count)++] = (*rows)[i].id;
	}
	return 0;
}

/* Only who sees the ticket can approve what is about it: by scope, and by the conditions of the role. */
static int sees(struct ctx *c, const struct user_account *u, const struct role *roles, size_t n, const struct ticket *t, bool *out)
{
	struct auth auth = { .user_id = u->id, .role_id = u->role_id, .team_id = u->team_id, .region_id = u->region_id };
	struct ctx other = *c;
	other.auth = &auth;
	for (size_t i = 0; i < n; i++)
		if (roles[i].id == u->role_id) {
			auth.scope = scope_read(roles[i].scope);
			TRY(narrowing_read(c, roles[i].conditions, &auth.narrowing));
		}
	int r = scope_check(&other, model_of(c, &ticket_record), t);
	*out = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int plan_approvers(struct ctx *c, const struct ticket *t, const struct compensation *plan, struct plan_approver *out, size_t *n)
{
	struct role *roles;
	struct user_account *people;
	int64_t ids[MOST_ROLES];
	size_t role_count, count, people_count = 0;
	*n = 0;
	TRY(roles_that_approve(c, &roles, &role_count, ids, &count));
	if (count)
		TRY(people_of_roles(c, ids, count, &people, &people_count));
	for (size_t i = 0; i < people_count && *n < PLAN_APPROVERS; i++) {
		bool able;
		if (people[i].id == plan_person(c) || (plan && plan_has_hand(plan, c->arena, people[i].id)))
			continue;
		TRY(sees(c, &people[i], roles, role_count, t, &able));
		if (able)
			out[(*n)++] = (struct plan_approver){ people[i].id, people[i].name };
	}
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
