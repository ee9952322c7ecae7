/* A course is one follower in one lane. It has at most one request in the writer; whoever brings news while that runs only
 * marks the course, so waking costs nothing under load. */
#include "db/follower.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wait.h"
#include "db/engine.h"
#include "gen/follower_sql.h"
#include "gen/schema.h"

enum {
	LEAST_CHUNK = 8, MOST_CHUNK = 512, FIRST_CHUNK = 64,
	SHORT_MS = 3, LONG_MS = 8,              /* a chunk outside of these grows or shrinks */
	POLL_MS = 1000,
	FIRST_PAUSE_MS = 200, LONGEST_PAUSE_MS = 60 * 1000,
};

struct course {
	struct followers *followers;
	const struct follower *follower;
	int lane;
	struct write_request request;
	struct error error;
	size_t chunk;
	size_t seen;                            /* events of the last run */
	int64_t reached;                        /* its cursor */
	int64_t took_ns;
	int64_t learnt;                         /* last position of the lane, read by the first run */
	/* guarded by the mutex */
	bool running, news;
	int64_t pos, last;                      /* cursor, and last position known of the lane */
	uint64_t failures;
	int pause_ms;
	int64_t not_before_ns;
};

struct followers {
	struct arena *arena;
	struct followers_options options;
	struct course *courses;
	size_t count;
	pthread_mutex_t mutex;
	pthread_cond_t rest;                    /* a course came to rest, or closing */
	pthread_t thread;
	bool closing;
};

static void submit(struct course *k);

/* In the writer -------------------------------------------------------------------------------------------------- */

static int by_tenant(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	if (x->tenant != y->tenant)
		return x->tenant < y->tenant ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

static int step_by_company(struct ctx *c, const struct follower *follower, struct event *events, size_t n)
{
	qsort(events, n, sizeof(*events), by_tenant);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && events[k].tenant == events[i].tenant; k++)
			;
		c->tenant = events[i].tenant;
		TRY(db_set_tenant(c->db, c->tenant));
		TRY(follower->step(c, events + i, k - i));
	}
	return 0;
}

/* Once after the start; later news bring it. Written only while the course runs for the first time. */
static int learn_last(struct ctx *c, struct course *k)
{
	struct lane_position_row *row;
	size_t n;
	TRY(lane_position(c, k->lane, &row, &n));
	k->learnt = n ? row->pos : 0;
	return 0;
}

static int run_chunk(struct ctx *c, void *arg)
{
	struct course *k = arg;
	struct follower_cursor cursor = { .pos = 0 };
	struct event *events;
	int64_t start = monotonic_ns();
	c->tenant = 0;
	int r = follower_cursor_row_get(c, k->lane, k->follower->name, &cursor);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	k->reached = cursor.pos;
	TRY(events_after(c, k->lane, cursor.pos, (int64_t)k->chunk, &events, &k->seen));
	if (k->seen) {
		k->reached = events[k->seen - 1].pos;
		TRY(step_by_company(c, k->follower, events, k->seen));
		TRY(follower_note(c, k->lane, k->follower->name, k->reached, NULL));
	}
	k->took_ns = monotonic_ns() - start;
	return k->last ? 0 : learn_last(c, k);
}

/* After it ------------------------------------------------------------------------------------------------------- */

static void fit_chunk(struct course *k)
{
	if (k->took_ns > (int64_t)LONG_MS * 1000000)
		k->chunk = k->chunk / 2 > LEAST_CHUNK ? k->chunk / 2 : LEAST_CHUNK;
	else if (k->took_ns < (int64_t)SHORT_MS * 1000000 && k->seen == k->chunk)
		k->chunk = k->chunk * 2 < MOST_CHUNK ? k->chunk * 2 : MOST_CHUNK;
}

static void note_failure(struct course *k, int result)
{
	struct followers *f = k->followers;
	k->failures++;
	k->pause_ms = !k->pause_ms ? FIRST_PAUSE_MS : k->pause_ms * 2 < LONGEST_PAUSE_MS ? k->pause_ms * 2 : LONGEST_PAUSE_MS;
	k->not_before_ns = monotonic_ns() + (int64_t)k->pause_ms * 1000000;
	k->chunk = 1;           /* what comes before the event at fault still takes effect */
	char pos[24];
	snprintf(pos, sizeof(pos), "%lld", (long long)k->pos);
	log_write(f->options.log, LOG_ERROR, "follower failed", "follower", k->follower->name, "after", pos, "code",
	          error_name(result), NULL);
}

