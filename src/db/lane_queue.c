/* What waits for a lane: people before jobs, each in order. Anybody puts in, the lane's thread alone takes out. */
#include "db/lane.h"

#include "base/wait.h"

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
	const struct timespec end = wait_end(ms);
	pthread_mutex_lock(&l->mutex);
	while (!l->closing && wait_until(&l->wake, &l->mutex, &end))
		;
	pthread_mutex_unlock(&l->mutex);
}

size_t lane_take(struct writer_lane *l, struct write_request **out)
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
