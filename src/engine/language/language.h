/* In which language a text is written, by its letters: what every message can tell at once, without a model. Model numbers, units and error codes are in none. */
#pragma once

#include <stddef.h>

struct language_signs {
	size_t han;             /* Chinese characters */
	size_t words;           /* of two Latin letters or more, without a digit */
};

struct language_signs language_signs(const char *text);
/* "zh" or "en"; NULL: it is in neither, or nobody can say: a number, a single word. A product's Chinese name within English words leaves them English. */
const char *language_of(const char *text);
