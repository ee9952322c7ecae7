/* The scheduler and the ways of a job: waiting → writer → gone, or waiting → claimed → pool → writer → gone.
 *
 * A flight is one job under way in this process. Every step reads the row again behind the lane's lock and goes on only if
 * it is as the flight left it: other nodes see the same rows and may have been faster. */
#include "db/job.h"

#include <pthread.h>
#include <string.h>

#include "base/wait.h"
#include "db/engine.h"
#include "gen/job_sql.h"

enum { FLIGHTS = 64, DEFAULT_TICK_MS = 250, GAP_MS = 20, DEFAULT_ATTEMPTS = 10 };
static const int64_t default_pause_ms = 5 * SECOND_MS, longest_pause_ms = 6 * (int64_t)HOUR_MS;
static const int64_t default_lease_ms = 5 * (int64_t)MINUTE_MS;

struct flight {
	struct jobs *jobs;
	bool used;
	const struct job_kind *kind;
	int64_t tenant, id;
	struct job job;                 /* the row as this flight last left it; its texts in the arena */
	const char *answer;
	int failed;                     /* why the last step failed, for the row */
	const char *why;
	struct error error;
	struct write_request request;
};

struct jobs {
	struct arena *arena;
	struct jobs_options options;
	struct db_conn *db;
	pthread_t thread;
	pthread_mutex_t mutex;          /* guards `used`, looking, closing */
	pthread_cond_t change;
	struct flight flights[FLIGHTS];
	size_t under_way;
	bool look, closing;
};

int job_add(struct ctx *c, int64_t id, const char *kind, time_ms run_at, const char *key, const char *data)
{
	const char *unique = key ? key : arena_format(c->arena, "%lld", (long long)id);
	return job_put(c, id, kind, run_at, unique, data ? data : "{}", NULL);
}

/* Steps in the writer --------------------------------------------------------------------------------------------- */

/* The row again: 1 when it is still as the flight knows it, 0 when others have moved or removed it. */
static int still_there(struct ctx *c, struct flight *f, struct job *now)
{
	int r = job_row_get(c, f->id, now);
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	return !strcmp(now->state, f->job.state) && now->run_at == f->job.run_at;
}

static int run_in_writer(struct ctx *c, void *arg)
{
	struct flight *f = arg;
	struct job now;
	int there = still_there(c, f, &now);
	if (there <= 0)
		return there;
	TRY(f->kind->run(c, &now, f->answer));
	return job_row_remove(c, f->id);
}

static int claim(struct ctx *c, void *arg)
{
	struct flight *f = arg;
	struct jobs *j = f->jobs;
	struct job now;
	int there = still_there(c, f, &now);
	if (there <= 0)
		return there;
	now.run_at = c->now + (j->options.lease_ms ? j->options.lease_ms : default_lease_ms);
	now.state = "running";
	now.attempts++;
	/* Why it failed before is known to this attempt; if that is cut off, the next one finds nothing there. */
	TRY(job_move(c, f->id, now.state, now.run_at, now.attempts, "", NULL));
	f->job = now;
	return 1;
}

static int64_t pause_after(const struct job_kind *kind, int64_t attempts)
{
	int64_t pause = kind->first_pause_ms ? kind->first_pause_ms : default_pause_ms;
	while (--attempts > 0 && pause < longest_pause_ms)
		pause *= 2;
	return pause < longest_pause_ms ? pause : longest_pause_ms;
}

static int attempts_of(const struct ctx *c, const struct job_kind *kind)
{
	if (kind->attempts)
		return kind->attempts(c);
	return kind->attempts_most ? kind->attempts_most : DEFAULT_ATTEMPTS;
}

static int note_failure(struct ctx *c, void *arg)
{
	struct flight *f = arg;
	struct job now;
	int there = still_there(c, f, &now);
	if (there <= 0)
		return there;
	bool called = !strcmp(now.state, "running");    /* claiming has counted this attempt already */
	int64_t attempts = called ? now.attempts : now.attempts + 1;
	bool dead = attempts >= attempts_of(c, f->kind);
	TRY(job_move(c, f->id, dead ? "dead" : "waiting", c->now + pause_after(f->kind, attempts), attempts, f->why, NULL));
	now.attempts = attempts;
	now.last_error = f->why;
	return dead && f->kind->died ? f->kind->died(c, &now) : 0;
}

/* The way of a flight --------------------------------------------------------------------------------------------- */

enum next { LOOK_AGAIN, LOOK_LATER };    /* later after a failure: the tick keeps a broken database from being asked in a loop */

