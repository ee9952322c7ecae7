/* The two passes of redaction, and what they share. Each appends to `out` and never looks further than a fixed distance. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "engine/redact/redact.h"

/* Numbers and e-mail addresses. */
void redact_numbers(struct text *out, const char *text, size_t n, struct redact_count *count);
/* Street-level addresses; province, city and district stay. */
void redact_addresses(struct text *out, const char *text, size_t n, struct redact_count *count);

static inline bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
/* Bytes of the ASCII or full-width digit at p, 0 when there is none. */
size_t redact_digit(const char *p, const char *end, uint8_t *value);

/* What the digits are. `groups` holds the count of digits of each written group (6222 0200 …: 4 4 …). */
enum number_kind { NUMBER_OTHER, NUMBER_PHONE, NUMBER_IDENTITY, NUMBER_CARD };
struct number_shape {
	const uint8_t *digits;
	size_t n;
	const uint8_t *groups;
	size_t group_count;
	bool plus;               /* + stood before it */
	bool ends_in_x;          /* 17 digits and the check character X */
};
enum number_kind redact_kind(const struct number_shape *s);
