/* Followers: everything that is derived from events. Effect and cursor are stored in one transaction of the writer, so
 * inside the database each event takes effect exactly once, however often the process dies.
 *
 * Each follower reads each lane in order of `pos`, a chunk at a time, in the queue of jobs; chunks shrink and grow so that
 * none holds the writer. A step that fails stops its follower in that lane (never skips): it is logged, shown as lag, and
 * tried again with growing pauses. Nodes that share a database may all run the same followers. */
#pragma once

#include "db/writer.h"

struct follower {
	const char *name;
	/* Events of one company (c->tenant), in order of their numbers, at least one. */
	int (*step)(struct ctx *c, const struct event *events, size_t n);
};

struct followers_options {
	struct writer *writer;
	struct log *log;
	const struct clock *clock;
	struct services *services;              /* handed to the steps' context */
	const struct follower *const *all;
	size_t count;
};

struct followers;

int followers_open(const struct followers_options *options, struct followers **out) MUST_CHECK;
void followers_close(struct followers *f);      /* before writer_close(); waits for chunks under way */

/* There are events in this lane up to `pos` (0: not known): for writer_options.committed, and for what other nodes announce.
 * lane −1: perhaps in all. */
void followers_wake(struct followers *f, int lane, int64_t pos);

/* Sets the cursor to 0 in all lanes and waits; `reset` empties what the follower made of c->tenant (may be NULL). */
int followers_rebuild(struct followers *f, const char *name, int (*reset)(struct ctx *c)) MUST_CHECK;

struct follower_state {
	const char *name;
	int64_t lag;            /* events not yet seen, over all lanes, as far as this node knows */
	uint64_t failures;
};
/* State of follower i; false past the last. */
bool followers_state(struct followers *f, size_t i, struct follower_state *out);
/* Nothing under way, and every event that this node knows of seen. Right after opening nothing is known yet: drain first. */
bool followers_rest(struct followers *f);
/* Waits until every follower has seen every event committed before the call: for benches, tests and the command line. */
int followers_drain(struct followers *f, int patience_ms) MUST_CHECK;      /* ERR_BUSY when patience ends */
