/* The form of a backup: a folder with data.db (SQLite) or data.pgdump (PostgreSQL), files/ and a manifest; never with keys.
 *
 * The manifest is text: a head, then one line a file, "sha256  bytes  path", and last the hash of all before it. */
#pragma once

#include <string.h>

#include "app/app.h"

#define BACKUP_MANIFEST "manifest"
#define BACKUP_HEAD "anxin backup 1"
enum { BACKUP_SPARE_MB = 256 };

static inline bool backup_is_postgresql(const char *url)
{
	return strstr(url, "://") != NULL;
}
static inline const char *backup_data_name(const char *url)
{
	return backup_is_postgresql(url) ? "data.pgdump" : "data.db";
}

int backup_hash(const char *path, char hex[static 65], int64_t *size) MUST_CHECK;
/* `hash` NULL: any; otherwise ERR_STATE when what was copied is something else. On disk when it returns. */
int backup_copy_file(const char *from, const char *to, const char *hash) MUST_CHECK;
int backup_make_folders(struct arena *a, const char *path) MUST_CHECK;        /* those above the file `path` */
/* The folder and all below it: backups are of no use by halves. */
int backup_remove(const char *folder) MUST_CHECK;
int backup_say(const char *what, const char *why);                              /* on stderr; returns 1 */

/* Makes one below `above` while the server serves; what did not come to its end is taken away. A copy that would not leave BACKUP_SPARE free is not begun
 * (ERR_DATABASE_FULL): the disk is the server's before it is the backup's. *folder and *keys: where it lies, and the copy of the keys. */
int backup_make(struct arena *a, const struct app_options *o, const struct clock *clock, const char *above, const char **folder, const char **keys) MUST_CHECK;
/* Where backups go unless somebody says otherwise. */
const char *backup_folder(struct arena *a, const struct app_options *o);
/* nightly.c: removes complete backups in the folder but for the newest `keep`, and unfinished ones older than those. */
int backup_prune(struct arena *a, const char *folder, int64_t keep, int *removed) MUST_CHECK;