static int64_t largest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void chunk_done(struct ctx *c, void *arg, int result)
{
	struct course *k = arg;
	struct followers *f = k->followers;
	arena_rewind(c->arena, k->request.own.mark);
	bool full = false;
	pthread_mutex_lock(&f->mutex);
	if (result < 0) {
		note_failure(k, result);
	} else {
		k->pos = k->reached;
		k->last = largest(k->last, largest(k->pos, k->learnt));
		k->pause_ms = 0;
		full = k->seen == k->chunk;
		fit_chunk(k);
	}
	bool more = !f->closing && result >= 0 && (k->news || full);
	k->running = more;
	k->news = false;
	if (!more)
		pthread_cond_broadcast(&f->rest);
	pthread_mutex_unlock(&f->mutex);
	if (more)
		submit(k);
}

static void submit(struct course *k)
{
	struct followers *f = k->followers;
	k->request.ctx.now = clock_now(f->options.clock);
	k->request.ctx.tenant = 0;
	if (writer_submit_to(f->options.writer, k->lane, &k->request) >= 0)
		return;
	pthread_mutex_lock(&f->mutex);
	k->running = false;             /* the poll tries again */
	pthread_cond_broadcast(&f->rest);
	pthread_mutex_unlock(&f->mutex);
}

static void wake(struct course *k, int64_t pos)
{
	struct followers *f = k->followers;
	pthread_mutex_lock(&f->mutex);
	bool start = !f->closing && !k->running && monotonic_ns() >= k->not_before_ns;
	k->news = true;
	k->last = largest(k->last, pos);
	if (start) {
		k->running = true;
		k->news = false;
	}
	pthread_mutex_unlock(&f->mutex);
	if (start)
		submit(k);
}

void followers_wake(struct followers *f, int lane, int64_t pos)
{
	for (size_t i = 0; i < f->count; i++)
		if (lane < 0 || f->courses[i].lane == lane)
			wake(&f->courses[i], pos);
}

/* Other nodes' events when no notice came, pauses that are over, submissions the writer refused. */
static void *poll_lanes(void *arg)
{
	struct followers *f = arg;
	pthread_mutex_lock(&f->mutex);
	while (!f->closing) {
		pthread_mutex_unlock(&f->mutex);
		followers_wake(f, -1, 0);
		const struct timespec end = wait_end(POLL_MS);
		pthread_mutex_lock(&f->mutex);
		while (!f->closing && wait_until(&f->rest, &f->mutex, &end))
			;
	}
	pthread_mutex_unlock(&f->mutex);
	return NULL;
}

/* What people do with followers ------------------------------------------------------------------------------------ */

bool followers_state(struct followers *f, size_t i, struct follower_state *out)
{
	if (i >= f->options.count)
		return false;
	*out = (struct follower_state){ .name = f->options.all[i]->name };
	pthread_mutex_lock(&f->mutex);
	for (size_t k = 0; k < f->count; k++) {
		const struct course *course = &f->courses[k];
		if (course->follower != f->options.all[i])
			continue;
		out->lag += course->last - course->pos;
		out->failures += course->failures;
	}
	pthread_mutex_unlock(&f->mutex);
	return true;
}

bool followers_rest(struct followers *f)
{
	bool rest = true;
	pthread_mutex_lock(&f->mutex);
	for (size_t i = 0; i < f->count; i++) {
		const struct course *k = &f->courses[i];
		rest &= !k->running && !k->news && k->pos >= k->last && !k->pause_ms;
	}
	pthread_mutex_unlock(&f->mutex);
	return rest;
}

static bool have_reached(struct followers *f, const int64_t *goal)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->courses[i].pos < goal[f->courses[i].lane])
			return false;
	return true;
}

struct lane_work {
	struct followers *f;
	const char *name;
	int (*reset)(struct ctx *c);
	int lane;
	int64_t last;
};

/* Runs one request in every lane and waits for it. */
static int in_each_lane(struct followers *f, struct lane_work *work, int (*run)(struct ctx *c, void *arg), int64_t *goal)
{
	int lanes = writer_lane_count(f->options.writer);
	work->f = f;
	for (work->lane = 0; work->lane < lanes; work->lane++) {
		ARENA_SCOPED arena = arena_new();
		struct error error = { 0 };
		struct write_request request = {
			.run = run, .arg = work, .queue = QUEUE_JOBS,
			.ctx = { .arena = arena, .error = &error, .now = clock_now(f->options.clock), .log = f->options.log,
			         .services = f->options.services },
		};
		TRY(writer_run_to(f->options.writer, work->lane, &request));
		if (goal)
			goal[work->lane] = work->last;
	}
	return 0;
}

