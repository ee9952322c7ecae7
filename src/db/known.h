/* Which row has this value: answers known inside of a writing transaction on PostgreSQL, where each question is a round trip.
 *
 * A batch or a chunk of an import asks for all its values at once and then finds the answers here. What answers is a
 * value in a column, compared as bytes: a unique number, a look-up hash, an idempotency key. Right for the reason that
 * kept.h gives; and forgotten as exactly as that is possible: an insert forgets its own values, an update by the generated
 * statement its values and its row, a DELETE what named a row, any other write of the table everything about the table. What was learned behind a SAVEPOINT
 * goes with it. SQLite has no round trips: there nothing is known, and nobody asks ahead. */
#pragma once

#include "db/db.h"

struct known_question {
	const struct table *table;
	const struct member *column;    /* of table->row; a text or bytes */
	int64_t of[2];                  /* what else the asker compared; writes forget the value for all of them */
	struct bytes value;
};

/* True when asking ahead is worth it: a writing transaction on PostgreSQL. */
bool db_knows(const struct db_conn *db);
/* True when the answer is known: the id, or 0 for none. */
bool db_known(const struct db_conn *db, const struct known_question *q, int64_t *id);
void db_know(struct db_conn *db, const struct known_question *q, int64_t id);

/* For db.c. */
struct known;
struct known *known_new(void);
void known_free(struct known *k);                                               /* accepts NULL, like all below */
void known_forget(struct known *k, int64_t tenant, const struct query *q, const void *in);     /* before a statement that writes */
void known_mark(struct known *k);                                               /* a SAVEPOINT */
void known_undo(struct known *k);                                               /* back to it */
void known_forget_all(struct known *k);
