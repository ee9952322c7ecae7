/* The page on which an administrator sees whether all is well: the doctor's looks, the company's jobs, and what became of its messages.
 * A job that was given up is tried again or dropped here. */
#include <stdio.h>
#include <string.h>

#include "app/backup.h"
#include "app/checks.h"
#include "base/id.h"
#include "base/json.h"
#include "db/writer.h"
#include "gen/job_sql.h"
#include "gen/system_sql.h"

enum { PAGE = 50, RECENT_MOST = 1000 };

static void write_check(struct ctx *c, struct text *t, struct check look)
{
	static const char *const states[] = { "well", "warn", "bad" };
	if (!look.code)
		return;
	text_format(t, "%s{\"code\":\"%s\",\"state\":\"%s\",\"text\":", t->p[t->n - 1] == '[' ? "" : ",", look.code, states[look.state]);
	json_text(t, c->lang == LANG_EN ? look.en : look.zh);
	text_char(t, '}');
}

/* Of a day: what found no way out, and what was refused. */
static int check_messages(struct ctx *c, struct check *out)
{
	struct outbox_recent_row *rows;
	size_t failed, held;
	TRY(outbox_recent(c, "failed", c->now - DAY_MS, RECENT_MOST, &rows, &failed));
	TRY(outbox_recent(c, "held", c->now - DAY_MS, RECENT_MOST, &rows, &held));
	*out = (struct check){ CHECK_WELL, "messages", "24 小时内都已送出或正在送", "all of the last 24 hours were sent or are on their way" };
	if (failed || held)
		*out = (struct check){ CHECK_WARN, "messages", arena_format(c->arena, "24 小时内 %zu 条发送失败，%zu 条没有通道", failed, held),
			               arena_format(c->arena, "in the last 24 hours %zu failed and %zu had no channel", failed, held) };
	return 0;
}

static int write_checks(struct ctx *c, struct text *t)
{
	const struct app *app = c->services->app;
	const struct checker k = { .arena = c->arena, .o = &app->o, .now = c->now };
	struct check look;
	write_check(c, t, check_backups(&k, backup_folder(c->arena, &app->o)));
	write_check(c, t, check_space(&k));
	write_check(c, t, check_reserve(&k));
	write_check(c, t, check_certificate(&k));
	write_check(c, t, check_audit(&k));
	TRY(check_followers(&k, c, &look));
	write_check(c, t, look);
	TRY(check_messages(c, &look));
	write_check(c, t, look);
	TRY(check_escalations(&k, c, true, &look));
	write_check(c, t, look);
	return 0;
}

