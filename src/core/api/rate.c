/* Buckets live in a table indexed by a secret hash, four to a row; the one longest unused makes room. */
#include "core/api/rate.h"

#include <pthread.h>

#include "base/crypto.h"

enum { WAYS = 4 };

struct bucket {
	uint64_t tag;
	int64_t at_ms;
	double tokens;
};

struct rate {
	pthread_mutex_t lock;
	struct key secret;              /* so that nobody can choose colliding words */
	size_t rows;
	struct arena *arena;
	struct bucket (*table)[WAYS];
};

struct rate *rate_new(size_t buckets)
{
	struct arena *a = arena_new();
	struct rate *r = ARENA_NEW(a, struct rate);
	r->arena = a;
	r->rows = buckets / WAYS;
	r->table = arena_array(a, r->rows, sizeof(*r->table));
	pthread_mutex_init(&r->lock, NULL);
	crypto_random(&r->secret, sizeof(r->secret));
	return r;
}

void rate_free(struct rate *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->lock);
	arena_free(r->arena);
}

static struct bucket *find(struct bucket row[WAYS], uint64_t tag, int burst, int64_t now_ms)
{
	struct bucket *oldest = &row[0];
	for (int i = 0; i < WAYS; i++) {
		if (row[i].tag == tag)
			return &row[i];
		if (row[i].at_ms < oldest->at_ms)
			oldest = &row[i];
	}
	*oldest = (struct bucket){ .tag = tag, .at_ms = now_ms, .tokens = burst };
	return oldest;
}

int rate_take(struct rate *r, const void *word, size_t n, int burst, int per_minute, int64_t now_ms)
{
	uint64_t hash[2];
	hash_for_table(&r->secret, word, n, hash);
	pthread_mutex_lock(&r->lock);
	struct bucket *b = find(r->table[hash[0] % r->rows], hash[1] | 1, burst, now_ms);
	double per_ms = per_minute / 60000.0;
	if (now_ms > b->at_ms) {
		b->tokens += (double)(now_ms - b->at_ms) * per_ms;
		b->at_ms = now_ms;
	}
	if (b->tokens > burst)
		b->tokens = burst;
	int wait = 0;
	if (b->tokens >= 1)
		b->tokens -= 1;
	else
		wait = 1 + (int)((1 - b->tokens) / per_ms / 1000);
	pthread_mutex_unlock(&r->lock);
	return wait;
}
