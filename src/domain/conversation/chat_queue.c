/* Queues as a record, and how a conversation comes into one. */
#include "domain/conversation/routing.h"

#include "core/auth/auth.h"
#include "core/clock/clock_set.h"
#include "core/condition/condition_holds.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/org/org.h"
#include "domain/task/task.h"
#include "engine/expr/expr.h"
#include "gen/conversation_sql.h"
#include "gen/routing_sql.h"

enum { PRIORITIES = 9, LEVELS = 5, LONGEST_S = 3600 };

static const struct choice ways[] = { { "push", "自动分配", "Given out automatically" }, { "pull", "客服自己接下一位", "Staff take the next" }, { 0 } };

/* Whose people help has its own queue; a ring of two is nothing to fear, for help is not passed on. */
static int check_overflow(struct ctx *c, const struct chat_queue *q)
{
	return q->overflow_id && q->overflow_id == q->id ? fail_field(c, "overflow_id", ERR_FIELD_REFERENCE, NULL) : 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct chat_queue *q = row;
	q->language = EXPR_VERSION;
	if (q->priority < 1)
		fail_field(c, "priority", ERR_FIELD_TOO_SMALL, "1");
	if (check_overflow(c, q) < 0)
		return c->error->code;
	return condition_store(c, "condition", "conversation", &q->condition);
}

/* Those who wait in it stand where it says now. */
static int after(struct ctx *c, const void *old, const void *row)
{
	return job_add(c, new_id(c), routing_job.name, c->now, "round", NULL);
}

static const struct field fields[] = {
	CODE  (chat_queue, name,             L("名称", "Name"), .required = true, .search = true, .most = 30),
	CODE  (chat_queue, name_en,          L("英文名称", "English name"), .most = 60),
	COUNT (chat_queue, place,            L("次序", "Order"), .sort = true, .initial = "10"),
	TEXT  (chat_queue, condition,        L("适用条件", "Applies when"), .most = 1000),
	REF   (chat_queue, team_id,          L("接待小组（空：所有人）", "Team (none: everybody)"), .to = &team_record),
	COUNT (chat_queue, priority,         L("优先级（1 最先）", "Priority (1 first)"), .most = PRIORITIES, .initial = "5"),
	CHOICE(chat_queue, give_by,          L("分配方式", "How it is given out"), .of = ways, .initial = "push"),
	FLAG  (chat_queue, by_language,      L("须会客户的语言", "Only to who speaks the customer's language"), .initial = "0", .hidden = true),
	COUNT (chat_queue, skill_least,      L("产品技能至少（0 不限，5 最高）", "Product skill at least (0: none, 5: highest)"), .most = LEVELS, .initial = "0", .hidden = true),
	COUNT (chat_queue, favour_seconds,   L("等上次接待人（秒）", "Waits for who served last (s)"), .most = LONGEST_S, .initial = "60", .hidden = true),
	REF   (chat_queue, overflow_id,      L("溢出到队列", "Overflows to"), .to = &chat_queue_record, .hidden = true),
	COUNT (chat_queue, overflow_seconds, L("排队多久后溢出（秒）", "Overflows after (s)"), .most = LONGEST_S, .initial = "120", .hidden = true),
	REF   (chat_queue, calendar_id,      L("服务时间", "Service hours"), .to = &calendar_record),
	TEXT  (chat_queue, night,            L("非服务时间自动回复", "Said outside of service hours"), .most = 300, .hidden = true),
	TEXT  (chat_queue, night_en,         L("非服务时间自动回复（英文）", "The same in English"), .most = 600, .hidden = true),
};

const struct record chat_queue_record = {
	.name = "chat_queue", .label = L("会话队列", "Conversation queue"), .plural = "Conversation queues", .table = &table_chat_queue, FIELDS(fields), .title = { "name" },
	.default_sort = "place", .no_import = true, .before = before, .after = after,
};

/* Entering --------------------------------------------------------------------------------------------------------------- */

