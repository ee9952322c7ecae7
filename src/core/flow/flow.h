/* flow: a process with named states and allowed moves, as a table that reads like a supervisor's sentence (room.md §3).
 *
 * The engine finds the move, asks rights and guard, lets the effect change the row, and writes it with history and event in
 * one transaction. Objects carry their allowed actions, from which screens draw their buttons. */
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
	bool (*guard)(struct ctx *c, const void *row);                  /* NULL: always */
	struct label needs;             /* the guard in words */
	int (*effect)(struct ctx *c, struct act *act, const void *old, void *row);     /* NULL: only the state changes */
};

enum { STAY = -1 };
#define ON(state) (UINT32_C(1) << (state))

struct flow {
	const struct record *record;
	const char *state;              /* the column */
	const struct choice *states;    /* in order; marks as design §5: hollow, half, dashed, tick, dash */
	const struct move *moves;
	size_t move_count;
};

/* Does `action` on row `id` at `version` (0: whatever it is, for customers and the system). Event "<record>.<action>". */
int flow_act(struct ctx *c, const struct flow *flow, int64_t id, int64_t version, const char *action, const char *reason,
             const void *in, void *row) MUST_CHECK;
/* The same for a row that the caller has already read and may act on. */
int flow_move(struct ctx *c, const struct flow *flow, void *row, const char *action, const char *reason, const void *in) MUST_CHECK;

/* The move of that name, or NULL. */
const struct move *flow_find(const struct flow *flow, const char *action);
int flow_state(struct ctx *c, const struct flow *flow, const void *row);               /* index, -1 if unknown */
/* [{"name":…,"label":{…},"reason":…,"primary":…}] of what the actor may do with this row now. */
void flow_write_actions(struct ctx *c, const struct flow *flow, const void *row, struct text *out);
void flow_write_fields(const struct move *move, struct text *out);      /* ,"fields":[{"name","type","required"}] */
/* Each move as JSON, plain and as the primary one: what flow_write_actions() puts together. */
const struct piece *flow_pieces(struct arena *a, const struct flow *flow);
bool flow_is_mover(const struct ctx *c, const struct move *move);       /* the move is the actor's to make, in some state */
bool flow_allows(struct ctx *c, const struct flow *flow, const struct move *move, const void *row);
