/* What an engine offers below db.h: to the writer (transactions, savepoints, what a failure means) and to migrations.
 *
 * Promises: after any failure db_failure() says what may still be done, and db_in_transaction() whether the transaction
 * lives. Nothing here re-runs or reconnects by itself: that is the caller's policy. Statements whose count nobody asks
 * for (db_exec with changed = NULL) are sent at once but, on PostgreSQL, may report their failure only at the next call
 * that waits (db_one, db_many, db_exec with a count, db_release, db_commit): within one savepoint nothing is lost by it. */
#pragma once

#include "db/db.h"

enum { LANES_SQLITE = 1, LANES_POSTGRESQL = 16 };

/* PostgreSQL: first key of our advisory locks, for statements. The second is a lane's number, 1000 of migrating, 2000 of analysing. */
#define LOCKS "1635285097"

/* What the last failure of a connection means, from harmless to final. */
enum failure {
	FAILURE_NONE,
	FAILURE_STATEMENT,      /* constraint or bad value: roll back to the savepoint and go on */
	FAILURE_TRANSACTION,    /* the transaction is gone or useless (interrupt, memory, deadlock, busy): roll back, run others again */
	FAILURE_FULL,           /* storage full: the transaction is gone; free the reserve, then as FAILURE_TRANSACTION */
	FAILURE_LOST,           /* no connection: db_reopen(); after db_commit() the outcome is unknown, ask the idempotency row */
	FAILURE_FATAL,          /* write, fsync or commit I/O error, or a damaged file: no more writes by this process */
};

enum failure db_failure(const struct db_conn *db);   /* of the last failed call; FAILURE_NONE after db_begin_write() */

/* Begins a writing transaction: SQLite BEGIN IMMEDIATE, PostgreSQL READ COMMITTED behind pg_advisory_xact_lock(lane). */
int db_begin_write(struct db_conn *db, int lane) MUST_CHECK;
int db_savepoint(struct db_conn *db) MUST_CHECK;       /* one level: each is released or rolled back to before the next */
int db_release(struct db_conn *db) MUST_CHECK;         /* waits for all statements since the savepoint; their failure is its failure */
/* The same without waiting (PostgreSQL), so that the next request can be worked on meanwhile. A failure comes to light at a later
 * call, which fails with FAILURE_TRANSACTION; then db_failed_back() says how many requests ago it was: whoever is working is not to blame. */
int db_release_later(struct db_conn *db) MUST_CHECK;
unsigned db_failed_back(const struct db_conn *db);
int db_rollback_to(struct db_conn *db) MUST_CHECK;     /* undoes to the savepoint and drops it; fails when the transaction is gone */
int db_commit(struct db_conn *db) MUST_CHECK;
void db_rollback(struct db_conn *db);                  /* ends whatever transaction there is; harmless without one */

/* False when the engine itself has ended the transaction: everything since db_begin_write() is gone. */
bool db_in_transaction(const struct db_conn *db);

int db_reopen(struct db_conn *db) MUST_CHECK;          /* closes and opens anew, statements and settings too */

/* Plain SQL without parameters, possibly several statements: migrations and tests only. */
int db_script(struct db_conn *db, const char *sql) MUST_CHECK;
const char *db_message(const struct db_conn *db);      /* the engine's words for the last failure, for the log */
