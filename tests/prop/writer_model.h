/* A writer under random requests and injected failures, held against a model.
 *
 * Each request writes a row, counts a counter up, draws a number of a series, adds one to three events and a hook; some are refused, some break a
 * constraint, some end the transaction in one of the ways an engine knows. Whatever happened, at the end: acknowledged =
 * stored, the counter = the acknowledged, numbers and events numbered without gap or double, hooks and `committed` once each. */
#pragma once

#include "base/test.h"
#include "db/fresh.h"
#include "db/writer.h"

enum { TENANTS = 5, MOST_WRITERS = 2 };

/* A way to break the transaction from inside a handler. Returns what the handler then returns. */
struct killer {
	const char *name;
	int (*run)(struct ctx *c, int64_t id);
	bool hits_others;       /* not only the culprit: also blameless requests may be refused */
};

struct plan {
	enum db_engine engine;
	size_t requests;
	uint64_t seed;
	size_t writers;                         /* nodes on one database */
	const struct killer *const *killers;    /* ended by NULL */
	int kill_permille;
	const char *url;                        /* of the writers, when it is not the database's own (a proxy) */
	const char *reserve_path;
	void (*fatal)(void *arg);
	void *fatal_arg;
};

struct outcome_counts {
	size_t acknowledged, refused, unknown, blameless_refused;
	struct writer_stats stats;
	double seconds;
};

/* Random numbers of a test: splitmix64, so a seed tells the whole run. */
uint64_t random_next(uint64_t *state);
uint64_t seed_of_run(void);             /* ANXIN_TEST_SEED, or one drawn and printed */

/* Runs the plan on a fresh database that is up already, and fails the test when the model does not hold. */
struct outcome_counts check_writer(struct fresh *fresh, const struct plan *plan);
