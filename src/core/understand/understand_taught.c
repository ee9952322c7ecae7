/* A short list under one lock; models are never changed and counted, so whoever asked goes on with the one she has. */
#include "core/understand/understand_taught.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "core/understand/understand_texts.h"

enum { MOST_KEPT = 1024, MOST_BYTES = 96 << 20 };

struct kept_model {
	struct arena *arena;            /* its own, with the model in it */
	int64_t tenant;
	const char *product;
	uint8_t sign[LESSON_SIGN];
	struct classify_model *model;
	uint64_t used;                  /* the list's count of uses by then */
	atomic_int refs;
};

struct taught {
	struct arena *arena;
	const char *folder;
	pthread_mutex_t lock;
	struct kept_model *at[MOST_KEPT];
	size_t n, bytes;
	uint64_t uses;
};

struct taught *taught_new(const char *folder)
{
	struct arena *a = arena_new();
	struct taught *t = ARENA_NEW(a, struct taught);
	t->arena = a;
	t->folder = arena_string(a, folder);
	if (folder)
		mkdir(folder, 0700);
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

static void let_go(void *kept)
{
	struct kept_model *k = kept;
	if (atomic_fetch_sub(&k->refs, 1) == 1)
		arena_free(k->arena);
}

void taught_free(struct taught *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		let_go(t->at[i]);
	pthread_mutex_destroy(&t->lock);
	arena_free(t->arena);
}

/* ---- the list, under its lock ---- */

static size_t place_of(const struct taught *t, int64_t tenant, const char *product)
{
	size_t i = 0;
	while (i < t->n && (t->at[i]->tenant != tenant || strcmp(t->at[i]->product, product) != 0))
		i++;
	return i;
}

/* One reference is the caller's. NULL: there is none. */
static struct kept_model *look_up(struct taught *t, int64_t tenant, const char *product)
{
	size_t i = place_of(t, tenant, product);
	struct kept_model *k = i < t->n ? t->at[i] : NULL;
	if (k) {
		atomic_fetch_add(&k->refs, 1);
		k->used = ++t->uses;
	}
	return k;
}

static void take_out(struct taught *t, size_t i)
{
	t->bytes -= arena_size(t->at[i]->arena);
	let_go(t->at[i]);
	t->at[i] = t->at[--t->n];
}

static void make_room(struct taught *t, size_t bytes)
{
	while (t->n && (t->n == MOST_KEPT || t->bytes + bytes > MOST_BYTES)) {
		size_t oldest = 0;
		for (size_t i = 1; i < t->n; i++)
			oldest = t->at[i]->used < t->at[oldest]->used ? i : oldest;
		take_out(t, oldest);
	}
}

static void put_in(struct taught *t, struct kept_model *k)
{
	size_t i = place_of(t, k->tenant, k->product);
	if (i < t->n)
		take_out(t, i);
	make_room(t, arena_size(k->arena));
	k->used = ++t->uses;
	t->bytes += arena_size(k->arena);
	atomic_fetch_add(&k->refs, 1);
	t->at[t->n++] = k;
}

/* ---- files ---- */

/* Codes of products may be anything, names of files not. */
static const char *path_of(const struct taught *t, struct arena *a, int64_t tenant, const char *product)
{
	uint8_t hash[HASH_SIZE];
	hash_sha256(product, strlen(product), hash);
	return t->folder ? arena_format(a, "%s/%lld-%s.lesson", t->folder, (long long)tenant, hex(a, hash, 8)) : NULL;
}

struct bytes taught_before(struct taught *t, struct arena *a, int64_t tenant, const char *product)
{
	const char *path = path_of(t, a, tenant, product);
	return path ? understand_slurp(a, path) : (struct bytes){ 0 };
}

/* One that cannot be written costs the next start its time, no more. */
static void save(struct taught *t, int64_t tenant, const char *product, struct bytes b)
{
	ARENA_SCOPED a = arena_new();
	const char *path = path_of(t, a, tenant, product);
	if (path)
		(void)!understand_file_write(path, &b, 1);
}

/* ---- models ---- */

/* One reference is the caller's. NULL: it is no such thing. */
static struct kept_model *model_from(int64_t tenant, const char *product, struct bytes b)
{
	struct arena *a = arena_new();
	struct kept_model *k = ARENA_NEW(a, struct kept_model);
	*k = (struct kept_model){ .arena = a, .tenant = tenant, .product = arena_string(a, product), .refs = 1 };
	if (b.n && lesson_read(a, b, k->sign, &k->model) == 0 && !strcmp(classify_model_product(k->model), product))
		return k;
	arena_free(a);
	return NULL;
}

/* From its file; what was kept while that was read is newer and stays. One reference is the caller's. */
static struct kept_model *load(struct taught *t, int64_t tenant, const char *product)
{
	ARENA_SCOPED a = arena_new();
	struct bytes b = taught_before(t, a, tenant, product);
	struct kept_model *k = b.n ? model_from(tenant, product, b) : NULL;
	if (!k)
		return NULL;
	pthread_mutex_lock(&t->lock);
	struct kept_model *newer = look_up(t, tenant, product);
	if (!newer)
		put_in(t, k);
	pthread_mutex_unlock(&t->lock);
	if (newer)
		let_go(k);
	return newer ? newer : k;
}

const struct classify_model *taught_find(struct taught *t, struct arena *a, int64_t tenant, const char *product, uint8_t sign[static LESSON_SIGN])
{
	pthread_mutex_lock(&t->lock);
	struct kept_model *k = look_up(t, tenant, product);
	pthread_mutex_unlock(&t->lock);
	if (!k)
		k = load(t, tenant, product);
	if (!k)
		return NULL;
	arena_at_end(a, let_go, k);
	memcpy(sign, k->sign, LESSON_SIGN);
	return k->model;
}

int taught_keep(struct taught *t, int64_t tenant, const char *product, struct bytes lesson)
{
	struct kept_model *k = model_from(tenant, product, lesson);
	if (!k)
		return ERR_STATE;
	save(t, tenant, product, lesson);
	pthread_mutex_lock(&t->lock);
	put_in(t, k);
	pthread_mutex_unlock(&t->lock);
	let_go(k);
	return 0;
}
