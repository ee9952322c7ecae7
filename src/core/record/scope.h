/* Row scope: which rows of a record an actor may see, decided in one place.
 *
 * A record names the columns that scope looks at, nothing else (record.h): `owner`, `team` and `region`; `within`, a reference
 * to the record that it is part of and shares the sight of (an address and its customer); `about`, the same for rows that each
 * name which record that is (a message and its ticket); `audience`, for rows that are their owner's alone unless they say
 * otherwise, whatever scope the reader has. A role may narrow what it sees of a record by conditions (narrowing.h). list/sql.c says the same in SQL; scope_test holds
 * both together. */
#pragma once

#include "core/auth/auth.h"
#include "core/record/record.h"

/* The columns that scope looks at, of one row; those that its record does not name are 0. */
struct scope_place {
	int64_t owner, team, region;
};

bool scope_bites(struct ctx *c, const struct record_model *m);    /* false: the actor sees every row of the company */
bool scope_asks_about(struct ctx *c, const struct record_model *m);       /* rows about such a record share its sight */
struct scope_place scope_place_of(const struct record_model *m, const void *row);
/* Of a record without `within`, `about` and `audience`; needs no database. */
bool scope_covers_place(const struct auth *auth, const struct record_model *m, const struct scope_place *place);

/* ERR_NOT_FOUND, noted nowhere, unless the actor's scope covers the row; reads the row that it lies within or is about, if any. */
int scope_check(struct ctx *c, const struct record_model *m, const void *row) MUST_CHECK;
/* As scope_check(), but fails with ERR_FORBIDDEN: for rows that the actor has just made. */
int scope_require(struct ctx *c, const struct record_model *m, const void *row) MUST_CHECK;
