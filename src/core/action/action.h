/* action: what bulk work, macros and rules do to a row, as data.
 *
 *   [{"do":"set","field":"product_id","value":"12"},{"do":"move","action":"assign","fields":{"owner_id":"7"}},{"do":"task","title":"回访","due":86400}]
 *
 * Each kind is a line in a table (services->actions): a name, the shape of its members, what can be said of it without a row, and what it
 * does. A list is read and judged when it is kept, and run on a row by whoever runs it, with that one's rights: an action does nothing
 * that its actor could not do by hand. All of a list happen on a row, or none: the caller's transaction is the limit. */
#pragma once

#include "core/record/record.h"

enum { ACTIONS_MOST = 20, ACTIONS_BYTES_MOST = 16000 };

/* Why, when no person asked for it: the event that a rule answers to. */
struct action_cause {
	const char *kind;               /* "ticket.created" */
	int64_t event_no, rule_id;
	time_ms at;
};

/* One row being acted on. */
struct acting {
	const struct record_model *model;
	int64_t id;
	const struct action_cause *cause;       /* NULL: a person did it */
	int64_t version_before, version_after;  /* filled by actions_run() for a person, who may take it back: what lies between is this run's */
	bool lasting;                   /* something was done that nothing takes back: a message, a move that others followed */
	struct text made;               /* JSON: [["task","123"]], what was made beside the row */
};

/* For kinds: another row was made; taking back archives it. */
int acting_made(struct ctx *c, struct acting *on, const char *object, int64_t id) MUST_CHECK;

struct action_kind {
	const char *name;
	struct label label;
	const struct record *only;      /* the record it is for; NULL: all */
	const struct shape *shape;      /* of what stands beside "do" */
	/* What is wrong with it on this record, whichever row: faults by fail_field(), named as in `shape`. May be NULL. */
	int (*check)(struct ctx *c, const struct record_model *m, const void *in);
	int (*run)(struct ctx *c, struct acting *on, const void *in);
	/* For a dry run on a row: what it would say to somebody, as a JSON object, nothing sealed in clear. NULL: it says nothing. */
	int (*show)(struct ctx *c, const void *row, const void *in, struct text *out);
};

/* All kinds there are: core's own and the domains'. */
struct action_kinds {
	const struct action_kind *const *at;
	size_t n;
};
extern const struct action_kind set_action, move_action;

struct action {
	const struct action_kind *kind;
	const void *in;
};
struct actions {
	const struct action *at;
	size_t n;
};

/* Reads and judges a list for this record, for the actor; faults name "member[2].field". */
int actions_read(struct ctx *c, const struct record_model *m, const char *member, const char *json, struct actions *out) MUST_CHECK;
/* Does all of them on the row on->id of on->model. version 0: whatever it is. */
int actions_run(struct ctx *c, const struct actions *all, int64_t version, struct acting *on) MUST_CHECK;

/* [{"name","label","members":[{"name","type","required","choices"}]}]: what an editor offers for this record. */
void actions_write_kinds(struct ctx *c, const struct record_model *m, struct text *out);

/* Takes back what a run did to a row, as long as nobody changed it since: fields go back to what the history says they were, what was
 * made beside it is archived. ERR_STATE when it has changed, or the run was lasting. */
int actions_undo(struct ctx *c, const struct record_model *m, int64_t id, int64_t version_before, int64_t version_after, const char *made) MUST_CHECK;

/* Who uses something that is about to go: the first rule that is not off, else the first macro, one of whose actions is such; name NULL: nobody.
 * object NULL: of whichever record. */
struct yyjson_val;
typedef bool action_test(struct ctx *c, struct yyjson_val *action, const void *arg);
struct action_user {
	const char *name;
	bool is_macro;
};
int action_user_of(struct ctx *c, const char *object, action_test *is, const void *arg, struct action_user *out) MUST_CHECK;
