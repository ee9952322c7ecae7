/* Before a plan is submitted: what it comes to, whether one person may approve it alone, and who else could. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/compensation/compensation.h"
#include "domain/ticket/ticket.h"
#include "gen/compensation_sql.h"

enum { SHOWN = 20 };

struct ask_in {
	int64_t id, compensation_id, warranty_months, coupon_fen, refund_fen;
};
static const struct member ask_members[] = {
	MEMBER(struct ask_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct ask_in, compensation_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct ask_in, warranty_months, count, .most = 120),
	MEMBER(struct ask_in, coupon_fen, count, .most = 100000000),
	MEMBER(struct ask_in, refund_fen, count, .most = 100000000),
};
static const struct shape ask_shape = SHAPE("compensation_ask", struct ask_in, ask_members);

static int roles_that_approve(struct ctx *c, struct role **rows, size_t *n, int64_t *ids, size_t *count)
{
	*count = 0;
	TRY(roles_all(c, rows, n));
	for (size_t i = 0; i < *n; i++) {
		struct auth auth = { 0 };
		struct ctx holder = *c;
		holder.auth = &auth;
		TRY(permissions_read(c->arena, (*rows)[i].permissions, &auth.permissions, &auth.permission_count));
		if (may(&holder, "compensation.approve"))
			ids[(*count)++] = (*rows)[i].id;
	}
	return 0;
}

/* Only who sees the ticket can approve what is about it. */
static int sees(struct ctx *c, const struct user_account *u, const struct role *roles, size_t n, const struct ticket *t, bool *out)
{
	struct auth auth = { .user_id = u->id, .role_id = u->role_id, .team_id = u->team_id, .region_id = u->region_id };
	struct ctx other = *c;
	other.auth = &auth;
	for (size_t i = 0; i < n; i++)
		if (roles[i].id == u->role_id)
			auth.scope = scope_read(roles[i].scope);
	int r = scope_check(&other, model_of(c, &ticket_record), t);
	*out = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

static int write_approvers(struct ctx *c, const struct ticket *t, struct text *out)
{
	struct role *roles;
	struct user_account *people;
	int64_t ids[200];
	size_t n, count, people_count = 0, shown = 0;
	TRY(roles_that_approve(c, &roles, &n, ids, &count));
	if (count)
		TRY(people_of_roles(c, ids, count, &people, &people_count));
	text_append(out, ",\"approvers\":[");
	for (size_t i = 0; i < people_count && shown < SHOWN; i++) {
		bool able;
		TRY(sees(c, &people[i], roles, n, t, &able));
		if (!able || people[i].id == c->auth->user_id)
			continue;
		text_format(out, "%s{\"id\":\"%lld\",\"name\":", shown++ ? "," : "", (long long)people[i].id);
		json_text(out, people[i].name);
		text_char(out, '}');
	}
	text_char(out, ']');
	return 0;
}

static int ask(struct ctx *c, const void *arg, void *out)
{
	const struct ask_in *in = arg;
	struct ticket t;
	struct plan_sums sums;
	struct text text = text_in(c->arena);
	TRY(record_get(c, &ticket_record, in->id, &t));
	struct compensation plan = {
		.id = in->compensation_id > 0 ? in->compensation_id : 0, .ticket_id = t.id,
		.warranty_months = in->warranty_months, .coupon_fen = in->coupon_fen, .refund_fen = in->refund_fen,
	};
	plan.total_fen = plan_total(&plan, setting_of(c, SETTING_COMPENSATION_MONTH));
	TRY(plan_sums_of(c, &plan, &sums));
	bool own = may(c, "compensation.approve") && !plan_needs_second(&sums);
	text_format(&text, "{\"total_fen\":%lld,\"ticket_fen\":%lld,\"alone_today_fen\":%lld,\"limit_fen\":%lld,\"day_limit_fen\":%lld,\"needs_second\":%s",
	            (long long)sums.total, (long long)sums.on_ticket, (long long)sums.alone_today, (long long)sums.limit, (long long)sums.day_limit, own ? "false" : "true");
	TRY(write_approvers(c, &t, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route compensation_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/compensation_ask", "compensation.create", POOL, .in = &ask_shape, .out = &raw_shape, .run = ask,
	      .zh = "补偿方案：提交前看合计与审批人", .en = "Compensation: sum and approvers before it is submitted"),
};
const size_t compensation_route_count = sizeof(compensation_routes) / sizeof(compensation_routes[0]);
