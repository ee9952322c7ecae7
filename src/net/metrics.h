/* Counters of the HTTP front and the hub, kept without locks; core prints them as Prometheus text. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "net/fence.h"

enum { LATENCY_BUCKETS = 14 };

/* Upper bounds in microseconds; the last bucket has none. */
extern const int64_t latency_bounds_us[LATENCY_BUCKETS - 1];

struct latency {
	_Atomic uint64_t bucket[LATENCY_BUCKETS];
	_Atomic uint64_t sum_us;
};

void latency_add(struct latency *l, int64_t us);

enum http_refused {
	REFUSED_TOO_LARGE, REFUSED_BUSY, REFUSED_SLOW, REFUSED_ORIGIN, REFUSED_MEDIA_TYPE, REFUSED_NO_ROUTE, REFUSED_CONNECTIONS, REFUSED_UNREADABLE,
	REFUSED_COUNT,
};

struct route_metrics {
	_Atomic uint64_t status[6];     /* by hundreds: [2] = 2xx */
	struct latency latency;         /* from the first byte of the head to the end of the reply */
};

struct http_metrics {
	struct route_metrics *routes;   /* as the rows of the table; one more at the end for static files and no route */
	size_t route_count;
	_Atomic uint64_t fenced[FENCE_REASON_COUNT];
	_Atomic uint64_t refused[REFUSED_COUNT];
	_Atomic uint64_t bytes_in, bytes_out;
	_Atomic uint64_t accepted;
	_Atomic int64_t connections;    /* open now */
	_Atomic int64_t bodies;         /* bytes of bodies held now */
};

const char *refused_name(enum http_refused r);
