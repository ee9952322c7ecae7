/* jose: signed tokens (JWT, RFC 7519) in their compact form, and the public keys (JWK, RFC 7517) that prove them. Pure functions over
 * hostile text, fuzzed.
 *
 * Two algorithms, RS256 and ES256, and a key is of one of them by what it is: what a token says of its algorithm only chooses among keys
 * that fit. So "none" and HMAC with a public key as its secret do not exist here. Names that stand twice refuse the whole. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { JWT_MOST = 16384, JOSE_KEYS_MOST = 32 };

enum jose_algorithm { JOSE_RS256, JOSE_ES256 };

struct yyjson_val;

struct jwt {
	enum jose_algorithm algorithm;
	const char *key_id;             /* NULL: not named */
	const char *text;               /* what is signed */
	size_t text_n;
	struct bytes signature;
	struct yyjson_val *claims;      /* an object, in the arena */
};

struct jose_key {
	enum jose_algorithm algorithm;
	const char *id;                 /* or NULL */
	struct bytes a, b;              /* RSA: modulus, exponent. P-256: x, y */
};
struct jose_keys {
	struct jose_key *at;
	size_t n;
};

/* ERR_INVALID for what is no signed token of these algorithms. Believed is nothing yet. */
int jwt_read(struct arena *a, const char *text, struct jwt *out) MUST_CHECK;
/* A key set; keys of other kinds or for other uses are passed over. ERR_INVALID for what is no set. */
int jose_keys_read(struct arena *a, const char *json, size_t n, struct jose_keys *out) MUST_CHECK;
/* The key that a token names; of one that names none the only key of its algorithm. NULL: there is none. */
const struct jose_key *jose_key_for(const struct jose_keys *keys, const struct jwt *t);
bool jwt_signed_by(const struct jwt *t, const struct jose_key *key);

/* A JSON object from outside; NULL when it is none, or a name stands twice in it. */
struct yyjson_val *object_read(struct arena *a, const char *json, size_t n);
/* A member that is text without control characters, of at most `most` bytes; else NULL. */
const char *object_text(struct yyjson_val *object, const char *name, size_t most);
