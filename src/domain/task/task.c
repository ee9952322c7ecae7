/* Definition of the task, its flow, and the way in for whatever makes one without a form. */
#include "domain/task/task.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/notify/holders.h"
#include "core/notify/tell.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "engine/redact/redact.h"
#include "gen/task_sql.h"

/* A call ends with what came of it. What is asked about her data is answered in words, whoever is reached. */
#define CALL .asks = "outcome"
const struct choice task_kinds[] = {
	{ "todo", "待办", "To do" }, { "call_back", "回访", "Call-back", CALL }, { "complaint_call", "投诉致电", "Complaint call", CALL },
	{ "second_call", "再次回访", "Second call", CALL }, { "review_call", "差评跟进", "Bad review call", CALL },
	{ "privacy_erase", "请求删除个人信息", "Asks to be erased" }, { "privacy_ask", "个人信息请求", "Asks about her data" }, { 0 },
};

/* How a call ended; other tasks end without. */
static const struct choice outcomes[] = {
	{ "content", "已联系上，客户满意", "Reached, content" }, { "unsolved", "已联系上，仍未解决", "Reached, not solved" }, { "not_reached", "未联系上", "Not reached" },
	{ "spoken", "已通话", "Spoken with" }, { 0 },
};

static const struct choice states[] = {
	[TASK_OPEN]      = { "open", "待办", "Open", "hollow" },
	[TASK_DONE]      = { "done", "已完成", "Done", "tick" },
	[TASK_CANCELLED] = { "cancelled", "已取消", "Cancelled", "dash" },
	{ 0 },
};

/* Made by hand or not, it is a supervisor who calls whoever complains. */
static bool is_supervisors(const struct task *t)
{
	return text_equal(t->kind, "complaint_call");
}

/* Whom to call stands in the customer's file, sealed; in a task it would be in clear for ever. */
static void redact_texts(struct ctx *c, struct task *t)
{
	const char **texts[] = { &t->title, &t->note, &t->result };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!text_empty(*texts[i]))
			*texts[i] = redact(c->arena, *texts[i], strlen(*texts[i]), NULL);
}

static bool may_do(struct ctx *c, const void *row)
{
	return !((const struct task *)row)->for_supervisor || may(c, SUPERVISE);
}

/* A task that names nobody falls to whoever makes it; one that names a person goes to that person's team. What a supervisor is to do nobody
 * else changes: its promise is hers. */
static int before(struct ctx *c, const void *old, void *row)
{
	const struct task *was = old;
	struct task *t = row;
	struct user_account user;
	if (was && !may_do(c, was))
		return fail(c, ERR_FORBIDDEN, SUPERVISE);
	if (is_supervisors(t))
		t->for_supervisor = 1;
	redact_texts(c, t);
	if (!was && !t->owner_id && !t->team_id && c->auth)
		t->owner_id = c->auth->user_id;
	bool new_owner = t->owner_id && (!was || was->owner_id != t->owner_id);
	if (!new_owner || (was ? was->team_id != t->team_id : t->team_id != 0))
		return 0;
	int r = user_account_row_get(c, t->owner_id, &user);
	if (r == 0)
		t->team_id = user.team_id;
	return r == ERR_NOT_FOUND ? fail_field(c, "owner_id", ERR_FIELD_REFERENCE, NULL) : r;
}

/* Whoever gets a task hears of it. */
static int after(struct ctx *c, const void *old, const void *row)
{
	const struct task *was = old, *t = row;
	TRY(task_due_follow(c, was, t));
	if (was && was->owner_id == t->owner_id)
		return 0;
	return notify_staff(c, t->owner_id, &(struct staff_notice){ .kind = "task", .object = "task", .object_id = t->id });
}

