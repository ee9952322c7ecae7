/* Jobs: work to be done later, kept as rows.
 *
 * A job of the database runs in the writer; its row is removed in the transaction of its effect, so the effect happens
 * exactly once. A job that calls the outside is claimed, called in the pool without a transaction, and its result enters
 * the writer again: after a crash the call is made again, with the same job id for the other side to recognise. Failed jobs
 * are tried again with growing pauses and, after the last attempt, stay as `dead` rows for people to see; what they drop stays for a while as
 * `dropped`. */
#pragma once

#include "base/pool.h"
#include "db/writer.h"
#include "gen/schema.h"

struct job_kind {
	const char *name;
	/* In the writer: the effect. For a kind with `call`, after it: `answer` is what the call made, else NULL. */
	int (*run)(struct ctx *c, const struct job *job, const char *answer);
	/* In the pool, without a transaction; must end within the lease. NULL for jobs of the database. */
	int (*call)(struct ctx *c, const struct job *job, const char **answer);
	/* In the writer, when the job has died. May be NULL. */
	int (*died)(struct ctx *c, const struct job *job);
	int attempts_most;              /* 0: 10 */
	int (*attempts)(const struct ctx *c);   /* instead, where it may be chosen */
	int64_t first_pause_ms;         /* 0: 5 s; doubles up to 6 h */
};

struct jobs_options {
	const char *url;                /* the scheduler reads by a connection of its own */
	struct writer *writer;
	struct pool *pool;              /* for kinds with `call`; nobody else should wait for its threads */
	size_t calls_most;              /* of one kind at once, fewer than the pool has threads, so that a slow system leaves some to others; 0: as many as there are */
	struct log *log;
	const struct clock *clock;
	struct services *services;
	const struct job_kind *const *kinds;
	size_t count;
	int tick_ms;                    /* how often it looks; 0: 250 */
	int64_t lease_ms;               /* of a call; 0: 5 minutes */
	bool eager;                     /* looks as often as it is told to: time stands still meanwhile, so nobody else waits */
};

struct jobs;

int jobs_open(const struct jobs_options *options, struct jobs **out) MUST_CHECK;
void jobs_close(struct jobs *j);        /* before pool_close() and writer_close(); waits for what is under way */
void jobs_wake(struct jobs *j);         /* look now: after a commit that added jobs, or when a test moved the clock */
size_t jobs_under_way(struct jobs *j);

/* In a handler: adds a job. With a key there is one waiting job per kind and key: the earlier time and the newer data win.
 * key NULL: every call adds one. data: JSON object without personal data in clear, NULL for {}. */
int job_add(struct ctx *c, int64_t id, const char *kind, time_ms run_at, const char *key, const char *data) MUST_CHECK;