static void land(struct flight *f, enum next next)
{
	struct jobs *j = f->jobs;
	pthread_mutex_lock(&j->mutex);
	arena_reset(f->request.ctx.arena);
	f->used = false;
	j->under_way--;
	j->look |= next == LOOK_AGAIN;
	pthread_cond_broadcast(&j->change);
	pthread_mutex_unlock(&j->mutex);
}

static void go(struct flight *f, int (*run)(struct ctx *c, void *arg), void (*done)(struct ctx *c, void *arg, int result))
{
	f->request.run = run;
	f->request.done = done;
	f->request.ctx.now = clock_now(f->jobs->options.clock);
	if (writer_submit(f->jobs->options.writer, &f->request) < 0)
		land(f, LOOK_LATER);    /* the row is as it was: it comes up again, a claimed one after its lease */
}

static void after_note(struct ctx *c, void *arg, int result)
{
	land(arg, LOOK_LATER);
}

static void fail_flight(struct flight *f, int result, const char *what)
{
	struct arena *a = f->request.ctx.arena;
	f->why = arena_format(a, "%s%s%s", error_name(result), what ? ": " : "", what ? what : "");
	log_write(f->jobs->options.log, LOG_WARN, "job failed", "kind", f->kind->name, "code", error_name(result), NULL);
	go(f, note_failure, after_note);
}

static void after_run(struct ctx *c, void *arg, int result)
{
	struct flight *f = arg;
	if (result >= 0)
		land(f, LOOK_AGAIN);
	else
		fail_flight(f, result, f->error.arg);
}

static void call_outside(void *arg)
{
	struct flight *f = arg;
	f->answer = NULL;
	error_clear(&f->error);
	int result = f->kind->call(&f->request.ctx, &f->job, &f->answer);
	if (result >= 0)
		go(f, run_in_writer, after_run);
	else
		fail_flight(f, result, f->error.arg);
}

static void after_claim(struct ctx *c, void *arg, int result)
{
	struct flight *f = arg;
	if (result <= 0)
		land(f, LOOK_LATER);
	else if (pool_submit(f->jobs->options.pool, call_outside, f) < 0)
		fail_flight(f, ERR_BUSY, NULL);
}

/* The scheduler ---------------------------------------------------------------------------------------------------- */

static const struct job_kind *kind_of(struct jobs *j, const char *name)
{
	for (size_t i = 0; i < j->options.count; i++)
		if (!strcmp(j->options.kinds[i]->name, name))
			return j->options.kinds[i];
	return NULL;
}

/* How many calls of this kind are under way. */
static size_t calls_of(struct jobs *j, const struct job_kind *kind)
{
	size_t n = 0;
	for (size_t i = 0; i < FLIGHTS; i++)
		n += j->flights[i].used && j->flights[i].kind == kind;
	return n;
}

static bool has_enough(struct jobs *j, const struct job_kind *kind)
{
	if (!kind->call || !j->options.calls_most)
		return false;
	pthread_mutex_lock(&j->mutex);
	bool enough = calls_of(j, kind) >= j->options.calls_most;
	pthread_mutex_unlock(&j->mutex);
	return enough;
}

/* A free flight for this job, or NULL when it is under way already or none is free. */
static struct flight *free_flight(struct jobs *j, const struct jobs_due_row *due)
{
	struct flight *found = NULL;
	for (size_t i = 0; i < FLIGHTS; i++) {
		struct flight *f = &j->flights[i];
		if (!f->used)
			found = f;
		else if (f->tenant == due->tenant && f->id == due->id)
			return NULL;
	}
	return found;
}

static void start(struct jobs *j, const struct job_kind *kind, const struct jobs_due_row *due)
{
	pthread_mutex_lock(&j->mutex);
	struct flight *f = free_flight(j, due);
	if (f) {
		f->used = true;
		f->kind = kind;
		j->under_way++;
	}
	pthread_mutex_unlock(&j->mutex);
	if (!f)
		return;
	struct arena *a = f->request.ctx.arena;
	f->tenant = f->request.ctx.tenant = due->tenant;
	f->id = due->id;
	f->answer = NULL;
	f->job = (struct job){ .state = arena_string(a, due->state), .run_at = due->run_at };
	go(f, kind->call ? claim : run_in_writer, kind->call ? after_claim : after_run);
}

/* Kinds of which no more calls may begin now. */
struct waiting {
	const char **names;
	size_t n;
};

static void note_waiting(struct waiting *w, const char *name)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->names[i] == name)
			return;
	w->names[w->n++] = name;
}

