/* A ring of tasks behind one mutex. */
#include "base/pool.h"

#include <pthread.h>
#include <stdbool.h>

struct task {
	void (*fn)(void *arg);
	void *arg;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct arena *arena;
	struct task *ring;
	size_t room, head, queued;
	bool closing;
	pthread_t *threads;
	size_t count;
};

static void *work(void *arg)
{
	struct pool *p = arg;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->queued == 0 && !p->closing)
			pthread_cond_wait(&p->wake, &p->lock);
		if (p->queued == 0)
			break;
		struct task task = p->ring[p->head];
		p->head = (p->head + 1) % p->room;
		p->queued--;
		pthread_mutex_unlock(&p->lock);
		task.fn(task.arg);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

int pool_open(size_t threads, size_t queue_most, struct pool **out)
{
	struct arena *a = arena_new();
	struct pool *p = ARENA_NEW(a, struct pool);
	p->arena = a;
	p->room = queue_most;
	p->ring = ARENA_ARRAY(a, struct task, queue_most);
	p->threads = ARENA_ARRAY(a, pthread_t, threads);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	for (; p->count < threads; p->count++) {
		if (pthread_create(&p->threads[p->count], NULL, work, p) != 0) {
			pool_close(p);
			return ERR_NO_MEMORY;
		}
	}
	*out = p;
	return 0;
}

void pool_close(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->closing = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	arena_free(p->arena);
}

int pool_submit(struct pool *p, void (*fn)(void *arg), void *arg)
{
	int r = ERR_BUSY;
	pthread_mutex_lock(&p->lock);
	if (!p->closing && p->queued < p->room) {
		p->ring[(p->head + p->queued++) % p->room] = (struct task){ fn, arg };
		pthread_cond_signal(&p->wake);
		r = 0;
	}
	pthread_mutex_unlock(&p->lock);
	return r;
}

size_t pool_queued(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	size_t n = p->queued;
	pthread_mutex_unlock(&p->lock);
	return n;
}