static const struct field fields[] = {
	CODE  (task, title,       L("事项", "What"), .personal = true, .required = true, .search = true),
	CHOICE(task, kind,        L("种类", "Kind"), .of = task_kinds, .initial = "todo"),
	CHOICE(task, state,       L("状态", "State"), .of = states, .initial = "open", .system = true, .index = true, .split = true),
	CODE  (task, stage,       L("环节", "Stage"), .system = true, .index = true, .hidden = true),
	TIME  (task, due_at,      L("期限", "Due"), .initial = "far", .sort = true),
	REF   (task, owner_id,    L("负责人", "Owner"), .to = &user_record, .index = true),
	REF   (task, team_id,     L("小组", "Team"), .to = &team_record, .index = true),
	FLAG  (task, for_supervisor, L("主管办理", "For a supervisor"), .system = true, .hidden = true),
	REF   (task, ticket_id,   L("服务单", "Ticket"), .to = &ticket_record, .index = true),
	REF   (task, customer_id, L("客户", "Customer"), .to = &customer_record, .index = true),
	REF   (task, device_id,   L("设备", "Device"), .to = &device_record, .index = true),
	TEXT  (task, note,        L("说明", "Note"), .personal = true, .most = 2000, .hidden = true),
	CHOICE(task, outcome,     L("通话结果", "How the call ended"), .of = outcomes, .system = true, .hidden = true),
	TEXT  (task, result,      L("结果", "Result"), .personal = true, .system = true, .hidden = true),
	REF   (task, done_by,     L("完成人", "Done by"), .to = &user_record, .system = true, .hidden = true),
	TIME  (task, done_at,     L("完成时间", "Done at"), .system = true, .hidden = true),
};

const struct record task_record = {
	.name = "task", .label = L("任务", "Task"), .plural = "Tasks", .table = &table_task, FIELDS(fields), .title = { "title" }, .default_sort = "due_at",
	.owner = "owner_id", .team = "team_id", .flow = &task_flow, .no_import = true, .before = before, .after = after,
};

/* Effects ---------------------------------------------------------------------------------------------------------- */

struct finish_in {
	const char *outcome, *result;
};
static const struct member finish_members[] = { MEMBER(struct finish_in, outcome, code, .choices = outcomes), MEMBER(struct finish_in, result, text, .most = 1000) };
static const struct shape finish_shape = SHAPE("task_finish", struct finish_in, finish_members);

/* What she says is not solved goes on, by whoever called, as far as he may work on tickets, else by the system. */
static int go_on(struct ctx *c, const struct task *t)
{
	struct ctx all = ctx_as_system(c), *who = may(c, "ticket.work") ? c : &all;
	struct flow_asking asking = { 0 };
	struct ticket ticket;
	bool there, allowed = false;
	TRY(record_look(who, &ticket_record, t->ticket_id, &ticket, &there));
	TRY(flow_of(who, &ticket_flow, &asking.flow));
	if (there)
		TRY(flow_allows(who, &asking, flow_find(asking.flow, "reopen"), &ticket, &allowed));
	if (!allowed)
		return 0;
	const char *why = text_empty(t->result) ? (c->lang == LANG_EN ? outcomes[1].en : outcomes[1].zh) : t->result;
	return flow_act(who, &ticket_flow, ticket.id, 0, "reopen", why, NULL, &ticket);
}

static bool is_call(const struct task *t)
{
	const struct choice *kind = choice_find(task_kinds, t->kind);
	return kind && kind->asks;
}

static int finish(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct task *t = row;
	const struct finish_in *in = act->in;
	bool call = is_call(t);
	if (call && (!in || text_empty(in->outcome)))
		return fail_field(c, "outcome", ERR_FIELD_REQUIRED, NULL);
	t->outcome = call ? in->outcome : "";
	t->result = in && in->result ? in->result : "";
	if (text_equal(t->outcome, "unsolved") && t->ticket_id)
		TRY(go_on(c, t));
	t->done_at = c->now;
	t->done_by = c->actor_kind == ACTOR_USER ? c->actor_id : 0;
	return 0;
}

int task_spoken(struct ctx *c, int64_t id, int64_t user_id, const char *result)
{
	struct task t;
	struct ctx all = ctx_as_system(c);
	TRY(task_row_get(c, id, &t));
	if (!text_equal(t.state, "open"))
		return 0;
	struct task old = t;
	t.state = states[TASK_DONE].value;
	t.outcome = "spoken";
	t.result = result;
	t.done_at = c->now;
	t.done_by = user_id;
	return record_update(&all, &task_record, &old, &t, "task.finish", NULL, NULL);
}

