/* Messages taken in a second, each on the disk before it is answered, until search and promises have followed: those that another system hands over by the
 * open API, and those that visitors write in the web chat. Beside the rows alone: as many messages as people write at once, inserted bare by the same
 * writer, without HTTP, rights, clocks, events, search. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bench_listen.h"
#include "core/identity/visitor.h"
#include "gen/bench_sql.h"

enum { PEOPLE = 64, FLOOR_S = 3, SUGGESTED = 300 };

struct messages {
	struct bench_run server;
	const char *tokens[PEOPLE];     /* of visitors */
	const char *prefix;             /* of the figures' names */
	struct message row;             /* a real one */
	int64_t no;
};

static int make_tokens(struct ctx *c, void *arg)
{
	struct messages *m = arg;
	for (int i = 0; i < PEOPLE; i++) {
		const char *token;
		TRY(visitor_token(c, new_id(c), &token));
		m->tokens[i] = arena_string(m->server.arena, token);
	}
	return 0;
}

static int sign_in_administrator(struct bench_run *b)
{
	static const char *const limits[] = { "visit.calls", "visit.new" };
	const char *answer;
	TRY(bench_call(b, "POST", "/api/v1/session", "{\"account\":\"admin\",\"password\":\"anxin-demo\"}", &answer));
	for (size_t i = 0; i < 2; i++) {        /* 64 who write as 5,000 would */
		const char *path = arena_format(b->arena, "/api/v1/setting/%s", limits[i]);
		TRY(bench_call(b, "GET", path, "", &answer));
		TRY(bench_call(b, "PATCH", path, arena_format(b->arena, "{\"value\":6000,\"version\":%lld}", (long long)bench_number(b->arena, answer, "version")), &answer));
	}
	return 0;
}

/* What is asked ---------------------------------------------------------------------------------------------------------------- */

static const char *next_handed_over(void *arg, struct arena *a, size_t *n)
{
	struct messages *m = arg;
	size_t number = m->server.number;
	const char *body = arena_format(a, "{\"system\":\"shop\",\"person\":\"bench-%zu\",\"external_id\":\"%d-%zu\",\"text\":\"冰箱冷藏室后壁结冰，菜都冻坏了，这是第 %zu 句\"}", number % PEOPLE, (int)getpid(), number, number);
	const char *text = bench_request(&m->server, a, "POST", "/api/v1/intake/message", "", body);
	*n = strlen(text);
	return text;
}

