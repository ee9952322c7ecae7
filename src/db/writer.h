/* The writer: all writes of a tenant are serial, on both engines (architecture §2, docs/adr).
 *
 * Tenants hash to lanes (SQLite one, PostgreSQL 16). A lane takes requests from two queues, people before jobs, and runs
 * them as one transaction with a SAVEPOINT each; events are gathered and numbered at the end; then COMMIT; then `done`.
 * A request may be run more than once before `done`; that is called exactly once, after the outcome is durable. Only when
 * a commit was lost and nobody could be asked in time, or the disk failed under it, is the result ERR_OUTCOME: not known. */
#pragma once

#include "db/ctx.h"
#include "db/db.h"

struct writer;
struct event;                           /* a row of table `event`, gen/schema.h: no gapless per tenant, pos gapless per lane */

enum queue { QUEUE_PEOPLE, QUEUE_JOBS, QUEUE_COUNT };

struct write_request {
	/* Does the work in c's transaction and arena. Re-runnable. A negative result rolls back to the SAVEPOINT. */
	int (*run)(struct ctx *c, void *arg);
	/* Called on the lane's thread after COMMIT (result ≥ 0) or when the request failed (negative, nothing of it stored;
	 * c->error says why). Must not block: hand over and return. May be NULL. */
	void (*done)(struct ctx *c, void *arg, int result);
	/* Asks what several requests of one company that come with this function are going to ask, before the first of them runs
	 * (db/known.h). May be NULL. */
	int (*ahead)(struct ctx *c, struct write_request *const *requests, size_t n);
	void *arg;
	enum queue queue;
	struct ctx ctx;                 /* tenant, actor, now, lang, request_id, arena, error set by the caller; db and batch by the lane */
	struct {                        /* the lane's own; zero it */
		struct write_request *next;
		struct arena_mark mark; /* a re-run gives back what the first run took */
		int64_t since_ns;
		int result, losses;
	} own;
};

struct writer_options {
	const char *url;
	struct log *log;
	const struct clock *clock;
	size_t batch_most;              /* 0: 512 on SQLite, 48 on PostgreSQL */
	size_t queue_most;              /* per lane; further submissions get ERR_BUSY at once */
	const char *reserve_path;       /* file freed when the disk is full; NULL for none */
	void (*committed)(void *arg, int lane, const struct event *events, size_t n);   /* after COMMIT, on the lane's thread: wake followers and realtime */
	void *committed_arg;
	int (*mark)(void *arg, struct ctx *c, struct event *e);         /* completes a numbered event before it is inserted (audit); NULL: nothing */
	void *mark_arg;
	void (*fatal)(void *arg);       /* after an fsync or commit I/O error: no more writes, the process must end */
	void *fatal_arg;
};

int writer_open(const struct writer_options *options, struct writer **out) MUST_CHECK;
/* Stops taking requests, finishes what is queued, closes. */
void writer_close(struct writer *w);

/* Takes the request; 0, or ERR_BUSY when the queue is full or the writer is closing (then `done` is not called). */
int writer_submit(struct writer *w, struct write_request *r) MUST_CHECK;
/* The same and waits: for command line, followers' threads and tests. Returns the request's result. */
int writer_run(struct writer *w, struct write_request *r) MUST_CHECK;

/* The same in a lane named by number, for work that belongs to no single company (followers): ctx.tenant is 0. */
int writer_submit_to(struct writer *w, int lane, struct write_request *r) MUST_CHECK;
int writer_run_to(struct writer *w, int lane, struct write_request *r) MUST_CHECK;

int writer_lane_of(const struct writer *w, int64_t tenant);
int writer_lane_count(const struct writer *w);

struct writer_stats {
	uint64_t requests, batches, reruns, failed, commit_failures;
	uint64_t slow;                  /* handlers past 20 ms */
	uint64_t lost, unknown;         /* connections lost; commits whose outcome had to be looked up */
	uint64_t events;
	size_t queued[QUEUE_COUNT];
	int64_t longest_handler_ns;
};
void writer_stats(const struct writer *w, struct writer_stats *out);

/* Inside a handler --------------------------------------------------------------------------------------------- */

/* Writes an event of this transaction; its numbers are given at the end of the batch. */
int event_add(struct ctx *c, const char *kind, const char *object, int64_t object_id, const char *data) MUST_CHECK;

/* The same with what tells more about it: the version of a change row, the id of a reading. */
int event_add_detail(struct ctx *c, const char *kind, const char *object, int64_t object_id, int64_t detail, const char *data) MUST_CHECK;

/* The next number of a series of this company, from 1. Without gap or double: it goes back when the request is refused. */
int series_next(struct ctx *c, const char *code, int64_t *number) MUST_CHECK;

/* Runs fn(arg) on the lane's thread after COMMIT; forgotten when the request is rolled back or re-run. arg in c->arena. */
void after_commit(struct ctx *c, void (*fn)(void *arg), void *arg);
