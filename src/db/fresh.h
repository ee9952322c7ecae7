/* A fresh, migrated database for a test, on either engine; gone with fresh_drop(). Only tests include this.
 *
 * SQLite lives in a folder of its own under TMPDIR. PostgreSQL needs ANXIN_TEST_PG, the URI of a server where databases may
 * be made; fresh_has_postgresql() tells, so that a test can be skipped loudly. Migrating one costs several times as much as copying
 * one: the first program that needs these steps leaves a database of that kind behind on either, as the pattern of all others. */
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

static inline int fresh_migrate(const char *url, const struct migrations *set)
{
	ARENA_SCOPED a = arena_new();
	struct migrate_report report;
	int r = db_migrate(url, set, NULL, a, &report);
	if (r < 0)
		fprintf(stderr, "migrate: %s\n", report.fault);
	return r;
}

/* The URI of that database on the server of the tests. */
static inline void fresh_url(char *url, size_t size, const char *database)
{
	const char *server = getenv("ANXIN_TEST_PG");
	const char *name = strstr(server, "/postgres?");
	snprintf(url, size, "%.*s/%s?%s", (int)(name - server), server, database, name + strlen("/postgres?"));
}

/* FNV-1a of the steps' sums: another schema has another pattern. */
static inline uint64_t fresh_sum(const struct migrations *set)
{
	uint64_t sum = 14695981039346656037u;
	for (size_t i = 0; i <= set->count; i++)
		for (const char *t = i < set->count ? set->steps[i].sum : set->domains; *t; t++)
			sum = (sum ^ (unsigned char)*t) * 1099511628211u;
	return sum;
}

/* Makes it under another name first: nobody may copy it half-made, and nobody can while its maker is connected to it. */
static inline int fresh_pattern(struct db_conn *db, const char *pattern, const struct migrations *set)
{
	char sql[160], url[400];
	snprintf(sql, sizeof(sql), "DROP DATABASE IF EXISTS %s_new", pattern);
	TRY(db_script(db, sql));
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s_new", pattern);
	TRY(db_script(db, sql));
	snprintf(sql, sizeof(sql), "%s_new", pattern);
	fresh_url(url, sizeof(url), sql);
	TRY(fresh_migrate(url, set));
	snprintf(sql, sizeof(sql), "ALTER DATABASE %s_new RENAME TO %s", pattern, pattern);
	return db_script(db, sql);
}

/* The lock is for programs that find no pattern at the same time: one makes it, the others wait and copy. */
static inline int fresh_copy(struct db_conn *db, const char *database, const struct migrations *set)
{
	char pattern[40], copy[160];
	snprintf(pattern, sizeof(pattern), "fresh_%016llx", (unsigned long long)fresh_sum(set));
	snprintf(copy, sizeof(copy), "CREATE DATABASE %s TEMPLATE %s", database, pattern);
	if (db_script(db, copy) == 0)
		return 0;
	TRY(db_script(db, "SELECT pg_advisory_lock(1)"));
	if (db_script(db, copy) == 0)
		return 0;
	TRY(fresh_pattern(db, pattern, set));
	return db_script(db, copy);
}

static inline int fresh_postgresql(struct fresh *f, const struct migrations *set)
{
	static int count;
	struct db_conn *db;
	if (!fresh_has_postgresql())
		return ERR_INTERNAL;
	snprintf(f->database, sizeof(f->database), "test_%d_%d", getpid(), ++count);
	fresh_url(f->url, sizeof(f->url), f->database);
	TRY(db_open(getenv("ANXIN_TEST_PG"), DB_OWNER, NULL, &db));
	int r = fresh_copy(db, f->database, set);
	if (r < 0)
		fprintf(stderr, "%s\n", db_message(db));
	db_close(db);
	return r;
}

/* Made in the folder of who needs it first and put in its place whole: of two at the same time, either's is as good. */
static inline int fresh_sqlite(struct fresh *f, const char *parent, const struct migrations *set)
{
	char pattern[240], made[240], copy[700];
	snprintf(f->url, sizeof(f->url), "%s/data.db", f->folder);
	snprintf(pattern, sizeof(pattern), "%s/fresh_%016llx.db", parent, (unsigned long long)fresh_sum(set));
	if (access(pattern, R_OK) < 0) {
		snprintf(made, sizeof(made), "%s/pattern.db", f->folder);
		TRY(fresh_migrate(made, set));
		if (rename(made, pattern) < 0)
			return ERR_INTERNAL;
	}
	snprintf(copy, sizeof(copy), "cp '%s' '%s'", pattern, f->url);
	return system(copy) == 0 ? 0 : ERR_INTERNAL;
}

static inline int fresh_make_with(struct fresh *f, enum db_engine engine, const struct migrations *set)
{
	*f = (struct fresh){ .engine = engine };
	const char *parent = getenv("TMPDIR");
	parent = parent ? parent : "/tmp";
	snprintf(f->folder, sizeof(f->folder), "%s/fresh.XXXXXX", parent);
	if (!mkdtemp(f->folder))
		return ERR_INTERNAL;
	return engine == DB_POSTGRESQL ? fresh_postgresql(f, set) : fresh_sqlite(f, parent, set);
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
