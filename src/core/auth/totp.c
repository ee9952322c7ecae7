/* Six digits cut from an HMAC, as RFC 4226 §5.3 cuts them. */
#include "core/auth/totp.h"

#include <string.h>

#include "base/text.h"
#include "core/auth/openssl.h"
#include "net/url.h"

uint32_t totp_code(struct bytes secret, int64_t step, int digits)
{
	uint8_t counter[8], mac[SHA1_SIZE];
	uint32_t most = 1;
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	if (!hmac_sha1(secret.p, secret.n, counter, sizeof(counter), mac))
		return UINT32_MAX;      /* no code at all */
	const uint8_t *p = mac + (mac[SHA1_SIZE - 1] & 15);
	uint32_t cut = ((uint32_t)p[0] & 127) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int i = 0; i < digits; i++)
		most *= 10;
	return cut % most;
}

/* Six digits, which people write with a space in the middle; UINT32_MAX for anything else. */
static uint32_t read_code(const char *text)
{
	uint32_t value = 0;
	int digits = 0;
	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (*text < '0' || *text > '9' || ++digits > TOTP_DIGITS)
			return UINT32_MAX;
		value = value * 10 + (uint32_t)(*text - '0');
	}
	return digits == TOTP_DIGITS ? value : UINT32_MAX;
}

int64_t totp_match(struct bytes secret, const char *text, time_ms now, int64_t used)
{
	int64_t present = now / SECOND_MS / TOTP_STEP_S, found = -1;
	uint32_t given = read_code(text);
	if (given == UINT32_MAX)
		return -1;
	for (int64_t step = present - 1; step <= present + 1; step++)
		if (totp_code(secret, step, TOTP_DIGITS) == given && step > used)
			found = step;
	return found;
}

const char *base32(struct arena *a, const void *p, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const uint8_t *from = p;
	char *out = arena_alloc(a, (n * 8 + 4) / 5 + 1), *to = out;
	unsigned held = 0, bits = 0;
	for (size_t i = 0; i < n; i++) {
		held = (held << 8 | from[i]) & 0xfff;
		for (bits += 8; bits >= 5; bits -= 5)
			*to++ = letters[held >> (bits - 5) & 31];
	}
	if (bits)
		*to++ = letters[held << (5 - bits) & 31];
	*to = 0;
	return out;
}

const char *totp_uri(struct arena *a, struct bytes secret, const char *company, const char *account)
{
	struct text t = text_in(a);
	text_append(&t, "otpauth://totp/");
	url_encode(&t, company);
	text_append(&t, ":");
	url_encode(&t, account);
	text_format(&t, "?secret=%s&issuer=", base32(a, secret.p, secret.n));
	url_encode(&t, company);
	return text_end(&t);
}
