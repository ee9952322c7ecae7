/* anxin bench: figures of the whole server, each beside a floor measured in the same run. */
#pragma once

#include "app/app.h"
#include "gen/schema.h"

enum { BENCH_EVENTS = 8, BENCH_CLOCKS = 4 };

/* The rows that one ticket wrote, read from a database where the server filed one. */
struct bench_rows {
	struct ticket ticket;
	struct outbox outbox;
	struct job job;
	bool has_job;
	struct idempotency idempotency;
	struct search_doc doc;
	const char *words;
	struct service_clock clocks[BENCH_CLOCKS];      /* each with its first event */
	struct service_clock_event clock_events[BENCH_CLOCKS];
	size_t clock_count;
	struct event events[BENCH_EVENTS];
	size_t event_count;
};

/* Serves the floor until killed; writes its port to `out`. */
int bench_floor_serve(struct app *app, const struct bench_rows *rows, int out) MUST_CHECK;
/* Reads the rows of ticket `id` into `arena`. */
int bench_rows_read(struct app *app, struct arena *arena, int64_t tenant, int64_t id, struct bench_rows *rows) MUST_CHECK;
enum { BENCH_OWNER = 1000 };     /* the first of those who own the tickets of bench_fill(); some 5,000 of hers are open */
/* Files a million plain tickets, in chunks, unless they are there already. */
int bench_fill(struct app *app, int64_t tenant, const struct bench_rows *rows, int64_t wanted) MUST_CHECK;
