/* A clock in JSON, and its reckoning row by row. */
#pragma once

#include "core/clock/clock_set.h"

/* {"id","object_id","measure","label","round","state","policy_id","policy","target_ms","spent_ms","remaining_ms","soon",…} as it is at c->now. */
void clock_write(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t);
/* The same with "rows", each interval counted, and "events": what the reckoning is made from. */
int clock_write_why(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t) MUST_CHECK;
