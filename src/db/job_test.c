/* Jobs: done when due, their effect exactly once, failures tried again and at last set aside for people. */
#include "base/test.h"

#include <sched.h>

#include "db/fresh.h"
#include "db/job.h"

static const time_ms start_at = INT64_C(1795329120000);

struct scene {
	struct fresh fresh;
	struct clock clock;
	struct log log;
	struct writer *writer;
	struct db_conn *reader;
	struct pool *pool;
	struct jobs *jobs;
	int64_t last_id;
	_Atomic int runs, calls, deaths, fail_runs, fail_calls;
	_Atomic bool hangs;             /* the system that `slow` calls */
};

static struct scene *scene_of(struct ctx *c)
{
	return (struct scene *)(void *)c->services;
}

static int take_down(_Atomic int *count)
{
	return *count > 0 && (*count)-- > 0;
}

/* The effect: a setting named like the job's data. */
static int run_plain(struct ctx *c, const struct job *job, const char *answer)
{
	struct scene *s = scene_of(c);
	s->runs++;
	const char *name = arena_format(c->arena, "job-%lld", (long long)job->id);
	TRY(setting_row_insert(c, &(struct setting){ .name = name, .value = answer ? answer : job->data }));
	if (take_down(&s->fail_runs))
		return fail(c, ERR_STATE, "not yet");
	return 0;
}

static int call_out(struct ctx *c, const struct job *job, const char **answer)
{
	struct scene *s = scene_of(c);
	s->calls++;
	if (take_down(&s->fail_calls))
		return fail(c, ERR_OUTBOUND, "gateway");
	*answer = arena_format(c->arena, "answer to %lld", (long long)job->id);
	return 0;
}

static int call_slowly(struct ctx *c, const struct job *job, const char **answer)
{
	while (scene_of(c)->hangs)
		sched_yield();
	return call_out(c, job, answer);
}

static int note_death(struct ctx *c, const struct job *job)
{
	scene_of(c)->deaths++;
	return 0;
}

static const struct job_kind plain = { .name = "plain", .run = run_plain, .died = note_death, .attempts_most = 3, .first_pause_ms = 1000 };
static const struct job_kind outbound = { .name = "outbound", .run = run_plain, .call = call_out, .attempts_most = 3, .first_pause_ms = 1000 };

static const struct job_kind slow = { .name = "slow", .run = run_plain, .call = call_slowly };

static void start_jobs(struct scene *s)
{
	static const struct job_kind *const kinds[] = { &plain, &outbound, &slow };
	struct jobs_options options = { .url = s->fresh.url, .writer = s->writer, .pool = s->pool, .calls_most = 1, .log = &s->log, .clock = &s->clock,
	                                .services = (struct services *)(void *)s, .kinds = kinds, .count = 3, .tick_ms = 20 };
	assert_int_equal(jobs_open(&options, &s->jobs), 0);
}

static int open_scene(void **state, enum db_engine engine)
{
	struct scene *s = calloc(1, sizeof(*s));
	TRY(fresh_make(&s->fresh, engine));
	clock_manual(&s->clock, start_at);
	log_init(&s->log, -1, LOG_ERROR, &s->clock);
	struct writer_options options = { .url = s->fresh.url, .log = &s->log, .clock = &s->clock };
	TRY(writer_open(&options, &s->writer));
	TRY(db_open(s->fresh.url, DB_READER, &s->log, &s->reader));
	TRY(pool_open(2, 100, &s->pool));
	start_jobs(s);
	*state = s;
	return 0;
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
	jobs_close(s->jobs);
	pool_close(s->pool);
	writer_close(s->writer);
	db_close(s->reader);
	int r = fresh_drop(&s->fresh);
	free(s);
	return r;
}

struct new_job {
	int64_t id;
	const char *kind, *key;
	time_ms run_at;
};

static int add(struct ctx *c, void *arg)
{
	const struct new_job *j = arg;
	return job_add(c, j->id, j->kind, j->run_at, j->key, NULL);
}

static int64_t add_job(struct scene *s, const char *kind, time_ms run_at, const char *key)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct new_job job = { ++s->last_id, kind, key, run_at };
	struct write_request request = { .run = add, .arg = &job, .ctx = { .arena = a, .error = &error, .tenant = 1, .log = &s->log } };
	assert_int_equal(writer_run(s->writer, &request), 0);
	jobs_wake(s->jobs);
	return job.id;
}

