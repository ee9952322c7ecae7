/* The table of figures and the way each is measured: the real server as a child process, its clients here. */
#include "app/bench.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/bench_load.h"
#include "app/company.h"
#include "core/search/search_bench.h"
#include "gen/bench_sql.h"

enum { SECONDS = 5, MILLION = 1000000, QUESTIONS = 2000 };
enum { GETTING = 128 };         /* connections: enough that none meets the limit of calls an address may make */

struct bench_run {
	struct arena *arena;
	const struct app_options *o;
	const char *data;               /* of the server that is measured */
	int64_t tenant;
	struct bench_rows rows;
	const char *cookie;
	const char *customer, *device;  /* ids */
	pid_t server, floor;
	int port, floor_port;
	size_t number;
	int status;
};

static void print(const char *name, double value, const char *unit, double floor)
{
	if (floor > 0)
		printf("{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"floor\":%.2f,\"ratio\":%.3f}\n", name, value, unit, floor, value / floor);
	else
		printf("{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"floor\":null,\"ratio\":null}\n", name, value, unit);
	fflush(stdout);
}

static void stop(pid_t *pid)
{
	if (*pid > 0) {
		kill(*pid, SIGTERM);
		waitpid(*pid, NULL, 0);
	}
	*pid = 0;
}

/* Starts this program with other words; its standard output is read up to the first line. */
static pid_t spawn(char *const argv[], char *line, size_t n)
{
	int out[2];
	if (pipe(out) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(out[1]);
	FILE *f = fdopen(out[0], "r");
	if (!f || !fgets(line, (int)n, f))
		line[0] = 0;
	if (f)
		fclose(f);
	return pid;
}

static int start_server(struct bench_run *b)
{
	char line[200];
	char *argv[] = { "anxin", "serve", "--data", (char *)b->data, "--listen", "127.0.0.1:0", NULL };
	b->server = spawn(argv, line, sizeof(line));
	const char *colon = strrchr(line, ':');
	b->port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
	return b->server > 0 && b->port ? 0 : ERR_INTERNAL;
}

static const char *request_text(struct bench_run *b, struct arena *a, const char *method, const char *path, const char *body)
{
	return arena_format(a, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nCookie: %s\r\nIdempotency-Key: bench-%d-%zu\r\n"
	                    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", method, path, b->port, b->port, b->cookie ? b->cookie : "x=y",
	                    (int)getpid(), b->number++, strlen(body), body);
}

/* First value of "name":"…" in a JSON text: enough for answers this bench asked for itself. */
static const char *value_of(struct arena *a, const char *json, const char *name)
{
	const char *key = arena_format(a, "\"%s\":\"", name), *p = strstr(json, key);
	return p ? arena_string_n(a, p + strlen(key), strcspn(p + strlen(key), "\"")) : NULL;
}

static int call(struct bench_run *b, const char *method, const char *path, const char *body, const char **answer)
{
	const char *cookie;
	int status;
	TRY(load_call(b->port, b->arena, request_text(b, b->arena, method, path, body), &status, answer, &cookie));
	if (cookie)
		b->cookie = cookie;
	if (status < 300)
		return 0;
	fprintf(stderr, "bench: %s %s: %d %.300s\n", method, path, status, *answer);
	return ERR_INTERNAL;
}

static int sign_in(struct bench_run *b)
{
	const char *answer;
	TRY(call(b, "POST", "/api/v1/session", "{\"account\":\"chenli\",\"password\":\"anxin-demo\"}", &answer));
	TRY(call(b, "GET", "/api/v1/customer?limit=1", "", &answer));
	b->customer = value_of(b->arena, answer, "id");
	return b->customer ? 0 : ERR_NOT_FOUND;
}

static const char *ticket_body(struct bench_run *b, struct arena *a)
{
	return arena_format(a, "{\"scene\":\"repair\",\"customer_id\":\"%s\",\"channel\":\"phone\",\"text\":\"冷藏室后壁整块结冰，菜都冻坏了，第 %zu 次来电\",\"symptoms\":[\"frost\"]}", b->customer, b->number);
}

static const char *next_create(void *arg, struct arena *a, size_t *n)
{
	struct bench_run *b = arg;
	const char *text = request_text(b, a, "POST", "/api/v1/ticket", ticket_body(b, a));
	*n = strlen(text);
	return text;
}

static const char *next_get(void *arg, struct arena *a, size_t *n)
{
	struct bench_run *b = arg;
	const char *text = request_text(b, a, "GET", arena_format(a, "/api/v1/ticket/%lld", (long long)b->rows.ticket.id), "");
	*n = strlen(text);
	return text;
}

static const char *next_list(void *arg, struct arena *a, size_t *n)
{
	struct bench_run *b = arg;
	const char *text = request_text(b, a, "GET", arena_format(a, "/api/v1/ticket?limit=50&filter=%%5B%%5B%%22state%%22%%2C%%22in%%22%%2C%%5B%%22working%%22%%2C%%22accepted%%22%%5D%%5D%%2C"
	                                "%%5B%%22owner_id%%22%%2C%%22%%3D%%22%%2C%%22%lld%%22%%5D%%5D", (long long)(b->rows.ticket.owner_id ? b->rows.ticket.owner_id : 1000)), "");
	*n = strlen(text);
	return text;
}

static int load(struct bench_run *b, int port, int connections, int expected, const char *(*next)(void *, struct arena *, size_t *), struct load *out)
{
	*out = (struct load){ .port = port, .connections = connections, .seconds = SECONDS, .expected = expected, .next = next, .arg = b };
	TRY(load_run(out));
	if (out->wrong)
		fprintf(stderr, "bench: %zu answers were not %d\n", out->wrong, expected);
	return out->wrong ? ERR_INTERNAL : 0;
}

static int memory_mb(pid_t pid, double *out)
{
	char path[64], line[200];
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "VmRSS:", 6))
			*out = strtod(line + 6, NULL) / 1024;
	if (f)
		fclose(f);
	return f ? 0 : ERR_INTERNAL;
}

