/* Definitions of the ticket: its words, its fields, its flow. */
#include "domain/ticket/ticket.h"

#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/search/search.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/queue.h"
#include "domain/ticket/ticket_plan.h"
#include "gen/queue_sql.h"
#include "gen/link_sql.h"
#include "gen/ticket_sql.h"

const struct choice ticket_scenes[] = {
	{ "repair", "故障报修", "Fault repair" }, { "usage", "使用咨询", "Usage question" }, { "complaint", "投诉", "Complaint" },
	{ "return", "退换货", "Return or exchange" }, { "installation", "安装", "Installation" },
	{ "value_added", "增值服务", "Paid service" }, { "emergency", "紧急求助", "Emergency" }, { "remote", "远程协助", "Remote assistance" },
	{ "order", "订单查询", "Order query" }, { "logistics", "物流", "Delivery" }, { "price", "价保", "Price protection" },
	{ "appointment", "预约服务", "Appointment" }, { "reschedule", "改约与取消", "Change of appointment" }, { "no_show", "没来或迟到", "No-show" }, { "quality", "服务质量", "Quality of service" },
	{ 0 },
};

const struct choice ticket_grades[] = {
	{ "normal", "一般", "Normal", "normal" }, { "urgent", "紧急", "Urgent", "urgent" }, { "critical", "特急", "Critical", "critical" }, { 0 },
};

const struct choice ticket_states[] = {
	[NEW]              = { "new", "待受理", "New", "hollow" },
	[ACCEPTED]         = { "accepted", "已受理", "Accepted", "half" },
	[WORKING]          = { "working", "处理中", "In progress", "half" },
	[WAITING_CUSTOMER] = { "waiting_customer", "等待客户", "Waiting for customer", "dashed" },
	[RESOLVED]         = { "resolved", "待客户确认", "To be confirmed", "dashed" },
	[CLOSED]           = { "closed", "已关闭", "Closed", "tick" },
	[CANCELLED]        = { "cancelled", "已取消", "Cancelled", "dash" },
	{ 0 },
};

const struct choice ticket_channels[] = {
	{ "app", "App", "App" }, { "wechat", "微信", "WeChat" }, { "wecom", "企业微信", "WeCom" }, { "web", "网页", "Web" },
	{ "phone", "电话", "Phone" }, { "mail", "邮件", "E-mail" }, { "sms", "短信", "SMS" }, { "outlet", "网点", "Outlet" },
	{ "api", "开放接口", "API" }, { 0 },
};

const struct choice ticket_ratings[] = {
	{ "satisfied", "满意", "Satisfied" }, { "mostly", "基本满意", "Mostly satisfied" }, { "not", "不满意", "Not satisfied" }, { 0 },
};

const struct choice ticket_dangers[] = {
	{ "smoke", "冒烟", "Smoke" }, { "leak", "漏水", "Leak" }, { "shock", "漏电", "Electric shock" }, { "heat", "异常发热", "Abnormal heat" }, { 0 },
};

const struct choice ticket_times_of_day[] = {
	{ "morning", "上午", "Morning" }, { "afternoon", "下午", "Afternoon" }, { "evening", "晚上", "Evening" }, { 0 },
};

