/* Connections that nobody uses at the moment. The one that the asking thread gave back last comes first: its pages and
 * statements still lie in the cache of that thread's core. Whoever owns the stack locks it. */
#pragma once

#include <pthread.h>
#include <stddef.h>

struct db_conn;

enum { IDLE_MOST = 64 };

struct idle {
	struct {
		struct db_conn *db;
		pthread_t last;
	} at[IDLE_MOST];
	size_t n;
};

struct db_conn *idle_take(struct idle *s);              /* NULL when there is none */
void idle_give(struct idle *s, struct db_conn *db);     /* at most IDLE_MOST */

/* For locks held for a few instructions: who comes second looks again a little before it sleeps. */
void idle_lock_init(pthread_mutex_t *lock);
