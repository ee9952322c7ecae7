/* Signatures and safe mode, by libcrypto. */
#include "channel/wechat/wechat_crypt.h"

#include <stdlib.h>
#include <string.h>

#define ERR_STATE OPENSSL_ERR_STATE      /* both have the word */
#include <openssl/evp.h>
#undef ERR_STATE

#include "base/text.h"

enum { SHA1_SIZE = 20, AES_BLOCK = 16, PAD_BLOCK = 32, LENGTH_SIZE = 4, ENCRYPTED_MOST = 1 << 20 };

/* Signing ------------------------------------------------------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void wechat_sign(const struct wechat_signed *s, char out[static WECHAT_SIGNATURE_TEXT])
{
	const char *parts[4] = { s->token, s->timestamp, s->nonce, s->encrypted };
	size_t n = s->encrypted ? 4 : 3;
	uint8_t hash[SHA1_SIZE];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	qsort(parts, n, sizeof(parts[0]), by_bytes);
	bool good = md && EVP_DigestInit_ex(md, EVP_sha1(), NULL) == 1;
	for (size_t i = 0; i < n; i++)
		good = good && EVP_DigestUpdate(md, parts[i], strlen(parts[i])) == 1;
	good = good && EVP_DigestFinal_ex(md, hash, NULL) == 1;
	EVP_MD_CTX_free(md);
	if (!good)
		abort();        /* out of memory alone */
	for (size_t i = 0; i < SHA1_SIZE; i++) {
		out[2 * i] = "0123456789abcdef"[hash[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
	}
	out[2 * SHA1_SIZE] = 0;
}

bool wechat_signature_holds(const struct wechat_signed *s, const char *signature)
{
	char right[WECHAT_SIGNATURE_TEXT];
	if (!s->token || !s->timestamp || !s->nonce || !signature || strlen(signature) != WECHAT_SIGNATURE_TEXT - 1)
		return false;
	wechat_sign(s, right);
	return crypto_equal(right, signature, WECHAT_SIGNATURE_TEXT - 1);
}

/* Base64 ------------------------------------------------------------------------------------------------------------- */

static int digit_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

int wechat_key_read(const char *text, struct key *out)
{
	uint8_t bytes[KEY_SIZE + 1];
	unsigned bits = 0, held = 0;
	size_t n = 0;
	if (!text || strlen(text) != WECHAT_KEY_TEXT)
		return ERR_FIELD_INVALID;
	for (; *text; text++) {
		int digit = digit_of(*text);
		if (digit < 0)
			return ERR_FIELD_INVALID;
		bits = (bits << 6 | (unsigned)digit) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			bytes[n++] = (uint8_t)(bits >> held);
		}
	}
	memcpy(out->p, bytes, KEY_SIZE);
	crypto_wipe(bytes, sizeof(bytes));
	return 0;
}

/* Safe mode ---------------------------------------------------------------------------------------------------------- */

enum way { DECRYPT, ENCRYPT };

/* Whole blocks, IV = the key's first half, padding our own. */
static bool cipher(const struct key *key, enum way way, const uint8_t *in, size_t n, uint8_t *out)
{
	int some = 0;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	bool good = c && EVP_CipherInit_ex(c, EVP_aes_256_cbc(), NULL, key->p, key->p, way == ENCRYPT) == 1;
	good = good && EVP_CIPHER_CTX_set_padding(c, 0) == 1 && EVP_CipherUpdate(c, out, &some, in, (int)n) == 1 && (size_t)some == n;
	EVP_CIPHER_CTX_free(c);
	return good;
}

const char *wechat_encrypt(struct arena *a, const struct key *key, const char *app_id, const uint8_t random[static WECHAT_RANDOM], const char *text, size_t n)
{
	size_t id = strlen(app_id), whole = WECHAT_RANDOM + LENGTH_SIZE + n + id, pad = PAD_BLOCK - whole % PAD_BLOCK;
	uint8_t *plain = arena_alloc(a, whole + pad), *out = arena_alloc(a, whole + pad), *p = plain;
	memcpy(p, random, WECHAT_RANDOM);
	p += WECHAT_RANDOM;
	for (int shift = 24; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(n >> shift);
	memcpy(p, text, n);
	memcpy(p + n, app_id, id);
	memset(p + n + id, (int)pad, pad);
	if (!cipher(key, ENCRYPT, plain, whole + pad, out))
		abort();
	crypto_wipe(plain, whole + pad);
	return base64(a, out, whole + pad);
}

/* Length of what lies before the padding; 0: it is none. All of it is looked at, whatever it says. */
static size_t unpadded(const uint8_t *p, size_t n)
{
	unsigned pad = p[n - 1], wrong = pad < 1 || pad > PAD_BLOCK || pad > n;
	for (size_t i = 1; i <= PAD_BLOCK && i <= n; i++)
		wrong |= i <= pad ? (unsigned)(p[n - i] ^ pad) : 0;
	return wrong ? 0 : n - pad;
}

int wechat_decrypt(struct arena *a, const struct key *key, const char *app_id, const char *encrypted, struct bytes *out)
{
	struct bytes in;
	size_t length = strlen(encrypted), id = strlen(app_id), n, said = 0;
	if (length > ENCRYPTED_MOST || base64_read(a, encrypted, length, &in) < 0 || in.n == 0 || in.n % AES_BLOCK)
		return ERR_BAD_REQUEST;
	uint8_t *plain = arena_alloc(a, in.n + 1);
	if (!cipher(key, DECRYPT, in.p, in.n, plain))
		return ERR_BAD_REQUEST;
	n = unpadded(plain, in.n);
	if (n < WECHAT_RANDOM + LENGTH_SIZE + id)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < LENGTH_SIZE; i++)
		said = said << 8 | plain[WECHAT_RANDOM + i];
	uint8_t *message = plain + WECHAT_RANDOM + LENGTH_SIZE;
	if (said != n - WECHAT_RANDOM - LENGTH_SIZE - id || !crypto_equal(message + said, app_id, id))
		return ERR_BAD_REQUEST;
	message[said] = 0;
	*out = (struct bytes){ message, said };
	return 0;
}
