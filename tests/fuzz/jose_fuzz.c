/* Tokens, key sets and what a provider says: whatever is accepted has an algorithm that we know, a key of its size, and claims that are read
 * without harm. A line: the token; the next: the key set. */
#include <stdlib.h>
#include <string.h>

#include "core/auth/oidc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_claims(struct arena *a, const struct jwt *token)
{
	struct oidc_identity who;
	struct error e = { 0 };
	const struct oidc_call k = { .arena = a, .error = &e, .issuer = "https://idp.example", .client_id = "anxin", .now = INT64_C(1764384000000) };
	if (!oidc_check_claims(&k, "nonce", token, &who) && (!who.subject || !*who.subject))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const uint8_t *end = n ? memchr(data, '\n', n) : NULL;
	size_t token_n = end ? (size_t)(end - data) : n;
	struct jwt token;
	struct jose_keys keys = { 0 };
	const char *rest = end ? (const char *)end + 1 : "";
	if (jose_keys_read(a, rest, n - token_n - (end != NULL), &keys) == 0)
		for (size_t i = 0; i < keys.n; i++)
			if (keys.at[i].algorithm == JOSE_ES256 ? keys.at[i].a.n != 32 || keys.at[i].b.n != 32 : keys.at[i].a.n < 256)
				abort();
	if (jwt_read(a, arena_string_n(a, (const char *)data, token_n), &token) < 0)
		return 0;
	check_claims(a, &token);
	const struct jose_key *key = jose_key_for(&keys, &token);
	if (key && key->algorithm != token.algorithm)
		abort();
	if (key && jwt_signed_by(&token, key) && token.signature.n < 64)
		abort();
	return 0;
}