/* Preparation ---------------------------------------------------------------------------------------------------------- */

static int run_once(char *const argv[])
{
	char line[400];
	int status;
	pid_t pid = spawn(argv, line, sizeof(line));
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ERR_INTERNAL;
}

static int find_tenant(struct ctx *c, void *arg)
{
	return company_find(c, "demo", arg);
}

static int find_last(struct ctx *c, void *arg)
{
	struct bench_last_ticket_row *rows;
	size_t n;
	TRY(bench_last_ticket(c, &rows, &n));
	*(int64_t *)arg = n ? rows[0].id : 0;
	return 0;
}

/* Data that is kept between runs: a demo company, and the rows of one ticket that the real server filed. */
static int prepare(struct bench_run *b, struct app **app)
{
	struct app_options o = *b->o;
	int64_t last;
	struct stat st;
	if (stat(b->data, &st) < 0) {
		char *argv[] = { "anxin", "demo", "--data", (char *)b->data, "small", NULL };
		TRY(run_once(argv));
	}
	const char *answer;
	TRY(start_server(b));
	TRY(sign_in(b));
	TRY(call(b, "POST", "/api/v1/ticket", ticket_body(b, b->arena), &answer));
	sleep(1);       /* its followers */
	stop(&b->server);
	o.data = b->data;
	TRY(app_open(&o, app));
	TRY(app_read(*app, 0, find_tenant, &b->tenant));
	TRY(app_read(*app, b->tenant, find_last, &last));
	return bench_rows_read(*app, b->arena, b->tenant, last, &b->rows);
}

