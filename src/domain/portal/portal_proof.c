/* Proof of work (hashcash): a browser spends a second where a flood would spend days. Stateless: the challenge is an HMAC. */
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/services.h"
#include "domain/portal/portal.h"

static const char *challenge_of(struct ctx *c, int64_t hour)
{
	uint8_t mac[32];
	const char *words = arena_format(c->arena, "proof %lld %lld %lld", (long long)c->tenant, (long long)c->actor_id, (long long)hour);
	hmac_sha256(c->services->link_key, words, strlen(words), mac);
	return base64url(c->arena, mac, 18);
}

const char *proof_challenge(struct ctx *c)
{
	return challenge_of(c, c->now / HOUR_MS);
}

static int zero_bits(const uint8_t hash[32])
{
	int bits = 0;
	for (int i = 0; i < 32; i++) {
		if (hash[i])
			return bits + __builtin_clz(hash[i]) - 24;
		bits += 8;
	}
	return bits;
}

bool proof_holds(struct ctx *c, const char *proof)
{
	const char *colon = proof ? strchr(proof, ':') : NULL;
	if (!colon || strlen(proof) > 100)
		return false;
	const char *challenge = arena_string_n(c->arena, proof, (size_t)(colon - proof));
	if (!text_equal(challenge, challenge_of(c, c->now / HOUR_MS)) && !text_equal(challenge, challenge_of(c, c->now / HOUR_MS - 1)))
		return false;
	uint8_t hash[32];
	hash_sha256(proof, strlen(proof), hash);
	return zero_bits(hash) >= PROOF_BITS;
}
