/* A fresh, migrated database for a test, on either engine; gone with fresh_drop(). Only tests include this.
 *
 * SQLite lives in a folder of its own under TMPDIR. PostgreSQL needs ANXIN_TEST_PG, the URI of a server where databases may
 * be made; fresh_has_postgresql() tells, so that a test can be skipped loudly. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/engine.h"
#include "db/migrate.h"

struct fresh {
	enum db_engine engine;
	char folder[200];       /* also for other files of the test */
	char url[400];
	char database[48];
};

static inline bool fresh_has_postgresql(void)
{
	return getenv("ANXIN_TEST_PG") != NULL;
}

static inline int fresh_script(const char *url, const char *sql)
{
	struct db_conn *db;
	TRY(db_open(url, DB_OWNER, NULL, &db));
	int r = db_script(db, sql);
	if (r < 0)
		fprintf(stderr, "%s\n", db_message(db));
	db_close(db);
	return r;
}

static inline int fresh_postgresql(struct fresh *f)
{
	static int count;
	char sql[100];
	const char *server = getenv("ANXIN_TEST_PG");
	const char *name = server ? strstr(server, "/postgres?") : NULL;
	if (!name)
		return ERR_INTERNAL;
	snprintf(f->database, sizeof(f->database), "test_%d_%d", getpid(), ++count);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s", f->database);
	TRY(fresh_script(server, sql));
	snprintf(f->url, sizeof(f->url), "%.*s/%s?%s", (int)(name - server), server, f->database, name + strlen("/postgres?"));
	return 0;
}

static inline int fresh_make_with(struct fresh *f, enum db_engine engine, const struct migrations *set)
{
	*f = (struct fresh){ .engine = engine };
	const char *parent = getenv("TMPDIR");
	snprintf(f->folder, sizeof(f->folder), "%s/fresh.XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(f->folder))
		return ERR_INTERNAL;
	snprintf(f->url, sizeof(f->url), "%s/data.db", f->folder);
	if (engine == DB_POSTGRESQL)
		TRY(fresh_postgresql(f));
	ARENA_SCOPED a = arena_new();
	struct migrate_report report;
	int r = db_migrate(f->url, set, NULL, a, &report);
	if (r < 0)
		fprintf(stderr, "migrate: %s\n", report.fault);
	return r;
}

static inline int fresh_make(struct fresh *f, enum db_engine engine)
{
	return fresh_make_with(f, engine, &data_migrations);
}

static inline int fresh_drop(struct fresh *f)
{
	char command[260];
	snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
	if (system(command) != 0)
		return ERR_INTERNAL;
	if (f->engine == DB_SQLITE)
		return 0;
	snprintf(command, sizeof(command), "DROP DATABASE %s WITH (FORCE)", f->database);
	return fresh_script(getenv("ANXIN_TEST_PG"), command);
}
