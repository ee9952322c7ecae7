/* A table of the sets used last, one place a company and kind; whoever meets there compiles anew. */
#include "core/definition/definition.h"

#include <pthread.h>
#include <stdatomic.h>

#include "core/services.h"
#include "gen/definition_sql.h"
#include "gen/schema.h"

enum { PLACES = 1024 };

struct definitions {
	struct arena *arena;
	pthread_mutex_t mutex;
	struct definition_set *at[PLACES];
};

struct definitions *definitions_new(void)
{
	struct arena *a = arena_new();
	struct definitions *d = ARENA_NEW(a, struct definitions);
	d->arena = a;
	pthread_mutex_init(&d->mutex, NULL);
	return d;
}

void definition_give(struct definition_set *set)
{
	if (set && atomic_fetch_sub(&set->refs, 1) == 1)
		arena_free(set->arena);
}

static void let_go(void *set)
{
	definition_give(set);
}

void definition_give_at_end(struct ctx *c, struct definition_set *set)
{
	arena_at_end(c->arena, let_go, set);
}

void definitions_free(struct definitions *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < PLACES; i++)
		definition_give(d->at[i]);
	pthread_mutex_destroy(&d->mutex);
	arena_free(d->arena);
}

int definition_changed(struct ctx *c, enum definition_kind kind)
{
	return definition_stamp(c, kind, new_id(c), NULL);
}

static int stamp_now(struct ctx *c, enum definition_kind kind, int64_t *stamp)
{
	struct definition row;
	const struct error before = *c->error;  /* faults of a row that is being checked outlive a set that nobody has defined */
	int r = definition_row_get(c, kind, &row);
	*stamp = r == 0 ? row.stamp : 0;
	if (r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	return 0;
}

static struct definition_set **place_of(struct definitions *d, int64_t tenant, enum definition_kind kind)
{
	uint64_t h = ((uint64_t)tenant * DEFINITION_KINDS + kind) * UINT64_C(0x9e3779b97f4a7c15);
	return &d->at[h >> 54];
}

static struct definition_set *find(struct definitions *d, int64_t tenant, enum definition_kind kind, int64_t stamp)
{
	pthread_mutex_lock(&d->mutex);
	struct definition_set *set = *place_of(d, tenant, kind);
	if (set && (set->tenant != tenant || set->stamp != stamp || set->kind != kind))
		set = NULL;
	if (set)
		atomic_fetch_add(&set->refs, 1);
	pthread_mutex_unlock(&d->mutex);
	return set;
}

static void keep(struct definitions *d, struct definition_set *set)
{
	pthread_mutex_lock(&d->mutex);
	struct definition_set **place = place_of(d, set->tenant, set->kind), *before = *place;
	atomic_fetch_add(&set->refs, 1);
	*place = set;
	pthread_mutex_unlock(&d->mutex);
	definition_give(before);
}

int definition_take(struct ctx *c, enum definition_kind kind, size_t size, int (*compile)(struct ctx *c, struct definition_set *set),
                    struct definition_set **out)
{
	struct definitions *d = c->services->definitions;
	int64_t stamp;
	TRY(stamp_now(c, kind, &stamp));
	*out = d ? find(d, c->tenant, kind, stamp) : NULL;
	if (*out)
		return 0;
	struct arena *a = arena_new();
	struct definition_set *set = arena_alloc(a, size);
	*set = (struct definition_set){ .arena = a, .tenant = c->tenant, .stamp = stamp, .kind = kind, .refs = 1 };
	int r = compile(c, set);
	if (r < 0) {
		definition_give(set);
		return r;
	}
	if (d)
		keep(d, set);
	*out = set;
	return 0;
}
