/* SQLite's online backup in one step: in WAL mode a reader's snapshot holds up nobody. */
#include "db/backup.h"

#include <sqlite3.h>
#include <string.h>

static int give_up(struct arena *a, sqlite3 *db, int code, const char **fault)
{
	*fault = arena_string(a, db ? sqlite3_errmsg(db) : "out of memory");
	return code;
}

static int copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (!b)
		return sqlite3_errcode(to);
	int stepped = sqlite3_backup_step(b, -1), finished = sqlite3_backup_finish(b);
	if (stepped != SQLITE_DONE || finished != SQLITE_OK)
		return finished == SQLITE_OK ? stepped : finished;
	/* one file, with nothing beside it that could be forgotten */
	return sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

int sqlite_copy(struct arena *a, const char *path, const char *copy, const char **fault)
{
	sqlite3 *from = NULL, *to = NULL;
	int r = sqlite3_open_v2(path, &from, SQLITE_OPEN_READWRITE, NULL), result = 0;
	if (r == SQLITE_OK)
		r = sqlite3_open_v2(copy, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (r == SQLITE_OK && sqlite3_busy_timeout(from, 10000) == SQLITE_OK)
		r = copy_pages(from, to);
	if (r != SQLITE_OK)
		result = give_up(a, to ? to : from, ERR_DATABASE, fault);
	sqlite3_close(to);
	sqlite3_close(from);
	return result;
}

/* The first row of a PRAGMA, or NULL for none. */
static const char *first_row(struct arena *a, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;
	const char *text = sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK ? arena_string(a, sqlite3_errmsg(db)) : NULL;
	if (!text) {
		int r = sqlite3_step(s);
		if (r == SQLITE_ROW)
			text = arena_string(a, (const char *)sqlite3_column_text(s, 0));
		else if (r != SQLITE_DONE)
			text = arena_string(a, sqlite3_errmsg(db));
	}
	sqlite3_finalize(s);
	return text;
}

int sqlite_check(struct arena *a, const char *path, const char **fault)
{
	sqlite3 *db = NULL;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		int r = give_up(a, db, ERR_STATE, fault);
		sqlite3_close(db);
		return r;
	}
	sqlite3_busy_timeout(db, 10000);
	const char *said = first_row(a, db, "PRAGMA integrity_check(1)"), *orphan = NULL;
	if (said && !strcmp(said, "ok"))
		orphan = first_row(a, db, "PRAGMA foreign_key_check");
	sqlite3_close(db);
	if (said && !strcmp(said, "ok") && !orphan)
		return 0;
	*fault = orphan ? arena_format(a, "a row of table %s refers to nothing", orphan) : said ? said : "integrity_check said nothing";
	return ERR_STATE;
}

int db_empty_log(const char *url)
{
	sqlite3 *db = NULL;
	int left = 0, r;
	if (strstr(url, "://"))
		return 0;
	r = sqlite3_open_v2(url, &db, SQLITE_OPEN_READWRITE, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_busy_timeout(db, 2000);
	/* A connection that has read nothing does not know that there is a log: it would empty none and say that all is well (left: -1). */
	if (r == SQLITE_OK)
		r = sqlite3_exec(db, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_TRUNCATE, &left, NULL);
	sqlite3_close(db);
	return r == SQLITE_OK && left == 0 ? 0 : r == SQLITE_OK || r == SQLITE_BUSY ? ERR_BUSY : ERR_DATABASE;
}
