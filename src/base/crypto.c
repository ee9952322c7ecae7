/* libsodium and SHA-256 behind our names. Labels and contexts separate the uses of one key, so a value sealed for one
 * column never opens as another. */
#include "base/crypto.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

_Static_assert(SEAL_OVERHEAD == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "nonce and tag");
_Static_assert(KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key of XChaCha20-Poly1305");

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

/* argon2id as OWASP's password storage cheat sheet states its second choice: 19 MiB, 2 passes, 1 lane. */
enum { PASSWORD_PASSES = 2, PASSWORD_MEMORY = 19 * 1024 * 1024 };

int crypto_start(void)
{
	return sodium_init() < 0 ? ERR_INTERNAL : 0;
}

void crypto_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

void crypto_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

struct bytes seal(struct arena *a, const struct key *key, const char *context, const void *p, size_t n)
{
	uint8_t *out = arena_alloc(a, n + SEAL_OVERHEAD);
	unsigned long long made;
	crypto_random(out, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &made, p, n, (const uint8_t *)context, strlen(context), NULL,
	                                           out, key->p);
	return (struct bytes){ .p = out, .n = NONCE + (size_t)made };
}

int seal_open(struct arena *a, const struct key *key, const char *context, struct bytes sealed, struct bytes *out)
{
	if (!sealed.p || sealed.n < SEAL_OVERHEAD)
		return ERR_INTERNAL;
	uint8_t *plain = arena_alloc(a, sealed.n - SEAL_OVERHEAD + 1);     /* texts may be used as strings: a NUL follows */
	unsigned long long n;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &n, NULL, sealed.p + NONCE, sealed.n - NONCE,
	                                               (const uint8_t *)context, strlen(context), sealed.p, key->p) != 0)
		return ERR_INTERNAL;
	*out = (struct bytes){ .p = plain, .n = (size_t)n };
	return 0;
}

/* The label goes in first with its length, so no label and text can be read as another pair. */
void hash_keyed(const struct key *key, const char *label, const void *p, size_t n, uint8_t *out, size_t size)
{
	crypto_generichash_state state;
	uint64_t label_size = strlen(label);
	crypto_generichash_init(&state, key ? key->p : NULL, key ? KEY_SIZE : 0, size);
	crypto_generichash_update(&state, (const uint8_t *)&label_size, sizeof(label_size));
	crypto_generichash_update(&state, (const uint8_t *)label, label_size);
	crypto_generichash_update(&state, p, n);
	crypto_generichash_final(&state, out, size);
	crypto_wipe(&state, sizeof(state));
}

void hash_for_table(const struct key *key, const void *p, size_t n, uint64_t out[static 2])
{
	_Static_assert(crypto_shorthash_siphashx24_BYTES == 2 * sizeof(*out), "128 bits");
	crypto_shorthash_siphashx24((uint8_t *)out, p, n, key->p);
}

void hash_sha256(const void *p, size_t n, uint8_t out[static 32])
{
	crypto_hash_sha256(out, p, n);
}

struct key *key_locked_new(void)
{
	struct key *key = sodium_malloc(sizeof(*key));
	if (key)
		crypto_wipe(key, sizeof(*key));
	return key;
}

void key_locked_free(struct key *key)
{
	sodium_free(key);
}

void key_derive(const struct key *master, const char *label, struct key *out)
{
	hash_keyed(master, label, "", 0, out->p, KEY_SIZE);
}

void hmac_sha256(const struct key *key, const void *p, size_t n, uint8_t out[static 32])
{
	crypto_auth_hmacsha256(out, p, n, key->p);
}

void hmac_sha256_by(const void *secret, size_t secret_n, const void *p, size_t n, uint8_t out[static 32])
{
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, secret, secret_n);
	crypto_auth_hmacsha256_update(&state, p, n);
	crypto_auth_hmacsha256_final(&state, out);
	crypto_wipe(&state, sizeof(state));
}

void sign_public(const struct key *seed, uint8_t out[static SIGN_PUBLIC_SIZE])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	crypto_sign_seed_keypair(out, secret, seed->p);
	crypto_wipe(secret, sizeof(secret));
}

void sign(const struct key *seed, const void *p, size_t n, uint8_t out[static SIGNATURE_SIZE])
{
	uint8_t public[SIGN_PUBLIC_SIZE], secret[crypto_sign_SECRETKEYBYTES];
	crypto_sign_seed_keypair(public, secret, seed->p);
	crypto_sign_detached(out, NULL, p, n, secret);
	crypto_wipe(secret, sizeof(secret));
}

bool sign_holds(const uint8_t public[static SIGN_PUBLIC_SIZE], const void *p, size_t n, const uint8_t signature[static SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(signature, p, n, public) == 0;
}

int password_hash(struct arena *a, const char *password, const char **encoded)
{
	char out[crypto_pwhash_STRBYTES];
	if (crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_PASSES, PASSWORD_MEMORY,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return ERR_NO_MEMORY;
	*encoded = arena_string(a, out);
	return 0;
}

bool password_verify(const char *encoded, const char *password)
{
	return crypto_pwhash_str_verify(encoded, password, strlen(password)) == 0;
}

static char *to_base64(struct arena *a, const void *p, size_t n, int variant)
{
	size_t room = sodium_base64_encoded_len(n, variant);
	return sodium_bin2base64(arena_alloc(a, room), room, p, n, variant);
}

static int from_base64(struct arena *a, const char *text, size_t n, int variant, struct bytes *out)
{
	uint8_t *p = arena_alloc(a, n / 4 * 3 + 4);
	size_t made;
	const char *end;
	if (sodium_base642bin(p, n / 4 * 3 + 3, text, n, NULL, &made, &end, variant) != 0 || end != text + n)
		return ERR_FIELD_INVALID;
	*out = (struct bytes){ .p = p, .n = made };
	return 0;
}

char *base64url(struct arena *a, const void *p, size_t n)
{
	return to_base64(a, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

int base64url_read(struct arena *a, const char *text, struct bytes *out)
{
	return from_base64(a, text, strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

char *base64(struct arena *a, const void *p, size_t n)
{
	return to_base64(a, p, n, sodium_base64_VARIANT_ORIGINAL);
}

int base64_read(struct arena *a, const char *text, size_t n, struct bytes *out)
{
	return from_base64(a, text, n, sodium_base64_VARIANT_ORIGINAL, out);
}

char *hex(struct arena *a, const void *p, size_t n)
{
	char *out = arena_alloc(a, n * 2 + 1);
	return sodium_bin2hex(out, n * 2 + 1, p, n);
}
