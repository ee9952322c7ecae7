/* wechat_crypt: how WeChat and WeCom sign and encrypt what they deliver, and what they are answered.
 *
 * A delivery carries SHA-1 over the sorted token, time and nonce, in safe mode over the ciphertext as well. The ciphertext is AES-256-CBC of
 * 16 random bytes, the length, the message and the id of the app, padded to blocks of 32 as PKCS #7 says. CBC tells nothing of a change, so
 * nothing is decrypted before its signature holds. */
#pragma once

#include <stdbool.h>

#include "base/crypto.h"

enum { WECHAT_SIGNATURE_TEXT = 41, WECHAT_KEY_TEXT = 43, WECHAT_RANDOM = 16 };

/* What is signed: encrypted NULL where nothing is. */
struct wechat_signed {
	const char *token, *timestamp, *nonce, *encrypted;
};
void wechat_sign(const struct wechat_signed *s, char out[static WECHAT_SIGNATURE_TEXT]);
/* In constant time; false for NULL anywhere but in `encrypted`. */
bool wechat_signature_holds(const struct wechat_signed *s, const char *signature);

/* EncodingAESKey: 43 letters of base64 without the last "=". Spare bits of the last letter may be set: WeChat makes such keys. ERR_FIELD_INVALID. */
int wechat_key_read(const char *text, struct key *out) MUST_CHECK;

/* The message in base64 for this app, with 16 bytes that nobody can foresee (the caller's, so that a test can repeat them). */
const char *wechat_encrypt(struct arena *a, const struct key *key, const char *app_id, const uint8_t random[static WECHAT_RANDOM], const char *text, size_t n);
/* ERR_BAD_REQUEST for what is no ciphertext of this key, or was meant for another app: one answer for every reason. *out ends with NUL. */
int wechat_decrypt(struct arena *a, const struct key *key, const char *app_id, const char *encrypted, struct bytes *out) MUST_CHECK;
