/* Once the events of a call have had time to come: a line in its conversation, and a task if nobody answered. What comes later still is written down, too. */
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/phone/phone_private.h"
#include "domain/task/task.h"
#include "gen/phone_sql.h"

int phone_settle_at(struct ctx *c, int64_t call, time_ms at)
{
	return job_add(c, new_id(c), phone_settle_job.name, at, NULL, arena_format(c->arena, "{\"call\":\"%lld\"}", (long long)call));
}

static const char *span(struct ctx *c, int64_t seconds)
{
	return seconds < 60 ? arena_format(c->arena, "%lld 秒", (long long)seconds) : arena_format(c->arena, "%lld 分 %lld 秒", (long long)(seconds / 60), (long long)(seconds % 60));
}

static int line_of(struct ctx *c, const struct phone_call *p, const char **out)
{
	struct user_account user = { .name = "" };
	bool is_out = text_equal(p->direction, "out");
	if (p->user_id)
		TRY(user_account_row_get(c, p->user_id, &user));
	const char *who = text_empty(user.name) ? "" : arena_format(c->arena, is_out ? "，%s 拨打" : "，%s 接听", user.name);
	if (text_equal(p->state, "ended"))
		*out = arena_format(c->arena, "%s，通话 %s%s%s", is_out ? "去电已接通" : "来电已接听", span(c, p->seconds), who, p->transfers ? "（经过转接）" : "");
	else
		*out = arena_format(c->arena, is_out ? "去电未接通，响铃 %s" : "未接来电，响铃 %s", span(c, (p->ended_at - p->rang_at) / SECOND_MS));
	return 0;
}

/* One for a caller: an open promise to call her is enough. */
static int promise_call(struct ctx *c, struct phone_call *p)
{
	struct call_backs_open_row *open;
	struct phone_line line;
	size_t n;
	time_ms opens;
	TRY(call_backs_open(c, p->customer_id, &open, &n));
	if (n) {
		p->task_id = open[0].id;
		return 0;
	}
	TRY(phone_line_row_get(c, p->line_id, &line));
	TRY(queue_opens_at(c, line.team_id, &opens));
	time_ms due = (opens > c->now ? opens : c->now) + setting_ms(c, SETTING_PHONE_CALL_BACK);
	return task_add(c, &(struct task_wish){ .to = line.team_id ? NULL : "supervisor", .kind = "call_back", .title = "未接来电，请回拨", .object = "customer", .object_id = p->customer_id, .team_id = line.team_id, .due_at = due }, &p->task_id);
}

/* She was answered after all: the event of that came late. */
static int take_back(struct ctx *c, const struct phone_call *p)
{
	return p->task_id ? task_spoken(c, p->task_id, p->user_id, "来电已接听") : 0;
}

static int tell(struct ctx *c, struct phone_call *p)
{
	struct conversation k;
	const char *text;
	if (!p->conversation_id)
		return 0;
	TRY(line_of(c, p, &text));
	TRY(conversation_row_get(c, p->conversation_id, &k));
	return conversation_note_down(c, &k, text);
}

/* A call of which nothing more was heard for hours is over. */
static void give_up(struct ctx *c, struct phone_call *p)
{
	p->ended_at = c->now;
	p->state = p->answered_at ? "ended" : "missed";
}

static bool is_told(const struct phone_call *p)
{
	return text_equal(p->told, p->state);
}

struct settle_in {
	int64_t call;
};
static const struct member members[] = { MEMBER(struct settle_in, call, id, .flags = MEMBER_REQUIRED) };
static const struct shape shape = SHAPE("phone_settle", struct settle_in, members);

static int settle(struct ctx *c, struct phone_call *p)
{
	const struct phone_call old = *p;
	if (!p->ended_at)
		give_up(c, p);
	if (is_told(p))
		return 0;
	if (text_equal(p->state, "missed") && text_equal(p->direction, "in"))
		TRY(promise_call(c, p));
	if (text_equal(p->state, "ended"))
		TRY(take_back(c, p));
	TRY(tell(c, p));
	p->told = p->state;
	return record_update(c, &phone_call_record, &old, p, old.ended_at ? "phone_call.settled" : "phone_call.ended", NULL, NULL);
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct settle_in in;
	struct phone_call p;
	struct ctx all = ctx_as_system(c);
	struct error before = *c->error;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	int r = phone_call_row_get(c, in.call, &p);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	bool waits = !p.ended_at && p.rang_at + PHONE_LONGEST_MS > c->now && p.created_at + PHONE_LONGEST_MS > c->now;
	return waits ? 0 : settle(&all, &p);
}

const struct job_kind phone_settle_job = { .name = "phone.settle", .run = run };
