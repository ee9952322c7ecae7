/* For tests that need a database: a fresh one on SQLite, or on the PostgreSQL whose URI is in ANXIN_TEST_PG.
 *
 * BOTH(test) lists a test once for each engine; run_on_engines() leaves out PostgreSQL when there is none. The setup migrates
 * the database, opens a writer's connection and begins a transaction for tenant 1. Include it after db's headers. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/engine.h"
#include "db/migrate.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

struct test_database {
	char url[300], folder[64], name[40];
	struct arena *arena;
	struct db_conn *db;
	struct ctx c;
};

static inline int test_server_script(const char *format, const char *name)
{
	struct db_conn *db;
	char sql[120];
	snprintf(sql, sizeof(sql), "%s %s %s", format, name, strncmp(format, "DROP", 4) ? "" : "WITH (FORCE)");
	TRY(db_open(getenv("ANXIN_TEST_PG"), DB_OWNER, NULL, &db));
	int code = db_script(db, sql);
	db_close(db);
	return code;
}

static inline int test_url_sqlite(struct test_database *t)
{
	strcpy(t->folder, "/tmp/anxin_test.XXXXXX");
	if (!mkdtemp(t->folder))
		return ERR_INTERNAL;
	snprintf(t->url, sizeof(t->url), "%s/data.db", t->folder);
	return 0;
}

/* The database's name replaces that of the server's URI, which ends in …/postgres?… */
static inline int test_url_postgresql(struct test_database *t)
{
	static int number;
	const char *server = getenv("ANXIN_TEST_PG"), *name = strstr(server, "/postgres?");
	if (!name)
		return ERR_INTERNAL;
	snprintf(t->name, sizeof(t->name), "test_%d_%d", getpid(), number++);
	snprintf(t->url, sizeof(t->url), "%.*s/%s?%s", (int)(name - server), server, t->name, name + 10);
	return test_server_script("CREATE DATABASE", t->name);
}

static inline int test_database_start(struct test_database *t, const struct migrations *set)
{
	struct migrate_report report;
	t->arena = arena_new();
	int code = db_migrate(t->url, set, NULL, t->arena, &report);
	if (code < 0)
		print_error("migrate: %s\n", report.fault);
	TRY(code);
	TRY(db_open(t->url, DB_WRITER, NULL, &t->db));
	t->c = (struct ctx){ .arena = t->arena, .db = t->db, .tenant = 1 };
	TRY(db_begin_write(t->db, 3));
	return db_set_tenant(t->db, 1);
}

static inline int test_setup_sqlite(void **state)
{
	struct test_database *t = *state = calloc(1, sizeof(*t));
	TRY(test_url_sqlite(t));
	return test_database_start(t, &data_migrations);
}

static inline int test_setup_postgresql(void **state)
{
	struct test_database *t = *state = calloc(1, sizeof(*t));
	TRY(test_url_postgresql(t));
	return test_database_start(t, &data_migrations);
}

static inline int test_teardown(void **state)
{
	struct test_database *t = *state;
	char command[100];
	db_rollback(t->db);
	db_close(t->db);
	arena_free(t->arena);
	int code = 0;
	if (t->name[0])
		code = test_server_script("DROP DATABASE", t->name);
	snprintf(command, sizeof(command), "rm -rf %s", t->folder);
	if (t->folder[0])
		code = system(command);
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
		if (tests[i].setup_func != test_setup_postgresql || getenv("ANXIN_TEST_PG"))
			chosen[n++] = tests[i];
	int failed = _cmocka_run_group_tests(name, chosen, n, NULL, NULL);
	free(chosen);
	return failed;
}
