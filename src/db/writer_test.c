/* The writer, sentence by sentence, on both engines. What it does under every kind of failure is in tests/prop. */
#include "base/test.h"

#include "db/fresh.h"
#include "db/writer.h"
#include "gen/schema.h"

enum { COMPANIES = 3 };
static const time_ms now = INT64_C(1795329120000);

struct scene {
	struct fresh fresh;
	struct clock clock;
	struct log log;
	struct writer *writer;
	struct event seen[64];          /* what `committed` was told; only numbers are kept */
	size_t seen_count;
	_Atomic int hooks;
};

struct call {
	struct scene *scene;
	struct arena *arena;
	struct error error;
	struct write_request request;
	const char *name;               /* of the setting that the handler writes */
	int result;                     /* what the handler returns after its work */
	int runs, dones, outcome;
	int64_t number, other;          /* of two series */
};

static void note_events(void *arg, int lane, const struct event *events, size_t n)
{
	struct scene *s = arg;
	for (size_t i = 0; i < n && s->seen_count < 64; i++)
		s->seen[s->seen_count++] = events[i];
}

static int open_scene(void **state, enum db_engine engine)
{
	struct scene *s = calloc(1, sizeof(*s));
	TRY(fresh_make(&s->fresh, engine));
	clock_manual(&s->clock, now);
	log_init(&s->log, 2, LOG_ERROR, &s->clock);
	struct writer_options options = { .url = s->fresh.url, .log = &s->log, .clock = &s->clock, .committed = note_events, .committed_arg = s };
	*state = s;
	return writer_open(&options, &s->writer);
}

static int on_sqlite(void **state)
{
	return open_scene(state, DB_SQLITE);
}

static int on_postgresql(void **state)
{
	return open_scene(state, DB_POSTGRESQL);
}

static int close_scene(void **state)
{
	struct scene *s = *state;
	if (s->writer)
		writer_close(s->writer);
	int r = fresh_drop(&s->fresh);
	free(s);
	return r;
}

static void count_hook(void *arg)
{
	++*(_Atomic int *)arg;
}

static int write_setting(struct ctx *c, void *arg)
{
	struct call *call = arg;
	call->runs++;
	after_commit(c, count_hook, &call->scene->hooks);
	TRY(setting_row_insert(c, &(struct setting){ .name = call->name, .value = "v" }));
	TRY(event_add(c, "setting.written", "setting", 7, NULL));
	TRY(event_add(c, "setting.written", "setting", 8, "{\"a\":1}"));
	return call->result < 0 ? fail(c, call->result, "reason") : call->result;
}

static void note_done(struct ctx *c, void *arg, int result)
{
	struct call *call = arg;
	call->dones++;
	call->outcome = result;
}

static struct call call_of(struct scene *s, int64_t tenant, const char *name, int result)
{
	return (struct call){ .scene = s, .arena = arena_new(), .name = name, .result = result,
	                      .request = { .run = write_setting, .done = note_done, .ctx = { .tenant = tenant, .now = now, .request_id = "r1" } } };
}

static int run(struct call *call)
{
	call->request.arg = call;
	call->request.ctx.arena = call->arena;
	call->request.ctx.error = &call->error;
	call->request.ctx.log = &call->scene->log;
	return writer_run(call->scene->writer, &call->request);
}

/* One call from start to end. */
static int write_one(struct scene *s, int64_t tenant, const char *name, int result)
{
	struct call call = call_of(s, tenant, name, result);
	int r = run(&call);
	assert_int_equal(call.dones, 1);
	assert_int_equal(call.outcome, r);
	if (r < 0)
		assert_int_equal(call.error.code, r);
	arena_free(call.arena);
	return r;
}