static int read_job(struct scene *s, struct arena *a, int64_t id, struct job *out)
{
	struct ctx c = { .arena = a, .db = s->reader, .tenant = 1 };
	assert_int_equal(db_begin_read(s->reader, 1), 0);
	int r = job_row_get(&c, id, out);
	assert_int_equal(db_end_read(s->reader), 0);
	return r;
}

static int read_effect(struct scene *s, struct arena *a, int64_t id, struct setting *out)
{
	struct ctx c = { .arena = a, .db = s->reader, .tenant = 1 };
	assert_int_equal(db_begin_read(s->reader, 1), 0);
	int r = setting_row_get(&c, arena_format(a, "job-%lld", (long long)id), out);
	assert_int_equal(db_end_read(s->reader), 0);
	return r;
}

/* Waits until the job's row is gone or in this state. The test program's time limit is the patience. */
static void wait_for(struct scene *s, int64_t id, const char *state, int64_t attempts)
{
	for (;;) {
		ARENA_SCOPED a = arena_new();
		struct job job;
		int r = read_job(s, a, id, &job);
		if (r == ERR_NOT_FOUND && !state)
			return;
		if (r == 0 && state && !strcmp(job.state, state) && job.attempts == attempts)
			return;
		sched_yield();
	}
}

static void a_due_job_is_done_once_and_its_row_is_gone(void **state)
{
	struct scene *s = *state;
	ARENA_SCOPED a = arena_new();
	struct setting effect;
	int64_t id = add_job(s, "plain", start_at, NULL);
	wait_for(s, id, NULL, 0);
	assert_int_equal(read_effect(s, a, id, &effect), 0);
	assert_int_equal(s->runs, 1);
}

static void a_job_waits_for_its_time(void **state)
{
	struct scene *s = *state;
	int64_t later = add_job(s, "plain", start_at + HOUR_MS, NULL), now = add_job(s, "plain", start_at, NULL);
	wait_for(s, now, NULL, 0);
	assert_int_equal(s->runs, 1);
	clock_move(&s->clock, HOUR_MS);
	jobs_wake(s->jobs);
	wait_for(s, later, NULL, 0);
	assert_int_equal(s->runs, 2);
}

static void a_failed_job_leaves_nothing_and_is_tried_again(void **state)
{
	struct scene *s = *state;
	ARENA_SCOPED a = arena_new();
	struct setting effect;
	struct job job;
	s->fail_runs = 1;
	int64_t id = add_job(s, "plain", start_at, NULL);
	wait_for(s, id, "waiting", 1);
	assert_int_equal(read_effect(s, a, id, &effect), ERR_NOT_FOUND);
	assert_int_equal(read_job(s, a, id, &job), 0);
	assert_string_equal(job.last_error, "state: not yet");
	assert_int_equal(job.run_at, start_at + 1000);
	clock_move(&s->clock, 1000);
	jobs_wake(s->jobs);
	wait_for(s, id, NULL, 0);
	assert_int_equal(read_effect(s, a, id, &effect), 0);
}

static void a_job_that_keeps_failing_is_set_aside(void **state)
{
	struct scene *s = *state;
	s->fail_runs = 100;
	int64_t id = add_job(s, "plain", start_at, NULL);
	for (int attempt = 1; attempt <= 2; attempt++) {
		wait_for(s, id, "waiting", attempt);
		clock_move(&s->clock, HOUR_MS);
		jobs_wake(s->jobs);
	}
	wait_for(s, id, "dead", 3);
	assert_int_equal(s->deaths, 1);
	assert_int_equal(s->runs, 3);
}

static void an_outbound_job_calls_without_a_transaction_and_stores_the_answer(void **state)
{
	struct scene *s = *state;
	ARENA_SCOPED a = arena_new();
	struct setting effect;
	int64_t id = add_job(s, "outbound", start_at, NULL);
	wait_for(s, id, NULL, 0);
	assert_int_equal(read_effect(s, a, id, &effect), 0);
	assert_string_equal(effect.value, arena_format(a, "answer to %lld", (long long)id));
	assert_int_equal(s->calls, 1);
}

static void a_failed_call_is_made_again_after_a_pause(void **state)
{
	struct scene *s = *state;
	s->fail_calls = 1;
	int64_t id = add_job(s, "outbound", start_at, NULL);
	wait_for(s, id, "waiting", 1);
	assert_int_equal(s->runs, 0);
	clock_move(&s->clock, 1000);
	jobs_wake(s->jobs);
	wait_for(s, id, NULL, 0);
	assert_int_equal(s->calls, 2);
	assert_int_equal(s->runs, 1);
}

