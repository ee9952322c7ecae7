/* holders: those of staff who hold a right and see a row. Who answers for escalations holds ticket.supervise; where nobody does, whoever
 * may do everything (docs/adr/0038). */
#pragma once

#include "core/record/record.h"

#define SUPERVISE "ticket.supervise"

struct holder {
	int64_t id;
	const char *name;
};
struct holders {
	struct holder *at;
	size_t n;
};

enum holding {
	HOLDS,          /* the right, in whichever way */
	HOLDS_NAMED,    /* the right itself; "*" is not enough */
	HOLDS_ALL,      /* "*" */
	HOLDINGS
};

/* For `after` and `gone` of roles and people. */
int staff_changed(struct ctx *c) MUST_CHECK;

/* row NULL: whatever they see. */
int holders_of(struct ctx *c, const char *right, enum holding how, const struct record_model *m, const void *row, struct holders *out) MUST_CHECK;
/* Those who answer for a row: its supervisors, else administrators; *named: they are the former. */
int supervisors_of(struct ctx *c, const struct record_model *m, const void *row, struct holders *out, bool *named) MUST_CHECK;
