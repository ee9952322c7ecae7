/* Waiting for a condition, at most so long. By the clock that only grows: when somebody sets the time of day back, nobody waits longer. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* The instant `ms` milliseconds from now. */
static inline struct timespec wait_end(int64_t ms)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* False when `end` has come. As with every condition, being woken means no more than: look again. */
static inline bool wait_until(pthread_cond_t *what, pthread_mutex_t *lock, const struct timespec *end)
{
	return pthread_cond_clockwait(what, lock, CLOCK_MONOTONIC, end) == 0;
}
