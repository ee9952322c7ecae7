/* Demo data over HTTP: whether there are any, loading, what removing would do, removing. */
#include <string.h>

#include "app/demo_load.h"
#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/demo/demo.h"
#include "db/writer.h"
#include "gen/demo_sql.h"

enum { NONE, LOADING, PRESENT, REMOVING };

struct demo_state {
	int state;
	int64_t rows, done, total;
	struct demo_count *counts;
	size_t n;
};

/* A job that was given up is not under way: what it left can be taken up again. */
static int job_of(struct ctx *c, const char *kind, const char **data)
{
	struct demo_job_row *rows;
	size_t n;
	*data = NULL;
	TRY(demo_job(c, kind, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].state, "dead") != 0)
			*data = rows[i].data;
	return 0;
}

static int look(struct ctx *c, struct demo_state *s)
{
	const char *loading, *removing;
	*s = (struct demo_state){ 0 };
	TRY(demo_counts(c, &s->counts, &s->n));
	for (size_t i = 0; i < s->n; i++)
		s->rows += s->counts[i].rows;
	TRY(job_of(c, demo_load_job.name, &loading));
	TRY(job_of(c, demo_remove_job.name, &removing));
	s->state = loading ? LOADING : removing ? REMOVING : s->rows ? PRESENT : NONE;
	if (loading)
		return demo_load_progress(c, loading, &s->done, &s->total);
	return 0;
}

static int write_last(struct ctx *c, struct text *t)
{
	struct demo_last_row *rows;
	size_t n;
	TRY(demo_last(c, c->tenant, 1, &rows, &n));
	if (!n) {
		text_append(t, "null");
		return 0;
	}
	text_format(t, "{\"kind\":\"%s\",\"at\":%lld,\"data\":%s}", rows[0].kind, (long long)rows[0].at, rows[0].data);
	return 0;
}

static int show(struct ctx *c, const void *in, void *out)
{
	static const char *const states[] = { "none", "loading", "present", "removing" };
	struct demo_state s;
	struct text t = text_in(c->arena);
	TRY(look(c, &s));
	text_format(&t, "{\"state\":\"%s\",\"rows\":%lld,\"done\":%lld,\"total\":%lld,\"records\":[", states[s.state], (long long)s.rows, (long long)s.done, (long long)s.total);
	for (size_t i = 0; i < s.n; i++)
		text_format(&t, "%s{\"record\":\"%s\",\"rows\":%lld}", i ? "," : "", s.counts[i].model->record->name, (long long)s.counts[i].rows);
	text_append(&t, "],\"last\":");
	TRY(write_last(c, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int forecast(struct ctx *c, const void *in, void *out)
{
	struct demo_count *counts;
	size_t n;
	struct text t = text_in(c->arena);
	TRY(demo_forecast(c, &counts, &n));
	text_append(&t, "{\"records\":[");
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s{\"record\":\"%s\",\"goes\":%lld,\"stays\":%lld}", i ? "," : "", counts[i].model->record->name, (long long)(counts[i].rows - counts[i].stays),
		            (long long)counts[i].stays);
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int load(struct ctx *c, const void *in, void *out)
{
	struct demo_state s;
	TRY(look(c, &s));
	TRY(require(c, s.state == NONE, ERR_STATE, NULL));
	TRY(demo_load_begin(c));
	return event_add(c, "demo.loading", "demo", c->tenant, "{}");
}

struct remove_in {
	int64_t rows;           /* how many somebody was told of when he said yes */
};
static const struct member remove_members[] = { MEMBER(struct remove_in, rows, count, .flags = MEMBER_REQUIRED) };
static const struct shape remove_shape = SHAPE("demo_remove", struct remove_in, remove_members);

static int take_away(struct ctx *c, const void *in, void *out)
{
	struct demo_state s;
	TRY(look(c, &s));
	TRY(require(c, s.state == PRESENT && s.rows == ((const struct remove_in *)in)->rows, ERR_STATE, NULL));
	TRY(demo_remove_begin(c));
	return event_add(c, "demo.removing", "demo", c->tenant, arena_format(c->arena, "{\"rows\":%lld}", (long long)s.rows));
}

const struct route demo_routes[] = {
	ROUTE(GET, "/api/v1/demo", "demo.read", POOL, .out = &raw_shape, .run = show, .zh = "演示数据：有没有、多少", .en = "Demo data: whether there are any, and how many"),
	ROUTE(GET, "/api/v1/demo/removal", "demo.change", POOL, .out = &raw_shape, .run = forecast, .zh = "演示数据：移除会删掉和留下什么", .en = "Demo data: what removing would take and leave"),
	ROUTE(POST, "/api/v1/demo/load", "demo.change", WRITE, .body = BODY_JSON, .run = load, .zh = "演示数据：载入", .en = "Demo data: load"),
	ROUTE(POST, "/api/v1/demo/remove", "demo.change", WRITE, .body = BODY_JSON, .in = &remove_shape, .run = take_away, .zh = "演示数据：移除", .en = "Demo data: remove"),
};
const size_t demo_route_count = sizeof(demo_routes) / sizeof(demo_routes[0]);
