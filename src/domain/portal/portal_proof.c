/* Proof of work (hashcash): a browser spends a second where a flood would spend days. Stateless: the challenge is an HMAC. */
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/auth/sign_in.h"
#include "core/setting/settings.h"
#include "domain/portal/portal.h"

static int challenge_of(struct ctx *c, int64_t hour, const char **out)
{
	uint8_t mac[32];
	struct key key;
	const char *words = arena_format(c->arena, "%lld %lld", (long long)c->actor_id, (long long)hour);
	TRY(tenant_secret(c, "proof of work", &key));
	hmac_sha256(&key, words, strlen(words), mac);
	crypto_wipe(&key, sizeof(key));
	*out = base64url(c->arena, mac, 18);
	return 0;
}

int proof_challenge(struct ctx *c, const char **challenge)
{
	return challenge_of(c, c->now / HOUR_MS, challenge);
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

int proof_check(struct ctx *c, const char *proof, bool *holds)
{
	const char *colon = proof ? strchr(proof, ':') : NULL, *now, *before;
	*holds = false;
	if (!colon || strlen(proof) > 100)
		return 0;
	const char *challenge = arena_string_n(c->arena, proof, (size_t)(colon - proof));
	TRY(challenge_of(c, c->now / HOUR_MS, &now));
	TRY(challenge_of(c, c->now / HOUR_MS - 1, &before));
	uint8_t hash[32];
	hash_sha256(proof, strlen(proof), hash);
	*holds = (text_equal(challenge, now) || text_equal(challenge, before)) && zero_bits(hash) >= setting_of(c, SETTING_REPORT_PROOF);
	return 0;
}
