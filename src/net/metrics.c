/* Counters. */
#include "net/metrics.h"

#include <stdatomic.h>

const int64_t latency_bounds_us[LATENCY_BUCKETS - 1] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000,
};

void latency_add(struct latency *l, int64_t us)
{
	size_t i = 0;
	while (i < LATENCY_BUCKETS - 1 && us > latency_bounds_us[i])
		i++;
	atomic_fetch_add_explicit(&l->bucket[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&l->sum_us, (uint64_t)(us > 0 ? us : 0), memory_order_relaxed);
}

const char *refused_name(enum http_refused r)
{
	static const char *const names[REFUSED_COUNT] = {
		"too_large", "busy", "slow", "origin", "media_type", "no_route", "connections", "unreadable",
	};
	return names[r];
}
