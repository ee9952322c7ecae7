/* How events and rules follow one another, carried in the request id of what a rule does: "rule/DEPTH/ROOT/RULE". */
#pragma once

#include <stdint.h>

enum { RULE_MOST_DEPTH = 5 };

struct rule_chain {
	int64_t root;           /* number of the event that began it */
	int64_t depth;          /* 0: people did it */
};

/* Of an event: what people did begins a chain of its own. */
struct rule_chain rule_chain_of(const char *request_id, int64_t event_no);
