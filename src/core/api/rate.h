/* Rate limits: token buckets in memory, by address, actor or any other word. A node counts for itself. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct rate;

struct rate *rate_new(size_t buckets);          /* a power of two; colliding words share the fuller bucket's fate */
void rate_free(struct rate *r);

/* Takes one token from the bucket of `word`: `burst` tokens at most, refilled at `per_minute`. 0: taken; else seconds to wait. */
int rate_take(struct rate *r, const void *word, size_t n, int burst, int per_minute, int64_t now_ms);
