/* Copies of a database while it is written to, and what it takes to trust one that comes back. */
#pragma once

#include "base/error.h"
#include "base/log.h"

/* One snapshot of the database at `path` into a new file `copy`, complete and on disk when it returns. Readers and the
 * writer go on meanwhile. ERR_DATABASE; *fault says why, in the arena. */
int sqlite_copy(struct arena *a, const char *path, const char *copy, const char **fault) MUST_CHECK;
/* PRAGMA integrity_check and foreign_key_check. ERR_STATE with *fault when it is damaged. */
int sqlite_check(struct arena *a, const char *path, const char **fault) MUST_CHECK;

/* Everything in the log goes into the database and the log is emptied, so that what was overwritten lies nowhere any more. ERR_BUSY while
 * somebody still reads an older snapshot. Nothing to do on PostgreSQL. */
int db_empty_log(const char *url) MUST_CHECK;

/* One snapshot of the database at `url`, in pg_dump's own format, into the new file `path`. */
int postgresql_dump(struct arena *a, const char *url, const char *path, const char **fault) MUST_CHECK;
/* Puts it into a database that postgresql_require_empty() has let pass; all or nothing. */
int postgresql_load(struct arena *a, const char *url, const char *path, const char **fault) MUST_CHECK;
int postgresql_require_empty(const char *url, struct log *log) MUST_CHECK;     /* of tables of ours; logs why not */
int postgresql_clear(const char *url, struct log *log) MUST_CHECK;             /* takes back what a failed restore left */
