/* Starting, asking and stopping the measured server. It is this program again, started with other words. */
#include "app/bench_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/child.h"
#include "app/company.h"
#include "db/engine.h"
#include "gen/bench_sql.h"

void bench_print(const char *name, double value, const char *unit, double floor)
{
	if (floor > 0)
		printf("{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"floor\":%.2f,\"ratio\":%.3f}\n", name, value, unit, floor, value / floor);
	else
		printf("{\"name\":\"%s\",\"value\":%.2f,\"unit\":\"%s\",\"floor\":null,\"ratio\":null}\n", name, value, unit);
	fflush(stdout);
}

bool bench_wants(int argc, char **argv, const char *name)
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

/* Processes ---------------------------------------------------------------------------------------------------------------- */

void bench_stop(pid_t *pid)
{
	if (*pid > 0) {
		kill(*pid, SIGTERM);
		waitpid(*pid, NULL, 0);
	}
	*pid = 0;
}

/* Of servers that nobody else asks, on this machine alone. */
#define BENCH_OPERATOR "the bench reads figures"

int bench_start(struct bench_run *b)
{
	setenv("ANXIN_OPERATOR_TOKEN", BENCH_OPERATOR, 1);
	int out = -1;
	char line[200];
	char *argv[] = { "anxin", "serve", "--data", (char *)b->o.data, "--db", (char *)b->o.db, "--listen", "127.0.0.1:0",
	                 "--set", "rate.calls=10000000", "--set", "rate.burst=1000000", "--set", "rate.company=10000000",
	                 "--set", "rate.company_burst=1000000", "--set", "backup.keep=0", NULL };  /* a few addresses ask as much as they can */
	b->server = child_start(argv, -1, &out);
	const char *colon = b->server > 0 && child_line(out, line, sizeof(line)) ? strrchr(line, ':') : NULL;
	close(out);
	b->port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
	return b->server > 0 && b->port ? 0 : ERR_INTERNAL;
}

int bench_memory_mb(pid_t pid, double *out)
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

/* Calls -------------------------------------------------------------------------------------------------------------------- */

const char *bench_request(struct bench_run *b, struct arena *a, const char *method, const char *path, const char *more, const char *body)
{
	return arena_format(a, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nCookie: %s\r\nIdempotency-Key: bench-%d-%zu\r\n"
	                    "%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", method, path, b->port, b->port, b->cookie ? b->cookie : "x=y",
	                    (int)getpid(), b->number++, more, strlen(body), body);
}

const char *bench_value(struct arena *a, const char *json, const char *name)
{
	const char *key = arena_format(a, "\"%s\":", name), *p = strstr(json, key);
	if (!p)
		return NULL;
	p += strlen(key);
	return *p == '"' ? arena_string_n(a, p + 1, strcspn(p + 1, "\"")) : arena_string_n(a, p, strcspn(p, ",}]"));
}

int64_t bench_number(struct arena *a, const char *json, const char *name)
{
	const char *value = bench_value(a, json, name);
	return value ? strtoll(value, NULL, 10) : 0;
}

int bench_call(struct bench_run *b, const char *method, const char *path, const char *body, const char **answer)
{
	const char *cookie;
	int status;
	TRY(load_call(b->port, b->arena, bench_request(b, b->arena, method, path, "", body), &status, answer, &cookie));
	if (cookie)
		b->cookie = cookie;
	if (status < 300)
		return 0;
	fprintf(stderr, "bench: %s %s: %d %.300s\n", method, path, status, *answer);
	return ERR_INTERNAL;
}

int bench_sign_in(struct bench_run *b)
{
	const char *answer;
	TRY(bench_call(b, "POST", "/api/v1/session", "{\"account\":\"chenli\",\"password\":\"anxin-demo\"}", &answer));
	TRY(bench_call(b, "GET", "/api/v1/customer?limit=1", "", &answer));
	b->customer = bench_value(b->arena, answer, "id");
	return b->customer ? 0 : ERR_NOT_FOUND;
}

const char *bench_report(struct bench_run *b, struct arena *a)
{
	return arena_format(a, "{\"scene\":\"repair\",\"customer_id\":\"%s\",\"channel\":\"phone\",\"text\":\"冷藏室后壁整块结冰，菜都冻坏了，第 %zu 次来电\",\"symptoms\":[\"frost\"]}", b->customer, b->number);
}