static const char *next_visited(void *arg, struct arena *a, size_t *n)
{
	struct messages *m = arg;
	size_t number = m->server.number++;
	const char *body = arena_format(a, "{\"text\":\"滚筒洗衣机脱水的时候响得厉害，第 %zu 句\",\"external_id\":\"visit-%d-%zu\"}", number, (int)getpid(), number);
	const char *text = arena_format(a, "POST /api/v1/visit/message HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                                m->server.port, m->server.port, m->tokens[number % PEOPLE], strlen(body), body);
	*n = strlen(text);
	return text;
}

static int rate(struct messages *m, const char *(*next)(void *arg, struct arena *a, size_t *n), struct load *l, double *out)
{
	double behind;
	TRY(bench_load(&m->server, m->server.port, PEOPLE, 200, next, l));
	TRY(bench_caught_up(&m->server, &behind));
	*out = (double)l->done / (BENCH_SECONDS + behind);
	return 0;
}

/* Suggestions for whoever answers --------------------------------------------------------------------------------------------------- */

/* Each of a text that nobody has asked about before, one at a time: from the request until the suggestions are there. */
static int measure_assist(struct messages *m)
{
	static const char *const parts[] = { "冰箱冷藏室后壁结冰", "洗衣机脱水时响得厉害", "空调开了半天不凉", "油烟机吸力小", "热水器打不着火", "电视没有声音只有画面", "洗碗机洗完还有渣", "扫地机器人老是卡住" };
	double ms[SUGGESTED];
	struct listen_times took = { .ms = ms, .most = SUGGESTED };
	for (size_t i = 0; i < SUGGESTED; i++) {
		ARENA_SCOPED a = arena_new();
		const char *answer, *body = arena_format(a, "{\"system\":\"shop\",\"person\":\"assist-%zu\",\"external_id\":\"assist-%zu\",\"text\":\"%s，%s，第 %zu 次\"}", i, i, parts[i % 8], parts[i / 8 % 8], i);
		TRY(bench_call(&m->server, "POST", "/api/v1/intake/message", body, &answer));
		const char *path = arena_format(a, "/api/v1/conversation/%s/assist", bench_value(a, answer, "conversation_id"));
		int64_t from = monotonic_ns();
		TRY(bench_call(&m->server, "GET", path, "", &answer));
		listen_time(&took, (double)(monotonic_ns() - from) / 1e6);
	}
	bench_print("assist", listen_within(&took, 0.99), "ms p99", 0);
	bench_print("assist_p50", listen_within(&took, 0.5), "ms", 0);
	return 0;
}

/* The rows alone ------------------------------------------------------------------------------------------------------------------ */

static int find_message(struct ctx *c, void *arg)
{
	struct messages *m = arg;
	struct message *rows;
	size_t n;
	TRY(bench_message(c, &rows, &n));
	if (!n)
		return ERR_NOT_FOUND;
	m->row = rows[0];
	m->row.visibility = "public";
	m->row.offers = "[]";
	m->row.body = arena_bytes(m->server.arena, rows[0].body);
	m->no = 1000000000;
	return 0;
}

static int insert_bare(struct ctx *c, void *arg)
{
	struct messages *m = arg;
	for (int i = 0; i < PEOPLE; i++) {
		m->row.no = ++m->no;
		m->row.id = new_id(c);
		TRY(message_row_insert(c, &m->row));
	}
	return 0;
}

static int measure_floor(struct messages *m, double *out)
{
	struct app *app;
	size_t done = 0;
	TRY(bench_app(&m->server, &app));
	int r = app_write(app, m->server.tenant, find_message, m);
	int64_t from = monotonic_ns();
	while (r == 0 && monotonic_ns() - from < FLOOR_S * INT64_C(1000000000)) {
		r = app_write(app, m->server.tenant, insert_bare, m);
		done += PEOPLE;
	}
	*out = (double)done * 1e9 / (double)(monotonic_ns() - from);
	app_close(app);
	return r;
}

/* ------------------------------------------------------------------------------------------------------------------------------- */

static void say(const struct messages *m, const char *name, double value, const struct load *l, double floor)
{
	bench_print(arena_format(m->server.arena, "%s%s", m->prefix, name), value, "1/s", floor);
	bench_print(arena_format(m->server.arena, "%s%s_p99", m->prefix, name), l->p99_ms, "ms", 0);
}

static int run(struct messages *m)
{
	struct load handed, visited;
	double by_api, by_chat, floor;
	TRY(bench_start(&m->server));
	TRY(sign_in_administrator(&m->server));
	TRY(rate(m, next_handed_over, &handed, &by_api));
	TRY(rate(m, next_visited, &visited, &by_chat));
	if (!*m->prefix)
		TRY(measure_assist(m));
	bench_stop(&m->server.server);
	TRY(measure_floor(m, &floor));
	say(m, "intake_api", by_api, &handed, floor);
	say(m, "intake_widget", by_chat, &visited, floor);
	return 0;
}

static int measure(const struct app_options *o, struct arena *a, const char *folder, const char *prefix, const char *db)
{
	struct messages *m = ARENA_NEW(a, struct messages);
	struct app *app;
	m->prefix = prefix;
	TRY(bench_forget(a, o, folder));
	TRY(bench_open(&m->server, a, o, folder, db));
	TRY(bench_app(&m->server, &app));
	int r = app_write(app, m->server.tenant, make_tokens, m);
	app_close(app);
	if (r == 0)
		r = run(m);
	bench_stop(&m->server.server);
	return r;
}

int bench_messages(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	static const char name[] = "bench_messages";
	if (bench_wants(argc, argv, "intake_api") || bench_wants(argc, argv, "intake_widget") || bench_wants(argc, argv, "assist"))
		TRY(measure(o, a, "messages", "", NULL));
	if (!bench_wants(argc, argv, "pg_intake_api") && !bench_wants(argc, argv, "pg_intake_widget"))
		return 0;
	const char *db = bench_database(a, name);
	if (!db)
		return 0;
	int r = measure(o, a, "pg_messages", "pg_", db);
	bench_drop(a, name);
	return r;
}