static int read_last(struct ctx *c, void *arg)
{
	struct lane_work *work = arg;
	struct lane_position_row *row;
	size_t n;
	TRY(lane_position(c, work->lane, &row, &n));
	work->last = n ? row->pos : 0;
	return 0;
}

int followers_drain(struct followers *f, int patience_ms)
{
	int64_t goal[LANES_POSTGRESQL] = { 0 };
	struct lane_work work = { 0 };
	TRY(in_each_lane(f, &work, read_last, goal));
	followers_wake(f, -1, 0);
	const struct timespec end = wait_end(patience_ms);
	pthread_mutex_lock(&f->mutex);
	bool reached = have_reached(f, goal);
	while (!reached && wait_until(&f->rest, &f->mutex, &end))
		reached = have_reached(f, goal);
	pthread_mutex_unlock(&f->mutex);
	return reached ? 0 : ERR_BUSY;
}

static int empty_lane(struct ctx *c, void *arg)
{
	struct lane_work *work = arg;
	struct companies_row *all;
	size_t n;
	TRY(follower_note(c, work->lane, work->name, 0, NULL));
	TRY(companies(c, &all, &n));
	for (size_t i = 0; work->reset && i < n; i++) {
		c->tenant = all[i].tenant;
		if (writer_lane_of(work->f->options.writer, c->tenant) != work->lane)
			continue;
		TRY(db_set_tenant(c->db, c->tenant));
		TRY(work->reset(c));
	}
	c->tenant = 0;
	return 0;
}

int followers_rebuild(struct followers *f, const char *name, int (*reset)(struct ctx *c))
{
	struct lane_work work = { .name = name, .reset = reset };
	TRY(in_each_lane(f, &work, empty_lane, NULL));
	followers_wake(f, -1, 0);
	return 0;
}

/* Opening and closing ---------------------------------------------------------------------------------------------- */

static void course_init(struct course *k, struct followers *f, const struct follower *follower, int lane)
{
	k->followers = f;
	k->follower = follower;
	k->lane = lane;
	k->chunk = FIRST_CHUNK;
	k->request = (struct write_request){
		.run = run_chunk, .done = chunk_done, .arg = k, .queue = QUEUE_JOBS,
		.ctx = { .arena = arena_new(), .actor_kind = ACTOR_SYSTEM, .request_id = follower->name, .error = &k->error,
		         .log = f->options.log, .services = f->options.services },
	};
}

int followers_open(const struct followers_options *options, struct followers **out)
{
	struct arena *arena = arena_new();
	struct followers *f = ARENA_NEW(arena, struct followers);
	int lanes = writer_lane_count(options->writer);
	f->arena = arena;
	f->options = *options;
	f->count = options->count * (size_t)lanes;
	f->courses = ARENA_ARRAY(arena, struct course, f->count ? f->count : 1);
	pthread_mutex_init(&f->mutex, NULL);
	pthread_cond_init(&f->rest, NULL);
	for (size_t i = 0; i < f->count; i++)
		course_init(&f->courses[i], f, options->all[i / (size_t)lanes], (int)(i % (size_t)lanes));
	if (pthread_create(&f->thread, NULL, poll_lanes, f) != 0) {
		arena_free(arena);
		return ERR_NO_MEMORY;
	}
	pthread_setname_np(f->thread, "followers");
	*out = f;
	return 0;
}

void followers_close(struct followers *f)
{
	pthread_mutex_lock(&f->mutex);
	f->closing = true;
	pthread_cond_broadcast(&f->rest);
	for (size_t i = 0; i < f->count; i++)
		while (f->courses[i].running)
			pthread_cond_wait(&f->rest, &f->mutex);
	pthread_mutex_unlock(&f->mutex);
	pthread_join(f->thread, NULL);
	for (size_t i = 0; i < f->count; i++)
		arena_free(f->courses[i].request.ctx.arena);
	pthread_cond_destroy(&f->rest);
	pthread_mutex_destroy(&f->mutex);
	arena_free(f->arena);
}
