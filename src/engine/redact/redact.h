/* Takes personal data out of text before it is indexed.
 *
 * Phone numbers, identity numbers (checksum), bank cards (Luhn), e-mail and street-level addresses become the words below,
 * which no person types by chance and which the word cutter keeps whole. Linear in the length of the text; UTF-8 stays valid.
 * In doubt it redacts: a lost order number costs a search hit, a leaked number costs a person. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

#define REDACT_PHONE    "_phone_"
#define REDACT_IDENTITY "_identity_"
#define REDACT_CARD     "_card_"
#define REDACT_MAIL     "_mail_"
#define REDACT_ADDRESS  "_address_"

struct redact_count {
	size_t phones, identities, cards, mails, addresses;
};

/* A NUL-ended copy in the arena, of the text up to its first NUL. `count` may be NULL. Broken UTF-8 is passed through byte by
 * byte. Redacting the result finds nothing more, whatever the bytes. */
const char *redact(struct arena *a, const char *text, size_t n, struct redact_count *count);