/* The floor runs on a copy of its own of the same data. */
static int start_floor(struct bench_run *b, const struct app_options *o)
{
	int out[2];
	char line[40] = "";
	if (pipe(out) < 0)
		return ERR_INTERNAL;
	b->floor = fork();
	if (b->floor == 0) {
		struct app *app;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (app_open(o, &app) < 0 || bench_floor_serve(app, &b->rows, out[1]) < 0)
			_exit(1);
	}
	close(out[1]);
	ssize_t n = read(out[0], line, sizeof(line) - 1);
	close(out[0]);
	b->floor_port = n > 0 ? (int)strtol(line, NULL, 10) : 0;
	return b->floor_port ? 0 : ERR_INTERNAL;
}

/* Figures ---------------------------------------------------------------------------------------------------------------- */

static bool wanted(int argc, char **argv, const char *name)
{
	bool any = false;
	for (int i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "--", 2))
			continue;
		any = true;
		if (!strcmp(argv[i], name))
			return true;
	}
	return !any;
}

/* A run ends when the followers have caught up: their time is part of the figure. */
static int caught_up(struct bench_run *b, double *seconds)
{
	int64_t from = monotonic_ns();
	for (int i = 0; i < 6000; i++) {
		const char *answer;
		ARENA_SCOPED a = arena_new();
		int status;
		const char *cookie;
		TRY(load_call(b->port, a, request_text(b, a, "GET", "/api/v1/health", ""), &status, &answer, &cookie));
		const char *lag = strstr(answer, "\"lag\":");
		if (lag && (int)strtol(lag + 6, NULL, 10) == 0) {
			*seconds = (double)(monotonic_ns() - from) / 1e9;
			return 0;
		}
		usleep(20000);
	}
	return ERR_BUSY;
}

static int create_figure(struct bench_run *b, int connections, const char *name, double *value, double *floor)
{
	struct load l, f;
	double behind = 0;
	TRY(load(b, b->floor_port, connections, 201, next_create, &f));
	TRY(load(b, b->port, connections, 201, next_create, &l));
	TRY(caught_up(b, &behind));
	*value = (double)l.done / (SECONDS + behind);
	*floor = f.per_second;
	print(name, *value, "1/s", *floor);
	fprintf(stderr, "%s: p50 %.1f ms, p99 %.1f ms, followers %.2f s behind\n", name, l.p50_ms, l.p99_ms, behind);
	return 0;
}

/* In turns, so that what the machine does besides meets both alike. */
static int get_figure(struct bench_run *b)
{
	enum { ROUNDS = 3 };
	double value = 0, floor = 0, p99_ms = 0;
	for (int i = 0; i < ROUNDS; i++) {
		struct load l, f;
		TRY(load(b, b->floor_port, GETTING, 200, next_get, &f));
		TRY(load(b, b->port, GETTING, 200, next_get, &l));
		value += l.per_second / ROUNDS;
		floor += f.per_second / ROUNDS;
		p99_ms = l.p99_ms > p99_ms ? l.p99_ms : p99_ms;
	}
	print("ticket_get", value, "1/s", floor);
	print("ticket_get_p99", p99_ms, "ms", 0);
	return 0;
}

static int create_figures(struct bench_run *b, int argc, char **argv)
{
	static const struct { int connections; const char *name; } rows[] = { { 16, "ticket_create_16" }, { 64, "ticket_create_64" }, { 256, "ticket_create_256" } };
	for (size_t i = 0; i < 3; i++) {
		double value, floor;
		if (wanted(argc, argv, rows[i].name))
			TRY(create_figure(b, rows[i].connections, rows[i].name, &value, &floor));
	}
	return wanted(argc, argv, "ticket_get") ? get_figure(b) : 0;
}

