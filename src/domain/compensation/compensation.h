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
/* One who could be the second person of a plan. */
struct plan_approver {
	int64_t id;
	const char *name;
};
enum { PLAN_APPROVERS = 20 };
struct ticket;
/* Those whose role approves and who see the ticket, without whoever asks and whoever had a hand in the plan (NULL: none yet). */
int plan_approvers(struct ctx *c, const struct ticket *t, const struct compensation *plan, struct plan_approver *out, size_t *n) MUST_CHECK;
/* Tells those who are to approve a plan of it, or whoever proposed it of the answer. was: NULL when it is new. */
int plan_tell(struct ctx *c, const struct compensation *was, const struct compensation *plan) MUST_CHECK;
/* Who acts; a token acts for the person who made it. */
int64_t plan_person(const struct ctx *c);
bool plan_has_hand(const struct compensation *plan, struct arena *a, int64_t user);
bool plan_same_content(const struct compensation *a, const struct compensation *b);

/* What was given on a ticket and on those merged into it, in the order of giving. */
int plan_given(struct ctx *c, int64_t ticket_id, struct compensation_grant **rows, size_t *n) MUST_CHECK;
/* Puts down what an approved plan gives: rows for other systems, the device's warranty. */
int plan_carry_out(struct ctx *c, const struct compensation *plan) MUST_CHECK;
