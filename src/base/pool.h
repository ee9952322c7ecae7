/* Threads for work that may wait: reads, passwords, pictures, outbound calls. First come, first served, bounded. */
#pragma once

#include <stddef.h>

#include "base/error.h"

struct pool;

int pool_open(size_t threads, size_t queue_most, struct pool **out) MUST_CHECK;
/* Finishes what is queued, then ends. Accepts NULL. */
void pool_close(struct pool *p);

/* ERR_BUSY when the queue is full or the pool is closing. fn runs exactly once otherwise. */
int pool_submit(struct pool *p, void (*fn)(void *arg), void *arg) MUST_CHECK;
size_t pool_queued(struct pool *p);