static const struct field fields[] = {
	CODE  (ticket, no,            L("服务单号", "Ticket no."), .series = "SR", .system = true, .unique = true, .search = true),
	CODE  (ticket, old_no,        L("原单号", "Old no."), .system = true, .search = true, .index = true, .hidden = true),
	CODE  (ticket, old_source,    L("原系统", "Old system"), .system = true, .hidden = true),
	CHOICE(ticket, grade,         L("级别", "Grade"), .of = ticket_grades, .initial = "normal", .system = true),
	CODE  (ticket, title,         L("问题", "Problem"), .personal = true, .required = true, .search = true, .most = 80),
	CHOICE(ticket, state,         L("状态", "State"), .of = ticket_states, .initial = "new", .system = true, .index = true, .split = true),
	CODE  (ticket, stage,         L("环节", "Stage"), .system = true, .index = true, .hidden = true),
	CHOICE(ticket, scene,         L("场景", "Scene"), .of = ticket_scenes, .required = true, .fixed = true),
	REF   (ticket, customer_id,   L("客户", "Customer"), .to = &customer_record, .required = true, .fixed = true, .index = true),
	REF   (ticket, device_id,     L("设备", "Device"), .to = &device_record, .index = true),
	REF   (ticket, product_id,    L("产品", "Product"), .to = &product_record),
	REF   (ticket, owner_id,      L("负责人", "Owner"), .to = &user_record, .system = true, .index = true),
	REF   (ticket, team_id,       L("小组", "Team"), .to = &team_record, .system = true, .index = true),
	REF   (ticket, region_id,     L("区域", "Region"), .to = &region_record),
	CHOICE(ticket, channel,       L("渠道", "Channel"), .of = ticket_channels, .initial = "web", .fixed = true),
	SEALED(ticket, description,   L("描述", "Description"), .search = true),
	PHONE (ticket, contact_phone, L("联系电话", "Contact phone"), .hidden = true),
	JSON  (ticket, symptoms,      L("症状", "Symptoms"), .initial = "[]", .hidden = true),
	JSON  (ticket, answers,       L("场景信息", "Scene answers"), .personal = true, .hidden = true),
	CHOICE(ticket, danger,        L("危险", "Danger"), .of = ticket_dangers, .hidden = true),
	DAY   (ticket, preferred_day, L("期望日期", "Preferred day"), .hidden = true),
	CHOICE(ticket, preferred_time, L("期望时段", "Preferred time"), .of = ticket_times_of_day, .hidden = true),
	TEXT  (ticket, steps,         L("处理步骤", "Steps taken"), .personal = true, .system = true, .hidden = true),
	TEXT  (ticket, result,        L("处理结果", "Result"), .personal = true, .system = true, .hidden = true),
	TIME  (ticket, next_due_at,   L("最早时限", "Next due"), .system = true, .initial = "far", .sort = true),
	TIME  (ticket, waiting_since, L("客户等待自", "Customer waits since"), .system = true, .hidden = true),
	COUNT (ticket, remind_count,  L("催办次数", "Reminders"), .system = true),
	TIME  (ticket, reminded_at,   L("最近催办", "Last reminder"), .system = true, .hidden = true),
	TEXT  (ticket, new_plan,      L("新方案", "New plan"), .personal = true, .system = true, .hidden = true),
	TIME  (ticket, plan_due_at,   L("承诺时间", "Promised by"), .system = true, .hidden = true),
	COUNT (ticket, plan_round,    L("方案针对第几次重开", "Reopening that the plan answers"), .system = true, .hidden = true),
	COUNT (ticket, reopen_count,  L("重开次数", "Reopened"), .system = true, .hidden = true),
	TIME  (ticket, reopened_at,   L("最近重开", "Last reopened"), .system = true, .hidden = true),
	CHOICE(ticket, rating,        L("评价", "Rating"), .of = ticket_ratings, .system = true),
	TIME  (ticket, rated_at,      L("评价时间", "Rated at"), .system = true, .hidden = true),
	TIME  (ticket, touched_at,    L("最近处理", "Last worked on"), .system = true, .quiet = true, .hidden = true),
	TIME  (ticket, first_response_at, L("首次响应", "First response"), .system = true, .hidden = true),
	TIME  (ticket, solved_at,     L("解决时间", "Solved at"), .system = true, .hidden = true),
	TIME  (ticket, closed_at,     L("关闭时间", "Closed at"), .system = true, .hidden = true),
	TAGS(ticket),
	CUSTOM(ticket),
};

/* A service record as one row (A10); behind it what else people sort and sum by. */
static const char *const sheet[] = {
	"no", "customer_id", "device_id.model_id", "device_id", "device_id.purchased_on", "scene", "title", "steps", "result", "owner_id",
	"first_response_at", "solved_at", "rating", "grade", "state", "product_id", "team_id", "region_id", "channel", "description", "remind_count", "tags", NULL,
};

/* What was said on a ticket finds it, too. */
static int comment_words(struct ctx *c, const void *const *rows, size_t n, struct search_texts *more)
{
	const struct ticket *const *tickets = (const struct ticket *const *)rows;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	struct ticket_comment *comments;
	size_t count;
	for (size_t i = 0; i < n; i++)
		ids[i] = tickets[i]->id;
	TRY(comments_of_tickets(c, ids, n, &comments, &count));
	struct search_said *said = ARENA_ARRAY(c->arena, struct search_said, count + 1);
	for (size_t i = 0; i < count; i++)
		said[i] = (struct search_said){ comments[i].ticket_id, comments[i].key, comments[i].body };
	return search_said_on(c, "ticket_comment.body", said, count, ids, n, more);
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct ticket *was = old;
	struct ticket *t = row;
	const char *const *words;
	size_t n;
	if (!was || c->actor_kind == ACTOR_USER || c->actor_kind == ACTOR_TOKEN)
		t->touched_at = c->now;
	return !was || text_equal(was->symptoms, t->symptoms) ? 0 : ticket_symptoms(c, t->symptoms, &words, &n);
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct ticket *was = old, *t = row;
	TRY(queue_follow(c, was, t));
	return was && t->device_id && was->device_id != t->device_id ? proofs_settle(c, t->id, t->device_id) : 0;
}

