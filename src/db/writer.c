/* The writer: opens the lanes, hands each request to the lane of its tenant. */
#include "db/lane.h"

#include "base/crypto.h"
#include "gen/writer_sql.h"

enum { BATCH_SQLITE = 512, BATCH_POSTGRESQL = 48, DEFAULT_QUEUE = 10000 };

int writer_lane_count(const struct writer *w)
{
	return w->lane_count;
}

/* Neighbouring tenant ids spread evenly (Fibonacci hashing, Knuth 6.4). */
int writer_lane_of(const struct writer *w, int64_t tenant)
{
	return (int)(((uint64_t)tenant * UINT64_C(0x9E3779B97F4A7C15) >> 32) % (uint64_t)w->lane_count);
}

static void set_defaults(struct writer *w, enum db_engine engine)
{
	bool sqlite = engine == DB_SQLITE;
	w->engine = engine;
	w->lane_count = sqlite ? LANES_SQLITE : LANES_POSTGRESQL;
	if (!w->options.batch_most)
		w->options.batch_most = sqlite ? BATCH_SQLITE : BATCH_POSTGRESQL;
	if (!w->options.queue_most)
		w->options.queue_most = DEFAULT_QUEUE;
	if (!sqlite) {
		crypto_random(&w->id, sizeof(w->id));
		w->id = (w->id & INT64_MAX) | 1;
	}
	w->reserve.path = sqlite ? w->options.reserve_path : NULL;
	reserve_make(&w->reserve);
}

static int open_lanes(struct writer *w, struct db_conn *first)
{
	w->lanes = ARENA_ARRAY(w->arena, struct writer_lane, (size_t)w->lane_count);
	int count = w->lane_count;
	struct db_conn *db = first;
	for (w->lane_count = 0; w->lane_count < count; w->lane_count++) {
		if (!db)
			TRY(db_open(w->options.url, DB_WRITER, w->options.log, &db));
		int r = lane_open(&w->lanes[w->lane_count], w, w->lane_count, db);
		if (r < 0) {
			db_close(db);
			return r;
		}
		db = NULL;
	}
	return 0;
}

int writer_open(const struct writer_options *options, struct writer **out)
{
	struct db_conn *first;
	TRY(db_open(options->url, DB_WRITER, options->log, &first));
	struct arena *arena = arena_new();
	struct writer *w = ARENA_NEW(arena, struct writer);
	w->arena = arena;
	w->options = *options;
	set_defaults(w, db_engine_of(first));
	int r = open_lanes(w, first);
	if (r < 0) {
		writer_close(w);
		return r;
	}
	*out = w;
	return 0;
}

void writer_close(struct writer *w)
{
	for (int i = 0; i < w->lane_count; i++)
		lane_close(&w->lanes[i]);
	arena_free(w->arena);
}

int writer_submit_to(struct writer *w, int lane, struct write_request *r)
{
	return lane_submit(&w->lanes[lane], r);
}

int writer_submit(struct writer *w, struct write_request *r)
{
	return writer_submit_to(w, writer_lane_of(w, r->ctx.tenant), r);
}

/* A caller that waits */
struct waiter {
	pthread_mutex_t mutex;
	pthread_cond_t over;
	bool is_over;
	int result;
	void (*done)(struct ctx *c, void *arg, int result);
	int (*run)(struct ctx *c, void *arg);
	void *arg;
};

static int run_for_waiter(struct ctx *c, void *arg)
{
	struct waiter *wait = arg;
	return wait->run(c, wait->arg);
}

static void wake_waiter(struct ctx *c, void *arg, int result)
{
	struct waiter *wait = arg;
	if (wait->done)
		wait->done(c, wait->arg, result);
	pthread_mutex_lock(&wait->mutex);
	wait->result = result;
	wait->is_over = true;
	pthread_cond_signal(&wait->over);
	pthread_mutex_unlock(&wait->mutex);
}

int writer_run_to(struct writer *w, int lane, struct write_request *r)
{
	struct waiter wait = { .done = r->done, .run = r->run, .arg = r->arg };
	pthread_mutex_init(&wait.mutex, NULL);
	pthread_cond_init(&wait.over, NULL);
	r->run = run_for_waiter;
	r->done = wake_waiter;
	r->arg = &wait;
	int result = writer_submit_to(w, lane, r);
	if (result >= 0) {
		pthread_mutex_lock(&wait.mutex);
		while (!wait.is_over)
			pthread_cond_wait(&wait.over, &wait.mutex);
		pthread_mutex_unlock(&wait.mutex);
		result = wait.result;
	}
	r->run = wait.run;
	r->done = wait.done;
	r->arg = wait.arg;
	pthread_cond_destroy(&wait.over);
	pthread_mutex_destroy(&wait.mutex);
	return result;
}

int writer_run(struct writer *w, struct write_request *r)
{
	return writer_run_to(w, writer_lane_of(w, r->ctx.tenant), r);
}

void writer_stats(const struct writer *w, struct writer_stats *out)
{
	*out = (struct writer_stats){ 0 };
	for (int i = 0; i < w->lane_count; i++) {
		struct writer_lane *l = &w->lanes[i];
		pthread_mutex_lock(&l->mutex);
		const struct writer_stats *s = &l->stats;
		out->requests += s->requests;
		out->batches += s->batches;
		out->reruns += s->reruns;
		out->failed += s->failed;
		out->commit_failures += s->commit_failures;
		out->slow += s->slow;
		out->lost += s->lost;
		out->unknown += s->unknown;
		out->events += s->events;
		for (int q = 0; q < QUEUE_COUNT; q++)
			out->queued[q] += l->queues[q].n;
		if (s->longest_handler_ns > out->longest_handler_ns)
			out->longest_handler_ns = s->longest_handler_ns;
		pthread_mutex_unlock(&l->mutex);
	}
}
