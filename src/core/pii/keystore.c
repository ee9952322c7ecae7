/* Opening the store, taking keys out, destroying them. */
#include "core/pii/keystore_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/setting.h"
#include "db/migrate.h"
#include "gen/schema.h"
#include "gen/keystore_sql.h"

/* Opening ---------------------------------------------------------------------------------------------------------- */

static int read_pair(struct keystore *s, struct arena *a)
{
	struct db_conn *db;
	struct store_call call;
	struct pair *rows;
	size_t n;
	TRY(reader_take(s, &db));
	int r = store_name(store_ctx(&call, s, db, a), &rows, &n);
	reader_give(s, db);
	TRY(r);
	if (n == 0 || strlen(rows[0].pair) != 32)
		return ERR_NOT_FOUND;
	memcpy(s->pair, rows[0].pair, sizeof(s->pair));
	return 0;
}

static int name_pair(struct keystore *s, struct arena *a)
{
	int r = read_pair(s, a);
	if (r != ERR_NOT_FOUND)
		return r;
	uint8_t name[16];
	struct store_call call;
	crypto_random(name, sizeof(name));
	struct pair row = { .one = 1, .pair = hex(a, name, sizeof(name)) };
	TRY(writer_begin(s));
	r = writer_end(s, pair_row_insert(store_ctx(&call, s, s->writer, a), &row));
	return r < 0 && r != ERR_EXISTS ? r : read_pair(s, a);
}

static int make_ready(struct keystore *s, const struct keystore_options *o)
{
	ARENA_SCOPED a = arena_new();
	struct migrate_report report;
	TRY(store_make_file(s->url));
	int r = db_migrate(s->url, &key_migrations, s->log, a, &report);
	if (r < 0) {
		log_write(s->log, LOG_ERROR, "key store refused", "why", report.fault, NULL);
		return r;
	}
	TRY(db_open(s->url, DB_WRITER, s->log, &s->writer));
	TRY(store_settings(s->writer));
	TRY(masters_load(s, o->policy));
	TRY(name_pair(s, a));
	return stock_start(s, o->stock_most);
}

int keystore_open(const struct keystore_options *options, struct keystore **out)
{
	struct arena *a = arena_new();
	struct keystore *s = ARENA_NEW(a, struct keystore);
	uint16_t node;
	s->arena = a;
	s->url = arena_string(a, options->url);
	s->master_path = arena_string(a, options->master_path);
	s->clock = options->clock;
	s->log = options->log;
	s->copy_life_ms = options->copy_life_ms ? options->copy_life_ms : setting_ms_of(&setting_defaults, SETTING_KEEP_KEY_COPIES);
	s->ids = ARENA_NEW(a, struct id_maker);
	crypto_random(&node, sizeof(node));
	id_maker_init(s->ids, node);
	pthread_rwlock_init(&s->masters_lock, NULL);
	pthread_mutex_init(&s->writer_lock, NULL);
	idle_lock_init(&s->idle_lock);
	int r = make_ready(s, options);
	if (r < 0) {
		keystore_close(s);
		return r;
	}
	*out = s;
	return 0;
}

void keystore_close(struct keystore *s)
{
	if (!s)
		return;
	stock_stop(s);
	for (struct db_conn *db; (db = idle_take(&s->idle)) != NULL;)
		db_close(db);
	if (s->writer)
		db_close(s->writer);
	masters_drop(s);
	pthread_rwlock_destroy(&s->masters_lock);
	pthread_mutex_destroy(&s->writer_lock);
	pthread_mutex_destroy(&s->idle_lock);
	arena_free(s->arena);
}

const char *keystore_pair(const struct keystore *s)
{
	return s->pair;
}

/* Taking keys out --------------------------------------------------------------------------------------------------- */

static int open_row(struct keystore *s, struct arena *a, const struct sealing_key *row, struct key *out)
{
	if (row->destroyed_at)
		return ERR_ERASED;
	s->opened++;
	return master_unwrap(s, a, row->master_no, row->id, row->wrapped, out);
}

static int unknown_key(struct keystore *s, struct arena *a, int64_t id)
{
	log_write(s->log, LOG_ERROR, "unknown key: data and key store are not a pair", "key",
	          arena_format(a, "%lld", (long long)id), NULL);
	return ERR_INTERNAL;
}

int keystore_key(struct keystore *s, struct arena *a, int64_t id, struct key *out)
{
	struct db_conn *db;
	struct store_call call;
	struct sealing_key *rows;
	size_t n;
	TRY(reader_take(s, &db));
	int r = key_by_id(store_ctx(&call, s, db, a), id, &rows, &n);
	reader_give(s, db);
	TRY(r);
	return n ? open_row(s, a, &rows[0], out) : unknown_key(s, a, id);
}

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Distinct ids in order, so that the query asks for each key once. */
static size_t distinct(struct arena *a, const int64_t *ids, size_t n, int64_t **out)
{
	int64_t *sorted = arena_copy(a, ids, n * sizeof(*ids));
	size_t kept = 0;
	qsort(sorted, n, sizeof(*sorted), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || sorted[i] != sorted[kept - 1])
			sorted[kept++] = sorted[i];
	*out = sorted;
	return kept;
}

