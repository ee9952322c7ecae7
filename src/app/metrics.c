/* The process in figures, for Prometheus. They are of all its companies, so only the operator may read them. Memory only, so it
 * runs on the loop. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "core/shared.h"
#include "net/metrics_text.h"

static void write_writer(struct text *t, const struct app *app)
{
	struct writer_stats s;
	writer_stats(app->writer, &s);
	const struct { const char *name, *kind, *help; double value; } all[] = {
		{ "anxin_writer_requests_total", "counter", "Requests written.", (double)s.requests },
		{ "anxin_writer_batches_total", "counter", "Transactions they were written in.", (double)s.batches },
		{ "anxin_writer_events_total", "counter", "Events written.", (double)s.events },
		{ "anxin_writer_reruns_total", "counter", "Requests run again because a neighbour broke their batch.", (double)s.reruns },
		{ "anxin_writer_failed_total", "counter", "Requests that failed.", (double)s.failed },
		{ "anxin_writer_commit_failures_total", "counter", "Transactions that could not be committed.", (double)s.commit_failures },
		{ "anxin_writer_lost_total", "counter", "Times a lane lost its connection.", (double)s.lost },
		{ "anxin_writer_unknown_total", "counter", "Commits whose answer was lost and had to be looked up.", (double)s.unknown },
		{ "anxin_writer_slow_total", "counter", "Handlers that held the writer past 20 ms.", (double)s.slow },
		{ "anxin_writer_longest_seconds", "gauge", "The longest handler since the start.", (double)s.longest_handler_ns / 1e9 },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		metrics_family(t, all[i].name, all[i].kind, all[i].help);
		metrics_sample(t, all[i].name, NULL, all[i].value);
	}
	metrics_family(t, "anxin_writer_queued", "gauge", "Requests waiting for the writer.");
	metrics_sample(t, "anxin_writer_queued", "queue=\"people\"", (double)s.queued[QUEUE_PEOPLE]);
	metrics_sample(t, "anxin_writer_queued", "queue=\"jobs\"", (double)s.queued[QUEUE_JOBS]);
}

static void write_followers(struct text *t, const struct app *app)
{
	struct follower_state s;
	metrics_family(t, "anxin_follower_lag_events", "gauge", "Events a follower has not seen yet.");
	for (size_t i = 0; app->followers && followers_state(app->followers, i, &s); i++)
		metrics_sample(t, "anxin_follower_lag_events", arena_format(t->arena, "follower=\"%s\"", s.name), (double)s.lag);
	metrics_family(t, "anxin_follower_failures_total", "counter", "Steps of a follower that failed.");
	for (size_t i = 0; app->followers && followers_state(app->followers, i, &s); i++)
		metrics_sample(t, "anxin_follower_failures_total", arena_format(t->arena, "follower=\"%s\"", s.name), (double)s.failures);
	metrics_family(t, "anxin_jobs_under_way", "gauge", "Jobs that this process is doing.");
	metrics_sample(t, "anxin_jobs_under_way", NULL, app->jobs ? (double)jobs_under_way(app->jobs) : 0);
}

static void write_reading(struct text *t, const struct app *app)
{
	struct shared_stats s;
	shared_stats(app->services.shared, &s);
	metrics_family(t, "anxin_read_statements_total", "counter", "Statements asked by reading connections.");
	metrics_sample(t, "anxin_read_statements_total", NULL, (double)readers_statements(app->readers));
	metrics_family(t, "anxin_shared_answers_total", "counter", "Answers that many ask for: made, or given again.");
	metrics_sample(t, "anxin_shared_answers_total", "how=\"made\"", (double)s.made);
	metrics_sample(t, "anxin_shared_answers_total", "how=\"given\"", (double)s.given);
}

static void write_counts(struct text *t, const struct app *app)
{
	struct shared_stats s;
	shared_stats(app->services.counts, &s);
	metrics_family(t, "anxin_list_counts_total", "counter", "Counts of lists that need not be of this moment, by where the answer came from.");
	metrics_sample(t, "anxin_list_counts_total", "from=\"database\"", (double)s.made);
	metrics_sample(t, "anxin_list_counts_total", "from=\"shared\"", (double)s.given);
}

static void write_process(struct text *t, const struct app *app)
{
	static const char *const levels[] = { "debug", "info", "warn", "error" };
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f && fscanf(f, "%*s %9ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	metrics_family(t, "anxin_log_lines_total", "counter", "Lines logged.");
	for (int i = 0; i < 4; i++)
		metrics_sample(t, "anxin_log_lines_total", arena_format(t->arena, "level=\"%s\"", levels[i]), (double)app->log.written[i]);
	metrics_family(t, "anxin_pool_queued", "gauge", "Work waiting for the pool.");
	metrics_sample(t, "anxin_pool_queued", NULL, (double)pool_queued(app->pool));
	metrics_family(t, "process_resident_memory_bytes", "gauge", "Memory of the process.");
	metrics_sample(t, "process_resident_memory_bytes", NULL, (double)pages * (double)sysconf(_SC_PAGESIZE));
}

static void metrics(struct http_request *r, struct ctx *c)
{
	const struct app *app = c->services->app;
	struct text t = text_in(r->arena);
	http_metrics_write(&t, http_metrics(app->http), app->routes);
	hub_stats_write(&t, stream_stats(app->services.stream));
	write_writer(&t, app);
	write_followers(&t, app);
	write_reading(&t, app);
	write_counts(&t, app);
	write_process(&t, app);
	http_reply(r, &(struct http_reply){ .status = 200, .type = "text/plain; version=0.0.4; charset=utf-8",
	                                    .body = { (const uint8_t *)text_end(&t), t.n } });
}

const struct route metrics_routes[] = {
	ROUTE(GET, "/api/v1/metrics", FOR_OPERATOR, RAW, .raw = metrics, .flags = ROUTE_QUIET, .zh = "运行指标（Prometheus）", .en = "Figures of the process (Prometheus)"),
};
const size_t metrics_route_count = sizeof(metrics_routes) / sizeof(metrics_routes[0]);
