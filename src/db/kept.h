/* Rows read by their key inside of a writing transaction, kept until it ends: the company, the customer and the region of a
 * report are asked for again and again, by a batch of requests more than by one, and each question is a round trip.
 *
 * Right because all writes of a company go through one lane (ADR 3): while its transaction lasts nobody else changes a row
 * that begins with a tenant. A generated update forgets its row, any other write of the transaction the rows of the table it writes. */
#pragma once

#include "db/db.h"

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *k);                 /* accepts NULL */

/* The row of a QUERY_KEPT question, its texts copied into `a`; false when it is not kept. */
bool kept_find(struct kept *k, struct arena *a, const struct query *q, const void *in, void *row);
void kept_put(struct kept *k, const struct query *q, const void *in, const void *row);
void kept_forget(struct kept *k, const struct query *q, const void *in);        /* before a statement that writes */
void kept_forget_all(struct kept *k);                           /* the transaction ended, or a part of it was undone */
