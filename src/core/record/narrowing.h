/* Row conditions of a role: conditions (engine/expr) that a record's rows must meet for its people to see them, beside row scope and
 * never instead of it. Judged where row scope is: in memory by scope.c, in SQL by the lists.
 *
 * A condition means what whoever wrote it meant: it is read with the rights of the company, so its truth never depends on what the reader
 * may see, and a condition on what a reference leads to asks for nothing further. One that cannot be read any more hides every row. */
#pragma once

#include <stdbool.h>

#include "core/record/record.h"
#include "engine/expr/expr_run.h"

struct narrowing_rule {
	const struct record_model *m;
	struct expr e;                  /* root NULL: cannot be read */
};

struct narrowing {
	struct narrowing_rule *rules;
	size_t n;
};

/* From the role's column, [{"record":"ticket","where":"grade != critical"}]; NULL when it narrows nothing. Needs no database. */
int narrowing_read(struct ctx *c, const char *json, const struct narrowing **out) MUST_CHECK;
/* The same for whoever writes one: puts each condition into its canonical form; faults name "conditions[N].where[M]". */
int narrowing_check(struct ctx *c, const char **json) MUST_CHECK;

/* Whether two roles have the same ones, in whatever way a database gives JSON back. */
bool narrowing_same(struct ctx *c, const char *a, const char *b);

/* The next rule of the actor about this record at or after *at; NULL: no more. */
const struct narrowing_rule *narrowing_next(const struct ctx *c, const struct record_model *m, size_t *at);
bool narrowing_bites(const struct ctx *c, const struct record_model *m);
/* Whether the row meets every rule about its record; reads what it refers to. */
int narrowing_holds(struct ctx *c, const struct record_model *m, const void *row, bool *holds) MUST_CHECK;
