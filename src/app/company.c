/* A new company, written through the same records as everything else. */
#include "app/company.h"

#include <string.h>

#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "core/promise/promise.h"
#include "core/upkeep.h"
#include "domain/duty/duty.h"
#include "domain/org/org.h"
#include "domain/weekly/weekly.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

/* What each standard role may do; companies change and add their own. */
const struct company_role company_roles[] = {
	[ROLE_ADMINISTRATOR] = { "administrator", "管理员", "all", "[\"*\"]" },
	[ROLE_SUPERVISOR] = { "supervisor", "客服主管", "all",
		"[\"ticket.read\",\"ticket.create\",\"ticket.change\",\"ticket.work\",\"ticket.assign\",\"ticket.close\",\"ticket.export\",\"ticket.reveal\","
		"\"customer.read\",\"customer.create\",\"customer.change\",\"customer.reveal\",\"customer.export\",\"customer.import\","
		"\"contact.read\",\"contact.create\",\"contact.change\",\"contact.archive\",\"contact.reveal\",\"address.read\",\"address.create\",\"address.change\",\"address.archive\",\"address.reveal\","
		"\"consent.read\",\"consent.create\",\"consent.change\",\"device.read\",\"device.create\",\"device.change\",\"device.import\",\"device.export\","
		"\"compensation.read\",\"compensation.create\",\"compensation.change\",\"compensation_grant.read\",\"compensation.approve\",\"compensation.export\",\"compensation_grant.settle\",\"product.read\",\"model.read\",\"purchase_proof.read\",\"purchase_proof.check\",\"user.read\",\"role.read\",\"team.read\",\"region.read\","
		"\"shift.read\",\"shift.create\",\"shift.change\",\"shift.archive\",\"shift.export\",\"shift_kind.read\",\"shift_kind.create\",\"shift_kind.change\",\"shift_kind.archive\","
		"\"absence.read\",\"absence.create\",\"absence.change\",\"absence.archive\",\"break_reason.read\",\"break_reason.create\",\"break_reason.change\",\"break_reason.archive\",\"attendance.read\",\"attendance.export\","
		"\"task.read\",\"task.create\",\"task.change\",\"task.archive\",\"task.export\",\"macro.read\",\"macro.create\",\"macro.change\",\"macro.archive\",\"macro.share\",\"template.read\",\"template.create\",\"template.change\",\"template.archive\",\"ticket.order\",\"wall.read\",\"customer.merge\",\"ticket.merge\","
		"\"view.read\",\"view.create\",\"view.change\",\"view.archive\",\"view.share\",\"outbox.read\",\"calendar.read\",\"clock_measure.read\",\"clock_policy.read\",\"promise.read\",\"import.read\",\"import.create\",\"import.change\",\"file.read\",\"file.create\"]" },
	[ROLE_AGENT] = { "agent", "客服", "team",
		"[\"ticket.read\",\"ticket.create\",\"ticket.change\",\"ticket.work\",\"ticket.assign\",\"ticket.reveal\","
		"\"customer.read\",\"customer.create\",\"customer.change\",\"customer.reveal\",\"contact.read\",\"contact.create\",\"contact.change\",\"contact.reveal\","
		"\"address.read\",\"address.create\",\"address.change\",\"address.reveal\",\"consent.read\",\"device.read\",\"device.create\",\"device.change\","
		"\"compensation.read\",\"compensation.create\",\"compensation.change\",\"compensation_grant.read\",\"product.read\",\"model.read\",\"purchase_proof.read\",\"purchase_proof.check\",\"user.read\",\"team.read\",\"region.read\","
		"\"shift.read\",\"shift_kind.read\","
		"\"view.read\",\"view.create\",\"view.change\",\"view.archive\",\"task.read\",\"task.create\",\"task.change\",\"task.archive\",\"macro.read\",\"macro.create\",\"macro.change\",\"macro.archive\",\"template.read\",\"ticket.merge\",\"file.read\",\"file.create\"]" },
	[ROLE_READER] = { "reader", "只读", "all",
		"[\"ticket.read\",\"customer.read\",\"contact.read\",\"device.read\",\"product.read\",\"model.read\",\"user.read\",\"team.read\",\"region.read\",\"view.read\",\"task.read\"]" },
	[ROLE_SECURITY] = { "security", "安全管理员", "all",
		"[\"setting.read\",\"setting.change\",\"setting.security\",\"user.read\",\"user.change\",\"user.factor\",\"role.read\",\"team.read\",\"region.read\"]" },
	/* Apart from all others: only the command line gives it (auth.h). */
	[ROLE_AUDITOR] = { "auditor", "审计员", "all",
		"[\"audit.read\",\"audit.export\",\"user.read\",\"role.read\",\"team.read\",\"region.read\",\"api_token.read\",\"setting.read\"]" },
	{ 0 },
};

static int add_role(struct ctx *c, const struct company_role *role, int64_t *id)
{
	struct role row = {
		.tenant = c->tenant, .id = new_id(c), .code = role->code, .name = role->name, .permissions = role->permissions, .scope = role->scope,
	};
	*id = row.id;
	return record_insert(c, &role_record, &row);
}

