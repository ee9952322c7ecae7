/* The part of a long message that says what it is about, short enough to be understood in a few hundredths of a second.
 *
 * Takes a text that normal_text() made; greetings and politeness go, then whole clauses are kept, the most telling first, in the order in which they stand.
 * Pure. */
#pragma once

#include "engine/retrieve/terms.h"

enum { TELLING_CHARACTERS = 60 };       /* at most; some 50 of the model's 64 pieces */

/* `courtesies` are words without which a clause says the same, such as 你好 and 请问; the table tells which words tell. */
const char *telling_part(struct arena *a, const struct term_table *table, const char *const *courtesies, size_t n, const char *normal);
