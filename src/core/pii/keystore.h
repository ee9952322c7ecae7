/* The key store: one key per person, member of staff, file and company, wrapped by a master key, in a store of its own.
 *
 * No data backup contains it; its own copies live at most 30 days. Destroying a key overwrites it and leaves a tombstone:
 * whatever it sealed, in whichever backup, cannot be opened any more. Keys are made and committed in stock ahead of need;
 * taking one is a matter of memory, so a transaction that is rolled back wastes an id and nothing else (reclaimed by
 * keystore_reclaim). All functions are safe from many threads. There is no cache of opened keys: it would gain 9 %. */
#pragma once

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"

struct keystore;

enum master_policy {
	MASTER_MAKE,    /* a new store without a master file gets one (small shop) */
	MASTER_NEEDED,  /* the file must exist */
};

struct keystore_options {
	const char *url;                /* path of keys.db, or postgresql://… */
	const char *master_path;        /* file of mode 0600: 64 hex digits, or a line ANXIN_MASTER_KEY=… */
	enum master_policy policy;
	const struct clock *clock;
	struct log *log;
	int64_t copy_life_ms;           /* of copies and of masters that were replaced; 0: the default of keep.key_copies */
	size_t stock_most;              /* 0: 4096 keys made ahead at the busiest */
};

/* Refuses a master file that others may read, and a master that did not wrap this store (ERR_INTERNAL, logged why). */
int keystore_open(const struct keystore_options *options, struct keystore **out) MUST_CHECK;
void keystore_close(struct keystore *s);

/* A key that is committed and nobody else has. Waits for the next lot when the stock is empty; ERR_BUSY after 2 s. */
int keystore_take(struct keystore *s, int64_t *id) MUST_CHECK;

/* Opens a key. ERR_ERASED: destroyed. ERR_INTERNAL: unknown, so data and keys are not a pair. Wipe it after use. */
int keystore_key(struct keystore *s, struct arena *a, int64_t id, struct key *out) MUST_CHECK;

/* The same for a list, in one query: results[i] is 0, ERR_ERASED or ERR_INTERNAL. ids may repeat. */
int keystore_open_many(struct keystore *s, struct arena *a, const int64_t *ids, size_t n, struct key *keys,
                       int *results) MUST_CHECK;

/* Overwrites the keys for good; ids that are gone already are skipped. Durable when it returns. */
int keystore_destroy(struct keystore *s, const int64_t *ids, size_t n) MUST_CHECK;

/* Tombstones after `id`, in order of id: the erasure list that a restore replays. n in: room; out: found. */
int keystore_tombstones(struct keystore *s, struct arena *a, int64_t after, int64_t *ids, size_t *n) MUST_CHECK;

/* Ids after `after` that were made before `before`, in order of id; for the reclaim job, which removes those that no row names. */
int keystore_old_keys(struct keystore *s, struct arena *a, int64_t after, time_ms before, int64_t *ids, size_t *n) MUST_CHECK;
int keystore_reclaim(struct keystore *s, const int64_t *ids, size_t n) MUST_CHECK;
enum { KEYSTORE_STOCK_LIFE_MS = 24 * HOUR_MS, KEYSTORE_RECLAIM_AGE_MS = 48 * HOUR_MS };

/* Makes a new master and wraps every key with it, in chunks, while the store is used. Called again it goes on where it was
 * stopped. When it returns the new master is at master_path and the old one is needed for nothing but copies. */
int keystore_rotate(struct keystore *s) MUST_CHECK;

/* A key of this installation for one use: of the present master, so another one after a rotation. */
int keystore_derive(struct keystore *s, const char *label, struct key *out) MUST_CHECK;

/* Copies the store to `folder`/keys-<time>.db and removes copies there that are older than copy_life_ms. */
int keystore_copy(struct keystore *s, const char *folder, const char **path, struct arena *a) MUST_CHECK;
/* Puts a copy in place of a closed store. Keys that the replaced store had destroyed are destroyed in the new one too. */
int keystore_restore(const struct keystore_options *options, const char *copy) MUST_CHECK;

/* 32 hex digits that name the pair of data and keys; kept in both (pii_pair_check). */
const char *keystore_pair(const struct keystore *s);

struct keystore_stats {
	size_t stock;           /* ready in memory */
	uint64_t made, taken, opened, destroyed;
};
void keystore_stats(struct keystore *s, struct keystore_stats *out);
