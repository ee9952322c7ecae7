/* Copies of the key store: a SQLite file whatever the engine, kept at most 30 days, put back by adding what is missing. */
#include "core/pii/keystore_private.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/migrate.h"
#include "gen/schema.h"
#include "gen/keystore_sql.h"

enum { COPY_CHUNK = 2000 };

/* Both ends of a copy. */
struct transfer {
	struct keystore *s;             /* clock and log */
	struct db_conn *from, *to;
};

static int put_keys(struct transfer *t, struct arena *a, const struct sealing_key *rows, size_t n)
{
	struct store_call call;
	int64_t changed;
	struct ctx *c = store_ctx(&call, t->s, t->to, a);
	for (size_t i = 0; i < n; i++) {
		TRY(key_put_back(c, rows[i].id, rows[i].master_no, rows[i].wrapped, rows[i].made_at, rows[i].destroyed_at, &changed));
		if (rows[i].destroyed_at)
			TRY(keys_destroy(c, &rows[i].id, 1, rows[i].wrapped, rows[i].destroyed_at, &changed));
	}
	return 0;
}

static int copy_chunk(struct transfer *t, int64_t *after, size_t *n)
{
	ARENA_SCOPED a = arena_new();
	struct store_call call;
	struct sealing_key *rows;
	TRY(keys_after(store_ctx(&call, t->s, t->from, a), *after, COPY_CHUNK, &rows, n));
	TRY(db_begin_write(t->to, 0));
	int r = put_keys(t, a, rows, *n);
	if (r == 0)
		r = db_commit(t->to);
	if (r < 0)
		db_rollback(t->to);
	else if (*n)
		*after = rows[*n - 1].id;
	return r;
}

static int copy_heads(struct transfer *t, struct arena *a)
{
	struct store_call from_call, to_call;
	struct ctx *from = store_ctx(&from_call, t->s, t->from, a), *to = store_ctx(&to_call, t->s, t->to, a);
	struct master *rows;
	struct pair *mine, *other;
	size_t n, mine_n, other_n;
	int64_t changed;
	TRY(masters(from, &rows, &n));
	TRY(store_name(from, &mine, &mine_n));
	TRY(store_name(to, &other, &other_n));
	if (mine_n != 1 || (other_n && strcmp(mine[0].pair, other[0].pair) != 0)) {
		log_write(t->s->log, LOG_ERROR, "the copy is of another key store", NULL);
		return ERR_STATE;
	}
	TRY(db_begin_write(t->to, 0));
	int r = other_n ? 0 : pair_row_insert(to, &mine[0]);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = master_put_back(to, rows[i].no, rows[i].check_value, rows[i].made_at, rows[i].retired_at, &changed);
	if (r == 0)
		r = db_commit(t->to);
	if (r < 0)
		db_rollback(t->to);
	return r;
}

/* One snapshot of the source. Masters first, so that no key stands without its own. */
static int copy_all(struct transfer *t)
{
	ARENA_SCOPED a = arena_new();
	TRY(db_begin_read(t->from, 0));
	int r = copy_heads(t, a);
	int64_t after = 0;
	for (size_t n = 1; r == 0 && n;)
		r = copy_chunk(t, &after, &n);
	int end = db_end_read(t->from);
	return r < 0 ? r : end;
}

static int open_target(struct transfer *t, const char *url)
{
	ARENA_SCOPED a = arena_new();
	struct migrate_report report;
	TRY(store_make_file(url));
	int r = db_migrate(url, &key_migrations, t->s->log, a, &report);
	if (r < 0) {
		log_write(t->s->log, LOG_ERROR, "key store refused", "why", report.fault, NULL);
		return r;
	}
	TRY(db_open(url, DB_WRITER, t->s->log, &t->to));
	return store_settings(t->to);
}

/* Copies ----------------------------------------------------------------------------------------------------------- */

/* The time is in the name: a copied or touched file does not live longer. */
static bool copy_time(const char *name, time_ms *at)
{
	int year, month, day, hour, minute, second, end = 0;
	if (sscanf(name, "keys-%4d%2d%2dT%2d%2d%2dZ.db%n", &year, &month, &day, &hour, &minute, &second, &end) != 6 || !end)
		return false;
	*at = day_join(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
	return true;
}

static const char *copy_name(struct arena *a, time_ms now)
{
	char time[32];
	time_format(now, time);
	return arena_format(a, "keys-%.4s%.2s%.2sT%.2s%.2s%.2sZ.db", time, time + 5, time + 8, time + 11, time + 14, time + 17);
}

/* Copies past their time, with what SQLite may have left beside them. */
static int drop_old(struct keystore *s, const char *folder)
{
	ARENA_SCOPED a = arena_new();
	DIR *d = opendir(folder);
	if (!d)
		return ERR_INTERNAL;
	for (struct dirent *e; (e = readdir(d));) {
		time_ms at;
		if (copy_time(e->d_name, &at) && at + s->copy_life_ms <= clock_now(s->clock))
			unlink(arena_format(a, "%s/%s", folder, e->d_name));
	}
	closedir(d);
	return 0;
}

/* The master before the last rotation is of no use once the last copy it wrapped is gone. */
static int drop_old_master(struct keystore *s, struct arena *a)
{
	struct db_conn *db;
	struct store_call call;
	struct master *rows;
	size_t n;
	TRY(reader_take(s, &db));
	int r = masters(store_ctx(&call, s, db, a), &rows, &n);
	reader_give(s, db);
	TRY(r);
	if (n >= 2 && rows[n - 2].retired_at && rows[n - 2].retired_at + s->copy_life_ms <= clock_now(s->clock))
		unlink(arena_format(a, "%s.before", s->master_path));
	return 0;
}

int keystore_copy(struct keystore *s, const char *folder, const char **path, struct arena *a)
{
	struct transfer t = { .s = s };
	*path = arena_format(a, "%s/%s", folder, copy_name(a, clock_now(s->clock)));
	const char *partial = arena_format(a, "%s.partial", *path);
	unlink(partial);
	unlink(arena_format(a, "%s-wal", partial));     /* of a copy that was interrupted: would be replayed into the new one */
	unlink(arena_format(a, "%s-shm", partial));
	int r = open_target(&t, partial);
	if (r == 0)
		r = reader_take(s, &t.from);
	if (r == 0) {
		r = copy_all(&t);
		reader_give(s, t.from);
	}
	if (t.to)
		db_close(t.to);
	if (r == 0 && rename(partial, *path) != 0)
		r = ERR_INTERNAL;
	TRY(r);
	TRY(drop_old(s, folder));
	return drop_old_master(s, a);
}

int keystore_restore(const struct keystore_options *options, const char *copy)
{
	struct keystore quiet = { .clock = options->clock, .log = options->log };
	struct transfer t = { .s = &quiet };
	if (access(copy, R_OK) != 0)
		return ERR_NOT_FOUND;
	int r = db_open(copy, DB_READER, options->log, &t.from);
	if (r == 0)
		r = open_target(&t, options->url);
	if (r == 0)
		r = copy_all(&t);
	if (t.to)
		db_close(t.to);
	if (t.from)
		db_close(t.from);
	return r;
}
