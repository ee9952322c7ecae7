/* The thread of a lane: takes what has gathered, people before jobs, and has it settled. While one batch commits the next
 * one gathers, so the batch grows with the load and one request alone waits for nobody. */
#include "db/lane.h"

#include <stdio.h>

enum { RETRY_MS = 250 };

/* With the connection gone requests are refused quickly, and the server is asked a few times a second. */
static bool is_up(struct writer_lane *l)
{
	if (l->writer->dead)
		return false;
	if (!l->down)
		return true;
	if (monotonic_ns() < l->try_again_ns)
		return false;
	l->down = db_reopen(l->db) < 0;
	l->try_again_ns = monotonic_ns() + (int64_t)RETRY_MS * 1000000;
	return !l->down;
}

static void *run_lane(void *arg)
{
	struct writer_lane *l = arg;
	struct write_request **requests = l->requests;
	for (size_t n; (n = lane_take(l, requests));) {
		if (is_up(l))
			lane_settle(l, requests, n);
		else
			lane_fail(l, requests, n, ERR_DATABASE);
		reserve_restore(&l->writer->reserve);
	}
	return NULL;
}

int lane_open(struct writer_lane *l, struct writer *w, int number, struct db_conn *db)
{
	char name[16];
	l->writer = w;
	l->number = number;
	l->db = db;
	l->requests = ARENA_ARRAY(w->arena, struct write_request *, w->options.batch_most);
	l->batch = (struct batch){
		.db = db, .arena = arena_new(), .log = w->options.log, .clock = w->options.clock,
		.mark = w->options.mark, .mark_arg = w->options.mark_arg, .lane = number, .writer = w->id,
	};
	for (int i = 0; i < QUEUE_COUNT; i++)
		l->queues[i].end = &l->queues[i].first;
	pthread_mutex_init(&l->mutex, NULL);
	pthread_cond_init(&l->wake, NULL);
	if (pthread_create(&l->thread, NULL, run_lane, l) != 0) {
		arena_free(l->batch.arena);
		return ERR_NO_MEMORY;
	}
	snprintf(name, sizeof(name), "lane %d", number);
	pthread_setname_np(l->thread, name);
	return 0;
}

void lane_close(struct writer_lane *l)
{
	pthread_mutex_lock(&l->mutex);
	l->closing = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->mutex);
	pthread_join(l->thread, NULL);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->mutex);
	arena_free(l->batch.arena);
	db_close(l->db);
}
