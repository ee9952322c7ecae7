/* Inside of the key store: its parts share this struct and nobody else sees it. */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#include "core/pii/keystore.h"
#include "db/ctx.h"
#include "db/engine.h"
#include "db/idle.h"

enum { MOST_MASTERS = 3, IDLE_READERS = 8, CHECK_SIZE = 32, WRAPPED_SIZE = KEY_SIZE + SEAL_OVERHEAD };

/* A master that was found in a file and belongs to this store. */
struct loaded_master {
	int64_t no;
	struct key *key;                /* locked memory */
};

/* Keys that are committed but not taken, newest on top. Old ones are dropped, the reclaim job removes them. */
struct stock {
	int64_t *ids;
	time_ms *made_at;
	size_t n, most;
	size_t lot;                     /* how many are made at once: doubles when somebody had to wait */
	bool closing;
	pthread_mutex_t lock;
	pthread_cond_t filled, wanted;
	pthread_t thread;
	bool has_thread;
	int failure;                    /* of the last lot, 0 when it succeeded */
};

struct keystore {
	struct arena *arena;
	const char *url, *master_path;
	const struct clock *clock;
	struct log *log;
	int64_t copy_life_ms;
	char pair[33];

	pthread_rwlock_t masters_lock;
	struct loaded_master masters[MOST_MASTERS];
	size_t master_count;
	int64_t current;                /* number of the master that wraps new keys */

	struct db_conn *writer;
	pthread_mutex_t writer_lock;
	struct idle idle;               /* IDLE_READERS at most */
	pthread_mutex_t idle_lock;

	struct id_maker *ids;
	struct stock stock;
	_Atomic uint64_t made, taken, opened, destroyed;
};

/* A context for the store's own queries: no tenant, its own connection. */
struct store_call {
	struct ctx ctx;
	struct error error;
};
struct ctx *store_ctx(struct store_call *call, struct keystore *s, struct db_conn *db, struct arena *a);

/* keystore_connect.c: the writer's connection, one at a time, and readers from a pool. */
int writer_begin(struct keystore *s) MUST_CHECK;                /* locks; ends by writer_end */
int writer_end(struct keystore *s, int result) MUST_CHECK;      /* commits when result ≥ 0, else rolls back; unlocks */
int reader_take(struct keystore *s, struct db_conn **db) MUST_CHECK;
void reader_give(struct keystore *s, struct db_conn *db);
int store_make_file(const char *url) MUST_CHECK;                /* keys.db readable by its owner only, from its first byte */
int store_settings(struct db_conn *db) MUST_CHECK;

/* keystore_master.c */
int masters_load(struct keystore *s, enum master_policy policy) MUST_CHECK;
void masters_drop(struct keystore *s);
int master_file_read(struct log *log, const char *path, struct key *out) MUST_CHECK;
int master_file_write(struct log *log, const char *path, const struct key *key) MUST_CHECK;
void master_check_value(const struct key *key, uint8_t out[static CHECK_SIZE]);
int master_wrap(struct keystore *s, struct arena *a, int64_t id, const struct key *key, int64_t *no, struct bytes *wrapped) MUST_CHECK;
int master_unwrap(struct keystore *s, struct arena *a, int64_t no, int64_t id, struct bytes wrapped, struct key *out) MUST_CHECK;

/* keystore_stock.c */
int stock_start(struct keystore *s, size_t most) MUST_CHECK;
void stock_stop(struct keystore *s);
