/* Definitions of flows, and what is asked about them over HTTP. */
#pragma once

#include "core/flow/flow.h"
#include "net/route.h"

struct company_flow;
extern const struct record flow_record;
extern const struct route flow_routes[];
extern const size_t flow_route_count;

/* Rows in an own state, archived ones too. */
int flow_count_in(struct ctx *c, const struct flow *flow, const char *stage, int64_t *n) MUST_CHECK;
/* "待备件（3）": own states with rows in them that the next flow has not, or means otherwise. NULL: the built-in flow alone. */
int flow_stranded(struct ctx *c, const struct flow *was, const struct flow *now, struct text *out) MUST_CHECK;
/* What would refuse to go with a flow in force: own states with rows in them, a rule or macro that makes its moves. Nothing: it may go. */
int flow_users(struct ctx *c, const struct company_flow *row, struct text *out) MUST_CHECK;
