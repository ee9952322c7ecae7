/* The file: a mark, the model's hash, then rows. */
#include "core/understand/understand_vectors.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"

#define MARK "AXVECT01"
enum { HEAD = 8 + HASH_SIZE, MOST_THREADS = 16 };

/* ---- finding ---- */

static int by_hash(const void *x, const void *y) { return memcmp(x, y, HASH_SIZE); }

void vector_row_name(struct vector_row *row, const char *text)
{
	hash_sha256(text, strlen(text), row->hash);
}

struct vector_rows vector_rows_read(struct arena *a, struct bytes b)
{
	if (!b.n || b.n % sizeof(struct vector_row) != 0)
		return (struct vector_rows){ 0 };
	struct vector_row *rows = arena_copy(a, b.p, b.n);
	size_t n = b.n / sizeof(*rows);
	qsort(rows, n, sizeof(*rows), by_hash);
	return (struct vector_rows){ rows, n };
}

const float *vector_rows_find(const struct vector_rows *rows, const char *text)
{
	struct vector_row key;
	vector_row_name(&key, text);
	const struct vector_row *row = rows->n ? bsearch(&key, rows->at, rows->n, sizeof(key), by_hash) : NULL;
	return row ? row->vector : NULL;
}

struct store {
	uint8_t model[HASH_SIZE];
	struct vector_rows rows;
};

static void load(struct arena *a, const char *path, struct store *s)
{
	struct understand_map m = { 0 };
	if (!path || understand_map_open(path, &m) < 0)
		return;
	const uint8_t *p = m.p;
	if (m.n >= HEAD && !memcmp(p, MARK, 8) && !memcmp(p + 8, s->model, HASH_SIZE))
		s->rows = vector_rows_read(a, (struct bytes){ p + HEAD, m.n - HEAD });
	understand_map_close(&m);
}

/* One that cannot be written costs the next build its time, no more. */
static void save(const char *path, const struct store *s, const struct vector_row *more, size_t n)
{
	const struct bytes parts[] = {
		{ (const uint8_t *)MARK, 8 }, { s->model, HASH_SIZE }, { (const uint8_t *)s->rows.at, s->rows.n * sizeof(*more) }, { (const uint8_t *)more, n * sizeof(*more) },
	};
	(void)!understand_file_write(path, parts, sizeof(parts) / sizeof(parts[0]));
}

/* ---- reckoning ---- */

struct reckoning {
	struct embed *embed;
	struct classify_phrasing **wanted;
	struct vector_row *rows;
	size_t n;
	atomic_size_t next;
};

static void *reckon(void *arg)
{
	struct reckoning *r = arg;
	for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) {
		const char *text = r->wanted[i]->normal;
		vector_row_name(&r->rows[i], text);
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
	p->vector = vector_rows_find(&s->rows, p->normal);
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
	r.rows = ARENA_ARRAY(a, struct vector_row, r.n + 1);
	reckon_all(&r);
	if (path && r.n)
		save(path, &store, r.rows, r.n);
	*made = r.n;
	return 0;
}
