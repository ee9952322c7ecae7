/* For tests of statements: a fresh database on each engine, open as the writer, in a transaction of tenant 1.
 *
 * ON_BOTH(test) lists a test once for each engine; run_on_engines() leaves PostgreSQL out when there is none. */
#pragma once

#include "db/fresh.h"

#include "base/test.h"          /* last: cmocka's macro fail() would hide ours */

struct test_database {
	struct fresh fresh;
	struct arena *arena;
	struct db_conn *db;
	struct ctx c;
};

static inline int test_begin(void **state, enum db_engine engine, const struct migrations *set)
{
	struct test_database *t = *state = calloc(1, sizeof(*t));
	t->arena = arena_new();
	TRY(fresh_make_with(&t->fresh, engine, set));
	TRY(db_open(t->fresh.url, DB_WRITER, NULL, &t->db));
	t->c = (struct ctx){ .arena = t->arena, .db = t->db, .tenant = 1 };
	TRY(db_begin_write(t->db, 3));
	return db_set_tenant(t->db, 1);
}

static inline int test_setup_sqlite(void **state)
{
	return test_begin(state, DB_SQLITE, &data_migrations);
}

static inline int test_setup_postgresql(void **state)
{
	return test_begin(state, DB_POSTGRESQL, &data_migrations);
}

static inline int test_teardown(void **state)
{
	struct test_database *t = *state;
	db_rollback(t->db);
	db_close(t->db);
	arena_free(t->arena);
	int code = fresh_drop(&t->fresh);
	free(t);
	return code;
}

#define ON_SQLITE(test) { #test " (sqlite)", test, test_setup_sqlite, test_teardown, NULL }
#define ON_POSTGRESQL(test) { #test " (postgresql)", test, test_setup_postgresql, test_teardown, NULL }
#define ON_BOTH(test) ON_SQLITE(test), ON_POSTGRESQL(test)

static inline int run_on_engines(const char *name, const struct CMUnitTest *tests, size_t count)
{
	struct CMUnitTest *chosen = calloc(count, sizeof(*chosen));
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if (tests[i].setup_func != test_setup_postgresql || fresh_has_postgresql())
			chosen[n++] = tests[i];
	int failed = _cmocka_run_group_tests(name, chosen, n, NULL, NULL);
	free(chosen);
	return failed;
}
