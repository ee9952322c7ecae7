/* The thread of a lane: takes what has gathered, people before jobs, and has it settled. While one batch commits the next
 * one gathers, so the batch grows with the load and one request alone waits for nobody. */
#include "db/lane.h"

#include <stdio.h>
#include <time.h>

enum { RETRY_MS = 250 };

static void push(struct queue_ends *q, struct write_request *r)
{
	r->own.next = NULL;
	*q->end = r;
	q->end = &r->own.next;
	q->n++;
}

static struct write_request *pop(struct queue_ends *q)
{
	struct write_request *r = q->first;
	q->first = r->own.next;
	if (!q->first)
		q->end = &q->first;
	q->n--;
	return r;
}

int lane_submit(struct writer_lane *l, struct write_request *r)
{
	if (l->writer->dead)
		return ERR_DATABASE;
	r->own.mark = arena_mark(r->ctx.arena);
	r->own.since_ns = monotonic_ns();
	r->own.losses = 0;
	pthread_mutex_lock(&l->mutex);
	struct queue_ends *q = &l->queues[r->queue];
	bool refused = l->closing || q->n >= l->writer->options.queue_most;
	if (!refused) {
		push(q, r);
		pthread_cond_signal(&l->wake);
	}
	pthread_mutex_unlock(&l->mutex);
	return refused ? ERR_BUSY : 0;
}

/* Jobs that had no time in this batch go to the front again: their order holds. */
void lane_put_back(struct writer_lane *l, struct write_request **requests, size_t n)
{
	struct queue_ends *q = &l->queues[QUEUE_JOBS];
	pthread_mutex_lock(&l->mutex);
	while (n--) {
		requests[n]->own.next = q->first;
		if (!q->first)
			q->end = &requests[n]->own.next;
		q->first = requests[n];
		q->n++;
	}
	pthread_mutex_unlock(&l->mutex);
}

bool lane_is_closing(struct writer_lane *l)
{
	pthread_mutex_lock(&l->mutex);
	bool closing = l->closing;
	pthread_mutex_unlock(&l->mutex);
	return closing;
}

void lane_pause(struct writer_lane *l, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&l->mutex);
	while (!l->closing && pthread_cond_timedwait(&l->wake, &l->mutex, &until) == 0)
		;
	pthread_mutex_unlock(&l->mutex);
}

/* Waits for work; 0 when the lane is closing and empty. Some jobs run in every batch, so people cannot starve them. */
static size_t take(struct writer_lane *l, struct write_request **out)
{
	size_t n = 0, most = l->writer->options.batch_most;
	struct queue_ends *people = &l->queues[QUEUE_PEOPLE], *jobs = &l->queues[QUEUE_JOBS];
	pthread_mutex_lock(&l->mutex);
	while (!people->n && !jobs->n && !l->closing)
		pthread_cond_wait(&l->wake, &l->mutex);
	size_t for_jobs = jobs->n && most > 1 ? most / 8 + 1 : 0;
	while (people->n && n + for_jobs < most)
		out[n++] = pop(people);
	while (jobs->n && n < most)
		out[n++] = pop(jobs);
	pthread_mutex_unlock(&l->mutex);
	return n;
}

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
	for (size_t n; (n = take(l, requests));) {
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
	pthread_condattr_t monotonic;
	char name[16];
	l->writer = w;
	l->number = number;
	l->db = db;
	l->requests = ARENA_ARRAY(w->arena, struct write_request *, w->options.batch_most);
	l->batch = (struct batch){
		.db = db, .arena = arena_new(), .log = w->options.log, .clock = w->options.clock, .lane = number, .writer = w->id,
	};
	for (int i = 0; i < QUEUE_COUNT; i++)
		l->queues[i].end = &l->queues[i].first;
	pthread_mutex_init(&l->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&l->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
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
