/* Copies of a SQLite database while it is written to, and the judgement whether a copy is sound. */
#pragma once

#include "base/error.h"

/* One snapshot of the database at `path` into a new file `copy`, complete and on disk when it returns. Readers and the
 * writer go on meanwhile. ERR_DATABASE; *fault says why, in the arena. */
int sqlite_copy(struct arena *a, const char *path, const char *copy, const char **fault) MUST_CHECK;
/* PRAGMA integrity_check and foreign_key_check. ERR_STATE with *fault when it is damaged. */
int sqlite_check(struct arena *a, const char *path, const char **fault) MUST_CHECK;