int company_role_id(struct ctx *c, const char *code, int64_t *id)
{
	struct role_by_code_row *rows;
	size_t n;
	TRY(role_by_code(c, code, &rows, &n));
	*id = n ? rows[0].id : 0;
	for (int i = 0; !n && i < ROLE_KINDS; i++)
		if (!strcmp(company_roles[i].code, code))
			return add_role(c, &company_roles[i], id);
	return n ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

/* What everybody looks at first; companies change and add their own. */
#define TICKET_COLUMNS "[\"no\",\"grade\",\"next_due_at\",\"customer_id\",\"product_id\",\"title\",\"scene\",\"state\",\"owner_id\",\"channel\",\"updated_at\"]"
#define TASK_COLUMNS "[\"title\",\"kind\",\"state\",\"due_at\",\"owner_id\",\"ticket_id\",\"customer_id\"]"

static const struct { const char *record, *name, *name_en, *condition, *sort, *columns; } company_views[] = {
	{ "ticket", "待受理", "New", "state = new", "-created_at", TICKET_COLUMNS },
	{ "ticket", "我的待办", "Mine to do", "owner_id = me and state in (accepted, working, waiting_customer)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "紧急与特急", "Urgent and critical", "grade in (urgent, critical) and state not in (closed, cancelled)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "等待客户", "Waiting for the customer", "state = waiting_customer", "-created_at", TICKET_COLUMNS },
	{ "ticket", "待客户确认", "To be confirmed", "state = resolved", "-created_at", TICKET_COLUMNS },
	{ "ticket", "催办 2 次以上", "Reminded twice or more", "remind_count >= 2 and state not in (closed, cancelled)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "全部服务单", "All tickets", "", "-created_at", TICKET_COLUMNS },
	{ "task", "我的任务", "My tasks", "owner_id = me and state = open", "due_at", TASK_COLUMNS },
	{ "task", "小组的任务", "My team's tasks", "team_id = my_team and state = open", "due_at", TASK_COLUMNS },
	{ "task", "已到期", "Overdue", "due_at < now and state = open", "due_at", TASK_COLUMNS },
	{ "task", "全部任务", "All tasks", "", "due_at", TASK_COLUMNS },
};

static int add_views(struct ctx *c)
{
	for (size_t i = 0; i < sizeof(company_views) / sizeof(company_views[0]); i++) {
		struct list_view row = {
			.tenant = c->tenant, .id = new_id(c), .record = company_views[i].record, .name = company_views[i].name, .name_en = company_views[i].name_en,
			.audience = "company", .condition = company_views[i].condition, .sort = company_views[i].sort, .position = (int64_t)i + 1, .columns = company_views[i].columns,
		};
		TRY(record_insert(c, &view_record, &row));
	}
	return 0;
}

int company_create(struct ctx *c, struct company *company)
{
	int64_t taken;
	if (!company->pack)
		company->pack = &packs[0];
	TRY(company_find(c, company->code, &taken));
	if (taken)
		return fail(c, ERR_EXISTS, NULL);
	struct tenant tenant = {
		.tenant = c->tenant, .code = company->code, .name = company->name, .zone_minutes = 480, .pack = company->pack->name,
		.demo = company->demo, .service_phone = company->service_phone, .created_at = c->now, .version = 1,
	};
	company->tenant = c->tenant;
	TRY(pii_key_new(c, "tenant", c->tenant, &tenant.key));
	TRY(tenant_row_insert(c, &tenant));
	for (int i = 0; i < ROLE_KINDS; i++)
		TRY(add_role(c, &company_roles[i], &company->role_ids[i]));
	TRY(add_views(c));
	TRY(pack_begin(c, company->pack));
	TRY(promises_seed(c));
	TRY(duty_seed(c));
	TRY(sweep_begin(c));
	TRY(weekly_begin(c));
	return upkeep_begin(c);
}

int company_find(struct ctx *c, const char *code, int64_t *tenant)
{
	struct tenant_by_code_row *rows;
	size_t n;
	*tenant = 0;
	TRY(tenant_by_code(c, code, &rows, &n));
	if (n)
		*tenant = rows[0].tenant;
	return 0;
}

int company_add_staff(struct ctx *c, struct staff *staff)
{
	struct user_account row = {
		.tenant = c->tenant, .id = new_id(c), .account = staff->account, .name = staff->name, .role_id = staff->role_id,
		.team_id = staff->team_id, .lang = staff->lang ? staff->lang : "zh", .theme = "system", .password = staff->password_hash, .password_at = c->now,
	};
	staff->id = row.id;
	TRY(pii_key_new(c, "user", row.id, &row.key));
	TRY(pii_seal(c, row.key, "user_account.phone", staff->phone, &row.phone));
	return record_insert(c, &user_record, &row);
}

int company_found(struct ctx *c, struct company *company, struct staff *admin)
{
	TRY(company_create(c, company));
	admin->role_id = company->role_ids[ROLE_ADMINISTRATOR];
	TRY(company_add_staff(c, admin));
	return nightly_begin(c);
}
