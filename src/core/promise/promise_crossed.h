/* Where three filters meet or more: no sum has that. */
#pragma once

#include "core/promise/promise_figures.h"
#include "gen/promise_sql.h"

/* The days of all periods, and the cases of one period by all parts at once. */
int promise_crossed(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_days_row **days, size_t *n) MUST_CHECK;
int promise_crossed_parts(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, const struct promise_span *span,
                          struct promise_crossed_sums_row **rows, size_t *n) MUST_CHECK;