/* What a ticket may be promised (C2, C3, D2: who accepts calls soon). Automatic replies do not set first_response_at, nor do they end a wait. */
static const struct measure measures[] = {
	{ "first_response", L("首次响应", "First response"), "first_response_at is none and state != cancelled", NULL, "state = cancelled", "created_at" },
	{ "acceptance",     L("受理", "Acceptance"), "state = new", NULL, "state = cancelled", "created_at" },
	{ "customer_contact", L("联系客户", "Contact with the customer"), "first_response_at is none and state in (accepted, working, waiting_customer)", "state = waiting_customer",
	  "state = cancelled" },
	{ "next_response",  L("下次响应", "Next response"), "waiting_since is not none and state not in (closed, cancelled)", NULL, "state in (closed, cancelled)", "waiting_since" },
	{ "solution",       L("解决", "Solution"), "solved_at is none and state not in (closed, cancelled)", "state = waiting_customer", "state = cancelled", "created_at" },
	{ 0 },
};

static const struct event_word events[] = {
	{ "commented", L("回复", "Reply") }, { "noted", L("内部备注", "Internal note") }, { "rated", L("客户评价", "Rated") }, { 0 },
};

/* Files went with what released them. */
static int gone(struct ctx *c, const void *row)
{
	int64_t id = ((const struct ticket *)row)->id;
	TRY(ticket_files_drop(c, id, NULL));
	TRY(ticket_comments_drop(c, id, NULL));
	TRY(ticket_ratings_drop(c, id, NULL));
	TRY(ticket_links_drop(c, id, NULL));
	TRY(told_apart_drop(c, "ticket", id, NULL));
	return queue_leave(c, id, NULL);
}

static int used(struct ctx *c, int64_t id, bool *is)
{
	struct ticket_hangs_on_row *rows;
	size_t n;
	TRY(ticket_hangs_on(c, id, id, &rows, &n));
	*is = n > 0;
	return 0;
}

/* Of remarks and ratings it stays that there were some, when and by whom. */
static int emptied(struct ctx *c, int64_t id)
{
	TRY(ticket_files_drop(c, id, NULL));
	TRY(ticket_comments_empty(c, id, NULL));
	return ticket_ratings_empty(c, id, NULL);
}

static int set_next_due(struct ctx *c, int64_t id, int64_t at)
{
	struct ticket was, t;
	TRY(ticket_row_get(c, id, &was));
	t = was;
	t.next_due_at = at;
	TRY(ticket_due(c, id, at, NULL));
	return queue_follow(c, &was, &t);
}

const struct record ticket_record = {
	.name = "ticket", .label = L("服务单", "Ticket"), .plural = "Tickets", .table = &table_ticket, FIELDS(fields), .title = { "no" }, .sheet = sheet,
	.no_create = true, .key_of = "customer_id", .owner = "owner_id", .team = "team_id", .region = "region_id", .flow = &ticket_flow, .no_import = true, .search_more = comment_words, .handout = ticket_handout, .more_cells_label = L("关联服务单", "Linked tickets"), .more_cells = ticket_link_cells, .before = before, .after = after,
	.measures = measures, .events = events, .next_due = set_next_due, .past = "old_no", .gone = gone, .used = used, .emptied = emptied,
};

/* Effects ---------------------------------------------------------------------------------------------------------- */

/* Whoever accepts an unassigned ticket owns it. */
static int accept(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	if (!t->owner_id && c->actor_kind == ACTOR_USER)
		t->owner_id = c->actor_id;
	if (!t->team_id && c->auth)
		t->team_id = c->auth->team_id;
	return 0;
}

static int contact(struct ctx *c, struct act *act, const void *old, void *row)
{
	ticket_responded(row, c->now);
	return 0;
}