static int claim_as_if_by_a_process_that_died(struct ctx *c, void *arg)
{
	struct job row = { .id = *(int64_t *)arg, .kind = "outbound", .run_at = start_at + MINUTE_MS, .state = "running", .attempts = 1,
	                   .last_error = "", .unique_key = "x", .data = "{}" };
	return job_row_insert(c, &row);
}

static void a_claimed_job_whose_process_died_comes_up_again(void **state)
{
	struct scene *s = *state;
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	int64_t id = 77;
	struct write_request request = { .run = claim_as_if_by_a_process_that_died, .arg = &id,
	                                 .ctx = { .arena = a, .error = &error, .tenant = 1, .log = &s->log } };
	assert_int_equal(writer_run(s->writer, &request), 0);
	int64_t other = add_job(s, "plain", start_at, NULL);
	wait_for(s, other, NULL, 0);
	assert_int_equal(s->calls, 0);          /* its lease still runs */
	clock_move(&s->clock, MINUTE_MS);
	jobs_wake(s->jobs);
	wait_for(s, id, NULL, 0);
	assert_int_equal(s->calls, 1);
}

static void one_job_waits_per_key_and_the_earlier_time_wins(void **state)
{
	struct scene *s = *state;
	ARENA_SCOPED a = arena_new();
	struct job job;
	int64_t first = add_job(s, "plain", start_at + HOUR_MS, "daily");
	int64_t second = add_job(s, "plain", start_at + DAY_MS, "daily");
	assert_int_equal(read_job(s, a, second, &job), ERR_NOT_FOUND);
	assert_int_equal(read_job(s, a, first, &job), 0);
	assert_int_equal(job.run_at, start_at + HOUR_MS);
	add_job(s, "plain", start_at, "daily");
	wait_for(s, first, NULL, 0);
	assert_int_equal(s->runs, 1);
}

static void many_jobs_are_each_done_once(void **state)
{
	struct scene *s = *state;
	enum { JOBS = 300 };
	for (int i = 0; i < JOBS; i++)
		add_job(s, i % 3 ? "plain" : "outbound", start_at, NULL);
	for (int64_t id = 1; id <= JOBS; id++)
		wait_for(s, id, NULL, 0);
	assert_int_equal(s->runs, JOBS);
}

/* More of them than the scheduler sees at once; the pool has two threads. */
static void a_system_that_does_not_answer_keeps_no_other_job_waiting(void **state)
{
	struct scene *s = *state;
	enum { JOBS = 100 };
	s->hangs = true;
	for (int i = 0; i < JOBS; i++)
		add_job(s, "slow", start_at - MINUTE_MS, NULL);
	int64_t call = add_job(s, "outbound", start_at, NULL), own = add_job(s, "plain", start_at, NULL);
	wait_for(s, call, NULL, 0);
	wait_for(s, own, NULL, 0);
	assert_int_equal(s->runs, 2);
	s->hangs = false;
	for (int64_t id = 1; id <= JOBS; id++)
		wait_for(s, id, NULL, 0);
	assert_int_equal(s->runs, JOBS + 2);
}

#define BOTH(test)                                                                                 \
	{ #test " (SQLite)", test, on_sqlite, close_scene, NULL },                                 \
	{ #test " (PostgreSQL)", test, on_postgresql, close_scene, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(a_due_job_is_done_once_and_its_row_is_gone),
		BOTH(a_job_waits_for_its_time),
		BOTH(a_failed_job_leaves_nothing_and_is_tried_again),
		BOTH(a_job_that_keeps_failing_is_set_aside),
		BOTH(an_outbound_job_calls_without_a_transaction_and_stores_the_answer),
		BOTH(a_failed_call_is_made_again_after_a_pause),
		BOTH(a_claimed_job_whose_process_died_comes_up_again),
		BOTH(one_job_waits_per_key_and_the_earlier_time_wins),
		BOTH(many_jobs_are_each_done_once),
		BOTH(a_system_that_does_not_answer_keeps_no_other_job_waiting),
	};
	if (!fresh_has_postgresql()) {
		print_message("no ANXIN_TEST_PG: PostgreSQL is not tested here\n");
		cmocka_set_skip_filter("*(PostgreSQL)");
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
