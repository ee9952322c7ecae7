/* A server with a million tickets: how fast it starts, what a page of a list takes, how much memory it holds after a load. */
#include <stdio.h>
#include <string.h>

#include "app/bench_server.h"

enum { MILLION = 1000000 };

struct million {
	struct bench_run server;
	struct bench_rows rows;
};

/* Fifty of what one person has to do: state and owner. */
static const char *list_path(struct arena *a)
{
	return arena_format(a, "/api/v1/ticket?limit=50&filter=%%5B%%5B%%22state%%22%%2C%%22in%%22%%2C%%5B%%22working%%22%%2C%%22accepted%%22%%5D%%5D%%2C"
	                    "%%5B%%22owner_id%%22%%2C%%22%%3D%%22%%2C%%22%d%%22%%5D%%5D", BENCH_OWNER);
}

static const char *next_list(void *arg, struct arena *a, size_t *n)
{
	struct million *m = arg;
	const char *text = bench_request(&m->server, a, "GET", list_path(a), "", "");
	*n = strlen(text);
	return text;
}

/* A list that is quick because nothing is in it says nothing. */
static int check_list(struct million *m)
{
	const char *answer;
	size_t found = 0;
	TRY(bench_call(&m->server, "GET", list_path(m->server.arena), "", &answer));
	for (const char *p = answer; (p = strstr(p, "\"no\":\"SB")); p++)
		found++;
	if (found != 50)
		fprintf(stderr, "bench: the list holds %zu tickets\n", found);
	return found == 50 ? 0 : ERR_INTERNAL;
}

static const char *next_create(void *arg, struct arena *a, size_t *n)
{
	struct million *m = arg;
	const char *text = bench_request(&m->server, a, "POST", "/api/v1/ticket", "", bench_report(&m->server, a));
	*n = strlen(text);
	return text;
}

/* From the start of the process to its first answer out of the database. */
static int start_figure(struct million *m)
{
	const char *answer;
	int64_t from = monotonic_ns();
	TRY(bench_start(&m->server));
	TRY(bench_call(&m->server, "GET", "/api/v1/my/form", "", &answer));
	bench_print("start_1m", (double)(monotonic_ns() - from) / 1e9, "s", 0);
	return 0;
}

static int figures(struct million *m, int argc, char **argv)
{
	struct load l;
	double mb = 0;
	TRY(start_figure(m));
	TRY(bench_sign_in(&m->server));
	TRY(check_list(m));
	TRY(bench_load(&m->server, m->server.port, 4, 200, next_list, &l));
	bench_print("ticket_list_1m", l.p99_ms, "ms p99", 0);
	bench_print("ticket_list_1m_p50", l.p50_ms, "ms", 0);
	if (!bench_wants(argc, argv, "memory_mb"))
		return 0;
	TRY(bench_load(&m->server, m->server.port, 64, 201, next_create, &l));
	TRY(bench_memory_mb(m->server.server, &mb));
	bench_print("memory_mb", mb, "MB", 0);
	return 0;
}

/* Filling takes minutes and is kept; `fill_1m` does only that. */
int bench_million(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct million m;
	struct app *app;
	TRY(bench_open(&m.server, a, o, "million", NULL));
	TRY(bench_rows_make(&m.server, &app, &m.rows));
	int r = bench_fill(app, m.server.tenant, &m.rows, MILLION);
	app_close(app);
	bool measured = bench_wants(argc, argv, "start_1m") || bench_wants(argc, argv, "ticket_list_1m") || bench_wants(argc, argv, "memory_mb");
	if (r == 0 && measured)
		r = figures(&m, argc, argv);
	bench_stop(&m.server.server);
	return r;
}
