/* How events and rules follow one another, carried in the request id of what a rule does: "rule/DEPTH/ROOT/RULE". */
#pragma once

#include "core/rule/rule_set.h"

enum { RULE_MOST_DEPTH = 5, RULE_MOST_AT_ONCE = 8 };

struct rule_chain {
	int64_t root;           /* number of the event that began it */
	int64_t depth;          /* 0: people did it */
};

/* Of an event: what people did begins a chain of its own. */
struct rule_chain rule_chain_of(const char *request_id, int64_t event_no);

/* What a rule is to do, as its job carries it. */
struct rule_firing {
	int64_t rule_id, object_id, event_no, event_at, root, depth;
	const char *kind;               /* of the event; "time": none */
	struct list also;               /* int64_t: further rules that fit the same, in their order */
};
/* Writer: adds the job; of two that have one key one is done. */
int rule_fire(struct ctx *c, const char *key, const struct rule_firing *f) MUST_CHECK;
/* Writer: what came of it stands among what the rule did; object: of the row. */
int rule_run_note(struct ctx *c, const struct rule_firing *f, const char *object, const char *result, const char *why) MUST_CHECK;
