/* What a company lays over the flow of a record, compiled. */
#pragma once

#include "core/condition/condition_holds.h"
#include "core/definition/definition.h"
#include "core/flow/flow.h"

enum { FLOW_MOST_STATES = 32, FLOW_MOST_STAGES = 24, FLOW_MOST_OWN = 60, FLOW_MOST_FIELDS = 10, FLOW_MOST_ROLES = 50, FLOW_CODE_MOST = 30, FLOW_WORDS_MOST = 30 };
#define FLOW_OWN "o_"           /* how names of own moves begin, so that none is ever one of the product's */

struct move_terms {
	bool own;                       /* the company's own move */
	bool named;                     /* the label is the company's */
	bool off, confirm;
	const char *const *fields;      /* must be filled before */
	size_t field_count;
	const int64_t *roles;           /* none: whoever has the right */
	size_t role_count;
	const char *when_text;
	struct condition when;
	uint32_t stages;                /* bit i: own state i. A built-in move does not leave them, an own one leaves them */
	uint32_t plain;                 /* own: bit i: built-in state i, in no own state */
	int to_stage;                   /* own: index, -1: the plain state */
	const struct move *carrier[FLOW_MOST_STATES];   /* own: by what it means now, the built-in move that leads there; NULL: the meaning stays */
};

struct flow_set {
	struct definition_set base;
	const struct flow *flows;       /* those in force, at most one a record */
	size_t count;
};

struct company_flow;
/* Reads one definition into `a`; faults name its members: "moves[2].to". */
int flow_read(struct ctx *c, struct arena *a, const struct company_flow *row, const struct flow **out) MUST_CHECK;
/* The same of one that was judged when it was kept: NULL when it does not hold any more, which the log tells. */
const struct flow *flow_read_kept(struct ctx *c, struct arena *a, const struct company_flow *row);
/* What must hold before it is in force: own states are reached and left, everything comes to an end. Faults as above. */
int flow_check(struct ctx *c, const struct flow *flow) MUST_CHECK;

/* The built-in flow of a record by its name, or NULL. */
const struct flow *flow_built_in(struct ctx *c, const char *object);
static inline bool flow_is_final(const struct flow *flow, int state)
{
	const char *mark = flow->states[state].mark;
	return text_equal(mark, "tick") || text_equal(mark, "dash");
}
/* The move that carries out `move` from a row in that state: itself when it is built in; NULL: only the stage changes. */
static inline const struct move *flow_carrier(const struct move *move, int state)
{
	return move->terms && move->terms->own ? move->terms->carrier[state] : move;
}
/* Indices, -1: none of that name. */
int flow_state_named(const struct flow *flow, const char *value);
int flow_stage_named(const struct flow *flow, const char *code);
extern const char *const flow_reasons[];        /* words of enum reason, NULL-ended */
/* It begins there, whoever asks; stage -1: in none. */
bool flow_leaves(const struct move *move, int state, int stage);
/* What has to be filled before, as JSON without its brackets; *first NULL: nothing. */
int flow_missing(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, const char **first, struct text *out) MUST_CHECK;
