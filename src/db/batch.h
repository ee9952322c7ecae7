/* One transaction of a lane: runs requests behind a SAVEPOINT each, numbers their events, commits.
 *
 * A batch makes one attempt and says what came of it; it never re-runs, waits or replies: that is the lane's (lane.c).
 * After any outcome but OUTCOME_STORED nothing of the attempt is in the database, or nobody knows (UNKNOWN, FATAL). */
#pragma once

#include "db/engine.h"
#include "db/writer.h"

enum outcome {
	OUTCOME_STORED,         /* committed; the results of the requests that ran stand */
	OUTCOME_CULPRIT,        /* request `culprit` ended the transaction */
	OUTCOME_NOTHING,        /* numbering or COMMIT failed: nobody in particular to blame */
	OUTCOME_LOST,           /* connection lost before COMMIT */
	OUTCOME_UNKNOWN,        /* connection lost during COMMIT */
	OUTCOME_FATAL,          /* I/O error before COMMIT */
	OUTCOME_FATAL_UNKNOWN,  /* I/O error during COMMIT */
};

struct hook {
	void (*fn)(void *arg);
	void *arg;
};

/* A series of numbers that the batch counts. */
struct series {
	int64_t tenant;
	const char *code;
	int64_t last;                   /* given out */
	int64_t before;                 /* as the running request found it */
	int64_t stored;
};

struct batch {
	struct db_conn *db;
	struct arena *arena;            /* events, hooks, texts of the batch */
	struct log *log;
	const struct clock *clock;
	int (*mark)(void *arg, struct ctx *c, struct event *e);         /* as writer_options */
	void *mark_arg;
	int lane;
	int64_t writer;                 /* the mark's owner; 0 when no mark is needed (SQLite) */
	int64_t number;                 /* of this attempt, unique in this process and lane */

	struct event *events;
	struct hook *hooks;
	size_t event_count, event_room, hook_count, hook_room;
	struct series *series;
	size_t series_count, series_room;
	size_t event_mark, hook_mark;   /* where those of the running request begin */

	/* what came of the attempt */
	size_t ran;                     /* requests that ran; jobs past the time allowance did not */
	size_t culprit;
	bool full;                      /* storage is full */
	int code;                       /* why numbering or COMMIT failed */
	uint64_t slow;
	int64_t longest_ns;
};

enum { SLOW_HANDLER_MS = 20, JOBS_ALLOWANCE_MS = 10 };

/* Empties the batch and runs the requests in it, people before jobs. */
enum outcome batch_attempt(struct batch *b, struct write_request **requests, size_t n);

/* Events: event.c */
int batch_number_events(struct batch *b, struct ctx *c) MUST_CHECK;

/* Numbers that people see: series.c */
void batch_mark_series(struct batch *b);        /* a request begins */
void batch_undo_series(struct batch *b);        /* it was refused: its numbers go back */
int batch_store_series(struct batch *b, struct ctx *c) MUST_CHECK;
