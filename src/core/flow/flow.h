/* flow: a process with named states and allowed moves, as a table that reads like a supervisor's sentence (room.md §3).
 *
 * The engine finds the move, asks rights and guard, lets the effect change the row, and writes it with history and event in
 * one transaction. Objects carry their allowed actions, from which screens draw their buttons.
 *
 * A company lays a definition over it (docs/adr/0040-company-flows.md): what it says of a move stands in move->terms, and its own moves lie
 * behind those of the product. Whoever judges asks flow_of() first. */
#pragma once

#include "base/text.h"
#include "core/record/record.h"

enum reason { REASON_NONE, REASON_OPTIONAL, REASON_REQUIRED };

/* Who a move belongs to besides the permission. */
enum mover { MOVER_USER, MOVER_CUSTOMER, MOVER_BOTH, MOVER_SYSTEM };

struct move;

/* What came with an action. */
struct act {
	const struct move *move;
	const char *reason;             /* NULL when none was given */
	const void *in;                 /* struct of move->fields, or NULL */
	const char *data;               /* set by the effect: JSON of the event, NULL for the changed fields */
};

struct move {
	uint32_t from;                  /* bit i: state i of the flow */
	const char *action;
	int to;                         /* index of the state, STAY for none */
	enum mover who;
	const char *permission;         /* staff need it */
	struct label label;
	enum reason reason;
	const struct shape *fields;     /* further input, NULL for none */
	bool undoable;                  /* its effect lies in the row alone: nobody outside has heard of it */
	bool primary;                   /* the next step that screens draw filled */
	bool kept;                      /* the loop is not closed without it: a company may call it otherwise, no more */
	bool (*guard)(struct ctx *c, const void *row);                  /* NULL: always */
	struct label needs;             /* the guard in words */
	int (*effect)(struct ctx *c, struct act *act, const void *old, void *row);     /* NULL: only the state changes */
	const struct move_terms *terms; /* what the company says (flow_set.h); NULL: nothing. Never set in a built-in table */
};

enum { STAY = -1 };
#define ON(state) (UINT32_C(1) << (state))

/* A state of the company's own. What it means to clocks, rules and queries is a built-in one. */
struct flow_stage {
	const char *code;
	struct label label;
	int state;                      /* index of what it means */
	bool shown;                     /* customers read its name */
};

struct flow {
	const struct record *record;
	const char *state;              /* the column */
	const char *stage;              /* the column of own states, NULL: the record takes none */
	const char *permission;         /* of own moves that change nothing but the stage */
	const struct choice *states;    /* in order; marks as design §5: hollow, half, dashed, tick, dash */
	const struct move *moves;
	size_t move_count;
	const struct flow_stage *stages;        /* of the company */
	size_t stage_count;
	const struct piece *pieces;     /* as flow_pieces(); NULL: those of the record's model */
};

/* The flow as the company of c has it, for as long as c->arena: the built-in one where it defines nothing. */
int flow_of(struct ctx *c, const struct flow *built_in, const struct flow **out) MUST_CHECK;

/* Does `action` on row `id` at `version` (0: whatever it is, for customers and the system). Event "<record>.<action>". */
int flow_act(struct ctx *c, const struct flow *flow, int64_t id, int64_t version, const char *action, const char *reason,
             const void *in, void *row) MUST_CHECK;
/* The same for a row that the caller has already read and may act on. */
int flow_move(struct ctx *c, const struct flow *flow, void *row, const char *action, const char *reason, const void *in) MUST_CHECK;

/* Of a flow as flow_of() gives it -------------------------------------------------------------------------------------- */

/* Rows that moves are asked about: what conditions and fields need beside a row is read when the first move asks for it, and stays for the others. */
struct subject;
struct customs;
struct flow_asking {
	const struct flow *flow;
	struct subject *subject;
	const struct customs *customs;
};

/* The move of that name, or NULL. */
const struct move *flow_find(const struct flow *flow, const char *action);
int flow_state(struct ctx *c, const struct flow *flow, const void *row);               /* index, -1 if unknown */
const struct flow_stage *flow_stage(struct ctx *c, const struct flow *flow, const void *row);  /* NULL: in none of the company's own */
/* [{"name":…,"label":{…},"reason":…,"primary":…}] of what the actor may do with this row now. */
int flow_write_actions(struct ctx *c, struct flow_asking *a, const void *row, struct text *out) MUST_CHECK;
void flow_write_fields(const struct move *move, struct text *out);      /* ,"fields":[{"name","type","required"}] */
/* Each move as JSON without its end, plain and as the primary one: what flow_write_actions() puts together. */
const struct piece *flow_pieces(struct arena *a, const struct flow *flow);
bool flow_is_mover(const struct ctx *c, const struct move *move);       /* the move is the actor's to make, in some state */
int flow_allows(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, bool *allowed) MUST_CHECK;
/* It is allowed, and nothing more has to be said or filled in for it. */
int flow_is_free(struct ctx *c, struct flow_asking *a, const struct move *move, const void *row, bool *is_free) MUST_CHECK;
/* States, own states and moves, those that are off left out. */
struct pack;
void flow_write(struct ctx *c, const struct pack *p, const struct flow *flow, struct text *out);
void flow_write_stages(const struct flow *flow, struct text *out);