static int show(struct ctx *c, const void *in, void *out)
{
	const struct app *app = c->services->app;
	struct jobs_of_company_row *rows;
	size_t n;
	struct text t = text_in(c->arena);
	text_format(&t, "{\"now\":%lld,\"started_at\":%lld,\"engine\":\"%s\",\"checks\":[", (long long)c->now, (long long)app->started_at, backup_is_postgresql(app->o.db) ? "postgresql" : "sqlite");
	TRY(write_checks(c, &t));
	text_append(&t, "],\"jobs\":[");
	TRY(jobs_of_company(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s{\"kind\":\"%s\",\"state\":\"%s\",\"amount\":%lld,\"first_at\":%lld}", i ? "," : "", rows[i].kind, rows[i].state, (long long)rows[i].amount, (long long)rows[i].first_at);
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Jobs ----------------------------------------------------------------------------------------------------------------- */

static const struct choice states[] = { { "dead", "已放弃", "Given up" }, { "waiting", "等待", "Waiting" }, { "running", "进行中", "Running" }, { 0 } };

struct jobs_query {
	const char *state, *after;      /* after: "run_at.id" of the last row */
};
static const struct member query_members[] = {
	MEMBER(struct jobs_query, state, code, .flags = MEMBER_REQUIRED, .choices = states), MEMBER(struct jobs_query, after, code, .most = 50),
};
static const struct shape query_shape = SHAPE("jobs_query", struct jobs_query, query_members);

static void write_job(struct text *t, const struct job *job)
{
	text_format(t, "{\"id\":\"%lld\",\"kind\":\"%s\",\"state\":\"%s\",\"run_at\":%lld,\"attempts\":%lld,\"last_error\":", (long long)job->id, job->kind, job->state,
	            (long long)job->run_at, (long long)job->attempts);
	json_text(t, job->last_error);
	text_char(t, '}');
}

static int show_job(struct ctx *c, const void *in, void *out)
{
	struct job job;
	struct text t = text_in(c->arena);
	TRY(job_row_get(c, ((const struct id_in *)in)->id, &job));
	write_job(&t, &job);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	const struct jobs_query *q = in;
	long long at = -1, id = 0;
	struct job_page_row *rows;
	size_t n;
	if (q->after && sscanf(q->after, "%18lld.%18lld", &at, &id) != 2)
		return fail_field(c, "after", ERR_FIELD_INVALID, NULL), c->error->code;
	TRY(job_page(c, q->state, at, id, PAGE + 1, &rows, &n));
	bool more = n > PAGE;
	n -= more;
	struct text t = text_in(c->arena);
	text_append(&t, "{\"next\":");
	json_text(&t, more ? arena_format(c->arena, "%lld.%lld", (long long)rows[n - 1].run_at, (long long)rows[n - 1].id) : NULL);
	text_append(&t, ",\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		write_job(&t, &(struct job){ .id = rows[i].id, .kind = rows[i].kind, .state = q->state, .run_at = rows[i].run_at, .attempts = rows[i].attempts, .last_error = rows[i].last_error });
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int note(struct ctx *c, const char *kind, const struct job *job)
{
	return event_add(c, kind, "job", job->id, arena_format(c->arena, "{\"kind\":\"%s\",\"attempts\":%lld}", job->kind, (long long)job->attempts));
}

/* What is under way is in somebody's hands, and what has not been tried yet is the plan of the house: a night's work done before its night
 * would take the place of the one it plans. */
static int retry(struct ctx *c, const void *in, void *out)
{
	struct job job;
	TRY(job_row_get(c, ((const struct id_in *)in)->id, &job));
	if (!strcmp(job.state, "running") || (!strcmp(job.state, "waiting") && job.attempts == 0))
		return fail(c, ERR_STATE, NULL);
	TRY(job_move(c, job.id, "waiting", c->now, 0, job.last_error, NULL));
	return note(c, "job.retried", &job);
}

/* Only what was given up: the rest is the plan of the house. */
static int drop(struct ctx *c, const void *in, void *out)
{
	struct job job;
	TRY(job_row_get(c, ((const struct id_in *)in)->id, &job));
	if (strcmp(job.state, "dead") != 0)
		return fail(c, ERR_STATE, NULL);
	TRY(job_row_remove(c, job.id));
	return note(c, "job.dropped", &job);
}

const struct route system_routes[] = {
	ROUTE(GET, "/api/v1/system", "system.read", POOL, .out = &raw_shape, .run = show, .zh = "运行状况", .en = "How the system is"),
	ROUTE(GET, "/api/v1/job", "system.read", POOL, .in = &query_shape, .out = &raw_shape, .run = list, .zh = "后台作业", .en = "Jobs"),
	ROUTE(GET, "/api/v1/job/{id}", "system.read", POOL, .in = &id_shape, .out = &raw_shape, .run = show_job, .zh = "后台作业：一项", .en = "Jobs: one"),
	ROUTE(POST, "/api/v1/job/{id}/retry", "system.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = retry, .zh = "后台作业：再试一次", .en = "Jobs: try again"),
	ROUTE(POST, "/api/v1/job/{id}/drop", "system.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = drop, .zh = "后台作业：丢弃已放弃的", .en = "Jobs: drop one that was given up"),
};
const size_t system_route_count = sizeof(system_routes) / sizeof(system_routes[0]);
