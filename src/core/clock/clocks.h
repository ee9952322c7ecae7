/* clock: promises with a deadline on a working calendar, over any record that names measures (docs/adr/0016).
 *
 * A measure says by conditions when its clock runs, stands and is cancelled; a policy what is promised to whom. The observer follows
 * both in the transaction of every write, so the row carries its earliest due instant; the watch tells what has come due. */
#pragma once

#include "db/job.h"
#include "core/record/record.h"
#include "net/route.h"

extern const struct record calendar_record, clock_measure_record, clock_policy_record;
extern const struct observer clock_observer;
extern const struct job_kind clock_review_job;
extern const struct route clock_routes[];
extern const size_t clock_route_count;
extern const struct route calendar_routes[];
extern const size_t calendar_route_count;

/* Ends the clock of a measure that runs or stands, if there is one, as cancelled: what it waits for is no longer asked of this row, so its promise
 * is neither kept nor broken. Before the row is written. */
int clock_cancel(struct ctx *c, const struct record *record, int64_t id, const char *measure) MUST_CHECK;

/* What comes due ----------------------------------------------------------------------------------------------------- */

struct clock_watch_options {
	const char *url;                /* it reads by a connection of its own */
	struct writer *writer;
	struct log *log;
	const struct clock *clock;
	struct services *services;
	int tick_ms;                    /* how often it looks; 0: 250 */
};

/* Looks for what is due and has the writer tell it, at the rank of jobs. A clock is told again what it says in its own
 * transaction, so nothing is told twice and nothing is lost; nodes that share a database may all watch. */
struct clock_watch;
int clock_watch_open(const struct clock_watch_options *options, struct clock_watch **out) MUST_CHECK;
void clock_watch_wake(struct clock_watch *w);           /* look now: somebody moved the time */
size_t clock_watch_under_way(struct clock_watch *w);    /* chunks that the writer has not done yet */
void clock_watch_close(struct clock_watch *w);          /* before writer_close(); accepts NULL */
