/* One-time passwords by the clock (RFC 6238 over RFC 4226): what authenticator apps on phones show. SHA-1, 30 seconds, 6 digits,
 * because that is what all of them do. Pure functions: who may try how often, and that no code works twice, is second_factor.h's. */
#pragma once

#include "base/clock.h"
#include "base/error.h"

enum { TOTP_SECRET = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30 };

/* The code of a time step, `digits` long (at most 9). */
uint32_t totp_code(struct bytes secret, int64_t step, int digits);

/* The step whose code `text` is, the present one or a neighbour (a phone's clock is off by some seconds); −1: none, or one that is
 * not later than `used`. Takes as long whichever it is. */
int64_t totp_match(struct bytes secret, const char *text, time_ms now, int64_t used);

/* RFC 4648 base32 without padding, in which people type a secret. */
const char *base32(struct arena *a, const void *p, size_t n);
/* "otpauth://totp/…": what the QR code says. */
const char *totp_uri(struct arena *a, struct bytes secret, const char *company, const char *account);
