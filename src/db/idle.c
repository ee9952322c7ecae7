/* A stack, searched from its top. */
#include "db/idle.h"

#include <stdlib.h>
#include <string.h>

struct db_conn *idle_take(struct idle *s)
{
	pthread_t self = pthread_self();
	if (s->n == 0)
		return NULL;
	size_t i = s->n - 1;
	while (i && !pthread_equal(s->at[i].last, self))
		i--;
	if (!pthread_equal(s->at[i].last, self))
		i = s->n - 1;
	struct db_conn *db = s->at[i].db;
	memmove(&s->at[i], &s->at[i + 1], (--s->n - i) * sizeof(s->at[0]));
	return db;
}

void idle_give(struct idle *s, struct db_conn *db)
{
	if (s->n == IDLE_MOST)
		abort();
	s->at[s->n].db = db;
	s->at[s->n++].last = pthread_self();
}

void idle_lock_init(pthread_mutex_t *lock)
{
	pthread_mutexattr_t how;
	pthread_mutexattr_init(&how);
	pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(lock, &how);
	pthread_mutexattr_destroy(&how);
}
