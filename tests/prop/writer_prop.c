/* The writer against its model under every failure that was measured, on both engines. */
#include "sqlite_faults.h"
#include "postgresql_faults.h"

#include <pthread.h>

static int on_sqlite(void **state)
{
	static struct fresh fresh;
	faults_start();
	TRY(fresh_make(&fresh, DB_SQLITE));
	*state = &fresh;
	return fresh_script(fresh.url, sqlite_fault_tables);
}

static int on_postgresql(void **state)
{
	static struct fresh fresh;
	TRY(fresh_make(&fresh, DB_POSTGRESQL));
	*state = &fresh;
	return fresh_script(fresh.url, postgresql_fault_tables);
}

static int drop(void **state)
{
	return fresh_drop(*state);
}

/* SQLite ----------------------------------------------------------------------------------------------------------- */

static void killers_hurt_nobody_else_on_sqlite(void **state)
{
	struct plan plan = { .engine = DB_SQLITE, .requests = by_level(20000, 40000, 200000), .seed = seed_of_run(), .writers = 1,
	                     .killers = sqlite_killers, .kill_permille = 4 };
	struct outcome_counts counts = check_writer(*state, &plan);
	assert_int_equal(counts.blameless_refused, 0);
	assert_int_equal(counts.unknown, 0);
	assert_true(counts.stats.reruns > 0);
	assert_true(counts.stats.commit_failures > 0);
}

static void a_disk_or_memory_that_runs_out_loses_nothing_on_sqlite(void **state)
{
	struct plan plan = { .engine = DB_SQLITE, .requests = by_level(2000, 10000, 100000), .seed = seed_of_run(), .writers = 1,
	                     .killers = sqlite_killers_hitting_all, .kill_permille = 6 };
	struct outcome_counts counts = check_writer(*state, &plan);
	assert_int_equal(counts.unknown, 0);
	assert_true(counts.stats.commit_failures > 0);
	assert_true(counts.blameless_refused * 50 < plan.requests);
}

static void note_fatal(void *arg)
{
	++*(_Atomic int *)arg;
}

static int break_sync(struct ctx *c, int64_t id)
{
	if (id > 1000)
		faults_wal_sync_error(1);
	return 0;
}

static int break_write(struct ctx *c, int64_t id)
{
	if (id > 1000)
		faults_wal_write_error(1 + (int)(id % 7));
	return 0;
}

/* After the first failed fsync or write nothing more is written; what was acknowledged before is there after recovery. */
static void a_broken_disk_ends_all_writing(void **state)
{
	static const struct killer sync = { "fsync fails", break_sync, true }, write = { "write fails", break_write, true };
	const struct killer *const killers[] = { &sync, &write, NULL };
	_Atomic int fatal = 0;
	struct plan plan = { .engine = DB_SQLITE, .requests = 3000, .seed = seed_of_run(), .writers = 1, .killers = killers, .kill_permille = 3,
	                     .fatal = note_fatal, .fatal_arg = &fatal };
	struct outcome_counts counts = check_writer(*state, &plan);
	assert_int_equal(fatal, 1);
	assert_true(counts.acknowledged > 0);
	assert_true(counts.blameless_refused > 0);
}

/* PostgreSQL ------------------------------------------------------------------------------------------------------- */

static void killers_hurt_nobody_else_on_postgresql(void **state)
{
	struct plan plan = { .engine = DB_POSTGRESQL, .requests = by_level(1500, 10000, 40000), .seed = seed_of_run(), .writers = 1,
	                     .killers = postgresql_killers, .kill_permille = 20 };
	struct outcome_counts counts = check_writer(*state, &plan);
	assert_int_equal(counts.blameless_refused, 0);
	assert_int_equal(counts.unknown, 0);
	assert_true(counts.stats.reruns > 0);
	assert_true(counts.stats.lost > 0);
}

static void two_nodes_number_as_one(void **state)
{
	struct plan plan = { .engine = DB_POSTGRESQL, .requests = by_level(1500, 6000, 40000), .seed = seed_of_run(), .writers = 2,
	                     .killers = postgresql_killers, .kill_permille = 10 };
	struct outcome_counts counts = check_writer(*state, &plan);
	assert_int_equal(counts.blameless_refused, 0);
	assert_int_equal(counts.unknown, 0);
}

/* Connections are cut before COMMIT reaches the server, after it was answered, and while nobody knows. */
static void a_lost_commit_is_decided_by_the_mark(void **state)
{
	struct fresh *fresh = *state;
	struct proxy *proxy = proxy_open(fresh, 150);
	struct plan plan = { .engine = DB_POSTGRESQL, .requests = by_level(1500, 8000, 40000), .seed = seed_of_run(), .writers = 2,
	                     .url = proxy_url(proxy) };
	struct outcome_counts counts = check_writer(fresh, &plan);
	struct proxy_counts cuts = proxy_close(proxy);
	print_message("commits cut before: %d, after: %d, meanwhile: %d\n", cuts.before, cuts.after, cuts.meanwhile);
	assert_int_equal(counts.unknown, 0);
	assert_int_equal(counts.blameless_refused, 0);
	assert_true(counts.stats.unknown > 0);
	assert_true(cuts.before && cuts.after && cuts.meanwhile);
}

#define SQLITE(test) { #test, test, on_sqlite, drop, NULL }
#define POSTGRESQL(test) { #test " (PostgreSQL)", test, on_postgresql, drop, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		SQLITE(killers_hurt_nobody_else_on_sqlite),
		SQLITE(a_disk_or_memory_that_runs_out_loses_nothing_on_sqlite),
		SQLITE(a_broken_disk_ends_all_writing),
		POSTGRESQL(killers_hurt_nobody_else_on_postgresql),
		POSTGRESQL(two_nodes_number_as_one),
		POSTGRESQL(a_lost_commit_is_decided_by_the_mark),
	};
	if (!fresh_has_postgresql()) {
		print_message("no ANXIN_TEST_PG: PostgreSQL is not tested here\n");
		cmocka_set_skip_filter("*(PostgreSQL)");
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