/* A job whose row was read before its flight landed is seen changed by still_there() and dropped. */
static void start_each(struct jobs *j, const struct jobs_due_row *rows, size_t n, struct waiting *w)
{
	for (size_t i = 0; i < n; i++) {
		const struct job_kind *kind = kind_of(j, rows[i].kind);
		if (!kind)
			continue;       /* of a newer program: its nodes do it */
		if (has_enough(j, kind))
			note_waiting(w, kind->name);
		else
			start(j, kind, &rows[i]);
	}
}

/* Where calls wait for slow systems by the hundred, what is behind them is looked for by itself. */
static int start_due(struct jobs *j, struct ctx *c)
{
	struct waiting w = { ARENA_ARRAY(c->arena, const char *, j->options.count), 0 };
	struct jobs_due_row *rows;
	size_t n;
	time_ms now = clock_now(j->options.clock);
	TRY(jobs_due(c, now, w.names, w.n, FLIGHTS, &rows, &n));
	start_each(j, rows, n, &w);
	if (!w.n || n < FLIGHTS)
		return 0;
	TRY(jobs_due(c, now, w.names, w.n, FLIGHTS, &rows, &n));
	start_each(j, rows, n, &w);
	return 0;
}

static void look(struct jobs *j)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct ctx c = { .arena = a, .db = j->db, .error = &error, .log = j->options.log };
	if (start_due(j, &c) < 0 && db_reopen(j->db) < 0)
		log_write(j->options.log, LOG_WARN, "jobs: no database", NULL);
}

/* Waits for the tick or for somebody who says "look", but never looks more often than every GAP_MS: under load every
 * batch says so. */
static void wait_for_work(struct jobs *j)
{
	const struct timespec gap = wait_end(j->options.eager ? 0 : GAP_MS), tick = wait_end(j->options.tick_ms ? j->options.tick_ms : DEFAULT_TICK_MS);
	while (!j->closing && wait_until(&j->change, &j->mutex, &gap))
		;
	while (!j->closing && !j->look && wait_until(&j->change, &j->mutex, &tick))
		;
}

static void *schedule(void *arg)
{
	struct jobs *j = arg;
	pthread_mutex_lock(&j->mutex);
	while (!j->closing) {
		j->look = false;
		pthread_mutex_unlock(&j->mutex);
		look(j);
		pthread_mutex_lock(&j->mutex);
		wait_for_work(j);
	}
	pthread_mutex_unlock(&j->mutex);
	return NULL;
}

void jobs_wake(struct jobs *j)
{
	pthread_mutex_lock(&j->mutex);
	j->look = true;
	pthread_cond_broadcast(&j->change);
	pthread_mutex_unlock(&j->mutex);
}

size_t jobs_under_way(struct jobs *j)
{
	pthread_mutex_lock(&j->mutex);
	size_t n = j->under_way;
	pthread_mutex_unlock(&j->mutex);
	return n;
}

static void dispose(struct jobs *j)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		arena_free(j->flights[i].request.ctx.arena);
	pthread_cond_destroy(&j->change);
	pthread_mutex_destroy(&j->mutex);
	db_close(j->db);
	arena_free(j->arena);
}

int jobs_open(const struct jobs_options *options, struct jobs **out)
{
	struct db_conn *db;
	TRY(db_open(options->url, DB_READER, options->log, &db));
	struct arena *arena = arena_new();
	struct jobs *j = ARENA_NEW(arena, struct jobs);
	j->arena = arena;
	j->options = *options;
	j->db = db;
	pthread_mutex_init(&j->mutex, NULL);
	pthread_cond_init(&j->change, NULL);
	for (size_t i = 0; i < FLIGHTS; i++) {
		struct flight *f = &j->flights[i];
		f->jobs = j;
		f->request = (struct write_request){
			.arg = f, .queue = QUEUE_JOBS,
			.ctx = { .arena = arena_new(), .actor_kind = ACTOR_SYSTEM, .request_id = "job", .error = &f->error,
			         .log = options->log, .services = options->services },
		};
	}
	if (pthread_create(&j->thread, NULL, schedule, j) != 0) {
		dispose(j);
		return ERR_NO_MEMORY;
	}
	pthread_setname_np(j->thread, "jobs");
	*out = j;
	return 0;
}

void jobs_close(struct jobs *j)
{
	pthread_mutex_lock(&j->mutex);
	j->closing = true;
	pthread_cond_broadcast(&j->change);
	pthread_mutex_unlock(&j->mutex);
	pthread_join(j->thread, NULL);
	pthread_mutex_lock(&j->mutex);
	while (j->under_way)
		pthread_cond_wait(&j->change, &j->mutex);
	pthread_mutex_unlock(&j->mutex);
	dispose(j);
}