static int holds_for(struct ctx *c, const struct chat_queue *q, struct subject *s, bool *holds)
{
	struct condition when;
	struct ctx all = ctx_as_system(c);
	TRY(condition_compile(&all, c->arena, s->model, q->condition, &when));
	return condition_holds(&all, &when, s, holds);
}

/* When service begins again after `at`; 0: it is open then. */
static int closed_until(struct ctx *c, const struct chat_queue *q, time_ms at, time_ms *until)
{
	CLOCK_SET set = NULL;
	*until = 0;
	if (!q->calendar_id)
		return 0;
	TRY(clock_set_take(c, &set));
	const struct calendar *hours = clock_set_calendar(set, q->calendar_id);
	time_ms next = calendar_is_open(hours, at) ? 0 : calendar_next_open(hours, at);
	*until = next < FAR_FUTURE_MS ? next : 0;
	return 0;
}

int queue_was_closed(struct ctx *c, int64_t queue_id, time_ms at, bool *closed)
{
	struct chat_queue q;
	struct ctx all = ctx_as_system(c);
	time_ms until = 0;
	bool there = false;
	if (queue_id && at)
		TRY(record_look(&all, &chat_queue_record, queue_id, &q, &there));
	if (there)
		TRY(closed_until(c, &q, at, &until));
	*closed = until > 0;
	return 0;
}

int queue_stand(struct ctx *c, const struct chat_queue *q, struct conversation *k)
{
	struct customer customer;
	TRY(customer_row_get(c, k->customer_id, &customer));
	k->queue_id = q->id;
	k->team_id = q->team_id ? q->team_id : k->team_id;
	k->queue_rank = q->priority * 2 + !text_equal(customer.level, "vip");
	k->queued_at = k->waiting_since ? k->waiting_since : c->now;
	return closed_until(c, q, c->now, &k->away_until);
}

/* Of her last conversation that somebody had. */
static int served_by(struct ctx *c, int64_t customer_id, int64_t *user_id)
{
	struct conversation *rows;
	size_t n;
	TRY(conversations_of_customer(c, customer_id, &rows, &n));
	for (size_t i = 0; i < n && !*user_id; i++)
		*user_id = rows[i].owner_id;
	return 0;
}

/* A chat that belongs to one team waits in that team's queues, or in those of everybody. */
int queue_enter(struct ctx *c, const struct customer *customer, struct conversation *k)
{
	struct chat_queue *queues;
	struct subject s;
	size_t n;
	TRY(chat_queues(c, &queues, &n));
	if (!n)
		return 0;
	struct ctx all = ctx_as_system(c);
	TRY(subject_of(&all, model_of(c, &conversation_record), k, &s));
	for (size_t i = 0; i < n; i++) {
		bool holds;
		if (k->team_id && queues[i].team_id && queues[i].team_id != k->team_id)
			continue;
		TRY(holds_for(c, &queues[i], &s, &holds));
		if (!holds)
			continue;
		TRY(served_by(c, customer->id, &k->before_id));
		return queue_stand(c, &queues[i], k);
	}
	return 0;
}

int queue_of_team(struct ctx *c, int64_t team_id, struct chat_queue *out)
{
	struct chat_queue *queues;
	size_t n;
	*out = (struct chat_queue){ 0 };
	TRY(chat_queues(c, &queues, &n));
	const struct chat_queue *found = NULL;
	for (size_t i = 0; i < n && !(found && found->team_id == team_id); i++)
		if (queues[i].team_id == team_id || (!found && !queues[i].team_id && text_empty(queues[i].condition)))
			found = &queues[i];
	if (found)
		*out = *found;
	return 0;
}

int queue_opens_at(struct ctx *c, int64_t team_id, time_ms *at)
{
	struct chat_queue q;
	*at = 0;
	TRY(queue_of_team(c, team_id, &q));
	return q.id ? closed_until(c, &q, c->now, at) : 0;
}

/* Outside of service hours -------------------------------------------------------------------------------------------------- */

