/* Watch over open connections: how many, from where, and until when each must have done its next step.
 *
 * libmicrohttpd's time-out starts anew with every byte, so a client that drips bytes would live for ever. Here each step has
 * an absolute end; a thread looks once a second and shuts down what is late. It also counts connections per address
 * (IPv6: per /64). Places are made once; there is never more memory than `most` connections need. */
#pragma once

#include "base/error.h"
#include "net/address.h"
#include "net/metrics.h"

struct watch;

struct watched {
	struct watched *next, *before;
	int fd;
	struct ip_address peer;
	bool is_counted;                /* not a trusted proxy */
	_Atomic int64_t deadline_ms;    /* monotonic */
	void *unseen;                   /* the owner's: a request begun, of which its end may never be told */
};

#define WATCH_NEVER INT64_MAX

int watch_start(struct arena *a, unsigned most, unsigned most_per_ip, struct http_metrics *metrics, struct watch **out) MUST_CHECK;
void watch_stop(struct watch *w);

/* NULL when all places are taken, or this address has enough of them. */
struct watched *watch_add(struct watch *w, int fd, const struct ip_address *peer, bool is_counted, unsigned within_ms);
void watch_remove(struct watch *w, struct watched *c);

void watch_within(struct watched *c, int64_t ms);
static inline void watch_pause(struct watched *c) { c->deadline_ms = WATCH_NEVER; }
