/* The file: a mark, the model's hash, then rows of a text's hash and its vector. */
#include "core/understand/understand_vectors.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"

#define MARK "AXVECT01"
enum { HEAD = 8 + HASH_SIZE, MOST_THREADS = 16 };

struct row {
	uint8_t hash[HASH_SIZE];
	float vector[EMBED_SIZE];
};

/* ---- finding ---- */

static int by_hash(const void *x, const void *y) { return memcmp(x, y, HASH_SIZE); }

struct store {
	uint8_t model[HASH_SIZE];
	struct row *rows;
	size_t n;
};

static void load(struct arena *a, const char *path, struct store *s)
{
	struct understand_map m = { 0 };
	if (!path || understand_map_open(path, &m) < 0)
		return;
	if (m.n >= HEAD && !memcmp(m.p, MARK, 8) && !memcmp((const uint8_t *)m.p + 8, s->model, HASH_SIZE) && (m.n - HEAD) % sizeof(struct row) == 0) {
		s->n = (m.n - HEAD) / sizeof(struct row);
		s->rows = arena_copy(a, (const uint8_t *)m.p + HEAD, m.n - HEAD);
		qsort(s->rows, s->n, sizeof(*s->rows), by_hash);
	}
	understand_map_close(&m);
}

static const float *find(const struct store *s, const char *text)
{
	uint8_t hash[HASH_SIZE];
	hash_sha256(text, strlen(text), hash);
	const struct row *r = s->n ? bsearch(hash, s->rows, s->n, sizeof(*r), by_hash) : NULL;
	return r ? r->vector : NULL;
}

/* One that cannot be written costs the next build its time, no more. */
static void save(const char *path, const struct store *s, const struct row *more, size_t n)
{
	const struct bytes parts[] = {
		{ (const uint8_t *)MARK, 8 }, { s->model, HASH_SIZE }, { (const uint8_t *)s->rows, s->n * sizeof(*more) }, { (const uint8_t *)more, n * sizeof(*more) },
	};
	(void)!understand_file_write(path, parts, sizeof(parts) / sizeof(parts[0]));
}

/* ---- reckoning ---- */

struct reckoning {
	struct embed *embed;
	struct classify_phrasing **wanted;
	struct row *rows;
	size_t n;
	atomic_size_t next;
};

static void *reckon(void *arg)
{
	struct reckoning *r = arg;
	for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) {
		const char *text = r->wanted[i]->normal;
		hash_sha256(text, strlen(text), r->rows[i].hash);
		embed_text(r->embed, text, r->rows[i].vector);
		r->wanted[i]->vector = r->rows[i].vector;
	}
	return NULL;
}

static void reckon_all(struct reckoning *r)
{
	pthread_t threads[MOST_THREADS];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = 0, wanted = processors > 1 ? (size_t)processors - 1 : 0;
	while (n < wanted && n < MOST_THREADS && pthread_create(&threads[n], NULL, reckon, r) == 0)
		n++;
	reckon(r);
	while (n > 0)
		pthread_join(threads[--n], NULL);
}

static void want(const struct store *s, struct classify_phrasing *p, struct reckoning *r)
{
	p->vector = find(s, p->normal);
	if (!p->vector)
		r->wanted[r->n++] = p;
}

int understand_vectors(struct arena *a, struct embed *embed, const char *model, const char *path, struct classify_source *s, size_t *made)
{
	struct store store = { 0 };
	struct understand_map language;
	TRY(understand_map_open(model, &language));
	hash_sha256(language.p, language.n, store.model);
	understand_map_close(&language);
	load(a, path, &store);
	struct reckoning r = { .embed = embed, .wanted = ARENA_ARRAY(a, struct classify_phrasing *, s->phrasing_count + s->outside_count + 1) };
	for (size_t i = 0; i < s->phrasing_count; i++)
		want(&store, (struct classify_phrasing *)&s->phrasings[i], &r);
	for (size_t i = 0; i < s->outside_count; i++)
		want(&store, (struct classify_phrasing *)&s->outside[i], &r);
	r.rows = ARENA_ARRAY(a, struct row, r.n + 1);
	reckon_all(&r);
	if (path && r.n)
		save(path, &store, r.rows, r.n);
	*made = r.n;
	return 0;
}