static int read_setting(struct scene *s, int64_t tenant, const char *name)
{
	ARENA_SCOPED a = arena_new();
	struct db_conn *db;
	struct setting row;
	assert_int_equal(db_open(s->fresh.url, DB_READER, &s->log, &db), 0);
	struct ctx c = { .arena = a, .db = db, .tenant = tenant };
	assert_int_equal(db_begin_read(db, tenant), 0);
	int r = setting_row_get(&c, name, &row);
	assert_int_equal(db_end_read(db), 0);
	db_close(db);
	return r;
}

/* The scenes ----------------------------------------------------------------------------------------------------- */

static void what_is_acknowledged_can_be_read(void **state)
{
	struct scene *s = *state;
	assert_int_equal(write_one(s, 1, "a", 5), 5);
	assert_int_equal(read_setting(s, 1, "a"), 0);
	assert_int_equal(read_setting(s, 2, "a"), ERR_NOT_FOUND);
}

static void a_refused_request_leaves_nothing(void **state)
{
	struct scene *s = *state;
	assert_int_equal(write_one(s, 1, "a", ERR_STATE), ERR_STATE);
	assert_int_equal(read_setting(s, 1, "a"), ERR_NOT_FOUND);
	assert_int_equal(s->seen_count, 0);
	assert_int_equal(s->hooks, 0);
}

static void a_constraint_error_refuses_its_own_request_only(void **state)
{
	struct scene *s = *state;
	assert_int_equal(write_one(s, 1, "a", 0), 0);
	assert_int_equal(write_one(s, 1, "a", 0), ERR_EXISTS);
	assert_int_equal(write_one(s, 1, "b", 0), 0);
	assert_int_equal(s->seen_count, 4);
	assert_int_equal(s->hooks, 2);
}

static void events_are_numbered_without_gap_in_company_and_lane(void **state)
{
	struct scene *s = *state;
	int64_t no[COMPANIES + 1] = { 0 }, pos[LANES_POSTGRESQL] = { 0 };
	const char *const names[] = { "a", "b", "a", "c", "d" };        /* the second a is refused */
	for (size_t i = 0; i < 5; i++)
		for (int64_t tenant = 1; tenant <= COMPANIES; tenant++)
			assert_int_equal(write_one(s, tenant, names[i], 0), i == 2 ? ERR_EXISTS : 0);
	assert_int_equal(s->seen_count, 4 * 2 * COMPANIES);
	for (size_t i = 0; i < s->seen_count; i++) {
		const struct event *e = &s->seen[i];
		assert_int_equal(e->no, ++no[e->tenant]);
		assert_int_equal(e->pos, ++pos[e->lane]);
		assert_int_equal(e->lane, writer_lane_of(s->writer, e->tenant));
		assert_int_equal(e->at, now);
	}
}

/* Takes numbers of two series before it writes, so that it is refused with numbers in its hands. */
static int write_numbered(struct ctx *c, void *arg)
{
	struct call *call = arg;
	TRY(series_next(c, "A20261122", &call->number));
	TRY(series_next(c, "B20261122", &call->other));
	return write_setting(c, arg);
}

/* Hands in `count` requests at once, so that batches hold many. Every third is refused: by itself, or because its name is taken. */
static void write_numbered_ones(struct scene *s, struct call *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct call *k = &calls[i];
		*k = call_of(s, 1 + (int64_t)(i / 6 % COMPANIES), NULL, i % 6 == 2 ? ERR_STATE : 0);
		k->name = i % 6 == 5 ? "taken" : arena_format(k->arena, "n%zu", i);
		k->request.run = write_numbered;
		k->request.arg = k;
		k->request.ctx.arena = k->arena;
		k->request.ctx.error = &k->error;
		k->request.ctx.log = &s->log;
		k->request.ctx.request_id = "numbered";
		assert_int_equal(writer_submit(s->writer, &k->request), 0);
	}
	writer_close(s->writer);
	s->writer = NULL;
}

