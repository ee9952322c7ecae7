/* What holds a file, and what becomes of files that nothing holds. */
#include "core/file/file_private.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/file_sql.h"
#include "gen/pii_sql.h"

enum { SWEEP_CHUNK = 100 };
#define LOOKED_AT_MS (3 * DAY_MS)

/* Holding -------------------------------------------------------------------------------------------------------------- */

/* Who uploaded a file may give it away; anybody else could read a stranger's file by naming it in a ticket of her own. */
int file_attach(struct ctx *c, int64_t id, const char *object, int64_t object_id, int64_t customer_id)
{
	struct file row;
	int r = file_row_get(c, id, &row);
	bool own = r == 0 && (c->actor_kind == ACTOR_SYSTEM || ((int64_t)c->actor_kind == row.actor_kind && c->actor_id == row.actor_id));
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	if (!own) {
		fail_field(c, "file_ids", ERR_FIELD_REFERENCE, NULL);
		return ERR_INVALID;
	}
	TRY(file_use_put(c, id, object, object_id, NULL));
	return customer_id ? pii_key_give(c, row.key, "customer", customer_id, NULL) : 0;
}

struct destroyed_key {
	struct keystore *keys;
	int64_t id;
	const char *part;               /* an upload's file, or NULL */
};

/* Should this be lost in a crash, nothing names the key any more and the reclaim job removes it. */
static void destroy_key(void *arg)
{
	struct destroyed_key *k = arg;
	if (keystore_destroy(k->keys, &k->id, 1) < 0)
		return;
	if (k->part)
		unlink(k->part);
}

int forget_key(struct ctx *c, int64_t key, const char *part)
{
	struct destroyed_key *k = ARENA_NEW(c->arena, struct destroyed_key);
	*k = (struct destroyed_key){ c->services->keys, key, part };
	TRY(pii_key_row_remove(c, key));
	after_commit(c, destroy_key, k);
	return 0;
}

static int forget_file(struct ctx *c, const struct file *row)
{
	TRY(file_row_remove(c, row->id));
	return forget_key(c, row->key, NULL);
}

int file_release(struct ctx *c, const char *object, int64_t object_id, int64_t *released)
{
	struct file *rows;
	size_t n;
	*released = 0;
	TRY(files_used_by(c, object, object_id, &rows, &n));
	TRY(file_use_drop(c, object, object_id, NULL));
	for (size_t i = 0; i < n; i++) {
		struct file_use *uses;
		size_t left;
		TRY(file_uses(c, rows[i].id, &uses, &left));
		if (left)
			continue;
		TRY(forget_file(c, &rows[i]));
		(*released)++;
	}
	return 0;
}

int file_let_go(struct ctx *c, int64_t id, const char *object, int64_t *object_id)
{
	struct file_use *uses;
	struct file row;
	size_t n, left = 0;
	*object_id = 0;
	TRY(file_uses(c, id, &uses, &n));
	for (size_t i = 0; i < n; i++) {
		bool is = text_equal(uses[i].object, object);
		left += !is;
		if (!is)
			continue;
		*object_id = uses[i].object_id;
		TRY(file_use_row_remove(c, id, object, *object_id));
	}
	if (!*object_id || left)
		return 0;
	TRY(file_row_get(c, id, &row));
	return forget_file(c, &row);
}

/* Jobs ----------------------------------------------------------------------------------------------------------------- */

static int sweep_uploads(struct ctx *c, int64_t *removed)
{
	struct upload *rows;
	size_t n;
	TRY(uploads_past(c, c->now, SWEEP_CHUNK, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(upload_row_remove(c, rows[i].id));
		TRY(forget_key(c, rows[i].key, upload_path(c->services->files, c->arena, rows[i].id)));
	}
	*removed += (int64_t)n;
	return 0;
}

/* Looks at a few days only: what had a use and lost it went with file_release. */
int file_sweep(struct ctx *c, int64_t *removed)
{
	struct file *rows;
	size_t n;
	*removed = 0;
	TRY(sweep_uploads(c, removed));
	time_ms until = c->now - setting_ms(c, SETTING_KEEP_UNUSED_FILE);
	TRY(files_unused(c, until - LOOKED_AT_MS, until, SWEEP_CHUNK, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(forget_file(c, &rows[i]));
	*removed += (int64_t)n;
	return 0;
}

struct orphans {
	struct ctx *c;
	int64_t removed;
};

static int remove_orphan(void *arg, const char *name)
{
	struct orphans *o = arg;
	struct blob_needed_row *rows;
	size_t n;
	struct arena_mark mark = arena_mark(o->c->arena);
	TRY(blob_needed(o->c, name, name, &rows, &n));
	arena_rewind(o->c->arena, mark);
	if (n)
		return 0;
	o->removed++;
	return blob_remove(o->c->services->files->blobs, name);
}

/* Temporary files and parts of a day ago: their process is gone, or their upload is. */
static void remove_old_files(const struct file_store *s, time_ms before, int64_t *removed)
{
	ARENA_SCOPED a = arena_new();
	DIR *d = opendir(s->folder);
	for (struct dirent *e; d && (e = readdir(d));) {
		struct stat is;
		const char *path = arena_format(a, "%s/%s", s->folder, e->d_name);
		if (stat(path, &is) == 0 && S_ISREG(is.st_mode) && (time_ms)is.st_mtime * 1000 < before && unlink(path) == 0)
			(*removed)++;
	}
	if (d)
		closedir(d);
}

int file_orphans(struct ctx *c, int64_t *removed)
{
	struct file_store *s = c->services->files;
	struct orphans o = { .c = c };
	time_ms before = c->now - DAY_MS;
	TRY(s->blobs->ops->walk(s->blobs, before, remove_orphan, &o));
	*removed = o.removed;
	/* the folder is that of all companies: as long as any of them may choose */
	remove_old_files(s, before - setting_defs[SETTING_KEEP_UPLOAD].most * HOUR_MS, removed);
	return 0;
}