static int cancel(struct ctx *c, struct act *act, const void *old, void *row)
{
	((struct task *)row)->done_at = c->now;
	return 0;
}

static int reopen(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct task *t = row;
	t->outcome = "";
	t->result = "";
	t->done_at = 0;
	t->done_by = 0;
	return 0;
}

#define NEEDS_SUPERVISOR L("主管办理的任务由主管完成", "What is a supervisor's to do is done by one")

static const struct move moves[] = {
	{ ON(TASK_OPEN), "finish", TASK_DONE, MOVER_USER, "task.change", L("完成", "Finish"), .fields = &finish_shape, .guard = may_do, .needs = NEEDS_SUPERVISOR, .primary = true, .undoable = true, .effect = finish },
	{ ON(TASK_OPEN), "cancel", TASK_CANCELLED, MOVER_USER, "task.change", L("取消", "Cancel"), REASON_REQUIRED, .guard = may_do, .needs = NEEDS_SUPERVISOR, .undoable = true, .effect = cancel },
	{ ON(TASK_DONE) | ON(TASK_CANCELLED), "reopen", TASK_OPEN, MOVER_USER, "task.change", L("重新打开", "Reopen"), REASON_OPTIONAL, .guard = may_do, .needs = NEEDS_SUPERVISOR, .undoable = true, .effect = reopen },
};

const struct flow task_flow = { .record = &task_record, .state = "state", .stage = "stage", .permission = "task.change", .states = states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]) };

/* Without a form --------------------------------------------------------------------------------------------------- */

struct about {
	const struct record_model *model;       /* NULL: about nothing */
	const void *row;
	int64_t ticket_id, customer_id, device_id, owner_id, team_id;
};

static int about_ticket(struct ctx *c, const struct ticket *t, struct about *out)
{
	out->ticket_id = t->id;
	out->customer_id = t->customer_id;
	out->device_id = t->device_id;
	out->owner_id = t->owner_id;
	out->team_id = t->team_id;
	return 0;
}

/* A task that follows from another is about the same: its ticket, else its customer or device. */
static int step_over(struct ctx *c, const char **object, int64_t *id)
{
	struct task t;
	if (!text_equal(*object, "task"))
		return 0;
	TRY(record_get(c, &task_record, *id, &t));
	*object = t.ticket_id ? "ticket" : t.device_id ? "device" : t.customer_id ? "customer" : NULL;
	*id = t.ticket_id ? t.ticket_id : t.device_id ? t.device_id : t.customer_id;
	return 0;
}

static int find_about(struct ctx *c, const char *object, int64_t id, struct about *out)
{
	*out = (struct about){ 0 };
	TRY(step_over(c, &object, &id));
	if (text_empty(object))
		return 0;
	out->model = registry_find(&c->services->registry, object);
	void *row = arena_alloc(c->arena, out->model->record->table->row->size);
	TRY(record_get(c, out->model->record, id, row));
	out->row = row;
	if (out->model->record == &ticket_record)
		return about_ticket(c, row, out);
	out->customer_id = out->model->record == &device_record ? ((const struct device *)row)->customer_id : id;
	out->device_id = out->model->record == &device_record ? id : 0;
	return 0;
}

enum { MUCH = 50 };     /* open tasks: who has so many is as busy as anybody */

/* Of those who may do it, one at least, who has the fewest open tasks; among equals, whose turn it is by the task's id. */
static int least_busy(struct ctx *c, const struct receivers *who, int64_t task_id, int64_t *id)
{
	struct tasks_open_of_row *busy;
	size_t n;
	int64_t best = MUCH + 1;
	*id = who->at[0];
	if (who->n == 1)
		return 0;
	TRY(tasks_open_of(c, who->at, who->n, MUCH, &busy, &n));
	for (size_t i = 0; i < n; i++) {
		const struct tasks_open_of_row *one = &busy[((uint64_t)task_id + i) % n];
		if (one->open < best) {
			best = one->open;
			*id = one->owner_id;
		}
	}
	return 0;
}