static void numbers_of_refused_requests_go_back(void **state)
{
	enum { COUNT_ONES = 240 };
	struct scene *s = *state;
	struct call calls[COUNT_ONES];
	bool taken[COMPANIES + 1][COUNT_ONES + 2] = { 0 };
	int64_t last[COMPANIES + 1] = { 0 };
	for (int64_t tenant = 1; tenant <= COMPANIES; tenant++)
		assert_int_equal(write_one(s, tenant, "taken", 0), 0);
	for (int round = 0; round < 2; round++) {
		write_numbered_ones(s, calls, COUNT_ONES / 2);
		for (size_t i = 0; i < COUNT_ONES / 2; i++) {
			int64_t tenant = calls[i].request.ctx.tenant;
			assert_int_equal(calls[i].outcome, i % 6 == 2 ? ERR_STATE : i % 6 == 5 || round ? ERR_EXISTS : 0);
			if (calls[i].outcome == 0) {
				assert_false(taken[tenant][calls[i].number]);
				assert_int_equal(calls[i].number, calls[i].other);
				taken[tenant][calls[i].number] = true;
				last[tenant]++;
			}
			arena_free(calls[i].arena);
		}
		struct writer_options options = { .url = s->fresh.url, .log = &s->log, .clock = &s->clock };
		assert_int_equal(writer_open(&options, &s->writer), 0);
	}
	for (int64_t tenant = 1; tenant <= COMPANIES; tenant++) {
		for (int64_t number = 1; number <= last[tenant]; number++)
			assert_true(taken[tenant][number]);
		struct call next = call_of(s, tenant, "next", 0);
		next.request.run = write_numbered;
		assert_int_equal(run(&next), 0);
		assert_int_equal(next.number, last[tenant] + 1);
		arena_free(next.arena);
	}
}

static void a_queue_that_is_full_refuses_at_once(void **state)
{
	struct scene *s = *state;
	writer_close(s->writer);
	s->writer = NULL;
	struct writer_options options = { .url = s->fresh.url, .log = &s->log, .clock = &s->clock, .queue_most = 1 };
	assert_int_equal(writer_open(&options, &s->writer), 0);
	ARENA_SCOPED names = arena_new();
	struct call calls[200];
	int refused = 0;
	for (size_t i = 0; i < 200; i++) {
		calls[i] = call_of(s, 1, arena_format(names, "n%zu", i), 0);
		calls[i].request.arg = &calls[i];
		calls[i].request.ctx.arena = calls[i].arena;
		calls[i].request.ctx.error = &calls[i].error;
		calls[i].request.ctx.log = &s->log;
		int r = writer_submit(s->writer, &calls[i].request);
		assert_true(r == 0 || r == ERR_BUSY);
		refused += r == ERR_BUSY;
		calls[i].result = r;
	}
	writer_close(s->writer);
	s->writer = NULL;
	assert_true(refused > 0);
	for (size_t i = 0; i < 200; i++) {
		assert_int_equal(calls[i].dones, calls[i].result == ERR_BUSY ? 0 : 1);
		assert_true(calls[i].dones == 0 || calls[i].outcome == 0);
		arena_free(calls[i].arena);
	}
}

#define BOTH(test)                                                                                 \
	{ #test " (SQLite)", test, on_sqlite, close_scene, NULL },                                 \
	{ #test " (PostgreSQL)", test, on_postgresql, close_scene, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(what_is_acknowledged_can_be_read),
		BOTH(a_refused_request_leaves_nothing),
		BOTH(a_constraint_error_refuses_its_own_request_only),
		BOTH(events_are_numbered_without_gap_in_company_and_lane),
		BOTH(numbers_of_refused_requests_go_back),
		BOTH(a_queue_that_is_full_refuses_at_once),
	};
	if (fresh_has_postgresql())
		return cmocka_run_group_tests(tests, NULL, NULL);
	print_message("no ANXIN_TEST_PG: PostgreSQL is not tested here\n");
	cmocka_set_skip_filter("*(PostgreSQL)");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
