/* What an IMAP server answers (RFC 3501), one answer at a time. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of "* 12 FETCH (UID 34 RFC822.SIZE 900 INTERNALDATE "…")": numbers −1 and at 0 where it does not say. */
struct imap_item {
	int64_t uid, size, at_ms;
};
bool imap_item_read(const char *line, struct imap_item *out);
/* The number behind a word: "UIDVALIDITY" of "* OK [UIDVALIDITY 12]"; −1: none. */
int64_t imap_number_after(const char *line, const char *word);
/* Bytes that follow a line that ends in {n} or {n+}; −1: none do. */
int64_t imap_literal_of(const char *line, size_t n);
/* As a quoted string; false for what cannot be one. */
bool imap_quote(const char *text, char *out, size_t room);