/* One of those who answer for what it is about; the others hear of it when it is theirs alone to do. */
static int give_to_supervisor(struct ctx *c, const struct about *about, struct task *row, struct receivers *who)
{
	*who = (struct receivers){ 0 };
	if (!about->model)
		return 0;
	TRY(receivers_of(c, about->model, about->row, "supervisor", who));
	return who->n ? least_busy(c, who, row->id, &row->owner_id) : 0;
}

static int give(struct ctx *c, const struct task_wish *w, const struct about *about, struct task *row, struct receivers *who)
{
	*who = (struct receivers){ 0 };
	row->owner_id = w->owner_id;
	row->team_id = w->team_id;
	if (w->owner_id || w->team_id)
		return 0;
	if (row->for_supervisor)
		return give_to_supervisor(c, about, row, who);
	row->owner_id = text_equal(w->to, "team") ? 0 : about->owner_id;
	row->team_id = about->team_id;
	if (row->owner_id || (!row->team_id && c->auth))
		return 0;
	if (row->team_id)
		return receivers_of(c, about->model, about->row, "team", who);
	TRY(give_to_supervisor(c, about, row, who));
	who->n = 0;
	return 0;
}

int task_add(struct ctx *c, const struct task_wish *w, int64_t *id)
{
	struct about about;
	struct receivers who;
	TRY(find_about(c, w->object, w->object_id, &about));
	struct task row = {
		.tenant = c->tenant, .id = new_id(c), .kind = w->kind ? w->kind : "todo", .title = w->title, .note = w->note ? w->note : "",
		.ticket_id = about.ticket_id, .customer_id = about.customer_id, .device_id = about.device_id,
		.due_at = w->due_at ? w->due_at : FAR_FUTURE_MS, .state = "open", .stage = "", .outcome = "", .result = "",
	};
	row.for_supervisor = text_equal(w->to, "supervisor") || is_supervisors(&row);
	*id = row.id;
	TRY(give(c, w, &about, &row, &who));
	TRY(record_insert(c, &task_record, &row));
	for (size_t i = 0; i < who.n; i++)
		if (who.at[i] != row.owner_id)
			TRY(notify_staff(c, who.at[i], &(struct staff_notice){ .kind = row.for_supervisor ? "task_supervisor" : "task_team", .object = "task", .object_id = row.id }));
	return 0;
}

/* As an action ----------------------------------------------------------------------------------------------------- */

enum { YEAR_S = 366 * 86400 };

static const struct choice receivers[] = { TELL_LADDER, { 0 } };

struct task_in {
	const char *kind, *title, *note, *to;
	int64_t owner_id, team_id, due;
};
static const struct member action_members[] = {
	MEMBER(struct task_in, title, code, .flags = MEMBER_REQUIRED, .least = 1, .most = 100),
	MEMBER(struct task_in, kind, code, .choices = task_kinds),
	MEMBER(struct task_in, to, code, .choices = receivers),
	MEMBER(struct task_in, note, text, .most = 2000),
	MEMBER(struct task_in, owner_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct task_in, team_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct task_in, due, count, .most = YEAR_S),
};
static const struct shape action_shape = SHAPE("action_task", struct task_in, action_members);

static int check(struct ctx *c, const struct record_model *m, const void *in)
{
	bool about = m->record == &ticket_record || m->record == &customer_record || m->record == &device_record || m->record == &task_record;
	if (!may(c, "task.create"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	return about ? 0 : fail_field(c, "do", ERR_FIELD_CHOICE, "ticket, customer, device, task");
}

static int run(struct ctx *c, struct acting *on, const void *in)
{
	const struct task_in *v = in;
	int64_t id;
	struct task_wish wish = {
		.to = v->to, .kind = text_empty(v->kind) ? NULL : v->kind, .title = v->title, .note = v->note, .object = on->model->record->name, .object_id = on->id,
		.owner_id = v->owner_id > 0 ? v->owner_id : 0, .team_id = v->team_id > 0 ? v->team_id : 0, .due_at = v->due ? c->now + v->due * SECOND_MS : 0,
	};
	TRY(require_permission(c, "task.create"));
	TRY(task_add(c, &wish, &id));
	return acting_made(c, on, "task", id);
}

const struct action_kind task_action = { .name = "task", .label = L("建任务", "Make a task"), .shape = &action_shape, .check = check, .run = run };
