/* SQLite: one connection with its prepared statements. WAL, every commit on disk before it returns.
 *
 * Errors of SQLite that end the transaction (full, I/O, memory, interrupt) are told apart from those that only fail a
 * statement; whether the transaction still lives is asked of SQLite itself, never guessed. */
#include "db/connection.h"

#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SLOTS = 64 };

/* A statement that is cached by its text. */
struct text_slot {
	sqlite3_stmt *statement;
	uint64_t used;
};

struct sqlite {
	sqlite3 *handle;
	sqlite3_stmt **by_number;
	struct text_slot by_text[TEXT_SLOTS];
	uint64_t clock;
	sqlite3_stmt **own;               /* by enum own_statement */
};

enum own_statement { OWN_BEGIN_WRITE, OWN_BEGIN_READ, OWN_SAVEPOINT, OWN_RELEASE, OWN_ROLLBACK_TO, OWN_COMMIT, OWN_COUNT };
static const char *const own_sql[OWN_COUNT] = { "BEGIN IMMEDIATE", "BEGIN", "SAVEPOINT request", "RELEASE request", "ROLLBACK TO request", "COMMIT" };

/* Failures --------------------------------------------------------------------------------------------------------- */

static const struct {
	int result, code;
	enum failure failure;
} meanings[] = {
	{ SQLITE_CONSTRAINT_UNIQUE,     ERR_EXISTS,          FAILURE_STATEMENT },
	{ SQLITE_CONSTRAINT_PRIMARYKEY, ERR_EXISTS,          FAILURE_STATEMENT },
	{ SQLITE_CONSTRAINT_FOREIGNKEY, ERR_FIELD_REFERENCE, FAILURE_STATEMENT },
	{ SQLITE_CONSTRAINT,            ERR_INTERNAL,        FAILURE_STATEMENT },
	{ SQLITE_FULL,                  ERR_DATABASE_FULL,   FAILURE_FULL },
	{ SQLITE_NOMEM,                 ERR_NO_MEMORY,       FAILURE_TRANSACTION },
	{ SQLITE_INTERRUPT,             ERR_BUSY,            FAILURE_TRANSACTION },
	{ SQLITE_BUSY,                  ERR_BUSY,            FAILURE_TRANSACTION },
	{ SQLITE_LOCKED,                ERR_BUSY,            FAILURE_TRANSACTION },
	{ SQLITE_CANTOPEN,              ERR_DATABASE,        FAILURE_LOST },
	{ SQLITE_IOERR,                 ERR_DATABASE,        FAILURE_FATAL },
	{ SQLITE_CORRUPT,               ERR_DATABASE,        FAILURE_FATAL },
	{ SQLITE_NOTADB,                ERR_DATABASE,        FAILURE_FATAL },
	{ SQLITE_READONLY,              ERR_DATABASE,        FAILURE_FATAL },
};

/* The exact code first, then its family. Memory can be short in the middle of I/O: that is no broken disk. */
static int failed(struct db_conn *db, int result, const char *what)
{
	struct sqlite *s = db->of_engine;
	const char *message = s->handle ? sqlite3_errmsg(s->handle) : sqlite3_errstr(result);
	if (result == SQLITE_IOERR_NOMEM)
		result = SQLITE_NOMEM;
	for (int mask = -1;; mask = 0xff) {
		for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
			if (meanings[i].result == (result & mask))
				return db_failed(db, meanings[i].failure, meanings[i].code, what, message);
		if (mask == 0xff)
			return db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, what, message);
	}
}

/* Opening ---------------------------------------------------------------------------------------------------------- */

static int run_text(struct db_conn *db, const char *sql)
{
	struct sqlite *s = db->of_engine;
	int result = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);
	return result == SQLITE_OK ? 0 : failed(db, result, "script");
}