/* In the company's zone: 08:00 of today or tomorrow, else with the day. */
static int hour_text(struct ctx *c, time_ms at, bool en, const char **out)
{
	const struct zone *zone;
	int year, month, day;
	TRY(company_zone(c, c->arena, &zone));
	int64_t wall = at + zone_offset(zone, at), minutes = wall / MINUTE_MS % (24 * 60);
	int64_t days = day_of(wall, 0) - day_of(c->now + zone_offset(zone, c->now), 0);
	day_split(day_of(wall, 0), &year, &month, &day);
	const char *when = days == 0 ? (en ? "today" : "今天") : days == 1 ? (en ? "tomorrow" : "明天") : arena_format(c->arena, en ? "on %02d/%02d" : "%d月%d日", month, day);
	*out = arena_format(c->arena, en ? "%s at %02d:%02d" : "%s %02d:%02d", when, (int)(minutes / 60), (int)(minutes % 60));
	return 0;
}

static int away_text(struct ctx *c, const struct chat_queue *q, const struct conversation *k, const char **out)
{
	bool en = text_equal(k->lang, "en");
	const char *own = en ? q->night_en : q->night, *hour;
	TRY(hour_text(c, k->away_until, en, &hour));
	*out = !text_empty(own) ? own : arena_format(c->arena, en ? "We are closed now and have your message. A colleague gets back to you %s." : "现在是非服务时间，您的留言已收到。我们会在%s 上班后尽快联系您。", hour);
	return 0;
}

static int call_back(struct ctx *c, const struct conversation *k)
{
	struct ctx all = ctx_as_system(c);
	int64_t id;
	const char *title = arena_format(c->arena, "%s%s", "非服务时间来访，请回复：", k->title);
	return task_add(&all, &(struct task_wish){ .kind = "call_back", .title = title, .object = "customer", .object_id = k->customer_id, .team_id = k->team_id, .due_at = k->away_until }, &id);
}

int queue_tell_away(struct ctx *c, struct conversation *k)
{
	struct chat_queue q;
	const char *text;
	TRY(chat_queue_row_get(c, k->queue_id, &q));
	TRY(away_text(c, &q, k, &text));
	TRY(conversation_say_by_itself(c, k, text));
	return call_back(c, k);
}

/* Shown to who waits ---------------------------------------------------------------------------------------------------------- */

int conversation_place_asked(struct ctx *c, const struct conversation *k, int64_t *ahead, bool *closed)
{
	struct conversation would = *k;
	struct customer customer;
	struct conversations_ahead_row rows;
	struct conversations_unqueued_row others;
	would.waiting_since = c->now;
	TRY(customer_row_get(c, k->customer_id, &customer));
	TRY(conversation_hear(c, &customer, NULL, &would));
	TRY(queue_enter(c, &customer, &would));
	*closed = would.away_until > c->now;
	if (would.queue_id) {
		TRY(conversations_ahead(c, would.queue_id, would.queue_rank, would.queued_at, would.id, &rows));
		*ahead = rows.n;
		return 0;
	}
	TRY(conversations_unqueued(c, &others));
	*ahead = others.n;
	return 0;
}

int queue_public_json(struct ctx *c, const struct conversation *k, struct text *out)
{
	struct conversations_ahead_row ahead;
	struct conversations_taken_row taken;
	text_append(out, ",\"queue\":");
	if (!k->queue_id || !text_equal(k->state, "waiting")) {
		text_append(out, "null");
		return 0;
	}
	if (k->away_until > c->now) {
		text_format(out, "{\"place\":null,\"wait_ms\":null,\"opens_at\":%lld}", (long long)k->away_until);
		return 0;
	}
	TRY(conversations_ahead(c, k->queue_id, k->queue_rank, k->queued_at, k->id, &ahead));
	TRY(conversations_taken(c, k->queue_id, c->now - HOUR_MS, &taken));
	int64_t wait = route_expected_ms(ahead.n + 1, taken.n, taken.n ? c->now - taken.first : 0);
	text_format(out, "{\"place\":%lld,\"wait_ms\":", (long long)ahead.n + 1);
	text_format(out, wait < 0 ? "null" : "%lld", (long long)wait);
	text_append(out, ",\"opens_at\":null}");
	return 0;
}
