/* How the system is, and how it was on each of the last days. */
#pragma once

#include "app/checks.h"
#include "base/text.h"
#include "db/job.h"

enum { SYSTEM_LOOKS = 8, HEALTH_DAYS = 14 };

/* All that applies here; out has room for SYSTEM_LOOKS. In the pool. */
int system_looks(struct ctx *c, struct check *out, size_t *n) MUST_CHECK;

/* The days that are kept, oldest first, as the members of a JSON array. */
int health_days(struct ctx *c, struct text *t) MUST_CHECK;

/* Keeps a day; names the next one in its own transaction. */
extern const struct job_kind health_job;
int health_begin(struct ctx *c) MUST_CHECK;     /* in a handler: the company's first one, if it has none */
int health_start(struct app *app) MUST_CHECK;
