/* A short list under one lock. */
#include "core/understand/understand_shelf.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "core/understand/understand_texts.h"

struct held {
	struct arena *arena;            /* its own, with the thing in it */
	int64_t tenant;
	const char *product;
	void *thing;
	uint64_t used;                  /* the list's count of uses by then */
	atomic_int refs;
};

struct shelf {
	const struct shelf_kind *kind;
	const char *folder;
	pthread_mutex_t lock;
	struct held **at;
	size_t n, bytes;
	uint64_t uses;
};

static void let_go(void *arg)
{
	struct held *h = arg;
	if (atomic_fetch_sub(&h->refs, 1) == 1)
		arena_free(h->arena);
}

static void clear(void *arg)
{
	struct shelf *s = arg;
	for (size_t i = 0; i < s->n; i++)
		let_go(s->at[i]);
	pthread_mutex_destroy(&s->lock);
}

struct shelf *shelf_new(struct arena *a, const char *folder, const struct shelf_kind *kind)
{
	struct shelf *s = ARENA_NEW(a, struct shelf);
	s->kind = kind;
	s->folder = arena_string(a, folder);
	s->at = ARENA_ARRAY(a, struct held *, kind->most);
	if (folder)
		mkdir(folder, 0700);
	pthread_mutex_init(&s->lock, NULL);
	arena_at_end(a, clear, s);
	return s;
}

/* ---- the list, under its lock ---- */

static size_t place_of(const struct shelf *s, int64_t tenant, const char *product)
{
	size_t i = 0;
	while (i < s->n && (s->at[i]->tenant != tenant || strcmp(s->at[i]->product, product) != 0))
		i++;
	return i;
}

/* One reference is the caller's. NULL: there is none. */
static struct held *look_up(struct shelf *s, int64_t tenant, const char *product)
{
	size_t i = place_of(s, tenant, product);
	struct held *h = i < s->n ? s->at[i] : NULL;
	if (h) {
		atomic_fetch_add(&h->refs, 1);
		h->used = ++s->uses;
	}
	return h;
}

static void take_out(struct shelf *s, size_t i)
{
	s->bytes -= arena_size(s->at[i]->arena);
	let_go(s->at[i]);
	s->at[i] = s->at[--s->n];
}

static bool is_full(const struct shelf *s, size_t bytes)
{
	return s->n == s->kind->most || (s->kind->most_bytes && s->bytes + bytes > s->kind->most_bytes);
}

static void make_room(struct shelf *s, size_t bytes)
{
	while (s->n && is_full(s, bytes)) {
		size_t oldest = 0;
		for (size_t i = 1; i < s->n; i++)
			oldest = s->at[i]->used < s->at[oldest]->used ? i : oldest;
		take_out(s, oldest);
	}
}

static void put_in(struct shelf *s, struct held *h)
{
	size_t i = place_of(s, h->tenant, h->product);
	if (i < s->n)
		take_out(s, i);
	make_room(s, arena_size(h->arena));
	h->used = ++s->uses;
	s->bytes += arena_size(h->arena);
	atomic_fetch_add(&h->refs, 1);
	s->at[s->n++] = h;
}

/* ---- files ---- */

/* Codes of products may be anything, names of files not. */
static const char *path_of(const struct shelf *s, struct arena *a, int64_t tenant, const char *product)
{
	uint8_t hash[HASH_SIZE];
	if (!s->folder)
		return NULL;
	if (!*product)
		return arena_format(a, "%s/%lld.%s", s->folder, (long long)tenant, s->kind->ending);
	hash_sha256(product, strlen(product), hash);
	return arena_format(a, "%s/%lld-%s.%s", s->folder, (long long)tenant, hex(a, hash, 8), s->kind->ending);
}

struct bytes shelf_file(const struct shelf *s, struct arena *a, int64_t tenant, const char *product)
{
	const char *path = path_of(s, a, tenant, product);
	return path ? understand_slurp(a, path) : (struct bytes){ 0 };
}

/* One that cannot be written costs the next start its time, no more. */
static void save(const struct shelf *s, int64_t tenant, const char *product, struct bytes b)
{
	ARENA_SCOPED a = arena_new();
	const char *path = path_of(s, a, tenant, product);
	if (path)
		(void)!understand_file_write(path, &b, 1);
}

/* ---- finding and keeping ---- */

/* One reference is the caller's. NULL: it is no such thing. */
static struct held *held_from(const struct shelf *s, int64_t tenant, const char *product, struct bytes b)
{
	struct arena *a = arena_new();
	struct held *h = ARENA_NEW(a, struct held);
	*h = (struct held){ .arena = a, .tenant = tenant, .product = arena_string(a, product), .refs = 1 };
	if (b.n && s->kind->read(a, product, b, &h->thing) == 0)
		return h;
	arena_free(a);
	return NULL;
}

/* From its file; what was kept while that was read is newer and stays. One reference is the caller's. */
static struct held *load(struct shelf *s, int64_t tenant, const char *product)
{
	ARENA_SCOPED a = arena_new();
	struct held *h = held_from(s, tenant, product, shelf_file(s, a, tenant, product));
	if (!h)
		return NULL;
	pthread_mutex_lock(&s->lock);
	struct held *newer = look_up(s, tenant, product);
	if (!newer)
		put_in(s, h);
	pthread_mutex_unlock(&s->lock);
	if (newer)
		let_go(h);
	return newer ? newer : h;
}

const void *shelf_find(struct shelf *s, struct arena *a, int64_t tenant, const char *product)
{
	pthread_mutex_lock(&s->lock);
	struct held *h = look_up(s, tenant, product);
	pthread_mutex_unlock(&s->lock);
	if (!h)
		h = load(s, tenant, product);
	if (!h)
		return NULL;
	arena_at_end(a, let_go, h);
	return h->thing;
}

int shelf_keep(struct shelf *s, int64_t tenant, const char *product, struct bytes b)
{
	struct held *h = held_from(s, tenant, product, b);
	if (!h)
		return ERR_STATE;
	save(s, tenant, product, b);
	pthread_mutex_lock(&s->lock);
	put_in(s, h);
	pthread_mutex_unlock(&s->lock);
	let_go(h);
	return 0;
}

void shelf_drop(struct shelf *s, int64_t tenant)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = s->n; i-- > 0;)
		if (s->at[i]->tenant == tenant)
			take_out(s, i);
	pthread_mutex_unlock(&s->lock);
}