static const struct sealing_key *find_row(const struct sealing_key *rows, size_t n, int64_t id)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (rows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && rows[low].id == id ? &rows[low] : NULL;
}

/* An answer about one object needs one or two keys, a page of a list fifty. Rows come in order of id either way. */
static int find_rows(struct ctx *c, const int64_t *ids, size_t n, struct sealing_key **rows, size_t *found)
{
	struct two_keys_row *two;
	if (n > 2)
		return keys_by_ids(c, ids, n, rows, found);
	TRY(two_keys(c, ids[0], n > 1 ? ids[1] : 0, &two, found));
	*rows = ARENA_ARRAY(c->arena, struct sealing_key, *found + 1);
	for (size_t i = 0; i < *found; i++)
		(*rows)[i] = (struct sealing_key){ .id = two[i].id, .master_no = two[i].master_no, .wrapped = two[i].wrapped, .destroyed_at = two[i].destroyed_at };
	return 0;
}

int keystore_open_many(struct keystore *s, struct arena *a, const int64_t *ids, size_t n, struct key *keys, int *results)
{
	struct db_conn *db;
	struct store_call call;
	struct sealing_key *rows = NULL;
	int64_t *asked;
	size_t found = 0;
	if (n == 0)
		return 0;
	size_t count = distinct(a, ids, n, &asked);
	TRY(reader_take(s, &db));
	int r = find_rows(store_ctx(&call, s, db, a), asked, count, &rows, &found);
	reader_give(s, db);
	TRY(r);
	for (size_t i = 0; i < n; i++) {
		const struct sealing_key *row = find_row(rows, found, ids[i]);
		if (i && ids[i] == ids[i - 1]) {        /* values of one person lie together */
			keys[i] = keys[i - 1];
			results[i] = results[i - 1];
		} else {
			results[i] = row ? open_row(s, a, row, &keys[i]) : unknown_key(s, a, ids[i]);
		}
	}
	return 0;
}

/* Destroying -------------------------------------------------------------------------------------------------------- */

/* What the write-ahead log still holds of the old pages is written back and cut off. */
static void forget_log(struct keystore *s)
{
	pthread_mutex_lock(&s->writer_lock);
	if (db_engine_of(s->writer) == DB_SQLITE && db_script(s->writer, "PRAGMA wal_checkpoint(TRUNCATE)") < 0)
		log_write(s->log, LOG_WARN, "key store's log not cut off yet", NULL);
	pthread_mutex_unlock(&s->writer_lock);
}

int keystore_destroy(struct keystore *s, const int64_t *ids, size_t n)
{
	static const uint8_t zeros[WRAPPED_SIZE];
	struct store_call call;
	int64_t changed = 0;
	if (n == 0)
		return 0;
	ARENA_SCOPED a = arena_new();
	TRY(writer_begin(s));
	struct ctx *c = store_ctx(&call, s, s->writer, a);
	TRY(writer_end(s, keys_destroy(c, ids, n, (struct bytes){ zeros, sizeof(zeros) }, c->now, &changed)));
	s->destroyed += (uint64_t)changed;
	forget_log(s);
	return 0;
}

int keystore_reclaim(struct keystore *s, const int64_t *ids, size_t n)
{
	struct store_call call;
	int64_t changed = 0;
	if (n == 0)
		return 0;
	ARENA_SCOPED a = arena_new();
	TRY(writer_begin(s));
	return writer_end(s, keys_remove(store_ctx(&call, s, s->writer, a), ids, n, &changed));
}

static void copy_ids(const void *rows, size_t size, size_t found, int64_t *ids, size_t *n)
{
	for (size_t i = 0; i < found; i++)
		ids[i] = *(const int64_t *)((const char *)rows + i * size);
	*n = found;
}

int keystore_tombstones(struct keystore *s, struct arena *a, int64_t after, int64_t *ids, size_t *n)
{
	struct db_conn *db;
	struct store_call call;
	struct tombstones_after_row *rows;
	size_t found;
	TRY(reader_take(s, &db));
	int r = tombstones_after(store_ctx(&call, s, db, a), after, (int64_t)*n, &rows, &found);
	reader_give(s, db);
	TRY(r);
	copy_ids(rows, sizeof(*rows), found, ids, n);
	return 0;
}

int keystore_old_keys(struct keystore *s, struct arena *a, int64_t after, time_ms before, int64_t *ids, size_t *n)
{
	struct db_conn *db;
	struct store_call call;
	struct keys_made_before_row *rows;
	size_t found;
	TRY(reader_take(s, &db));
	int r = keys_made_before(store_ctx(&call, s, db, a), after, before, (int64_t)*n, &rows, &found);
	reader_give(s, db);
	TRY(r);
	copy_ids(rows, sizeof(*rows), found, ids, n);
	return 0;
}

void keystore_stats(struct keystore *s, struct keystore_stats *out)
{
	pthread_mutex_lock(&s->stock.lock);
	out->stock = s->stock.n;
	pthread_mutex_unlock(&s->stock.lock);
	out->made = s->made;
	out->taken = s->taken;
	out->opened = s->opened;
	out->destroyed = s->destroyed;
}
