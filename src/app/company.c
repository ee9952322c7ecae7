/* A new company, written through the same records as everything else. */
#include "app/company.h"

#include "app/health.h"
#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "core/upkeep.h"
#include "domain/duty/duty.h"
#include "domain/org/org.h"
#include "domain/weekly/weekly.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

static const char *const standard_roles[ROLE_KINDS] = {
	[ROLE_ADMINISTRATOR] = "administrator", [ROLE_SUPERVISOR] = "supervisor", [ROLE_AGENT] = "agent", [ROLE_READER] = "reader",
	[ROLE_SECURITY] = "security", [ROLE_AUDITOR] = "auditor",
};

int company_role_id(struct ctx *c, const char *code, int64_t *id)
{
	struct role_by_code_row *rows;
	size_t n;
	TRY(role_by_code(c, code, &rows, &n));
	if (!n)
		return pack_role_add(c, code, id);
	*id = rows[0].id;
	return 0;
}

/* What everybody looks at first; companies change and add their own. */
#define TICKET_COLUMNS "[\"no\",\"grade\",\"next_due_at\",\"customer_id\",\"product_id\",\"title\",\"scene\",\"state\",\"owner_id\",\"channel\",\"updated_at\"]"
#define TASK_COLUMNS "[\"title\",\"kind\",\"state\",\"due_at\",\"owner_id\",\"ticket_id\",\"customer_id\"]"

static const struct { const char *record, *name, *name_en, *condition, *sort, *columns; bool alarm; } company_views[] = {
	{ "ticket", "待受理", "New", "state = new", "-created_at", TICKET_COLUMNS },
	{ "ticket", "我的待办", "Mine to do", "owner_id = me and state in (accepted, working, waiting_customer)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "紧急与特急", "Urgent and critical", "grade in (urgent, critical) and state not in (closed, cancelled)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "等待客户", "Waiting for the customer", "state = waiting_customer", "-created_at", TICKET_COLUMNS },
	{ "ticket", "待客户确认", "To be confirmed", "state = resolved", "-created_at", TICKET_COLUMNS },
	{ "ticket", "催办 2 次以上", "Reminded twice or more", "remind_count >= 2 and state not in (closed, cancelled)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "我的小组", "My team's", "team_id = my_team and state in (new, accepted, working, waiting_customer, resolved)", "-created_at", TICKET_COLUMNS },
	{ "ticket", "已超时", "Overdue", "next_due_at < now and state in (new, accepted, working)", "next_due_at", TICKET_COLUMNS, .alarm = true },
	{ "ticket", "24 小时未处理", "Untouched for 24 h", "state in (new, accepted, working) and age(touched_at) > 24h", "-created_at", TICKET_COLUMNS, .alarm = true },
	{ "ticket", "投诉", "Complaints", "scene = complaint and state not in (closed, cancelled)", "-created_at", TICKET_COLUMNS, .alarm = true },
	{ "ticket", "评价不满意", "Not satisfied", "rating = \"not\" and age(created_at) < 2160h", "-created_at", TICKET_COLUMNS, .alarm = true },
	{ "ticket", "全部服务单", "All tickets", "", "-created_at", TICKET_COLUMNS },
	{ "task", "我的任务", "My tasks", "owner_id = me and state = open", "due_at", TASK_COLUMNS },
	{ "task", "小组的任务", "My team's tasks", "team_id = my_team and state = open", "due_at", TASK_COLUMNS },
	{ "task", "已到期", "Overdue", "due_at < now and state = open", "due_at", TASK_COLUMNS, .alarm = true },
	{ "task", "个人信息请求", "Personal data requests", "kind in (privacy_erase, privacy_ask) and state = open", "due_at", TASK_COLUMNS },
	{ "task", "全部任务", "All tasks", "", "due_at", TASK_COLUMNS },
};

static int add_views(struct ctx *c)
{
	for (size_t i = 0; i < sizeof(company_views) / sizeof(company_views[0]); i++) {
		struct list_view row = {
			.tenant = c->tenant, .id = new_id(c), .record = company_views[i].record, .name = company_views[i].name, .name_en = company_views[i].name_en,
			.audience = "company", .condition = company_views[i].condition, .sort = company_views[i].sort, .position = (int64_t)i + 1, .columns = company_views[i].columns, .alarm = company_views[i].alarm,
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
		.tenant = c->tenant, .code = company->code, .name = company->name, .zone_minutes = CHINA_MINUTES, .pack = company->pack->name,
		.demo = company->demo, .service_phone = company->service_phone, .created_at = c->now, .version = 1,
	};
	company->tenant = c->tenant;
	TRY(pii_key_new(c, "tenant", c->tenant, &tenant.key));
	TRY(tenant_row_insert(c, &tenant));
	TRY(pack_roles_always(c));
	TRY(add_views(c));
	TRY(pack_begin(c, company->pack));
	for (int i = 0; i < ROLE_KINDS; i++)
		TRY(company_role_id(c, standard_roles[i], &company->role_ids[i]));
	TRY(duty_seed(c));
	TRY(sweep_begin(c));
	TRY(health_begin(c));
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
