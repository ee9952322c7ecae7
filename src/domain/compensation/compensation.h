/* compensation: what a customer is given because of a complaint. One person proposes, over a limit another approves, it is carried out once. */
#pragma once

#include "core/flow/flow.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record compensation_record, grant_record;
extern const struct flow compensation_flow, grant_flow;
extern const struct route compensation_routes[];
extern const size_t compensation_route_count;

enum compensation_state { PLAN_PROPOSED, PLAN_APPROVED, PLAN_GRANTED, PLAN_DECLINED, PLAN_WITHDRAWN };
enum grant_state { GRANT_WAITING, GRANT_DONE, GRANT_FAILED };

/* What a plan has to be measured against, all in fen. */
struct plan_sums {
	int64_t total;                          /* the plan's own */
	int64_t on_ticket;                      /* other plans of its ticket that were not declined or withdrawn */
	int64_t alone_today;                    /* what this person has approved alone today */
	int64_t limit, day_limit;
};
/* Pure: too much for one person alone. Several small plans are as good as a large one. */
bool plan_needs_second(const struct plan_sums *s);
/* Pure: what a plan comes to. month_fen: what a month of warranty counts for. */
int64_t plan_total(const struct compensation *plan, int64_t month_fen);
/* Pure: a warranty that ends on `until` made longer by months, counted from today when it has ended. */
int64_t plan_longer(int64_t until, int64_t today, int64_t months);

/* The sums of a plan, for the person who asks. */
int plan_sums_of(struct ctx *c, const struct compensation *plan, struct plan_sums *out) MUST_CHECK;
/* Puts down what an approved plan gives: rows for other systems, the device's warranty. */
int plan_carry_out(struct ctx *c, const struct compensation *plan) MUST_CHECK;
