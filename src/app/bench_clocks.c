/* A hundred thousand clocks that come due at one instant while people work: how long until the last is told, and how long people wait. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "core/services.h"
#include "gen/bench_sql.h"

enum { CLOCKS = 100000, CHUNK = 400, WITHIN_S = 60, AHEAD_MS = 3000, PEOPLE = 8 };

struct due {
	struct bench_run server;
	struct bench_rows rows;
	time_ms at;
	size_t left;
	struct bench_clocks_told_row told;
};

static int add_clocks(struct ctx *c, void *arg)
{
	struct due *d = arg;
	struct bench_unclocked_row *rows;
	TRY(bench_unclocked(c, CHUNK, &rows, &d->left));
	for (size_t i = 0; i < d->left; i++) {
		struct service_clock k = d->rows.clocks[0];
		k.id = new_id(c);
		k.object_id = rows[i].id;
		k.measure = "bench";
		k.due_at = k.next_at = FAR_FUTURE_MS;
		TRY(service_clock_row_insert(c, &k));
	}
	return 0;
}

static int begin(struct ctx *c, void *arg)
{
	struct due *d = arg;
	d->at = c->now + AHEAD_MS;
	TRY(bench_clocks_forget(c, NULL));
	return bench_clocks_due(c, d->at, NULL);
}

static int count_told(struct ctx *c, void *arg)
{
	return bench_clocks_told(c, &((struct due *)arg)->told);
}

/* People file tickets: what waits for the writer, as the clocks do. */
static const char *next_work(void *arg, struct arena *a, size_t *n)
{
	struct due *d = arg;
	const char *text = bench_request(&d->server, a, "POST", "/api/v1/ticket", "", bench_report(&d->server, a));
	*n = strlen(text);
	usleep(5000);   /* they pause: some 200 a second, not as many as the machine can bear */
	return text;
}

static int measure(struct due *d)
{
	struct load l = { .connections = PEOPLE, .seconds = WITHIN_S, .expected = 201, .next = next_work, .arg = d };
	TRY(bench_start(&d->server));
	TRY(bench_sign_in(&d->server));
	l.port = d->server.port;
	int r = load_run(&l);
	bench_stop(&d->server.server);
	if (l.wrong)
		fprintf(stderr, "bench: %zu of %zu tickets were refused\n", l.wrong, l.wrong + l.done);
	TRY(r < 0 ? r : l.wrong ? ERR_INTERNAL : 0);
	bench_print("clocks_100k_people", l.p99_ms, "ms p99", 0);
	return 0;
}

int bench_clocks(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct due d = { .left = 1 };
	struct app *app;
	TRY(bench_open(&d.server, a, o, "clocks", NULL));
	TRY(bench_rows_make(&d.server, &app, &d.rows));
	int r = d.rows.clock_count ? bench_fill(app, d.server.tenant, &d.rows, CLOCKS) : ERR_NOT_FOUND;
	while (r == 0 && d.left)
		r = app_write(app, d.server.tenant, add_clocks, &d);
	if (r == 0)
		r = app_write(app, d.server.tenant, begin, &d);
	app_close(app);
	TRY(r);
	TRY(measure(&d));
	TRY(bench_app(&d.server, &app));
	r = app_read(app, d.server.tenant, count_told, &d);
	app_close(app);
	TRY(r);
	if (d.told.n != d.told.clocks) {
		fprintf(stderr, "bench: %lld of %lld clocks were told\n", (long long)d.told.n, (long long)d.told.clocks);
		return ERR_INTERNAL;
	}
	bench_print("clocks_100k", (double)(d.told.last - d.at) / 1e3, "s", 0);
	return 0;
}
