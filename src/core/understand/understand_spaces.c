#include "core/understand/understand_spaces.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "core/understand/understand_texts.h"

/* A space of the appliance pack has some 10 MB. */
enum { MOST_SPACES = 12, HEARD = 2048, COMPANIES = 1024, MISSED_MS = 60000 };

struct kept_space {
	struct arena *arena;            /* its own, with the space in it */
	int64_t tenant;
	struct space *space;
	uint64_t used;
	atomic_int refs;
};

struct heard {
	uint64_t hash[2];
	float vector[EMBED_SIZE];
};

struct spaces {
	struct arena *arena;
	const char *folder;
	pthread_mutex_t lock;
	struct kept_space *at[MOST_SPACES];
	size_t n;
	uint64_t uses;
	struct key key;
	struct heard *heard;
	atomic_bool asks[COMPANIES];    /* by the company's number: two may share a place */
	_Atomic int64_t missed[COMPANIES];      /* when */
};

struct spaces *spaces_new(const char *folder)
{
	struct arena *a = arena_new();
	struct spaces *s = ARENA_NEW(a, struct spaces);
	s->arena = a;
	s->folder = arena_string(a, folder);
	if (folder)
		mkdir(folder, 0700);
	pthread_mutex_init(&s->lock, NULL);
	crypto_random(&s->key, sizeof(s->key));
	return s;
}

static void let_go(void *kept)
{
	struct kept_space *k = kept;
	if (atomic_fetch_sub(&k->refs, 1) == 1)
		arena_free(k->arena);
}

void spaces_free(struct spaces *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		let_go(s->at[i]);
	pthread_mutex_destroy(&s->lock);
	arena_free(s->arena);
}

/* ---- the list, under its lock ---- */

static size_t place_of(const struct spaces *s, int64_t tenant)
{
	size_t i = 0;
	while (i < s->n && s->at[i]->tenant != tenant)
		i++;
	return i;
}

/* One reference is the caller's. NULL: there is none. */
static struct kept_space *look_up(struct spaces *s, int64_t tenant)
{
	size_t i = place_of(s, tenant);
	struct kept_space *k = i < s->n ? s->at[i] : NULL;
	if (k) {
		atomic_fetch_add(&k->refs, 1);
		k->used = ++s->uses;
	}
	return k;
}

static void take_out(struct spaces *s, size_t i)
{
	let_go(s->at[i]);
	s->at[i] = s->at[--s->n];
}

static void put_in(struct spaces *s, struct kept_space *k)
{
	size_t i = place_of(s, k->tenant);
	if (i < s->n)
		take_out(s, i);
	if (s->n == MOST_SPACES) {
		size_t oldest = 0;
		for (i = 1; i < s->n; i++)
			oldest = s->at[i]->used < s->at[oldest]->used ? i : oldest;
		take_out(s, oldest);
	}
	k->used = ++s->uses;
	atomic_fetch_add(&k->refs, 1);
	s->at[s->n++] = k;
}

/* ---- files ---- */

static const char *path_of(const struct spaces *s, struct arena *a, int64_t tenant)
{
	return s->folder ? arena_format(a, "%s/%lld.space", s->folder, (long long)tenant) : NULL;
}

/* One reference is the caller's. NULL: it is no such thing. */
static struct kept_space *space_from(int64_t tenant, struct bytes b)
{
	struct arena *a = arena_new();
	struct kept_space *k = ARENA_NEW(a, struct kept_space);
	*k = (struct kept_space){ .arena = a, .tenant = tenant, .refs = 1 };
	if (b.n && space_read(a, b, &k->space) == 0)
		return k;
	arena_free(a);
	return NULL;
}

/* What was kept while the file was read is newer and stays. */
static struct kept_space *load(struct spaces *s, int64_t tenant)
{
	ARENA_SCOPED a = arena_new();
	const char *path = path_of(s, a, tenant);
	struct kept_space *k = path ? space_from(tenant, understand_slurp(a, path)) : NULL;
	if (!k)
		return NULL;
	pthread_mutex_lock(&s->lock);
	struct kept_space *newer = look_up(s, tenant);
	if (!newer)
		put_in(s, k);
	pthread_mutex_unlock(&s->lock);
	if (newer)
		let_go(k);
	return newer ? newer : k;
}

const struct space *spaces_find(struct spaces *s, struct arena *a, int64_t tenant)
{
	pthread_mutex_lock(&s->lock);
	struct kept_space *k = look_up(s, tenant);
	pthread_mutex_unlock(&s->lock);
	if (!k)
		k = load(s, tenant);
	if (!k)
		return NULL;
	arena_at_end(a, let_go, k);
	return k->space;
}

int spaces_keep(struct spaces *s, int64_t tenant, struct bytes space)
{
	ARENA_SCOPED a = arena_new();
	struct kept_space *k = space_from(tenant, space);
	const char *path = path_of(s, a, tenant);
	if (!k)
		return ERR_STATE;
	if (path)       /* one that cannot be written costs the next start its time, no more */
		(void)!understand_file_write(path, &space, 1);
	pthread_mutex_lock(&s->lock);
	put_in(s, k);
	pthread_mutex_unlock(&s->lock);
	let_go(k);
	return 0;
}

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
