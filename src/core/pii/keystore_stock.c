/* The stock: a thread makes and commits keys before anybody needs them, so that a transaction never waits for another disk. */
#include "core/pii/keystore_private.h"

#include <string.h>

#include "base/id.h"
#include "base/wait.h"
#include "gen/schema.h"

enum { FIRST_LOT = 32, DEFAULT_MOST = 4096, WAIT_SECONDS = 2, RETRY_SECONDS = 1 };

static int make_key(struct keystore *s, struct ctx *c, int64_t *id)
{
	struct key key;
	struct sealing_key row = { .id = id_next(s->ids, c->now), .made_at = c->now };
	crypto_random(&key, sizeof(key));
	int r = master_wrap(s, c->arena, row.id, &key, &row.master_no, &row.wrapped);
	crypto_wipe(&key, sizeof(key));
	TRY(r);
	*id = row.id;
	return sealing_key_row_insert(c, &row);
}

static int make_keys(struct keystore *s, struct arena *a, int64_t *ids, size_t n)
{
	struct store_call call;
	TRY(writer_begin(s));
	struct ctx *c = store_ctx(&call, s, s->writer, a);
	int r = 0;
	for (size_t i = 0; i < n && r == 0; i++)
		r = make_key(s, c, &ids[i]);
	return writer_end(s, r);
}

static void put_in_stock(struct keystore *s, const int64_t *ids, size_t n, time_ms at)
{
	struct stock *k = &s->stock;
	for (size_t i = 0; i < n && k->n < k->most; i++) {
		k->ids[k->n] = ids[i];
		k->made_at[k->n++] = at;
	}
	s->made += n;
}

static void wait_for(pthread_cond_t *what, pthread_mutex_t *lock, int seconds, int *timed_out)
{
	const struct timespec end = wait_end((int64_t)seconds * SECOND_MS);
	*timed_out = !wait_until(what, lock, &end);
}

static size_t lot_size(const struct stock *k)
{
	return k->lot < k->most - k->n ? k->lot : k->most - k->n;
}

/* Called with the lock held; gives it up while keys are made. */
static void fill(struct keystore *s, int64_t *ids)
{
	struct stock *k = &s->stock;
	size_t n = lot_size(k);
	pthread_mutex_unlock(&k->lock);
	struct arena *a = arena_new();
	time_ms at = clock_now(s->clock);
	int r = make_keys(s, a, ids, n);
	arena_free(a);
	pthread_mutex_lock(&k->lock);
	k->failure = r;
	if (r == 0)
		put_in_stock(s, ids, n, at);
	else
		log_write(s->log, LOG_ERROR, "no keys could be made", "code", error_name(r), NULL);
	pthread_cond_broadcast(&k->filled);
}

static void *keep_filled(void *arg)
{
	struct keystore *s = arg;
	struct stock *k = &s->stock;
	ARENA_SCOPED a = arena_new();
	int64_t *ids = ARENA_ARRAY(a, int64_t, k->most);
	int timed_out;
	pthread_mutex_lock(&k->lock);
	while (!k->closing) {
		if (k->n * 2 < k->lot)
			fill(s, ids);
		if (k->closing)
			break;
		if (k->failure)
			wait_for(&k->wanted, &k->lock, RETRY_SECONDS, &timed_out);
		else if (k->n * 2 >= k->lot)
			pthread_cond_wait(&k->wanted, &k->lock);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

int stock_start(struct keystore *s, size_t most)
{
	struct stock *k = &s->stock;
	k->most = most ? most : DEFAULT_MOST;
	k->lot = k->most < FIRST_LOT ? k->most : FIRST_LOT;
	k->ids = ARENA_ARRAY(s->arena, int64_t, k->most);
	k->made_at = ARENA_ARRAY(s->arena, time_ms, k->most);
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->filled, NULL);
	pthread_cond_init(&k->wanted, NULL);
	k->has_thread = pthread_create(&k->thread, NULL, keep_filled, s) == 0;
	return k->has_thread ? 0 : ERR_NO_MEMORY;
}

void stock_stop(struct keystore *s)
{
	struct stock *k = &s->stock;
	if (!k->has_thread)
		return;
	pthread_mutex_lock(&k->lock);
	k->closing = true;
	pthread_cond_broadcast(&k->wanted);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
	pthread_cond_destroy(&k->filled);
	pthread_cond_destroy(&k->wanted);
	pthread_mutex_destroy(&k->lock);
}

/* Takes the newest key that is fresh enough; drops what the reclaim job may be about to remove. */
static bool take_fresh(struct keystore *s, int64_t *id)
{
	struct stock *k = &s->stock;
	time_ms now = clock_now(s->clock);
	while (k->n) {
		k->n--;
		if (now - k->made_at[k->n] < KEYSTORE_STOCK_LIFE_MS) {
			*id = k->ids[k->n];
			return true;
		}
	}
	return false;
}

int keystore_take(struct keystore *s, int64_t *id)
{
	struct stock *k = &s->stock;
	int timed_out = 0;
	pthread_mutex_lock(&k->lock);
	bool taken = take_fresh(s, id);
	if (!taken && k->lot * 2 <= k->most)
		k->lot *= 2;
	while (!taken && !timed_out) {
		pthread_cond_signal(&k->wanted);
		wait_for(&k->filled, &k->lock, WAIT_SECONDS, &timed_out);
		taken = take_fresh(s, id);
	}
	if (k->n * 2 < k->lot)
		pthread_cond_signal(&k->wanted);
	pthread_mutex_unlock(&k->lock);
	if (taken)
		s->taken++;
	return taken ? 0 : ERR_BUSY;
}
