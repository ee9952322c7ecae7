/* A list that only grows: readers look through what is published, without a lock. */
#include "core/auth/rights.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/auth/auth.h"

enum { MOST_TEXTS = 256 };

struct entry {
	const char *json;
	size_t json_n;
	const char *const *words;
	size_t n;
};

struct rights {
	struct arena *arena;
	pthread_mutex_t adding;
	_Atomic size_t count;
	struct entry at[MOST_TEXTS];
};

struct rights *rights_new(void)
{
	struct arena *a = arena_new();
	struct rights *r = ARENA_NEW(a, struct rights);
	r->arena = a;
	pthread_mutex_init(&r->adding, NULL);
	return r;
}

void rights_free(struct rights *r)
{
	if (!r)
		return;
	pthread_mutex_destroy(&r->adding);
	arena_free(r->arena);
}

static const struct entry *find(const struct rights *r, const char *json, size_t n)
{
	size_t count = atomic_load_explicit(&r->count, memory_order_acquire);
	for (size_t i = 0; i < count; i++)
		if (r->at[i].json_n == n && !memcmp(r->at[i].json, json, n))
			return &r->at[i];
	return NULL;
}

/* Another thread may have been faster: then its entry is used. */
static int add(struct rights *r, const char *json, size_t n, const struct entry **out)
{
	size_t count = atomic_load(&r->count);
	*out = find(r, json, n);
	if (*out || count == MOST_TEXTS)
		return 0;
	struct entry *e = &r->at[count];
	*e = (struct entry){ .json = arena_string_n(r->arena, json, n), .json_n = n };
	TRY(permissions_read(r->arena, e->json, &e->words, &e->n));
	atomic_store_explicit(&r->count, count + 1, memory_order_release);
	*out = e;
	return 0;
}

int rights_read(struct rights *r, struct arena *a, const char *json, const char *const **words, size_t *n)
{
	size_t size = strlen(json);
	const struct entry *e = r ? find(r, json, size) : NULL;
	if (r && !e) {
		pthread_mutex_lock(&r->adding);
		int result = add(r, json, size, &e);
		pthread_mutex_unlock(&r->adding);
		TRY(result);
	}
	if (!e)
		return permissions_read(a, json, words, n);
	*words = e->words;
	*n = e->n;
	return 0;
}
