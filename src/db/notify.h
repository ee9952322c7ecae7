/* What the nodes of one PostgreSQL tell each other: that lanes have new events, and short signals that nobody stores
 * (typing, who is looking). Sent by NOTIFY from a connection of its own, at most every 10 ms: inside of the writing
 * transactions it would queue them all behind one global lock.
 *
 * News may be lost with the connection; so all lanes are announced again after each reconnect and once a second anyway.
 * Signals that are lost are gone. The same connection looks once a second for a node that hangs with a lane's lock in its
 * hands. SQLite has one process and needs none of this. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"

struct notifier;

enum { SIGNAL_MOST = 4000 };    /* bytes; PostgreSQL takes just under 8,000 */

struct notifier_options {
	const char *url;
	struct log *log;
	void (*news)(void *arg, uint64_t lanes);                /* bit i: lane i; on the notifier's thread */
	void (*signal)(void *arg, const char *text);            /* from another node */
	void *arg;
	int silent_ms;          /* how long a writer that others wait for may say nothing; 0: 5,000 */
};

int notifier_open(const struct notifier_options *options, struct notifier **out) MUST_CHECK;
void notifier_close(struct notifier *n);

void notifier_event(struct notifier *n, int lane);              /* for writer_options.committed; never blocks */
int notifier_signal(struct notifier *n, const char *text) MUST_CHECK;   /* ERR_BUSY: too many wait; ERR_TOO_LARGE */

struct notifier_stats {
	uint64_t sent, received, reconnects;
};
void notifier_stats(struct notifier *n, struct notifier_stats *out);
