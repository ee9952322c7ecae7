/* The new plan of a reopened ticket, for the flow's table. */
#pragma once

#include "core/flow/flow.h"

extern const struct shape ticket_plan_shape;
bool ticket_was_reopened(struct ctx *c, const void *row);
bool ticket_is_planned(struct ctx *c, const void *row);         /* its last reopening, if any, has been answered by a plan */
int ticket_write_plan(struct ctx *c, struct act *act, const void *old, void *row) MUST_CHECK;
