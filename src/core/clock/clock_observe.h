/* How an object's clocks follow what its row says. */
#pragma once

#include "core/clock/clock_row.h"

/* Brings the clocks of a row up to what it says now, policies included, whatever it said before: for definitions that changed.
 * *earliest: its next due instant. */
int clocks_review(struct ctx *c, const struct clock_set *set, const struct ready_object *o, const void *row, time_ms *earliest) MUST_CHECK;
