/* The server that a bench measures: a child process on data of its own, and what all figures ask of it. */
#pragma once

#include "app/bench.h"
#include "app/bench_load.h"

struct bench_run {
	struct arena *arena;
	struct app_options o;           /* of the server */
	int64_t tenant;
	const char *cookie;             /* of a supervisor */
	const char *customer;           /* id of some customer */
	pid_t server;
	int port;
	size_t number;                  /* requests made so far: no idempotency key is used twice */
};

/* Data in the folder `name` below the bench's own, on the database `db` (NULL: SQLite in that folder); a small demo company is
 * loaded when the folder is new. No server runs yet. */
int bench_open(struct bench_run *b, struct arena *a, const struct app_options *bench, const char *name, const char *db) MUST_CHECK;
/* Deletes the folder, for figures that count what they made. */
int bench_forget(struct arena *a, const struct app_options *bench, const char *name) MUST_CHECK;

int bench_start(struct bench_run *b) MUST_CHECK;
int bench_sign_in(struct bench_run *b) MUST_CHECK;
void bench_stop(pid_t *pid);
/* Opens the data in this process, to prepare or to look; not while a server runs on them. */
int bench_app(struct bench_run *b, struct app **app) MUST_CHECK;

/* Files one ticket and reads what it and its followers wrote; the data are open afterwards, the server is stopped. */
int bench_rows_make(struct bench_run *b, struct app **app, struct bench_rows *rows) MUST_CHECK;

/* A whole request of the supervisor, in `a`; `more`: further header lines, each with its line end, or "". */
const char *bench_request(struct bench_run *b, struct arena *a, const char *method, const char *path, const char *more, const char *body);
/* One call; anything but success is told and fails. */
int bench_call(struct bench_run *b, const char *method, const char *path, const char *body, const char **answer) MUST_CHECK;
/* First value of "name":"…" or "name":… in a JSON text: enough for answers that the bench asked for itself. NULL when absent. */
const char *bench_value(struct arena *a, const char *json, const char *name);
int64_t bench_number(struct arena *a, const char *json, const char *name);
/* The body of a report on behalf of b->customer, another text each time. */
const char *bench_report(struct bench_run *b, struct arena *a);

/* SECONDS of load; answers with another status than `expected` fail. */
enum { BENCH_SECONDS = 5 };
int bench_load(struct bench_run *b, int port, int connections, int expected, const char *(*next)(void *arg, struct arena *a, size_t *n), struct load *out) MUST_CHECK;
/* Waits for the followers and says how long it took: their time is part of a figure. */
int bench_caught_up(struct bench_run *b, double *seconds) MUST_CHECK;
/* The figures that the server tells of itself, in `a`. */
int bench_metrics(struct bench_run *b, struct arena *a, const char **answer) MUST_CHECK;
int bench_memory_mb(pid_t pid, double *out) MUST_CHECK;

/* One line of JSON; floor 0: there is none. */
void bench_print(const char *name, double value, const char *unit, double floor);

/* On PostgreSQL: a new database in the server of ANXIN_TEST_PG and its URI; NULL and a word on stderr when there is no server. */
const char *bench_database(struct arena *a, const char *name);
void bench_drop(struct arena *a, const char *name);

/* Groups of figures; each is run when one of its names is wanted. */
bool bench_wants(int argc, char **argv, const char *name);
int bench_create(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_million(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_clocks(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_promises(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_questions(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_rules(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_stream(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_intake(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_visitors(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_messages(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_talk(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_import(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
int bench_postgresql(const struct app_options *o, struct arena *a, int argc, char **argv) MUST_CHECK;
