/* What the tests of core share: a fresh database on either engine, and a folder, gone at the end.
 * SQLite always; PostgreSQL when ANXIN_TEST_PG holds the URI of a server where databases may be made. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/engine.h"
#include "db/migrate.h"

struct test_place {
	char folder[64];
	char database[48];              /* on PostgreSQL, "" otherwise */
	char url[400];
};

static inline int test_server(const char *sql)
{
	struct db_conn *db;
	TRY(db_open(getenv("ANXIN_TEST_PG"), DB_OWNER, NULL, &db));
	int r = db_script(db, sql);
	db_close(db);
	return r;
}

static inline int test_place_make(struct test_place *p, enum db_engine engine)
{
	memset(p, 0, sizeof(*p));
	snprintf(p->folder, sizeof(p->folder), "/tmp/core_test.XXXXXX");
	if (!mkdtemp(p->folder))
		return ERR_INTERNAL;
	snprintf(p->url, sizeof(p->url), "%s/test.db", p->folder);
	if (engine == DB_SQLITE)
		return 0;
	const char *server = getenv("ANXIN_TEST_PG"), *name = server ? strstr(server, "/postgres?") : NULL;
	char sql[100];
	if (!name)
		return ERR_INTERNAL;
	snprintf(p->database, sizeof(p->database), "core_%s", p->folder + sizeof("/tmp/core_test.") - 1);
	snprintf(p->url, sizeof(p->url), "%.*s/%s?%s", (int)(name - server), server, p->database, name + sizeof("/postgres?") - 1);
	snprintf(sql, sizeof(sql), "CREATE DATABASE \"%s\"", p->database);
	return test_server(sql);
}

static inline void test_place_drop(struct test_place *p)
{
	char command[160];
	if (p->database[0]) {
		snprintf(command, sizeof(command), "DROP DATABASE \"%s\" WITH (FORCE)", p->database);
		if (test_server(command) < 0)
			fprintf(stderr, "%s failed\n", command);
	}
	snprintf(command, sizeof(command), "rm -rf %s", p->folder);
	if (p->folder[0] && system(command) != 0)
		fprintf(stderr, "%s failed\n", command);
}

static inline void test_says_what_it_skips(void)
{
	if (!getenv("ANXIN_TEST_PG"))
		fprintf(stderr, "*** ANXIN_TEST_PG is not set: NOTHING IS TESTED ON POSTGRESQL ***\n");
}

/* Each test once an engine; the setup functions are named setup_sqlite and setup_postgresql. */
#define ON_BOTH(test)                                                                              \
	{ #test " (SQLite)", test, setup_sqlite, teardown, NULL },                                 \
	{ #test " (PostgreSQL)", test, setup_postgresql, teardown, NULL }

#define RUN_ON_BOTH(tests)                                                                         \
	do {                                                                                       \
		struct CMUnitTest chosen[sizeof(tests) / sizeof((tests)[0])];                      \
		size_t chosen_count = 0;                                                           \
		test_says_what_it_skips();                                                         \
		for (size_t i = 0; i < sizeof(tests) / sizeof((tests)[0]); i++)                    \
			if ((tests)[i].setup_func != setup_postgresql || getenv("ANXIN_TEST_PG"))  \
				chosen[chosen_count++] = (tests)[i];                               \
		return _cmocka_run_group_tests(#tests, chosen, chosen_count, NULL, NULL);          \
	} while (0)
