/* Shared by the cleaners: the forms of a cell that they work on. */
#pragma once

#include "base/text.h"
#include "engine/clean/clean.h"

/* Like clean_text, and also all punctuation half-width, every dash a hyphen: for numbers, codes and dates. */
char *clean_halved(struct arena *a, const char *s);

/* For whole numbers that passed through a spreadsheet: 1.3812345678E+10, 13812345678.0 and '13812345678 give their digits in
 * *out; other text is given back as it is. ERR_NUMBER_ROUNDED when digits are lost. */
int clean_exponent(struct arena *a, const char *s, const char **out) MUST_CHECK;

bool clean_starts(const char *s, const char *prefix);
bool clean_ends(const char *s, const char *suffix);
static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
