/* Thin names over OpenSSL. */
#include "core/auth/openssl.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

enum { P256 = 32, POINT = 1 + 2 * P256 };

bool hmac_sha1(const void *key, size_t key_n, const void *p, size_t n, uint8_t out[static SHA1_SIZE])
{
	unsigned made = 0;
	return HMAC(EVP_sha1(), key, (int)key_n, p, n, out, &made) && made == SHA1_SIZE;
}

/* NULL for numbers that are no key. */
static EVP_PKEY *key_from(const char *kind, OSSL_PARAM_BLD *b)
{
	OSSL_PARAM *params = b ? OSSL_PARAM_BLD_to_param(b) : NULL;
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *key = NULL;
	if (!params || !c || EVP_PKEY_fromdata_init(c) <= 0 || EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0)
		key = NULL;
	EVP_PKEY_CTX_free(c);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	return key;
}

static bool verify(EVP_PKEY *key, const void *p, size_t n, const uint8_t *signature, size_t signature_n)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool holds = key && c && EVP_DigestVerifyInit(c, NULL, EVP_sha256(), NULL, key) == 1 && EVP_DigestVerify(c, signature, signature_n, p, n) == 1;
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	return holds;
}

bool rs256_holds(struct public_number modulus, struct public_number exponent, const void *p, size_t n, const uint8_t *signature, size_t signature_n)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *m = BN_bin2bn(modulus.p, (int)modulus.n, NULL), *e = BN_bin2bn(exponent.p, (int)exponent.n, NULL);
	EVP_PKEY *key = NULL;
	if (b && m && e && BN_is_odd(m) && BN_is_odd(e) && !BN_is_one(e) && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, m) &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e))
		key = key_from("RSA", b);
	else
		OSSL_PARAM_BLD_free(b);
	BN_free(m);
	BN_free(e);
	return verify(key, p, n, signature, signature_n);
}

/* r and s as OpenSSL wants them; its length, 0: it cannot be made. */
static size_t write_der(const uint8_t signature[static ES256_SIGNATURE], uint8_t **der)
{
	ECDSA_SIG *s = ECDSA_SIG_new();
	BIGNUM *first = BN_bin2bn(signature, P256, NULL), *second = BN_bin2bn(signature + P256, P256, NULL);
	int n = 0;
	if (s && first && second && ECDSA_SIG_set0(s, first, second)) {
		n = i2d_ECDSA_SIG(s, der);
	} else {
		BN_free(first);
		BN_free(second);
	}
	ECDSA_SIG_free(s);
	return n > 0 ? (size_t)n : 0;
}

bool es256_holds(struct public_number x, struct public_number y, const void *p, size_t n, const uint8_t signature[static ES256_SIGNATURE])
{
	uint8_t point[POINT] = { POINT_CONVERSION_UNCOMPRESSED }, *der = NULL;
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;
	if (x.n != P256 || y.n != P256) {
		OSSL_PARAM_BLD_free(b);
		return false;
	}
	memcpy(point + 1, x.p, P256);
	memcpy(point + 1 + P256, y.p, P256);
	if (b && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)))
		key = key_from("EC", b);
	else
		OSSL_PARAM_BLD_free(b);
	size_t der_n = write_der(signature, &der);
	bool holds = der_n && verify(key, p, n, der, der_n);
	if (!der_n)
		EVP_PKEY_free(key);
	OPENSSL_free(der);
	return holds;
}
