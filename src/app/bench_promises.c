/* Ten million tickets of a thousand days, with their events and clocks, and the page of promises over them: for who asks first after a
 * start, nothing of the file in memory, and for who asks again. What each ticket counts for is judged as the follower does it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "core/promise/promise_set.h"
#include "core/services.h"
#include "domain/ticket/queue.h"
#include "domain/ticket/ticket.h"
#include "gen/bench_sql.h"

enum { CHUNK = 400, DAYS = 1000, REGIONS = 30, PRODUCTS = 10, TEAMS = 40, AGENTS = 200, FIRST_ID = 5000, CONNECTIONS = 2 };

struct promises {
	struct bench_run server;
	struct bench_rows rows;
	int64_t from, wanted;
	int64_t event_no;
	const char *closed_loop, *path;         /* id; what is asked for */
};

static int count(struct ctx *c, void *arg)
{
	struct promises *b = arg;
	struct bench_tickets_row row;
	TRY(bench_tickets(c, &row));
	b->from = row.n;
	return 0;
}

/* A number that follows from i and looks like chance. */
static int64_t drawn(int64_t i, int64_t salt, int64_t below)
{
	uint64_t h = ((uint64_t)i + (uint64_t)salt * 7919) * UINT64_C(0x9e3779b97f4a7c15);
	return (int64_t)((h ^ h >> 29) % (uint64_t)below);
}

static int add_events(struct ctx *c, struct promises *b, const struct ticket *t)
{
	const struct { const char *kind; time_ms at; } events[] = {
		{ "ticket.created", t->created_at }, { "ticket.resolve", t->solved_at }, { "ticket.close", t->closed_at },
	};
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		struct event e = b->rows.events[0];
		if (!events[i].at)
			continue;
		e.no = e.pos = ++b->event_no;
		e.lane = 0;
		e.kind = events[i].kind;
		e.object = "ticket";
		e.object_id = t->id;
		e.at = events[i].at;
		e.data = "{}";
		TRY(event_row_insert(c, &e));
	}
	return 0;
}

static int add_clock(struct ctx *c, struct promises *b, const struct ticket *t)
{
	struct service_clock k = b->rows.clocks[0];
	k.id = new_id(c);
	k.object_id = t->id;
	k.measure = "solution";
	k.round = 1;
	k.from_at = k.run_at = t->created_at;
	k.target_ms = 4 * HOUR_MS;
	k.due_at = t->created_at + k.target_ms;
	k.spent_ms = t->solved_at ? t->solved_at - t->created_at : 0;
	k.state = t->solved_at ? "met" : "running";
	k.ended_at = t->solved_at;
	k.breached_at = t->solved_at && k.spent_ms <= k.target_ms ? 0 : k.due_at;
	k.next_at = FAR_FUTURE_MS;
	return service_clock_row_insert(c, &k);
}

/* Each agent works in one team, each team in one region; one ticket in twenty is still open. */
static struct ticket make(struct ctx *c, const struct promises *b, int64_t i)
{
	static const char *const channels[] = { "app", "wechat", "web", "phone", "outlet" }, *const ratings[] = { "satisfied", "satisfied", "mostly", "not" };
	static const char *const symptoms[] = { "[]", "[\"noise\"]", "[\"frost\",\"noise\"]", "[\"function\"]", "[\"dead\"]", "[\"code\"]" };
	struct ticket t = b->rows.ticket;
	int64_t agent = drawn(i, 1, AGENTS);
	bool open = drawn(i, 2, 20) == 0;
	t.id = new_id(c);
	t.no = arena_format(c->arena, "SB%lld", (long long)t.id);
	t.created_at = c->now - (b->wanted - i) * (DAYS * DAY_MS / b->wanted);
	t.owner_id = FIRST_ID + agent;
	t.team_id = FIRST_ID + agent % TEAMS;
	t.region_id = FIRST_ID + agent % TEAMS % REGIONS;
	t.product_id = FIRST_ID + drawn(i, 3, PRODUCTS);
	t.channel = channels[drawn(i, 4, 5)];
	t.symptoms = symptoms[drawn(i, 10, 6)];
	t.grade = drawn(i, 5, 4) ? "normal" : "urgent";
	t.state = open ? "working" : "closed";
	t.first_response_at = t.created_at + (1 + drawn(i, 6, 20)) * MINUTE_MS;
	t.solved_at = open ? 0 : t.created_at + (10 + drawn(i, 7, 300)) * MINUTE_MS;
	t.closed_at = open ? 0 : t.solved_at + HOUR_MS;
	t.rating = open || drawn(i, 8, 3) ? "" : ratings[drawn(i, 9, 4)];
	t.rated_at = *t.rating ? t.closed_at : 0;
	t.updated_at = open ? t.first_response_at : t.closed_at;
	return t;
}

