/* Articles whose day comes near: whoever wrote there last is given a task once, and what is over answers nobody from the next day on. One waiting job a
 * company, at the next moment that matters; writing a day brings it forward. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/definition/definition.h"
#include "core/notify/holders.h"
#include "core/services.h"
#include "domain/evaluation/evaluation_private.h"
#include "domain/org/org.h"
#include "domain/task/task.h"
#include "gen/evaluation_sql.h"

enum { AHEAD_DAYS = 7, MORNING_HOURS = 8, AT_ONCE = 50, SHOWN = 10, COUNTED_MOST = 1000 };
#define USED_MS (90 * DAY_MS)

static time_ms begin_of(int64_t day)
{
	return day * DAY_MS - (int64_t)CHINA_MINUTES * MINUTE_MS;
}

/* The day that comes first, and what it is; behind a review of which somebody was told, the expiry. */
static int64_t near_day(const struct article_days_row *a, bool *expires)
{
	*expires = a->expires_on && (!a->review_on || a->expires_on <= a->review_on || a->told_for >= a->review_on);
	return *expires ? a->expires_on : a->review_on;
}

static time_ms told_at(int64_t day)
{
	return begin_of(day - AHEAD_DAYS) + (int64_t)MORNING_HOURS * HOUR_MS;
}

/* Who wrote there last, as long as she works here; else somebody who may publish. */
static int editor_of(struct ctx *c, int64_t article, int64_t *owner)
{
	struct last_editors_row *rows;
	struct holders who = { 0 };
	size_t n;
	*owner = 0;
	TRY(last_editors(c, article, ACTOR_USER, &rows, &n));
	if (n)
		*owner = rows[0].actor_id;
	if (*owner)
		return 0;
	TRY(holders_of(c, "article.publish", HOLDS_NAMED, NULL, NULL, &who));
	if (!who.n)
		TRY(holders_of(c, "article.publish", HOLDS_ALL, NULL, NULL, &who));
	*owner = who.n ? who.at[0].id : 0;
	return 0;
}

static int tell(struct ctx *c, struct article_days_row *a, int64_t day, bool expires)
{
	char when[16];
	int64_t task, owner;
	day_format(day, when);
	const char *title = arena_format(c->arena, "%s：%s《%s》", expires ? "文章将到期" : "文章该复查", a->code, arena_string_n(c->arena, a->title_zh, utf8_prefix(a->title_zh, 60)));
	const char *note = arena_format(c->arena, "%s %s，/knowledge/%s。%s", expires ? "有效期至" : "复查日期", when, a->code,
	                                expires ? "到期后不再用来回答，需要继续使用请改有效期。" : "看看内容是否还对，改完把复查日期往后改。");
	TRY(editor_of(c, a->id, &owner));
	TRY(task_add(c, &(struct task_wish){ .title = title, .note = note, .owner_id = owner, .due_at = begin_of(day + 1) - 1 }, &task));
	a->told_for = day;
	return article_told(c, a->id, day, NULL);
}

/* The next moment at which something of it is to be done. */
static time_ms next_of(const struct ctx *c, const struct article_days_row *a)
{
	bool expires;
	int64_t day = near_day(a, &expires);
	time_ms at = FAR_FUTURE_MS, over = a->expires_on ? begin_of(a->expires_on + 1) : FAR_FUTURE_MS;
	if (day && a->told_for != day)
		at = told_at(day) > c->now ? told_at(day) : c->now;
	return over > c->now && over < at ? over : at;
}

static int plan(struct ctx *c, const struct job *job, time_ms at)
{
	return at == FAR_FUTURE_MS ? 0 : job_add(c, new_id(c), KNOWLEDGE_REVIEW_JOB, at, text_equal(job->unique_key, "review") ? "again" : "review", NULL);
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct article_days_row *rows;
	time_ms next = FAR_FUTURE_MS;
	size_t n, told_now = 0;
	bool over = false;
	TRY(article_days(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		bool expires;
		int64_t day = near_day(&rows[i], &expires);
		bool due = day && rows[i].told_for != day && told_at(day) <= c->now && told_now < AT_ONCE;
		over = over || (rows[i].expires_on && begin_of(rows[i].expires_on + 1) <= c->now);
		if (due) {
			TRY(tell(c, &rows[i], day, expires));
			told_now++;
		}
		time_ms at = next_of(c, &rows[i]);
		next = at < next ? at : next;
	}
	if (over)
		TRY(knowledge_changed(c));
	return plan(c, job, next);
}

const struct job_kind knowledge_review_job = { .name = KNOWLEDGE_REVIEW_JOB, .run = run };

/* Where it is used -------------------------------------------------------------------------------------------------------------- */

struct used_in {
	const char *code;
};
static const struct member used_members[] = { MEMBER(struct used_in, code, code, .flags = MEMBER_REQUIRED) };
static const struct shape used_shape = SHAPE("knowledge_used", struct used_in, used_members);

static int used(struct ctx *c, const void *in, void *out)
{
	const char *code = ((const struct used_in *)in)->code;
	struct turns_told_row *rows;
	struct text t = text_in(c->arena);
	size_t n;
	TRY(turns_told(c, code, c->now - USED_MS, COUNTED_MOST, &rows, &n));
	text_format(&t, "{\"many\":%zu,\"more\":%s,\"items\":[", n, n == COUNTED_MOST ? "true" : "false");
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		text_format(&t, "%s{\"conversation_id\":\"%lld\",\"at\":%lld,\"verdict\":\"%s\",\"question\":", i ? "," : "", (long long)rows[i].conversation_id, (long long)rows[i].created_at, rows[i].verdict);
		json_text(&t, rows[i].question);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int named(struct ctx *c, const void *in, void *out)
{
	return named_in(c, ((const struct used_in *)in)->code, &((struct raw_out *)out)->raw);
}

const struct route used_routes[] = {
	ROUTE(GET, "/api/v1/knowledge/named/{code}", "article.read", POOL, .in = &used_shape, .out = &raw_shape, .run = named, .zh = "知识库：哪些模板、宏、规则、流程和文章提到它", .en = "Knowledge: templates, macros, rules, flows and articles that name it"),
	ROUTE(GET, "/api/v1/knowledge/used/{code}", "bot_turn.read", POOL, .in = &used_shape, .out = &raw_shape, .run = used, .zh = "知识库：90 天内用它回答过的会话", .en = "Knowledge: conversations that it answered within 90 days"),
};
const size_t used_route_count = sizeof(used_routes) / sizeof(used_routes[0]);
