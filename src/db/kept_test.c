/* Rows kept while a writing transaction lasts: asked for once, forgotten by whatever may have changed them. */
#include "gen/job_sql.h"
#include "gen/schema.h"

#include "db/test.h"

enum { JOB = 7 };

static void add(struct test_database *t)
{
	assert_int_equal(job_put(&t->c, JOB, "first", 1000, "", "{}", NULL), 0);
}

static const char *error_of_job(struct test_database *t)
{
	struct job job;
	int r = job_row_get(&t->c, JOB, &job);
	assert_true(r == 0 || r == ERR_NOT_FOUND);
	return r == 0 ? job.last_error : NULL;
}

/* Past everything that forgets, as nothing in the server does. */
static void remove_unseen(struct test_database *t)
{
	static const struct member members[] = { MEMBER(struct job, id, id) };
	static const struct shape shape = SHAPE("removed", struct job, members);
	void *rows;
	size_t n;
	assert_int_equal(db_list(t->db, t->arena, "DELETE FROM job WHERE id = 7 RETURNING id", NULL, 0, &shape, &rows, &n), 0);
	assert_int_equal(n, 1);
}

static void a_row_is_asked_for_once(void **state)
{
	struct test_database *t = *state;
	add(t);
	assert_string_equal(error_of_job(t), "");
	remove_unseen(t);
	assert_string_equal(error_of_job(t), "");
	assert_int_equal(db_commit(t->db), 0);
	assert_int_equal(db_begin_write(t->db, 3), 0);
	assert_int_equal(db_set_tenant(t->db, 1), 0);
	assert_null(error_of_job(t));
}

static void another_company_has_none_of_it(void **state)
{
	struct test_database *t = *state;
	add(t);
	assert_non_null(error_of_job(t));
	t->c.tenant = 2;
	assert_int_equal(db_set_tenant(t->db, 2), 0);
	assert_null(error_of_job(t));
}

static void a_write_of_its_table_forgets_it(void **state)
{
	struct test_database *t = *state;
	add(t);
	assert_string_equal(error_of_job(t), "");
	assert_int_equal(job_move(&t->c, JOB, "waiting", 2000, 1, "once", NULL), 0);
	assert_string_equal(error_of_job(t), "once");
	struct job job;
	assert_int_equal(job_row_get(&t->c, JOB, &job), 0);
	job.last_error = "twice";
	assert_int_equal(job_row_update(&t->c, &job), 0);
	assert_string_equal(error_of_job(t), "twice");
	assert_int_equal(job_row_remove(&t->c, JOB), 0);
	assert_null(error_of_job(t));
}

static void a_write_of_another_table_does_not(void **state)
{
	struct test_database *t = *state;
	struct number_counter counter = { .series = "SR", .last = 1 };
	add(t);
	assert_string_equal(error_of_job(t), "");
	remove_unseen(t);
	assert_int_equal(number_counter_row_insert(&t->c, &counter), 0);
	assert_string_equal(error_of_job(t), "");
}

static void what_is_undone_is_forgotten(void **state)
{
	struct test_database *t = *state;
	add(t);
	assert_int_equal(db_savepoint(t->db), 0);
	assert_int_equal(job_move(&t->c, JOB, "waiting", 2000, 1, "undone", NULL), 0);
	assert_string_equal(error_of_job(t), "undone");
	assert_int_equal(db_rollback_to(t->db), 0);
	assert_string_equal(error_of_job(t), "");
}

/* More rows than places: each is still its own. */
static void many_rows_are_not_mixed_up(void **state)
{
	struct test_database *t = *state;
	enum { ROWS = 200 };
	struct job job;
	for (int64_t i = 1; i <= ROWS; i++)
		assert_int_equal(job_put(&t->c, i, "many", i, arena_format(t->c.arena, "%d", (int)i), "{}", NULL), 0);
	for (int round = 0; round < 2; round++)
		for (int64_t i = 1; i <= ROWS; i++) {
			assert_int_equal(job_row_get(&t->c, i, &job), 0);
			assert_int_equal(job.id, i);
			assert_int_equal(job.run_at, i);
			assert_string_equal(job.kind, "many");
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(a_row_is_asked_for_once),
		ON_BOTH(another_company_has_none_of_it),
		ON_BOTH(a_write_of_its_table_forgets_it),
		ON_BOTH(a_write_of_another_table_does_not),
		ON_BOTH(what_is_undone_is_forgotten),
		ON_BOTH(many_rows_are_not_mixed_up),
	};
	return run_on_engines("kept", tests, sizeof(tests) / sizeof(tests[0]));
}