static int add(struct ctx *c, void *arg)
{
	struct promises *b = arg;
	int64_t ids[CHUNK];
	size_t n = 0;
	struct tenant_counter counter;
	PROMISE_SET set = NULL;
	TRY(tenant_counter_row_get(c, &counter));
	b->event_no = counter.event_no;
	for (int64_t i = b->from; i < b->from + CHUNK && i < b->wanted; i++) {
		struct ticket t = make(c, b, i);
		TRY(ticket_row_insert(c, &t));
		TRY(queue_follow(c, NULL, &t));
		TRY(add_events(c, b, &t));
		TRY(add_clock(c, b, &t));
		ids[n++] = t.id;
	}
	TRY(promise_set_take(c, &set));
	TRY(promise_judge(c, set, &ticket_promises, ids, n));
	TRY(bench_events_are(c, b->event_no, NULL));
	TRY(bench_lane_is(c, b->event_no, NULL));
	return bench_followers_are(c, b->event_no, NULL);       /* they have seen these */
}

static int fill(struct promises *b, struct app *app)
{
	TRY(app_read(app, b->server.tenant, count, b));
	int64_t began = monotonic_ns(), first = b->from;
	for (; b->from < b->wanted; b->from += CHUNK) {
		TRY(app_write(app, b->server.tenant, add, b));
		if (b->from / CHUNK % 250 == 0)
			fprintf(stderr, "tickets %lld / %lld, %.0f a second\n", (long long)b->from, (long long)b->wanted,
			        (double)(b->from - first + CHUNK) * 1e9 / (double)(monotonic_ns() - began));
	}
	return 0;
}

/* Questions --------------------------------------------------------------------------------------------------------------- */

