/* Idle connections behind a mutex and a condition. */
#include "core/api/readers.h"

#include <pthread.h>

#include "db/engine.h"
#include "db/idle.h"

struct readers {
	pthread_mutex_t lock;
	pthread_cond_t given;
	struct arena *arena;
	size_t count;
	struct db_conn **all;
	struct idle idle;
};

int readers_open(const char *url, size_t count, struct log *log, struct readers **out)
{
	struct arena *a = arena_new();
	struct readers *r = ARENA_NEW(a, struct readers);
	r->arena = a;
	r->all = ARENA_ARRAY(a, struct db_conn *, count);
	idle_lock_init(&r->lock);
	pthread_cond_init(&r->given, NULL);
	for (; r->count < count; r->count++) {
		int result = db_open(url, DB_READER, log, &r->all[r->count]);
		if (result < 0) {
			readers_close(r);
			return result;
		}
		idle_give(&r->idle, r->all[r->count]);
	}
	*out = r;
	return 0;
}

void readers_close(struct readers *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		db_close(r->all[i]);
	pthread_cond_destroy(&r->given);
	pthread_mutex_destroy(&r->lock);
	arena_free(r->arena);
}

int readers_take(struct readers *r, struct db_conn **db)
{
	pthread_mutex_lock(&r->lock);
	while (!(*db = idle_take(&r->idle)))
		pthread_cond_wait(&r->given, &r->lock);
	pthread_mutex_unlock(&r->lock);
	if (db_failure(*db) != FAILURE_LOST)
		return 0;
	int result = db_reopen(*db);
	if (result < 0)
		readers_give(r, *db);
	return result;
}

void readers_give(struct readers *r, struct db_conn *db)
{
	pthread_mutex_lock(&r->lock);
	idle_give(&r->idle, db);
	pthread_cond_signal(&r->given);
	pthread_mutex_unlock(&r->lock);
}

uint64_t readers_statements(const struct readers *r)
{
	uint64_t n = 0;
	for (size_t i = 0; i < r->count; i++)
		n += db_statements(r->all[i]);
	return n;
}

int readers_run(struct readers *r, struct ctx *c, int (*fn)(struct ctx *c, void *arg), void *arg)
{
	TRY(readers_take(r, &c->db));
	int result = db_begin_read(c->db, c->tenant);
	if (result == 0) {
		result = fn(c, arg);
		int ended = db_end_read(c->db);
		if (result == 0)
			result = ended;
	}
	readers_give(r, c->db);
	c->db = NULL;
	return result;
}