static int prepare(struct db_conn *db, const char *sql, const char *name, sqlite3_stmt **out)
{
	struct sqlite *s = db->of_engine;
	int result = sqlite3_prepare_v3(s->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
	return result == SQLITE_OK ? 0 : failed(db, result, name);
}

/* No memory mapping: its pages would count as the server's own, and reading is not what bounds it. WAL pages are written back
 * by whoever commits once 16 MB are there; journal_size_limit cuts the file after a long report let it grow. */
static const char settings[] =
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = FULL;"
	"PRAGMA secure_delete = ON;"            /* what is overwritten is gone: an erased person's words do not lie in free pages */
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA mmap_size = 0;"
	"PRAGMA wal_autocheckpoint = 4000;"
	"PRAGMA journal_size_limit = 67108864;";
static const char *const role_settings[] = {
	[DB_READER] = "PRAGMA query_only = ON; PRAGMA cache_size = -8192;",
	[DB_WRITER] = "PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768;",
	[DB_OWNER] = "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -32768;",
};

static int prepare_own(struct db_conn *db)
{
	struct sqlite *s = db->of_engine;
	for (int i = 0; i < OWN_COUNT; i++)
		TRY(prepare(db, own_sql[i], own_sql[i], &s->own[i]));
	return 0;
}

/* Memory statistics cost a lock that all threads share at each allocation, and nobody reads them. */
static void configure(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Small allocations come from slots of the connection: 1 MB for a writer, 64 KB for a reader. */
enum { LOOKASIDE_SIZE = 512, LOOKASIDE_WRITER = 2000, LOOKASIDE_READER = 125 };

static int sqlite_open(struct db_conn *db)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, configure);
	struct sqlite *s = db->of_engine = calloc(1, sizeof(*s));
	if (!s || !(s->by_number = calloc(query_count + OWN_COUNT, sizeof(*s->by_number))))
		abort();
	s->own = s->by_number + query_count;
	int result = sqlite3_open_v2(db->url, &s->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (result != SQLITE_OK)
		return failed(db, result, "open");
	sqlite3_db_config(s->handle, SQLITE_DBCONFIG_LOOKASIDE, NULL, LOOKASIDE_SIZE, db->role == DB_WRITER ? LOOKASIDE_WRITER : LOOKASIDE_READER);
	sqlite3_extended_result_codes(s->handle, 1);
	sqlite3_busy_timeout(s->handle, 10000);
	TRY(run_text(db, settings));
	TRY(run_text(db, role_settings[db->role]));
	return prepare_own(db);
}

static void sqlite_close(struct db_conn *db)
{
	struct sqlite *s = db->of_engine;
	if (!s)
		return;
	for (size_t i = 0; i < query_count + OWN_COUNT; i++)
		sqlite3_finalize(s->by_number[i]);
	for (size_t i = 0; i < TEXT_SLOTS; i++)
		sqlite3_finalize(s->by_text[i].statement);
	sqlite3_close(s->handle);
	free(s->by_number);
	free(s);
	db->of_engine = NULL;
}

/* Statements ------------------------------------------------------------------------------------------------------- */

static int find_by_text(struct db_conn *db, const struct run *r, sqlite3_stmt **out)
{
	struct sqlite *s = db->of_engine;
	struct text_slot *oldest = &s->by_text[0];
	for (struct text_slot *slot = s->by_text; slot < s->by_text + TEXT_SLOTS; slot++) {
		if (slot->statement && !strcmp(sqlite3_sql(slot->statement), r->sql)) {
			slot->used = ++s->clock;
			*out = slot->statement;
			return 0;
		}
		if (slot->used < oldest->used)
			oldest = slot;
	}
	sqlite3_finalize(oldest->statement);
	oldest->statement = NULL;
	oldest->used = ++s->clock;
	TRY(prepare(db, r->sql, r->name, &oldest->statement));
	*out = oldest->statement;
	return 0;
}

static int find(struct db_conn *db, const struct run *r, sqlite3_stmt **out)
{
	struct sqlite *s = db->of_engine;
	if (r->slot < 0)
		return find_by_text(db, r, out);
	if (!s->by_number[r->slot])
		TRY(prepare(db, r->sql, r->name, &s->by_number[r->slot]));
	*out = s->by_number[r->slot];
	return 0;
}

static int bind_value(sqlite3_stmt *statement, int at, const struct db_value *v)
{
	switch (v->kind) {
	case KIND_INT:
		return v->i == NULL_INT ? sqlite3_bind_null(statement, at) : sqlite3_bind_int64(statement, at, v->i);
	case KIND_REAL:
		return isnan(v->real) ? sqlite3_bind_null(statement, at) : sqlite3_bind_double(statement, at, v->real);
	case KIND_TEXT:
		return sqlite3_bind_text64(statement, at, (const char *)v->b.p, v->b.n, SQLITE_STATIC, SQLITE_UTF8);
	default:
		return v->b.p && !v->b.n ? sqlite3_bind_zeroblob(statement, at, 0)
		                         : sqlite3_bind_blob64(statement, at, v->b.p, v->b.n, SQLITE_STATIC);
	}
}

static int bind(struct arena *a, sqlite3_stmt *statement, const struct run *r)
{
	for (size_t i = 0; i < run_values(r); i++) {
		struct db_value v = run_value(a, r, i, "[]");
		int result = bind_value(statement, (int)i + 1, &v);
		if (result != SQLITE_OK)
			return result;
	}
	return SQLITE_OK;
}

/* Asked through its value: one look-up a column instead of three. Without the connection's mutex, as opened here, SQLite makes no
 * difference between protected and unprotected values. */
static void read_column(struct arena *a, sqlite3_stmt *statement, int at, const struct member *m, void *row)
{
	sqlite3_value *v = sqlite3_column_value(statement, at);
	bool null = sqlite3_value_type(v) == SQLITE_NULL;
	const void *p;
	switch (type_kind(m->type)) {
	case KIND_INT:
		*member_int(m, row) = null ? NULL_INT : sqlite3_value_int64(v);
		break;
	case KIND_REAL:
		*member_real(m, row) = null ? (double)NAN : sqlite3_value_double(v);
		break;
	case KIND_TEXT:
		p = sqlite3_value_text(v);
		*member_text(m, row) = null ? NULL : arena_string_n(a, p, (size_t)sqlite3_value_bytes(v));
		break;
	default:
		if (null)
			break;
		p = sqlite3_value_blob(v);
		size_t n = (size_t)sqlite3_value_bytes(v);
		*member_bytes(m, row) = (struct bytes){ .p = arena_copy(a, p, n), .n = n };
	}
}

/* Steps to the end: a statement with RETURNING has done its work only then. SQLITE_MISMATCH: more rows than wanted. */
static int step_all(struct arena *a, sqlite3_stmt *statement, struct sink *sink)
{
	int result;
	while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
		void *row = sink ? sink_next(sink) : NULL;
		if (!row)
			return SQLITE_MISMATCH;
		for (size_t i = 0; i < sink->shape->count; i++)
			read_column(a, statement, (int)i, &sink->shape->members[i], row);
	}
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int sqlite_run(struct db_conn *db, struct arena *a, const struct run *r, struct sink *sink, int64_t *changed)
{
	struct sqlite *s = db->of_engine;
	sqlite3_stmt *statement;
	TRY(find(db, r, &statement));
	if (sink && sqlite3_column_count(statement) != (int)sink->shape->count)
		return db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, r->name, "the shape has another number of columns");
	int result = bind(a, statement, r);
	if (result == SQLITE_OK)
		result = step_all(a, statement, sink);
	int code = 0;
	if (result == SQLITE_MISMATCH)
		code = db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, r->name, "more rows than one");
	else if (result != SQLITE_OK)
		code = failed(db, result, r->name);
	sqlite3_reset(statement);
	if (!code && changed)
		*changed = sqlite3_changes64(s->handle);
	return code;
}