/* As after a start of the machine: the kernel lets go of what it holds of the file. */
static int forget_file(struct promises *b)
{
	int fd = open(b->server.o.db, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_INTERNAL;
	int r = fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 ? 0 : ERR_INTERNAL;
	close(fd);
	return r;
}

static const char *next_question(void *arg, struct arena *a, size_t *n)
{
	struct promises *b = arg;
	const char *text = bench_request(&b->server, a, "GET", b->path, "", "");
	*n = strlen(text);
	return text;
}

/* The server is started anew for each, so that nothing of an earlier question helps. */
static int ask(struct promises *b, const char *name, const char *path, const char *counted)
{
	struct load l;
	const char *answer;
	TRY(forget_file(b));
	TRY(bench_start(&b->server));
	TRY(bench_sign_in(&b->server));
	int64_t from = monotonic_ns();
	TRY(bench_call(&b->server, "GET", path, "", &answer));
	bench_print(name, (double)(monotonic_ns() - from) / 1e9, "s", 0);
	if (bench_number(b->server.arena, answer, counted) == 0) {      /* one that is quick because there is nothing says nothing */
		fprintf(stderr, "bench: %s counts nothing\n", path);
		return ERR_INTERNAL;
	}
	b->path = path;
	TRY(bench_load(&b->server, b->server.port, CONNECTIONS, 200, next_question, &l));
	bench_print(arena_format(b->server.arena, "%s_warm", name), l.p99_ms, "ms p99", 0);
	bench_stop(&b->server.server);
	return 0;
}

static int find_closed_loop(struct ctx *c, void *arg)
{
	struct promises *b = arg;
	PROMISE_SET set = NULL;
	TRY(promise_set_take(c, &set));
	for (size_t i = 0; i < set->n; i++)
		if (text_equal(set->at[i].row->code, "closed_loop"))
			b->closed_loop = arena_format(b->server.arena, "%lld", (long long)set->at[i].row->id);
	return b->closed_loop ? 0 : fail(c, ERR_NOT_FOUND, "closed_loop");
}

/* Rows behind a figure: those of 30 days in one region that were missed. */
static const char *rows_path(struct promises *b, const char *region)
{
	struct arena *a = b->server.arena;
	char from[16], to[16];
	int64_t today = (int64_t)time(NULL) * SECOND_MS / DAY_MS;
	day_format(today - 30, from);
	day_format(today, to);
	return arena_format(a, "/api/v1/ticket?cell=%s.missed.%s.%s.region=%s&total=1&limit=50", b->closed_loop, from, to, region);
}

static int questions(struct promises *b, const char *name)
{
	struct arena *a = b->server.arena;
	const char *region = arena_format(a, "%d", FIRST_ID + 3), *product = arena_format(a, "%d", FIRST_ID + 4);
	TRY(ask(b, name, "/api/v1/promise/figures?period=week", "cases"));
	TRY(ask(b, arena_format(a, "%s_month_2", name), arena_format(a, "/api/v1/promise/figures?period=month&region_id=%s&product_id=%s", region, product), "cases"));
	TRY(ask(b, arena_format(a, "%s_gap", name), arena_format(a, "/api/v1/promise/%s/figures?period=month&by=team&region_id=%s", b->closed_loop, region), "cases"));
	TRY(ask(b, arena_format(a, "%s_gap_2", name), arena_format(a, "/api/v1/promise/%s/figures?period=week&by=channel&region_id=%s&product_id=%s", b->closed_loop, region, product), "cases"));
	TRY(ask(b, arena_format(a, "%s_agent", name), arena_format(a, "/api/v1/promise/figures?period=month&user_id=%d&channel=2", FIRST_ID + 5), "cases"));
	TRY(ask(b, arena_format(a, "%s_month_3", name), arena_format(a, "/api/v1/promise/figures?period=month&region_id=%s&product_id=%s&team_id=%s", region, product, region), "cases"));
	TRY(ask(b, arena_format(a, "%s_rows", name), rows_path(b, region), "total"));
	return ask(b, arena_format(a, "%s_wall", name), "/api/v1/wall", "open");
}

/* Filling takes long and is kept. */
static int run(const struct app_options *o, struct arena *a, const char *name, int64_t wanted)
{
	struct promises b = { .wanted = wanted };
	struct app *app;
	TRY(bench_open(&b.server, a, o, name, NULL));
	TRY(bench_rows_make(&b.server, &app, &b.rows));
	int r = b.rows.clock_count && b.rows.event_count ? fill(&b, app) : ERR_NOT_FOUND;
	if (r == 0)
		r = app_read(app, b.server.tenant, find_closed_loop, &b);
	app_close(app);
	if (r == 0)
		r = questions(&b, name);
	bench_stop(&b.server.server);
	return r;
}

int bench_promises(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	static const struct { const char *name; int64_t tickets; } sizes[] = { { "promises_100k", 100000 }, { "promises_1m", 1000000 }, { "promises_10m", 10000000 } };
	int failed = 0;
	if (bench_wants(argc, argv, "anything"))        /* hours and gigabytes: only for who names it */
		return 0;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int r = bench_wants(argc, argv, sizes[i].name) ? run(o, a, sizes[i].name, sizes[i].tickets) : 0;
		failed = failed ? failed : r;
	}
	return failed;
}
