/* Applies migrations: all that are missing in one transaction, checked before it commits. */
#include "db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "db/engine.h"

struct applied {
	int64_t number;
	const char *sum;
};
static const struct member applied_members[] = { MEMBER(struct applied, number, i64), MEMBER(struct applied, sum, text) };
static const struct shape applied_shape = SHAPE("applied", struct applied, applied_members);

struct table_rows {
	const char *name;
	int64_t rows;
};
static const struct member name_members[] = { MEMBER(struct table_rows, name, text) };
static const struct shape name_shape = SHAPE("table_rows", struct table_rows, name_members);
static const struct member rows_members[] = { MEMBER(struct table_rows, rows, i64) };
static const struct shape rows_shape = SHAPE("table_rows", struct table_rows, rows_members);

/* One migration run. */
struct run_state {
	struct db_conn *db;
	struct arena *a;
	const struct migrations *set;
	struct migrate_report *report;
	struct table_rows *before;
	size_t before_count;
};

/* What must be there before the first step. Roles belong to the whole server, so another database may have made them. */
static const char *const ground[] = {
	[DB_SQLITE] = "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
		" sum TEXT NOT NULL) STRICT;",
	[DB_POSTGRESQL] = "BEGIN; SELECT pg_advisory_xact_lock(" LOCKS ", 1000);"
		"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['anxin_app', 'anxin_all'] LOOP"
		" BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;"
		" EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;"
		" IF NOT pg_has_role(session_user, name, 'MEMBER') THEN EXECUTE format('GRANT %I TO %I', name, session_user); END IF;"
		" END LOOP; END $$;"
		"CREATE SCHEMA IF NOT EXISTS anxin; GRANT USAGE ON SCHEMA anxin TO anxin_app, anxin_all;"
		"CREATE TABLE IF NOT EXISTS anxin.migration (number bigint PRIMARY KEY, name text NOT NULL, sum text NOT NULL);"
		"GRANT SELECT ON anxin.migration TO anxin_app, anxin_all;",
};

/* Our own tables: the ones of STRICT on SQLite (not the shadow tables of search), all of the schema on PostgreSQL. */
static const char *const tables_sql[] = {
	[DB_SQLITE] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration' AND sql LIKE '%STRICT' ORDER BY name",
	[DB_POSTGRESQL] = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'anxin' AND tablename <> 'migration' ORDER BY 1",
};

static int refuse(struct run_state *s, const char *fault)
{
	s->report->fault = fault;
	return ERR_STATE;
}

/* The steps in the database must be the first ones of ours, unchanged. */
static int compare(struct run_state *s, size_t *known)
{
	struct applied *rows;
	TRY(db_list(s->db, s->a, "SELECT number, sum FROM migration ORDER BY number", NULL, 0, &applied_shape, (void **)&rows, known));
	for (size_t i = 0; i < *known; i++) {
		const struct migration *step = i < s->set->count ? &s->set->steps[i] : NULL;
		if (!step || step->number != rows[i].number)
			return refuse(s, arena_format(s->a, "the database holds step %03d, which this program does not know", (int)rows[i].number));
		if (strcmp(step->sum, rows[i].sum))
			return refuse(s, arena_format(s->a, "step %03d %s differs from the one that made this database", step->number, step->name));
	}
	s->report->from = s->report->to = *known ? (int)rows[*known - 1].number : 0;
	return 0;
}

/* The owner is itself under row-level security: only the role of background work sees every row. */
static int count_rows(struct run_state *s, struct table_rows **tables, size_t *n)
{
	enum db_engine engine = db_engine_of(s->db);
	TRY(db_list(s->db, s->a, tables_sql[engine], NULL, 0, &name_shape, (void **)tables, n));
	if (engine == DB_POSTGRESQL)
		TRY(db_script(s->db, "SET LOCAL ROLE anxin_all"));
	for (size_t i = 0; i < *n; i++) {
		struct table_rows *one;
		size_t count;
		const char *sql = arena_format(s->a, "SELECT count(*) FROM \"%s\"", (*tables)[i].name);
		TRY(db_list(s->db, s->a, sql, NULL, 0, &rows_shape, (void **)&one, &count));
		(*tables)[i].rows = one->rows;
	}
	return engine == DB_POSTGRESQL ? db_script(s->db, "RESET ROLE") : 0;
}

