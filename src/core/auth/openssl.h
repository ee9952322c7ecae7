/* What signing in needs of OpenSSL because libsodium has it not. In plain types: names of its headers clash with those of base/error.h, so
 * nothing that includes one includes the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA1_SIZE = 20, ES256_SIGNATURE = 64 };

/* False: this OpenSSL refuses SHA-1. */
bool hmac_sha1(const void *key, size_t key_n, const void *p, size_t n, uint8_t out[static SHA1_SIZE]);

/* A number of a public key, its highest byte first. */
struct public_number {
	const uint8_t *p;
	size_t n;
};
/* RFC 7518 §3.3: PKCS #1 v1.5 with SHA-256. False for any key or signature that does not hold. */
bool rs256_holds(struct public_number modulus, struct public_number exponent, const void *p, size_t n, const uint8_t *signature, size_t signature_n);
/* §3.4: ECDSA on P-256 with SHA-256, the signature as r and s; x and y have 32 bytes. */
bool es256_holds(struct public_number x, struct public_number y, const void *p, size_t n, const uint8_t signature[static ES256_SIGNATURE]);
