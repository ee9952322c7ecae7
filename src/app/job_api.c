/* The jobs of one's own company as its administrator sees them: what was given up is tried again, or dropped and put back; who did that is told. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/id.h"
#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "db/writer.h"
#include "gen/job_sql.h"
#include "gen/system_sql.h"

enum { PAGE = 50 };

static const struct choice states[] = { { "dead", "已放弃", "Given up" }, { "waiting", "等待", "Waiting" }, { "running", "进行中", "Running" }, { "dropped", "已丢弃", "Dropped" }, { 0 } };

struct jobs_query {
	const char *state, *kind, *after;       /* after: "run_at.id" of the last row */
};
static const struct member query_members[] = {
	MEMBER(struct jobs_query, state, code, .flags = MEMBER_REQUIRED, .choices = states), MEMBER(struct jobs_query, kind, code, .most = 60),
	MEMBER(struct jobs_query, after, code, .most = 50),
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
	_Static_assert(sizeof(struct job_page_row) == sizeof(struct job_page_of_kind_row), "two questions, one shape");
	if (q->after && sscanf(q->after, "%18lld.%18lld", &at, &id) != 2)
		return fail_field(c, "after", ERR_FIELD_INVALID, NULL), c->error->code;
	if (text_empty(q->kind))
		TRY(job_page(c, q->state, at, id, PAGE + 1, &rows, &n));
	else
		TRY(job_page_of_kind(c, q->kind, q->state, at, id, PAGE + 1, (struct job_page_of_kind_row **)&rows, &n));
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
	if (!strcmp(job.state, "running") || !strcmp(job.state, "dropped") || (!strcmp(job.state, "waiting") && job.attempts == 0))
		return fail(c, ERR_STATE, NULL);
	TRY(job_move(c, job.id, "waiting", c->now, 0, job.last_error, NULL));
	return note(c, "job.retried", &job);
}

/* Only what was given up: the rest is the plan of the house. The row stays for a while, so that it can be put back. */
static int drop(struct ctx *c, const void *in, void *out)
{
	struct job job;
	TRY(job_row_get(c, ((const struct id_in *)in)->id, &job));
	if (strcmp(job.state, "dead") != 0)
		return fail(c, ERR_STATE, NULL);
	TRY(job_move(c, job.id, "dropped", c->now, job.attempts, job.last_error, NULL));
	return note(c, "job.dropped", &job);
}

/* To where it was: given up, for somebody to decide anew. */
static int restore(struct ctx *c, const void *in, void *out)
{
	struct job job;
	TRY(job_row_get(c, ((const struct id_in *)in)->id, &job));
	if (strcmp(job.state, "dropped") != 0)
		return fail(c, ERR_STATE, NULL);
	TRY(job_move(c, job.id, "dead", c->now, job.attempts, job.last_error, NULL));
	return note(c, "job.restored", &job);
}

/* What people did with jobs, newest first, whether the job is still there or not ----------------------------------------------- */

struct acts_query {
	int64_t before;         /* the number of the last one */
};
static const struct member acts_members[] = { MEMBER(struct acts_query, before, count) };
static const struct shape acts_shape = SHAPE("job_acts_query", struct acts_query, acts_members);

static int acts(struct ctx *c, const void *in, void *out)
{
	int64_t before = ((const struct acts_query *)in)->before;
	struct job_acts_row *rows;
	struct titles users;
	size_t n;
	TRY(job_acts(c, before ? before : INT64_MAX, PAGE + 1, &rows, &n));
	bool more = n > PAGE;
	n -= more;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"next\":%s,\"items\":[", more ? arena_format(c->arena, "%lld", (long long)rows[n - 1].no) : "null");
	for (size_t i = 0; i < n; i++) {
		text_format(&t, "%s{\"no\":%lld,\"at\":%lld,\"what\":\"%s\",\"job_id\":\"%lld\",\"job\":%s,\"actor\":", i ? "," : "", (long long)rows[i].no, (long long)rows[i].at,
		            rows[i].kind, (long long)rows[i].object_id, rows[i].data);
		actor_json(&t, rows[i].actor_kind, rows[i].actor_id, &users);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route job_routes[] = {
	ROUTE(GET, "/api/v1/job", "system.read", POOL, .in = &query_shape, .out = &raw_shape, .run = list, .zh = "后台作业", .en = "Jobs"),
	ROUTE(GET, "/api/v1/job/act", "system.read", POOL, .in = &acts_shape, .out = &raw_shape, .run = acts, .zh = "后台作业：谁处理过", .en = "Jobs: what people did with them"),
	ROUTE(GET, "/api/v1/job/{id}", "system.read", POOL, .in = &id_shape, .out = &raw_shape, .run = show_job, .zh = "后台作业：一项", .en = "Jobs: one"),
	ROUTE(POST, "/api/v1/job/{id}/retry", "system.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = retry, .zh = "后台作业：再试一次", .en = "Jobs: try again"),
	ROUTE(POST, "/api/v1/job/{id}/drop", "system.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = drop, .zh = "后台作业：丢弃已放弃的", .en = "Jobs: drop one that was given up"),
	ROUTE(POST, "/api/v1/job/{id}/restore", "system.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = restore, .zh = "后台作业：放回丢弃的", .en = "Jobs: put back one that was dropped"),
};
const size_t job_route_count = sizeof(job_routes) / sizeof(job_routes[0]);
