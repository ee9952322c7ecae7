/* Lists of words, looked for in what people write.
 *
 * Text and words come in one folded form: small letters, half width. Blanks do not count, for people put them where they like ("real person", "realperson", 冒 烟). A word of Latin
 * letters, or a number, neither begins nor ends within another: "fire" is not in "firewall", nor "shock" in "shocked". With four letters or more it may have one s at its end. Chinese has no
 * such bounds. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* Whether one of `words` stands in the text where none of `nots` does; both NULL-ended, NULL: none. */
bool words_stand_in(struct arena *a, const char *text, const char *const *words, const char *const *nots);
/* What is left of a text without these words, the longest first where one begins like another: WORDS_CUT stands in their places, and nothing is found across it. */
#define WORDS_CUT '\t'
void words_cut(char *text, const char *const *words);
/* The same text but for blanks. */
bool words_same(const char *x, const char *y);
