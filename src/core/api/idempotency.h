/* Idempotency keys: the same key and request give the first answer again; the same key with another request is refused.
 * The answer is stored in the request's own SAVEPOINT, so it stands if and only if the effect stands. */
#pragma once

#include "base/crypto.h"
#include "db/ctx.h"
#include "gen/schema.h"

struct idempotent {
	const char *key;                /* from outside, 1 … 100 characters */
	uint8_t request[HASH_SIZE];     /* of method, path and body */
	int status;                     /* the stored answer, or the one to store */
	const char *reply;
};

/* Asks for many keys of one company at once what idempotency_find() is going to ask one by one (db/known.h). */
int idempotency_ask_ahead(struct ctx *c, const struct idempotency_key *keys, size_t n) MUST_CHECK;

/* 1: answered before, status and reply are filled. 0: new. ERR_IDEMPOTENCY: used for something else. */
int idempotency_find(struct ctx *c, struct idempotent *i) MUST_CHECK;
int idempotency_store(struct ctx *c, const struct idempotent *i) MUST_CHECK;
