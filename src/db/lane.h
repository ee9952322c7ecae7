/* A lane: one thread, one connection, two queues. Private to the writer. */
#pragma once

#include <pthread.h>

#include "db/batch.h"
#include "db/reserve.h"

struct queue_ends {
	struct write_request *first, **end;
	size_t n;
};

struct writer_lane {
	struct writer *writer;
	int number;
	pthread_t thread;
	struct db_conn *db;
	struct batch batch;
	struct write_request **requests;        /* those of the running batch */

	pthread_mutex_t mutex;          /* guards what follows */
	pthread_cond_t wake;
	struct queue_ends queues[QUEUE_COUNT];
	bool closing;
	struct writer_stats stats;

	bool down;                      /* the lane's thread only: no connection, requests fail until there is one */
	int64_t try_again_ns;
};

struct writer {
	struct arena *arena;            /* lives as long as the writer, written only while it opens */
	struct writer_options options;
	enum db_engine engine;
	int64_t id;                     /* names this process in table lane_writer; 0 on SQLite */
	int lane_count;
	struct writer_lane *lanes;
	struct reserve reserve;         /* the only lane of SQLite uses it */
	_Atomic bool dead;              /* after a fatal error: nothing is written any more */
};

/* lane_thread.c */
int lane_open(struct writer_lane *l, struct writer *w, int number, struct db_conn *db) MUST_CHECK;
void lane_close(struct writer_lane *l);                /* runs what is queued, then ends */

/* lane_queue.c */
int lane_submit(struct writer_lane *l, struct write_request *r) MUST_CHECK;
/* Waits for work; 0 when the lane is closing and empty. Some jobs run in every batch, so people cannot starve them. */
size_t lane_take(struct writer_lane *l, struct write_request **out);
void lane_put_back(struct writer_lane *l, struct write_request **requests, size_t n);
bool lane_is_closing(struct writer_lane *l);
void lane_pause(struct writer_lane *l, int ms);        /* returns at once when the lane is closing */

/* settle.c: runs the requests until each has its outcome and its `done`; jobs past their allowance come back. */
void lane_settle(struct writer_lane *l, struct write_request **requests, size_t n);
void lane_fail(struct writer_lane *l, struct write_request **requests, size_t n, int code);