static int small_figures(const struct app_options *o, struct arena *arena, int argc, char **argv)
{
	struct bench_run b = { .arena = arena, .o = o, .data = arena_format(arena, "%s/small", o->data) };
	struct app_options own = *o, floor;
	struct app *app;
	own.db = arena_format(arena, "%s/data.db", b.data);
	own.keys = arena_format(arena, "%s/keys.db", b.data);
	b.o = &own;
	TRY(prepare(&b, &app));
	app_close(app);
	floor = own;
	floor.data = arena_format(arena, "%s/floor", o->data);
	floor.db = arena_format(arena, "%s/data.db", floor.data);
	floor.keys = arena_format(arena, "%s/keys.db", floor.data);
	if (system(arena_format(arena, "rm -rf '%s' && cp -r '%s' '%s'", floor.data, b.data, floor.data)) != 0)
		return ERR_INTERNAL;
	TRY(start_floor(&b, &floor));
	TRY(start_server(&b));
	TRY(sign_in(&b));
	int r = create_figures(&b, argc, argv);
	stop(&b.server);
	stop(&b.floor);
	return r;
}

static int million_figures(const struct app_options *o, struct arena *arena, int argc, char **argv)
{
	struct bench_run b = { .arena = arena, .data = arena_format(arena, "%s/million", o->data) };
	struct app_options own = *o;
	struct app *app;
	struct load l;
	double mb = 0;
	own.db = arena_format(arena, "%s/data.db", b.data);
	own.keys = arena_format(arena, "%s/keys.db", b.data);
	b.o = &own;
	TRY(prepare(&b, &app));
	TRY(bench_fill(app, b.tenant, &b.rows, MILLION));
	app_close(app);
	int64_t from = monotonic_ns();
	TRY(start_server(&b));
	const char *answer;
	TRY(call(&b, "GET", "/api/v1/my/form", "", &answer));
	print("start_1m", (double)(monotonic_ns() - from) / 1e9, "s", 0);
	TRY(sign_in(&b));
	TRY(load(&b, b.port, 4, 200, next_list, &l));
	print("ticket_list_1m", l.p99_ms, "ms p99", 0);
	print("ticket_list_1m_p50", l.p50_ms, "ms", 0);
	TRY(load(&b, b.port, 64, 201, next_create, &l));
	TRY(memory_mb(b.server, &mb));
	print("memory_mb", mb, "MB", 0);
	stop(&b.server);
	return 0;
}

static int search_figure(const struct app_options *o, struct arena *arena)
{
	struct log log;
	struct clock clock;
	struct migrate_report report;
	const char *shared = getenv("ANXIN_SHARED");
	clock_system(&clock);
	log_init(&log, 2, LOG_WARN, &clock);
	struct search_bench s = {
		.url = arena_format(arena, "%s/search.db", o->data), .documents = MILLION, .questions = QUESTIONS, .log = &log, .clock = &clock,
		.texts = shared ? arena_format(arena, "%s/data/voices/electronics_reviews.tsv", shared) : NULL,
	};
	if (s.texts && access(s.texts, R_OK) < 0) {
		fprintf(stderr, "search_1m: shared texts are absent, built-in sentences instead\n");
		s.texts = NULL;
	}
	TRY(db_migrate(s.url, &data_migrations, &log, arena, &report));
	TRY(search_bench_run(&s));
	print("search_1m", s.p99_ms, "ms p99", 0);
	print("search_1m_p50", s.p50_ms, "ms", 0);
	return 0;
}

int command_bench(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED arena = arena_new();
	static const char *const million[] = { "ticket_list_1m", "start_1m", "memory_mb" };
	int r = 0;
	bool small = false, large = false;
	if (system(arena_format(arena, "mkdir -p '%s'", options->data)) != 0)
		return 1;
	static const char *const creates[] = { "ticket_create_16", "ticket_create_64", "ticket_create_256", "ticket_get" };
	for (size_t i = 0; i < 4; i++)
		small |= wanted(argc, argv, creates[i]);
	for (size_t i = 0; i < 3; i++)
		large |= wanted(argc, argv, million[i]);
	if (small)
		r = small_figures(options, arena, argc, argv);
	if (r == 0 && large)
		r = million_figures(options, arena, argc, argv);
	if (r == 0 && wanted(argc, argv, "search_1m"))
		r = search_figure(options, arena);
	if (r < 0)
		fprintf(stderr, "bench: %s\n", error_name(r));
	return r < 0;
}
