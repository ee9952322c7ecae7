/* What signing in needs of OpenSSL because libsodium has it not. In plain types: names of its headers clash with those of base/error.h, so
 * nothing that includes one includes the other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHA1_SIZE = 20 };

/* False: this OpenSSL refuses SHA-1. */
bool hmac_sha1(const void *key, size_t key_n, const void *p, size_t n, uint8_t out[static SHA1_SIZE]);
