/* Time on order (docs/adr/0023). The parent process writes "advance MILLISECONDS" into the socket it left us; time goes there by way of every
 * instant at which a job or a service clock is due, and leaves none before all that is due, and all that follows from it, is done. Then the
 * answer is "at MILLISECONDS". "mark" makes what was done until then demo data, "marked ROWS". Nobody else can order it: the socket has no name. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/app.h"
#include "core/demo/demo.h"
#include "gen/company_sql.h"
#include "gen/virtual_clock_sql.h"

enum { LOOK_US = 50, PATIENCE_MS = 60 * 1000, DRAIN_MS = 30 * 1000 };

struct virtual_clock {
	struct app *app;
	pthread_t thread;
	int fd;
};

/* Only demo companies ----------------------------------------------------------------------------------------------- */

static int find_real(struct ctx *c, void *arg)
{
	const char **code = arg;
	struct companies_listed_row *rows;
	size_t n;
	TRY(companies_listed(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (!rows[i].demo)
			*code = arena_string(((struct app *)c->services->app)->arena, rows[i].code);
	return 0;
}

int virtual_clock_check(struct app *app)
{
	const char *code = NULL;
	if (!app->o.virtual_from)
		return 0;
	TRY(app_read(app, 0, find_real, &code));
	if (!code)
		return 0;
	log_write(&app->log, LOG_ERROR, "a virtual clock is for demo companies only: this one is not marked as one", "company", code, NULL);
	fprintf(stderr, "anxin: 虚拟时钟只用于演示公司，而数据库里的 %s 不是 / a virtual clock is for demo companies only, and %s in this database is none\n", code, code);
	return ERR_FORBIDDEN;
}

/* Rest -------------------------------------------------------------------------------------------------------------- */

static int read_next(struct ctx *c, void *arg)
{
	int64_t *next = arg;
	struct next_clock_row *clocks;
	size_t n;
	static const char *const states[] = { "waiting", "running" };
	TRY(next_clock(c, &clocks, &n));
	if (n && clocks[0].next_at < *next)
		*next = clocks[0].next_at;
	for (size_t i = 0; i < 2; i++) {
		struct next_job_row *jobs;
		TRY(next_job(c, states[i], &jobs, &n));
		if (n && jobs[0].run_at < *next)
			*next = jobs[0].run_at;
	}
	return 0;
}

static bool in_motion(struct app *app, uint64_t *writes)
{
	struct writer_stats stats;
	writer_stats(app->writer, &stats);
	*writes = stats.requests;
	return stats.queued[QUEUE_PEOPLE] || stats.queued[QUEUE_JOBS] || jobs_under_way(app->jobs) || clock_watch_under_way(app->watch) ||
	       !followers_rest(app->followers);
}

/* What is in memory is looked at before and after the look at the rows: in between something could have ended one thing and begun another.
 * 1: at rest, *next is when something is due again; 0: not yet. */
static int at_rest(struct app *app, int64_t *next)
{
	uint64_t before, after;
	*next = FAR_FUTURE_MS;
	if (in_motion(app, &before))
		return 0;
	TRY(app_read(app, 0, read_next, next));
	if (*next > clock_now(&app->clock))
		return !in_motion(app, &after) && before == after;
	jobs_wake(app->jobs);           /* a commit without events wakes nobody */
	clock_watch_wake(app->watch);
	return 0;
}

static int settle(struct app *app, int64_t *next)
{
	int64_t until = monotonic_ns() + (int64_t)PATIENCE_MS * 1000000;
	int r;
	while ((r = at_rest(app, next)) == 0) {
		if (monotonic_ns() > until)
			return ERR_BUSY;
		usleep(LOOK_US);
	}
	return r < 0 ? r : 0;
}

static int advance(struct app *app, int64_t to)
{
	int64_t next;
	for (;;) {
		TRY(settle(app, &next));
		int64_t now = clock_now(&app->clock);
		if (now >= to)
			return 0;
		clock_move(&app->clock, (next < to ? next : to) - now);
	}
}

/* Marking ----------------------------------------------------------------------------------------------------------- */

enum { COMPANIES = 64 };

struct companies {
	int64_t tenants[COMPANIES];
	size_t n;
};

static int read_companies(struct ctx *c, void *arg)
{
	struct companies *out = arg;
	struct companies_listed_row *rows;
	size_t n;
	TRY(companies_listed(c, &rows, &n));
	for (out->n = 0; out->n < n && out->n < COMPANIES; out->n++)
		out->tenants[out->n] = rows[out->n].tenant;
	return 0;
}

static int adopt(struct ctx *c, void *arg)
{
	return demo_adopt(c, arg);
}

/* At rest, so that nothing comes while it is looked at; all companies here are demos, or this clock were not. */
static int mark(struct app *app, int64_t *rows)
{
	struct companies all;
	int64_t next;
	TRY(settle(app, &next));
	TRY(app_read(app, 0, read_companies, &all));
	for (size_t i = 0; i < all.n; i++) {
		struct demo_adoption a = { 0 };
		while (!a.done)
			TRY(app_write(app, all.tenants[i], adopt, &a));
		*rows += a.rows;
	}
	return 0;
}

/* Orders ------------------------------------------------------------------------------------------------------------ */

static void answer(struct virtual_clock *v, const char *line)
{
	struct app *app = v->app;
	char reply[80], *end;
	static const char order[] = "advance ";
	const bool marks = !strcmp(line, "mark");
	int64_t rows = 0, to = strncmp(line, order, sizeof(order) - 1) ? 0 : strtoll(line + sizeof(order) - 1, &end, 10);
	int r = marks ? mark(app, &rows) : to ? advance(app, to) : ERR_INVALID;
	int n = r < 0 ? snprintf(reply, sizeof(reply), "error %s\n", error_name(r)) :
		snprintf(reply, sizeof(reply), marks ? "marked %lld\n" : "at %lld\n", (long long)(marks ? rows : clock_now(&app->clock)));
	if (r < 0)
		log_write(&app->log, LOG_ERROR, "not done", "code", error_name(r), "order", line, NULL);
	(void)!send(v->fd, reply, (size_t)n, MSG_NOSIGNAL);
}

/* When the parent is gone nobody moves the time any more: the server ends. */
static void *take_orders(void *arg)
{
	struct virtual_clock *v = arg;
	FILE *in = fdopen(dup(v->fd), "r");
	char line[80];
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = 0;
		answer(v, line);
	}
	if (in)
		fclose(in);
	kill(getpid(), SIGTERM);
	return NULL;
}

int virtual_clock_start(struct app *app)
{
	if (!app->o.virtual_from || !app->o.virtual_orders)
		return 0;
	struct virtual_clock *v = ARENA_NEW(app->arena, struct virtual_clock);
	*v = (struct virtual_clock){ .app = app, .fd = app->o.virtual_orders };
	TRY(followers_drain(app->followers, DRAIN_MS));
	if (pthread_create(&v->thread, NULL, take_orders, v) != 0)
		return ERR_NO_MEMORY;
	pthread_setname_np(v->thread, "virtual clock");
	app->virtual_clock = v;
	return 0;
}

void virtual_clock_stop(struct app *app)
{
	struct virtual_clock *v = app->virtual_clock;
	if (!v)
		return;
	shutdown(v->fd, SHUT_RDWR);
	pthread_join(v->thread, NULL);
	close(v->fd);
	app->virtual_clock = NULL;
}
