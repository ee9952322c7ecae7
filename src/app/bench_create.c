/* Filing and reading one ticket, beside the floor: the same rows without any logic, served by a second process. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "gen/bench_sql.h"

enum { GETTING = 128 };         /* connections: enough that none meets the limit of calls an address may make */

struct both {
	struct bench_run server;
	struct bench_rows rows;
	pid_t floor;
	int floor_port;
};

static int find_last(struct ctx *c, void *arg)
{
	struct bench_last_ticket_row *rows;
	size_t n;
	TRY(bench_last_ticket(c, &rows, &n));
	*(int64_t *)arg = n ? rows[0].id : 0;
	return 0;
}

int bench_rows_make(struct bench_run *b, struct app **app, struct bench_rows *rows)
{
	const char *answer;
	int64_t last;
	double behind;
	TRY(bench_start(b));
	TRY(bench_sign_in(b));
	TRY(bench_call(b, "POST", "/api/v1/ticket", bench_report(b, b->arena), &answer));
	TRY(bench_caught_up(b, &behind));
	bench_stop(&b->server);
	TRY(bench_app(b, app));
	TRY(app_read(*app, b->tenant, find_last, &last));
	return bench_rows_read(*app, b->arena, b->tenant, last, rows);
}

/* The floor runs on a copy of its own of the same data. */
static int start_floor(struct both *p, const struct app_options *o)
{
	int out[2];
	char line[40] = "";
	if (pipe(out) < 0)
		return ERR_INTERNAL;
	p->floor = fork();
	if (p->floor == 0) {
		struct app *app;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (app_open(o, &app) < 0 || bench_floor_serve(app, &p->rows, out[1]) < 0)
			_exit(1);
	}
	close(out[1]);
	ssize_t n = read(out[0], line, sizeof(line) - 1);
	close(out[0]);
	p->floor_port = n > 0 ? (int)strtol(line, NULL, 10) : 0;
	return p->floor_port ? 0 : ERR_INTERNAL;
}

static const char *next_create(void *arg, struct arena *a, size_t *n)
{
	struct both *p = arg;
	const char *text = bench_request(&p->server, a, "POST", "/api/v1/ticket", "", bench_report(&p->server, a));
	*n = strlen(text);
	return text;
}

static const char *next_get(void *arg, struct arena *a, size_t *n)
{
	struct both *p = arg;
	const char *text = bench_request(&p->server, a, "GET", arena_format(a, "/api/v1/ticket/%lld", (long long)p->rows.ticket.id), "", "");
	*n = strlen(text);
	return text;
}

/* A run ends when the followers have caught up. */
static int create_figure(struct both *p, int connections, const char *name)
{
	struct load l, f = { 0 };
	double behind = 0;
	if (p->floor_port)
		TRY(bench_load(&p->server, p->floor_port, connections, 201, next_create, &f));
	TRY(bench_load(&p->server, p->server.port, connections, 201, next_create, &l));
	TRY(bench_caught_up(&p->server, &behind));
	bench_print(name, (double)l.done / (BENCH_SECONDS + behind), "1/s", f.per_second);
	bench_print(arena_format(p->server.arena, "%s_p99", name), l.p99_ms, "ms", f.p99_ms);
	fprintf(stderr, "%s: p50 %.1f ms, p99 %.1f ms, followers %.2f s behind\n", name, l.p50_ms, l.p99_ms, behind);
	return 0;
}

/* In turns, so that what the machine does besides meets both alike. */
static int get_figure(struct both *p)
{
	enum { ROUNDS = 3 };
	double value = 0, floor = 0, p99_ms = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct load l, f;
		TRY(bench_load(&p->server, p->floor_port, GETTING, 200, next_get, &f));
		TRY(bench_load(&p->server, p->server.port, GETTING, 200, next_get, &l));
		value += l.per_second / ROUNDS;
		floor += f.per_second / ROUNDS;
		p99_ms = l.p99_ms > p99_ms ? l.p99_ms : p99_ms;
	}
	bench_print("ticket_get", value, "1/s", floor);
	bench_print("ticket_get_p99", p99_ms, "ms", 0);
	return 0;
}

static int figures(struct both *p, int argc, char **argv)
{
	static const struct { int connections; const char *name; } rows[] = { { 16, "ticket_create_16" }, { 64, "ticket_create_64" }, { 256, "ticket_create_256" } };
	for (size_t i = 0; i < 3; i++)
		if (bench_wants(argc, argv, rows[i].name))
			TRY(create_figure(p, rows[i].connections, rows[i].name));
	return bench_wants(argc, argv, "ticket_get") ? get_figure(p) : 0;
}

static int start_both(struct both *p, const struct app_options *bench, struct arena *a)
{
	struct bench_run *b = &p->server;
	struct app *app;
	TRY(bench_open(b, a, bench, "small", NULL));
	TRY(bench_rows_make(b, &app, &p->rows));
	app_close(app);
	struct app_options floor = b->o;
	floor.data = arena_format(a, "%s/floor", bench->data);
	floor.db = arena_format(a, "%s/data.db", floor.data);
	floor.keys = arena_format(a, "%s/keys.db", floor.data);
	if (system(arena_format(a, "rm -rf '%s' && cp -r '%s' '%s'", floor.data, b->o.data, floor.data)) != 0)
		return ERR_INTERNAL;
	TRY(start_floor(p, &floor));
	TRY(bench_start(b));
	return bench_sign_in(b);
}

int bench_create(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct both p = { .floor = 0 };
	int r = start_both(&p, o, a);
	if (r == 0)
		r = figures(&p, argc, argv);
	bench_stop(&p.server.server);
	bench_stop(&p.floor);
	return r;
}

/* The same filing on PostgreSQL, with every commit on its disk. */
int bench_postgresql(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	static const char name[] = "bench_create";
	struct both p = { .floor = 0 };
	const char *db = bench_database(a, name);
	if (!db)
		return 0;
	int r = bench_forget(a, o, "postgresql");
	if (r == 0)
		r = bench_open(&p.server, a, o, "postgresql", db);
	if (r == 0)
		r = bench_start(&p.server);
	if (r == 0)
		r = bench_sign_in(&p.server);
	if (r == 0)
		r = create_figure(&p, 64, "pg_ticket_create_64");
	bench_stop(&p.server.server);
	bench_drop(a, name);
	return r;
}
