/* shared: answers that many ask for over and over, such as a wall's. One of those who ask makes it, the others wait for it, and for a moment
 * whoever would be told the same gets the same text. What may be seen decides who shares: rights, masks, scope and language are part of the
 * key, and so is the person herself unless her role shows everything. */
#pragma once

#include "base/text.h"
#include "db/ctx.h"

struct shared;

struct shared *shared_new(void);
void shared_free(struct shared *s);

/* Made with nothing but c's actor and its time; `what` names the answer. life_ms 0: always made. */
int shared_answer(struct ctx *c, const char *what, int64_t life_ms, int (*make)(struct ctx *c, struct text *out), const char **out) MUST_CHECK;

struct shared_stats {
	uint64_t made, given;           /* given: without making it */
};
void shared_stats(const struct shared *s, struct shared_stats *out);