static bool may_change(const struct migration *step, const char *table)
{
	for (const char *const *t = step->rows_change; *t; t++)
		if (!strcmp(*t, table))
			return true;
	return false;
}

/* Every table that was there must hold as many rows as before, unless the step says otherwise. */
static int check_rows(struct run_state *s, const struct migration *step)
{
	struct table_rows *after;
	size_t n;
	TRY(count_rows(s, &after, &n));
	for (size_t i = 0; i < s->before_count; i++) {
		const struct table_rows *was = &s->before[i];
		size_t at = 0;
		while (at < n && strcmp(after[at].name, was->name))
			at++;
		if ((at == n || after[at].rows != was->rows) && !may_change(step, was->name))
			return refuse(s, arena_format(s->a, "step %03d %s would change the rows of %s: %lld before, %lld after",
			                              step->number, step->name, was->name, (long long)was->rows,
			                              at == n ? 0LL : (long long)after[at].rows));
	}
	s->before = after;
	s->before_count = n;
	return 0;
}

/* SQLite checks no foreign key during the step; PostgreSQL has checked each statement. */
static int check_references(struct run_state *s, const struct migration *step)
{
	struct table_rows *broken;
	size_t n;
	if (db_engine_of(s->db) == DB_POSTGRESQL)
		return 0;
	TRY(db_list(s->db, s->a, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", NULL, 0, &name_shape, (void **)&broken, &n));
	if (n)
		return refuse(s, arena_format(s->a, "step %03d %s would leave rows of %s that refer to nothing",
		                              step->number, step->name, broken->name));
	return 0;
}

static int apply(struct run_state *s, const struct migration *step)
{
	TRY(db_script(s->db, step->sql[db_engine_of(s->db)]));
	TRY(check_references(s, step));
	TRY(check_rows(s, step));
	const char *sql = arena_format(s->a, "INSERT INTO migration (number, name, sum) VALUES (%d, '%s', '%s')",
	                               step->number, step->name, step->sum);
	TRY(db_script(s->db, sql));
	s->report->to = step->number;
	s->report->applied++;
	return 0;
}

static int run_all(struct run_state *s)
{
	size_t known;
	enum db_engine engine = db_engine_of(s->db);
	TRY(db_script(s->db, ground[engine]));
	if (engine == DB_POSTGRESQL)
		TRY(db_script(s->db, s->set->domains));
	TRY(compare(s, &known));
	if (known < s->set->count)
		TRY(count_rows(s, &s->before, &s->before_count));
	for (size_t i = known; i < s->set->count; i++)
		TRY(apply(s, &s->set->steps[i]));
	if (engine == DB_SQLITE && s->set->statistics)
		TRY(db_script(s->db, s->set->statistics));
	return db_commit(s->db);
}

int db_migrate(const char *url, const struct migrations *set, struct log *log, struct arena *a, struct migrate_report *report)
{
	struct db_conn *db;
	*report = (struct migrate_report){ 0 };
	TRY(db_open(url, DB_OWNER, log, &db));
	struct run_state s = { .db = db, .a = a, .set = set, .report = report };
	int code = run_all(&s);
	if (code < 0) {
		if (!report->fault)
			report->fault = arena_string(a, db_message(db));
		report->to = report->from;
		report->applied = 0;
		db_rollback(db);
	}
	db_close(db);
	return code;
}

int db_migrate_check(struct db_conn *db, const struct migrations *set, struct arena *a)
{
	struct migrate_report report = { 0 };
	struct run_state s = { .db = db, .a = a, .set = set, .report = &report };
	size_t known;
	if (compare(&s, &known) < 0 || known != set->count)
		return ERR_STATE;
	return 0;
}
