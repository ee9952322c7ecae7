/* The watch: one indexed look a tick, what is due goes to the lanes by company in chunks that hold the writer a few milliseconds. It never
 * believes what it read: each clock is judged again from its row, in the transaction that tells it. */
#include <pthread.h>
#include <stdlib.h>

#include "base/wait.h"
#include "core/clock/clock_row.h"
#include "core/services.h"
#include "db/engine.h"
#include "db/writer.h"
#include "gen/clock_sql.h"

enum { DEFAULT_TICK_MS = 250, PAUSE_MS = 2000, LOOK = 512, CHUNK = 64 };

struct chunk {
	struct clock_watch *watch;
	int64_t ids[CHUNK];
	size_t n;
	struct error error;
	struct write_request request;
};

struct clock_watch {
	struct arena *arena;
	struct clock_watch_options options;
	struct db_conn *db;
	pthread_t thread;
	pthread_mutex_t mutex;          /* guards what follows */
	pthread_cond_t change;
	size_t under_way;
	bool look, closing, failed;
};

static int tell_one(struct ctx *c, const struct clock_set *set, const struct service_clock *row)
{
	struct clock_case k;
	clock_case_read(set, row, &k);
	TRY(clock_tell(c, &k));
	return clock_store(c, &k);
}

static int tell_chunk(struct ctx *c, void *arg)
{
	struct chunk *chunk = arg;
	struct service_clock *rows;
	size_t n;
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	TRY(clocks_of_ids(c, chunk->ids, chunk->n, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].next_at <= c->now)
			TRY(tell_one(c, set, &rows[i]));
	return 0;
}

static void chunk_done(struct ctx *c, void *arg, int result)
{
	struct chunk *chunk = arg;
	struct clock_watch *w = chunk->watch;
	if (result < 0)
		log_write(w->options.log, LOG_ERROR, "clocks could not be told", "code", error_name(result), NULL);
	pthread_mutex_lock(&w->mutex);
	arena_free(c->arena);
	w->failed |= result < 0;
	w->under_way--;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->mutex);
}

static void submit(struct clock_watch *w, struct chunk *chunk)
{
	pthread_mutex_lock(&w->mutex);
	w->under_way++;
	pthread_mutex_unlock(&w->mutex);
	if (writer_submit(w->options.writer, &chunk->request) < 0)
		chunk_done(&chunk->request.ctx, chunk, ERR_BUSY);
}

static struct chunk *new_chunk(struct clock_watch *w, int64_t tenant)
{
	struct arena *a = arena_new();
	struct chunk *chunk = ARENA_NEW(a, struct chunk);
	chunk->watch = w;
	chunk->request = (struct write_request){
		.run = tell_chunk, .done = chunk_done, .arg = chunk, .queue = QUEUE_JOBS,
		.ctx = { .arena = a, .tenant = tenant, .actor_kind = ACTOR_SYSTEM, .now = clock_now(w->options.clock), .request_id = "clock",
		         .error = &chunk->error, .log = w->options.log, .services = w->options.services },
	};
	return chunk;
}

static int by_tenant(const void *a, const void *b)
{
	const struct clocks_due_row *x = a, *y = b;
	return x->tenant < y->tenant ? -1 : x->tenant > y->tenant;
}

/* What is due now; how many, or an error. */
static int look(struct clock_watch *w, size_t *n)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct ctx c = { .arena = a, .db = w->db, .error = &error, .log = w->options.log };
	struct clocks_due_row *rows;
	int r = clocks_due(&c, clock_now(w->options.clock), LOOK, &rows, n);
	if (r < 0) {
		if (db_reopen(w->db) < 0)
			log_write(w->options.log, LOG_WARN, "clocks: no database", NULL);
		return r;
	}
	if (*n)
		qsort(rows, *n, sizeof(*rows), by_tenant);
	struct chunk *chunk = NULL;
	for (size_t i = 0; i < *n; i++) {
		if (chunk && (chunk->n == CHUNK || chunk->request.ctx.tenant != rows[i].tenant)) {
			submit(w, chunk);
			chunk = NULL;
		}
		if (!chunk)
			chunk = new_chunk(w, rows[i].tenant);
		chunk->ids[chunk->n++] = rows[i].id;
	}
	if (chunk)
		submit(w, chunk);
	return 0;
}

/* One look at a time: what is under way is not looked at again. */
static void rest(struct clock_watch *w, bool at_once, bool failed)
{
	const struct timespec end = wait_end(failed || w->failed ? PAUSE_MS : w->options.tick_ms ? w->options.tick_ms : DEFAULT_TICK_MS);
	while (w->under_way)
		pthread_cond_wait(&w->change, &w->mutex);
	failed |= w->failed;
	w->failed = false;
	if (at_once && !failed)
		return;
	while (!w->closing && !w->look && wait_until(&w->change, &w->mutex, &end))
		;
}

static void *watch(void *arg)
{
	struct clock_watch *w = arg;
	pthread_mutex_lock(&w->mutex);
	while (!w->closing) {
		size_t n = 0;
		w->look = false;
		pthread_mutex_unlock(&w->mutex);
		int r = look(w, &n);
		pthread_mutex_lock(&w->mutex);
		rest(w, n > 0, r < 0);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

int clock_watch_open(const struct clock_watch_options *options, struct clock_watch **out)
{
	struct db_conn *db;
	TRY(db_open(options->url, DB_READER, options->log, &db));
	struct arena *a = arena_new();
	struct clock_watch *w = ARENA_NEW(a, struct clock_watch);
	w->arena = a;
	w->options = *options;
	w->db = db;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->change, NULL);
	if (pthread_create(&w->thread, NULL, watch, w) != 0) {
		db_close(db);
		arena_free(a);
		return ERR_NO_MEMORY;
	}
	pthread_setname_np(w->thread, "clocks");
	*out = w;
	return 0;
}

void clock_watch_wake(struct clock_watch *w)
{
	pthread_mutex_lock(&w->mutex);
	w->look = true;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->mutex);
}

size_t clock_watch_under_way(struct clock_watch *w)
{
	pthread_mutex_lock(&w->mutex);
	size_t n = w->under_way;
	pthread_mutex_unlock(&w->mutex);
	return n;
}

void clock_watch_close(struct clock_watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	w->closing = true;
	pthread_cond_broadcast(&w->change);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->change);
	pthread_mutex_destroy(&w->mutex);
	db_close(w->db);
	arena_free(w->arena);
}
