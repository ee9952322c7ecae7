/* Conditions of a list as it came from outside: read, checked against the record, ready to become SQL. */
#pragma once

#include "core/list/list.h"

enum operator { OP_EQUAL, OP_NOT_EQUAL, OP_IN, OP_NOT_IN, OP_LESS, OP_AT_MOST, OP_MORE, OP_AT_LEAST };

struct condition {
	size_t field;                   /* index, or one of the columns below */
	const struct member *column;    /* NULL for a sealed field */
	enum operator operator;
	struct slot *values;
	size_t count;
	bool indexed;
};

enum { MOST_CONDITIONS = 12, MOST_CONDITION_VALUES = 50, NO_FIELD = -1 };

/* Reads the JSON filter. Faults name "filter" and say which condition. `out` holds MOST_CONDITIONS. */
int conditions_read(struct ctx *c, const struct record_model *m, const char *json, struct condition *out, size_t *n) MUST_CHECK;
