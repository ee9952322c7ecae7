/* A shelf of spaces, and a table under a lock of what was asked. */
#include "core/understand/understand_spaces.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/crypto.h"
#include "core/understand/understand_shelf.h"

enum { HEARD = 2048, COMPANIES = 1024, MISSED_MS = 60000 };

struct heard {
	uint64_t hash[2];
	float vector[EMBED_SIZE];
};

struct spaces {
	struct arena *arena;
	struct shelf *shelf;
	pthread_mutex_t lock;           /* of `heard` */
	struct key key;
	struct heard *heard;
	atomic_bool asks[COMPANIES];    /* by the company's number: two may share a place */
	_Atomic int64_t missed[COMPANIES];      /* when */
};

static int read_space(struct arena *a, const char *product, struct bytes b, void **out)
{
	struct space *s;
	TRY(space_read(a, b, &s));
	*out = s;
	return 0;
}

/* A space of the appliance pack has some 10 MB. */
static const struct shelf_kind kind = { .ending = "space", .most = 12, .read = read_space };

struct spaces *spaces_new(const char *folder)
{
	struct arena *a = arena_new();
	struct spaces *s = ARENA_NEW(a, struct spaces);
	s->arena = a;
	s->shelf = shelf_new(a, folder, &kind);
	pthread_mutex_init(&s->lock, NULL);
	crypto_random(&s->key, sizeof(s->key));
	return s;
}

void spaces_free(struct spaces *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	arena_free(s->arena);
}

const struct space *spaces_find(struct spaces *s, struct arena *a, int64_t tenant) { return shelf_find(s->shelf, a, tenant, ""); }
int spaces_keep(struct spaces *s, int64_t tenant, struct bytes space) { return shelf_keep(s->shelf, tenant, "", space); }

/* ---- what was asked ---- */

static void hash_of(const struct spaces *s, int64_t tenant, const uint8_t *root, const char *text, uint64_t out[static 2])
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	text_append_n(&t, &tenant, sizeof(tenant));
	text_append_n(&t, root, SPACE_SIGN);
	text_append(&t, text);
	hash_for_table(&s->key, t.p, t.n, out);
}

static atomic_bool *asks_of(struct spaces *s, int64_t tenant) { return &s->asks[(uint64_t)tenant % COMPANIES]; }

bool spaces_has_heard(struct spaces *s, int64_t tenant) { return atomic_load_explicit(asks_of(s, tenant), memory_order_relaxed); }

void spaces_heard(struct spaces *s, int64_t tenant, const uint8_t root[static SPACE_SIGN], const char *text, const float *vector)
{
	uint64_t hash[2];
	hash_of(s, tenant, root, text, hash);
	pthread_mutex_lock(&s->lock);
	if (!s->heard)
		s->heard = ARENA_ARRAY(s->arena, struct heard, HEARD);
	struct heard *h = &s->heard[hash[0] % HEARD];
	memcpy(h->hash, hash, sizeof(h->hash));
	memcpy(h->vector, vector, sizeof(h->vector));
	pthread_mutex_unlock(&s->lock);
	atomic_store_explicit(asks_of(s, tenant), true, memory_order_relaxed);
}

const float *spaces_vector(struct spaces *s, struct arena *a, int64_t tenant, const uint8_t root[static SPACE_SIGN], const char *text)
{
	uint64_t hash[2];
	float *out = ARENA_ARRAY(a, float, EMBED_SIZE);
	hash_of(s, tenant, root, text, hash);
	pthread_mutex_lock(&s->lock);
	const struct heard *h = s->heard ? &s->heard[hash[0] % HEARD] : NULL;
	bool found = h && h->hash[0] == hash[0] && h->hash[1] == hash[1];
	if (found)
		memcpy(out, h->vector, sizeof(h->vector));
	pthread_mutex_unlock(&s->lock);
	return found ? out : NULL;
}

bool spaces_may_be_missed(struct spaces *s, int64_t tenant, int64_t now)
{
	_Atomic int64_t *at = &s->missed[(uint64_t)tenant % COMPANIES];
	int64_t was = atomic_load(at);
	return now - was >= MISSED_MS && atomic_compare_exchange_strong(at, &was, now);
}
