/* Thin names over OpenSSL. */
#include "core/auth/openssl.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

bool hmac_sha1(const void *key, size_t key_n, const void *p, size_t n, uint8_t out[static SHA1_SIZE])
{
	unsigned made = 0;
	return HMAC(EVP_sha1(), key, (int)key_n, p, n, out, &made) && made == SHA1_SIZE;
}
