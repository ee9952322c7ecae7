/* duty: who is there. What core asks when it chooses people, answered by the domain that knows their shifts (domain/duty). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct ctx;

struct duty_service {
	/* Of these people those who do their duty now: each herself or whoever covers for her, once, without who is off, absent or on a break.
	 * May leave none. Everybody where the company chooses so, or has no shifts. */
	int (*choose)(struct ctx *c, int64_t *ids, size_t *n) MUST_CHECK;
	/* Writer: somebody of staff has signed in, or signed out of her last session. */
	int (*came)(struct ctx *c, int64_t user_id) MUST_CHECK;
	int (*left)(struct ctx *c, int64_t user_id) MUST_CHECK;
};

/* The same; without a service everybody is there. */
int duty_choose(struct ctx *c, int64_t *ids, size_t *n) MUST_CHECK;
int duty_came(struct ctx *c, int64_t user_id) MUST_CHECK;
int duty_left(struct ctx *c, int64_t user_id) MUST_CHECK;
