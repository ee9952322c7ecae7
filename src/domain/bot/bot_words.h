/* What a message says besides its question, read from words: that she wants a person, complains, is angry, is old or a child, asks about
 * money, answers yes or no. Pure. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

enum bot_word {
	SAYS_PERSON = 1 << 0,           /* wants a person, refuses the bot */
	SAYS_COMPLAINT = 1 << 1,        /* of somebody or something that was done to her */
	SAYS_ANGRY = 1 << 2,
	SAYS_ELDERLY = 1 << 3,
	SAYS_MINOR = 1 << 4,
	SAYS_MONEY = 1 << 5,            /* a sum that somebody would have to decide: refund, compensation, a price */
	SAYS_YES = 1 << 6,
	SAYS_NO = 1 << 7,
	SAYS_HELLO = 1 << 8,
	SAYS_THANKS = 1 << 9,
	SAYS_SOLVED = 1 << 10,
	SAYS_UNSOLVED = 1 << 11,
};

/* `text` as typed, in either language. A bit for each that it says. */
unsigned bot_says(struct arena *a, const char *text);

/* Whether she only asks for a person, presses an answer or is polite: nothing of what it is about. */
bool bot_says_nothing_else(struct arena *a, const char *text);

/* words_stand_in() (base/words.h) with words as they are written. */
bool bot_hears(struct arena *a, const char *folded, const char *const *words, const char *const *nots);
/* Whether the text is one of the words and nothing else; both folded. */
bool bot_is_one_of(const char *folded, const char *const *words);
/* Whether she means choice `i` of what was offered: its words, or its number, counted from 1. say NULL: it has none. */
bool bot_means(struct arena *a, const char *folded, size_t i, const char *say);
/* Small letters, blanks for punctuation: the form of base/words.h, by which lists of words are compared. */
const char *bot_fold(struct arena *a, const char *text);
const char *const *bot_fold_all(struct arena *a, const char *const *words);     /* NULL: none */
