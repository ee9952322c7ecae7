/* What a writing transaction knows: never after a write that could make it untrue, and not longer than it is true. */
#include "gen/job_sql.h"
#include "gen/schema.h"

#include "db/known.h"
#include "db/test.h"

enum { JOB = 7, OTHER = 8 };
static const int64_t NOT_KNOWN = -1;

static struct known_question question(const char *key, int64_t of)
{
	return (struct known_question){ .table = &table_job, .column = shape_member(&shape_job, "unique_key"), .of = { of, 0 },
		.value = { (const uint8_t *)key, strlen(key) } };
}

static void learn(struct test_database *t, const char *key, int64_t id)
{
	struct known_question q = question(key, 0);
	db_know(t->db, &q, id);
}

static int64_t known_of(struct test_database *t, const char *key, int64_t of)
{
	struct known_question q = question(key, of);
	int64_t id;
	return db_known(t->db, &q, &id) ? id : NOT_KNOWN;
}

static int64_t known(struct test_database *t, const char *key)
{
	return known_of(t, key, 0);
}

static struct job job_named(int64_t id, const char *key)
{
	return (struct job){ .id = id, .kind = "k", .unique_key = key, .state = "waiting", .data = "{}", .last_error = "" };
}

static void an_answer_is_known_until_the_transaction_ends(void **state)
{
	struct test_database *t = *state;
	assert_true(db_knows(t->db));
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	learn(t, "a", 0);
	learn(t, "b", 5);
	learn(t, "b", 6);       /* the first stands */
	assert_int_equal(known(t, "a"), 0);
	assert_int_equal(known(t, "b"), 5);
	assert_int_equal(known(t, "ab"), NOT_KNOWN);
	assert_int_equal(known_of(t, "a", 1), NOT_KNOWN);
	assert_int_equal(db_set_tenant(t->db, 2), 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	assert_int_equal(db_set_tenant(t->db, 1), 0);
	assert_int_equal(db_commit(t->db), 0);
	assert_false(db_knows(t->db));
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	learn(t, "a", 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
}

static void an_insert_forgets_its_value_only(void **state)
{
	struct test_database *t = *state;
	struct job job = job_named(JOB, "a");
	struct known_question q = question("a", 9);
	learn(t, "a", 0);
	learn(t, "b", 0);
	db_know(t->db, &q, 0);
	assert_int_equal(job_row_insert(&t->c, &job), 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	assert_int_equal(known_of(t, "a", 9), NOT_KNOWN);
	assert_int_equal(known(t, "b"), 0);
	learn(t, "a", JOB);     /* asked anew */
	assert_int_equal(known(t, "a"), JOB);
}

static void an_update_forgets_its_row_and_its_value(void **state)
{
	struct test_database *t = *state;
	struct job job = job_named(JOB, "a");
	assert_int_equal(job_row_insert(&t->c, &job), 0);
	learn(t, "a", JOB);
	learn(t, "b", 0);
	learn(t, "c", OTHER);
	learn(t, "d", 0);
	job.unique_key = "b";
	assert_int_equal(job_row_update(&t->c, &job), 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	assert_int_equal(known(t, "b"), NOT_KNOWN);
	assert_int_equal(known(t, "c"), OTHER);
	assert_int_equal(known(t, "d"), 0);
}

static void a_removal_leaves_what_names_no_row(void **state)
{
	struct test_database *t = *state;
	struct job job = job_named(JOB, "a");
	assert_int_equal(job_row_insert(&t->c, &job), 0);
	learn(t, "a", JOB);
	learn(t, "b", 0);
	assert_int_equal(job_row_remove(&t->c, JOB), 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
	assert_int_equal(known(t, "b"), 0);
}

static void another_statement_forgets_all_of_its_table(void **state)
{
	struct test_database *t = *state;
	struct number_counter counter = { .series = "SR", .last = 1 };
	learn(t, "a", 0);
	assert_int_equal(number_counter_row_insert(&t->c, &counter), 0);
	assert_int_equal(known(t, "a"), 0);
	assert_int_equal(job_put(&t->c, JOB, "k", 0, "z", "{}", NULL), 0);
	assert_int_equal(known(t, "a"), NOT_KNOWN);
}

static void what_was_learned_behind_a_savepoint_goes_with_it(void **state)
{
	struct test_database *t = *state;
	struct job job = job_named(JOB, "b");
	learn(t, "a", 0);
	learn(t, "b", 0);
	assert_int_equal(db_savepoint(t->db), 0);
	assert_int_equal(job_row_insert(&t->c, &job), 0);
	learn(t, "b", JOB);
	learn(t, "c", 0);
	assert_int_equal(db_rollback_to(t->db), 0);
	assert_int_equal(known(t, "a"), 0);
	assert_int_equal(known(t, "b"), NOT_KNOWN);
	assert_int_equal(known(t, "c"), NOT_KNOWN);
	learn(t, "c", JOB);
	assert_int_equal(known(t, "c"), JOB);
}

static void it_is_bounded(void **state)
{
	struct test_database *t = *state;
	for (int i = 0; i < 10000; i++)
		learn(t, arena_format(t->arena, "%d", i), i);
	for (int i = 0; i < 10000; i++) {
		int64_t id = known(t, arena_format(t->arena, "%d", i));
		assert_true(id == i || id == NOT_KNOWN);
	}
	assert_int_equal(known(t, "0"), 0);
}

static void the_same_question_for_many(void **state)
{
	struct test_database *t = *state;
	enum { N = 300 };
	const void *in[N];
	void *rows[N];
	size_t counts[N];
	for (int64_t i = 1; i < N; i += 2) {
		struct job job = job_named(i, arena_format(t->arena, "%d", (int)i));
		assert_int_equal(job_row_insert(&t->c, &job), 0);
	}
	for (int64_t i = 0; i < N; i++) {
		struct job_key *key = ARENA_NEW(t->arena, struct job_key);
		*key = (struct job_key){ 1, i };
		in[i] = key;
	}
	assert_int_equal(db_each(t->db, t->arena, table_job.get, in, N, rows, counts), 0);
	for (int64_t i = 0; i < N; i++) {
		assert_int_equal(counts[i], i % 2);
		if (i % 2)
			assert_int_equal(((struct job *)rows[i])->id, i);
	}
}

static void sqlite_asks_each_time(void **state)
{
	struct test_database *t = *state;
	learn(t, "a", 0);
	assert_false(db_knows(t->db));
	assert_int_equal(known(t, "a"), NOT_KNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_POSTGRESQL(an_answer_is_known_until_the_transaction_ends),
		ON_POSTGRESQL(an_insert_forgets_its_value_only),
		ON_POSTGRESQL(an_update_forgets_its_row_and_its_value),
		ON_POSTGRESQL(a_removal_leaves_what_names_no_row),
		ON_POSTGRESQL(another_statement_forgets_all_of_its_table),
		ON_POSTGRESQL(what_was_learned_behind_a_savepoint_goes_with_it),
		ON_POSTGRESQL(it_is_bounded),
		ON_BOTH(the_same_question_for_many),
		ON_SQLITE(sqlite_asks_each_time),
	};
	return run_on_engines("known", tests, sizeof(tests) / sizeof(tests[0]));
}
