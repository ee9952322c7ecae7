/* Bytes of a mail as UTF-8, whatever it says of them. Pure; declarations are believed where they fit the bytes. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

/* charset: as declared, NULL or "" for none. Valid UTF-8 in any case: what cannot be read is U+FFFD, control characters are gone, lines end in \n. */
const char *mail_utf8(struct arena *a, const char *charset, struct bytes b);

/* A header's value as it came: unfolded, its encoded words (RFC 2047) read, also where a character was cut between two of them. */
const char *mail_header_words(struct arena *a, const char *raw);