static const struct member assign_members[] = {
	MEMBER(struct ticket_assign_in, owner_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct ticket_assign_in, team_id, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape assign_shape = SHAPE("ticket_assign", struct ticket_assign_in, assign_members);

static int assign(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	const struct ticket_assign_in *in = act->in;
	struct user_account user = { 0 };
	struct team team;
	if (in->owner_id == NULL_INT && in->team_id == NULL_INT)
		return fail_field(c, "owner_id", ERR_FIELD_REQUIRED, NULL);
	if (in->owner_id > 0 && (user_account_row_get(c, in->owner_id, &user) < 0 || user.archived_at))
		return fail_field(c, "owner_id", ERR_FIELD_REFERENCE, NULL);
	if (in->team_id > 0 && (team_row_get(c, in->team_id, &team) < 0 || team.archived_at))
		return fail_field(c, "team_id", ERR_FIELD_REFERENCE, NULL);
	if (in->owner_id != NULL_INT)
		t->owner_id = in->owner_id;
	if (in->team_id != NULL_INT)
		t->team_id = in->team_id;
	else if (user.team_id)
		t->team_id = user.team_id;
	if (t->owner_id == ((const struct ticket *)old)->owner_id)
		return 0;
	return notify_staff(c, t->owner_id, &(struct staff_notice){ .kind = "assigned", .object = "ticket", .object_id = t->id });
}

struct grade_in {
	const char *grade;
};
static const struct member grade_members[] = { MEMBER(struct grade_in, grade, code, .flags = MEMBER_REQUIRED, .choices = ticket_grades) };
static const struct shape grade_shape = SHAPE("ticket_grade", struct grade_in, grade_members);

static int regrade(struct ctx *c, struct act *act, const void *old, void *row)
{
	const struct grade_in *in = act->in;
	((struct ticket *)row)->grade = in->grade;
	return 0;
}

struct resolve_in {
	const char *steps, *result;
};
static const struct member resolve_members[] = {
	MEMBER(struct resolve_in, steps, text, .flags = MEMBER_REQUIRED, .most = 2000),
	MEMBER(struct resolve_in, result, text, .flags = MEMBER_REQUIRED, .most = 500),
};
static const struct shape resolve_shape = SHAPE("ticket_resolve", struct resolve_in, resolve_members);

static int resolve(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	const struct resolve_in *in = act->in;
	t->steps = in->steps;
	t->result = in->result;
	t->solved_at = c->now;
	ticket_responded(t, c->now);
	return ticket_notify(c, t, "ticket_resolved");
}

static int close_ticket(struct ctx *c, struct act *act, const void *old, void *row)
{
	((struct ticket *)row)->closed_at = c->now;
	return 0;
}

static int reopen(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	t->reopen_count++;
	t->reopened_at = c->now;
	t->solved_at = 0;
	t->closed_at = 0;
	t->rating = "";
	t->rated_at = 0;
	t->plan_due_at = 0;     /* what was promised before did not hold; its words stay until there are new ones */
	if (c->actor_kind == ACTOR_CUSTOMER)
		t->waiting_since = c->now;
	return 0;
}

static bool has_no_owner(struct ctx *c, const void *row)
{
	return ((const struct ticket *)row)->owner_id == 0;
}

static bool may_reopen(struct ctx *c, const void *row)
{
	return ticket_may_reopen(row, c->now, setting_ms(c, SETTING_TICKET_REOPEN));
}

static bool may_remind(struct ctx *c, const void *row)
{
	return ticket_remind_wait(row, c->now, setting_ms(c, SETTING_TICKET_REMIND_PAUSE)) == 0;
}

static int remind(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct ticket *t = row;
	t->remind_count++;
	t->reminded_at = c->now;
	return ticket_tell_reminder(c, t);
}

static int answer(struct ctx *c, struct act *act, const void *old, void *row)
{
	((struct ticket *)row)->waiting_since = c->now;
	return 0;
}

static int wait_for_customer(struct ctx *c, struct act *act, const void *old, void *row)
{
	return ticket_notify(c, row, "ticket_waiting");
}

/* Flow ------------------------------------------------------------------------------------------------------------- */

#define NEEDS_PLAN L("重新打开后已写新方案", "With a new plan after a reopening")
#define OPEN (ON(NEW) | ON(ACCEPTED) | ON(WORKING) | ON(WAITING_CUSTOMER))

static const struct move moves[] = {
	{ ON(NEW), "accept", ACCEPTED, MOVER_USER, "ticket.work", L("受理", "Accept"), .primary = true, .effect = accept, .undoable = true },
	{ ON(ACCEPTED), "start", WORKING, MOVER_USER, "ticket.work", L("开始处理", "Start work"), .primary = true, .effect = accept, .undoable = true },
	{ ON(ACCEPTED) | ON(WORKING), "take", STAY, MOVER_USER, "ticket.work", L("认领", "Take over"), .guard = has_no_owner,
	  .needs = L("还没有负责人", "Nobody owns it"), .effect = accept, .undoable = true },
	{ ON(WAITING_CUSTOMER), "resume", WORKING, MOVER_USER, "ticket.work", L("继续处理", "Resume"), .primary = true, .undoable = true },
	{ ON(ACCEPTED) | ON(WORKING) | ON(WAITING_CUSTOMER), "resolve", RESOLVED, MOVER_USER, "ticket.work", L("完成处理", "Resolve"),
	  .fields = &resolve_shape, .primary = true, .guard = ticket_is_planned, .needs = NEEDS_PLAN, .effect = resolve },
	{ ON(ACCEPTED) | ON(WORKING) | ON(WAITING_CUSTOMER), "plan", STAY, MOVER_USER, "ticket.work", L("写新方案", "Write a new plan"),
	  .fields = &ticket_plan_shape, .primary = true, .guard = ticket_was_reopened, .needs = L("重新打开过", "After a reopening"), .effect = ticket_write_plan, .kept = true },
	{ OPEN, "contact", STAY, MOVER_USER, "ticket.work", L("联系客户", "Contact customer"), REASON_OPTIONAL, .effect = contact },
	{ ON(ACCEPTED) | ON(WORKING), "wait", WAITING_CUSTOMER, MOVER_USER, "ticket.work", L("等待客户", "Wait for customer"), REASON_REQUIRED,
	  .guard = ticket_is_planned, .needs = NEEDS_PLAN, .effect = wait_for_customer },
	{ OPEN | ON(RESOLVED), "assign", STAY, MOVER_USER, "ticket.assign", L("指派", "Assign"), .fields = &assign_shape, .effect = assign, .undoable = true },
	{ OPEN, "grade", STAY, MOVER_USER, "ticket.work", L("改级别", "Change grade"), REASON_OPTIONAL, .fields = &grade_shape, .effect = regrade, .undoable = true },
	{ ON(RESOLVED), "close", CLOSED, MOVER_USER, "ticket.close", L("代客户确认", "Close for the customer"), REASON_REQUIRED, .effect = close_ticket },
	{ ON(RESOLVED) | ON(CLOSED), "reopen", WORKING, MOVER_USER, "ticket.work", L("重新打开", "Reopen"), REASON_REQUIRED,
	  .guard = may_reopen, .needs = L("未超过可重新打开的期限", "Within the time for reopening"), .effect = reopen },
	{ OPEN, "cancel", CANCELLED, MOVER_USER, "ticket.close", L("取消", "Cancel"), REASON_REQUIRED, .effect = close_ticket },
	{ OPEN, "remind", STAY, MOVER_BOTH, "ticket.work", L("催办", "Remind"), .guard = may_remind, .needs = L("距上次催办已过间隔", "After the pause since the last reminder"), .effect = remind },
	{ ON(NEW) | ON(ACCEPTED), "withdraw", CANCELLED, MOVER_CUSTOMER, "ticket.work", L("客户取消", "Withdraw"), REASON_OPTIONAL, .effect = close_ticket },
	{ ON(RESOLVED), "confirm", CLOSED, MOVER_CUSTOMER, "ticket.work", L("确认完成", "Confirm"), .primary = true, .effect = close_ticket, .kept = true },
	{ ON(RESOLVED) | ON(CLOSED), "unsolved", WORKING, MOVER_CUSTOMER, "ticket.work", L("还没解决", "Not solved"), REASON_REQUIRED,
	  .guard = may_reopen, .needs = L("未超过可重新打开的期限", "Within the time for reopening"), .effect = reopen, .kept = true },
	{ ON(WAITING_CUSTOMER), "answer", WORKING, MOVER_CUSTOMER, "ticket.work", L("补充情况", "Add facts"), .effect = answer, .kept = true },
};

const struct flow ticket_flow = {
	.record = &ticket_record, .state = "state", .stage = "stage", .permission = "ticket.work", .states = ticket_states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]),
};