/* Transactions ----------------------------------------------------------------------------------------------------- */

static int step_own(struct db_conn *db, enum own_statement what)
{
	sqlite3_stmt *statement = ((struct sqlite *)db->of_engine)->own[what];
	int result = sqlite3_step(statement);
	int code = result == SQLITE_DONE ? 0 : failed(db, result, own_sql[what]);
	sqlite3_reset(statement);
	return code;
}

static bool sqlite_in_transaction(const struct db_conn *db)
{
	const struct sqlite *s = db->of_engine;
	return s && !sqlite3_get_autocommit(s->handle);
}

static int sqlite_begin_write(struct db_conn *db, int lane)
{
	return step_own(db, OWN_BEGIN_WRITE);
}

static int sqlite_begin_read(struct db_conn *db)
{
	return step_own(db, OWN_BEGIN_READ);
}

/* A SAVEPOINT outside of a transaction would silently open one of its own. */
static int gone(struct db_conn *db)
{
	return db_failed(db, FAILURE_TRANSACTION, ERR_DATABASE, "savepoint", "the transaction is gone");
}

static int sqlite_savepoint(struct db_conn *db)
{
	return sqlite_in_transaction(db) ? step_own(db, OWN_SAVEPOINT) : gone(db);
}

static int sqlite_release(struct db_conn *db, bool waits)
{
	return sqlite_in_transaction(db) ? step_own(db, OWN_RELEASE) : gone(db);
}

static int sqlite_rollback_to(struct db_conn *db)
{
	if (!sqlite_in_transaction(db))
		return gone(db);
	TRY(step_own(db, OWN_ROLLBACK_TO));
	return step_own(db, OWN_RELEASE);
}

static int sqlite_commit(struct db_conn *db)
{
	return sqlite_in_transaction(db) ? step_own(db, OWN_COMMIT) : gone(db);
}

static void sqlite_rollback(struct db_conn *db)
{
	struct sqlite *s = db->of_engine;
	if (sqlite_in_transaction(db))
		sqlite3_exec(s->handle, "ROLLBACK", NULL, NULL, NULL);
}

const struct engine_calls sqlite_calls = {
	.open = sqlite_open,
	.close = sqlite_close,
	.run = sqlite_run,
	.begin_write = sqlite_begin_write,
	.begin_read = sqlite_begin_read,
	.savepoint = sqlite_savepoint,
	.release = sqlite_release,
	.rollback_to = sqlite_rollback_to,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.in_transaction = sqlite_in_transaction,
	.script = run_text,
};