int bench_load(struct bench_run *b, int port, int connections, int expected, const char *(*next)(void *, struct arena *, size_t *), struct load *out)
{
	*out = (struct load){ .port = port, .connections = connections, .seconds = BENCH_SECONDS, .expected = expected, .next = next, .arg = b };
	TRY(load_run(out));
	if (out->wrong)
		fprintf(stderr, "bench: %zu answers were not %d\n", out->wrong, expected);
	return out->wrong ? ERR_INTERNAL : 0;
}

/* What the followers have not seen yet, all of them together; −1: the answer does not say. */
static int64_t lag_in(const char *figures)
{
	static const char sample[] = "anxin_follower_lag_events{";
	int64_t lag = -1;
	for (const char *p = figures; (p = strstr(p, sample)); p++) {
		const char *value = strchr(p, ' ');
		lag = (lag < 0 ? 0 : lag) + (value ? strtoll(value, NULL, 10) : 0);
	}
	return lag;
}

int bench_metrics(struct bench_run *b, struct arena *a, const char **answer)
{
	int status;
	const char *cookie;
	return load_call(b->port, a, bench_request(b, a, "GET", "/api/v1/metrics", "Authorization: Bearer " BENCH_OPERATOR "\r\n", ""), &status, answer, &cookie);
}

int bench_caught_up(struct bench_run *b, double *seconds)
{
	int64_t from = monotonic_ns();
	for (int i = 0; i < 6000; i++) {
		const char *answer;
		ARENA_SCOPED a = arena_new();
		TRY(bench_metrics(b, a, &answer));
		if (lag_in(answer) == 0) {
			*seconds = (double)(monotonic_ns() - from) / 1e9;
			return 0;
		}
		usleep(20000);
	}
	return ERR_BUSY;
}

/* Data --------------------------------------------------------------------------------------------------------------------- */

static int shell(struct arena *a, const char *command)
{
	return system(command) == 0 ? 0 : ERR_INTERNAL;
}

int bench_forget(struct arena *a, const struct app_options *bench, const char *name)
{
	return shell(a, arena_format(a, "rm -rf '%s/%s'", bench->data, name));
}

static int load_demo(struct bench_run *b)
{
	char line[400];
	int status, out = -1;
	char *argv[] = { "anxin", "demo", "--data", (char *)b->o.data, "--db", (char *)b->o.db, "small", "open", NULL };
	pid_t pid = child_start(argv, -1, &out);
	while (pid > 0 && child_line(out, line, sizeof(line)))
		;
	close(out);
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : ERR_INTERNAL;
}

static int find_tenant(struct ctx *c, void *arg)
{
	return company_find(c, "demo", arg);
}

int bench_app(struct bench_run *b, struct app **app)
{
	TRY(app_open(&b->o, app));
	return app_read(*app, 0, find_tenant, &b->tenant);
}

int bench_open(struct bench_run *b, struct arena *a, const struct app_options *bench, const char *name, const char *db)
{
	struct stat st;
	*b = (struct bench_run){ .arena = a, .o = *bench, .number = (size_t)time(NULL) * 1000000 };
	b->o.data = arena_format(a, "%s/%s", bench->data, name);
	b->o.db = db ? db : arena_format(a, "%s/data.db", b->o.data);
	b->o.keys = arena_format(a, "%s/keys.db", b->o.data);
	return stat(b->o.data, &st) == 0 ? 0 : load_demo(b);
}

/* Databases ---------------------------------------------------------------------------------------------------------------- */

static int say(struct arena *a, const char *statement)
{
	struct db_conn *db;
	TRY(db_open(getenv("ANXIN_TEST_PG"), DB_OWNER, NULL, &db));
	int r = db_script(db, statement);
	if (r < 0)
		fprintf(stderr, "bench: %s\n", db_message(db));
	db_close(db);
	return r;
}

const char *bench_database(struct arena *a, const char *name)
{
	const char *server = getenv("ANXIN_TEST_PG"), *at = server ? strstr(server, "/postgres?") : NULL;
	if (!at) {
		fprintf(stderr, "bench: ANXIN_TEST_PG names no PostgreSQL: nothing is measured there\n");
		return NULL;
	}
	bench_drop(a, name);
	if (say(a, arena_format(a, "CREATE DATABASE %s", name)) < 0)
		return NULL;
	return arena_format(a, "%.*s/%s?%s", (int)(at - server), server, name, at + strlen("/postgres?"));
}

void bench_drop(struct arena *a, const char *name)
{
	if (say(a, arena_format(a, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name)) < 0)
		fprintf(stderr, "bench: the database %s stays\n", name);
}
