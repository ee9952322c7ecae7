/* Cryptography: thin names over libsodium, so that nothing else calls it. Secrets are wiped after use. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { KEY_SIZE = 32, HASH_SIZE = 32, LOOKUP_SIZE = 16, SEAL_OVERHEAD = 40, TOKEN_SIZE = 32 };

struct key {
	uint8_t p[KEY_SIZE];
};

int crypto_start(void) MUST_CHECK;                                  /* once per process */
void crypto_random(void *p, size_t n);
void crypto_wipe(void *p, size_t n);
bool crypto_equal(const void *a, const void *b, size_t n);          /* constant time */

/* XChaCha20-Poly1305, nonce ‖ ciphertext ‖ tag, bound to `context` (such as "customer.phone"). */
struct bytes seal(struct arena *a, const struct key *key, const char *context, const void *p, size_t n);
int seal_open(struct arena *a, const struct key *key, const char *context, struct bytes sealed, struct bytes *out) MUST_CHECK;

/* BLAKE2b, keyed when key is given; `label` separates uses of one key. size 16 … 64. */
void hash_keyed(const struct key *key, const char *label, const void *p, size_t n, uint8_t *out, size_t size);
/* SipHash-2-4, for tables whose rows a stranger must not be able to choose; takes the first 16 bytes of the key. */
void hash_for_table(const struct key *key, const void *p, size_t n, uint64_t out[static 2]);
void hash_sha256(const void *p, size_t n, uint8_t out[static 32]);
/* A zeroed key in memory that is never swapped out or dumped, between guard pages; NULL when there is none. */
struct key *key_locked_new(void);
void key_locked_free(struct key *key);                              /* wipes; accepts NULL */

void key_derive(const struct key *master, const char *label, struct key *out);

/* HMAC-SHA-256 for links, tokens and the audit chain. */
void hmac_sha256(const struct key *key, const void *p, size_t n, uint8_t out[static 32]);
/* With a secret of any length, as other systems give them out. */
void hmac_sha256_by(const void *secret, size_t secret_n, const void *p, size_t n, uint8_t out[static 32]);

/* Ed25519: whoever has the public half can tell who signed, and cannot sign. */
enum { SIGN_PUBLIC_SIZE = 32, SIGNATURE_SIZE = 64 };
void sign_public(const struct key *seed, uint8_t out[static SIGN_PUBLIC_SIZE]);
void sign(const struct key *seed, const void *p, size_t n, uint8_t out[static SIGNATURE_SIZE]);
bool sign_holds(const uint8_t public[static SIGN_PUBLIC_SIZE], const void *p, size_t n, const uint8_t signature[static SIGNATURE_SIZE]);

/* argon2id, 19 MiB, 2 passes (OWASP): encoded string. Run in the pool, at most two at a time. */
int password_hash(struct arena *a, const char *password, const char **encoded) MUST_CHECK;
bool password_verify(const char *encoded, const char *password);

/* base64url without padding; base64 with. Reading refuses anything else. */
char *base64url(struct arena *a, const void *p, size_t n);
int base64url_read(struct arena *a, const char *text, struct bytes *out) MUST_CHECK;
char *base64(struct arena *a, const void *p, size_t n);
int base64_read(struct arena *a, const char *text, size_t n, struct bytes *out) MUST_CHECK;
char *hex(struct arena *a, const void *p, size_t n);
