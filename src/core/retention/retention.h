/* retention: nothing about people is kept longer than its purpose and the law need (docs/adr/0042).
 *
 * A table of kinds says what goes, since when its time runs, whose law it is and which setting holds the time. Each night a job goes
 * through them in small steps; a person's erasure is the one that she could have asked for. Kinds are in app's list. */
#pragma once

#include "base/setting.h"
#include "core/record/record.h"
#include "db/job.h"
#include "net/route.h"

#define RETENTION_REASON "retention"    /* of an erasure, in its certificate */

struct retention_place {
	int64_t at, id;                 /* behind this row */
};

/* A row that has been left alone since `at`. */
struct retention_row {
	int64_t at, id;
	bool live;                      /* not due after all: used since, or gone already */
	bool held;                      /* due, but something open needs it */
};

struct retention_kind {
	const char *name;
	struct label label, what, since, law;
	int setting;                    /* enum setting_id; KEPT: the law or the proof needs it for good */

	/* Rows one by one: a page of the oldest that nobody wrote to since before that instant; what goes with one of them. */
	int (*look)(struct ctx *c, time_ms before, const struct retention_place *after, size_t most, struct retention_row *rows, size_t *n);
	int (*remove)(struct ctx *c, int64_t id);
	/* Or all that is old enough: how many, and some of them at once. */
	int (*count)(struct ctx *c, time_ms before, int64_t most, int64_t *n);
	int (*sweep)(struct ctx *c, time_ms before, int64_t *removed, bool *more);
};
enum { KEPT = -1 };

/* What a value of the kind's setting means now. *before: what is older is due; INT64_MIN: nothing is. */
void retention_before(const struct ctx *c, const struct retention_kind *kind, int64_t value, time_ms *before);

/* What is in force. A change of the setting takes force a day later, so that it can be taken back: *force_at, 0: long ago. */
int retention_now(struct ctx *c, const struct retention_kind *kind, time_ms *before, time_ms *force_at) MUST_CHECK;

struct retention_count {
	int64_t due, held;
	bool more;                      /* counting ended before the rows did */
};
/* In the pool. */
int retention_count(struct ctx *c, const struct retention_kind *kind, time_ms before, struct retention_count *out) MUST_CHECK;

const struct retention_kind *retention_find(const struct ctx *c, const char *name);     /* or NULL */

extern const struct job_kind retention_job;
/* Writer: tonight's run, unless the last is still under way. */
int retention_begin(struct ctx *c) MUST_CHECK;

extern const struct route retention_routes[];
extern const size_t retention_route_count;
