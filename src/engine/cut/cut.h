/* Cuts text into the words that are searched and matched: one cutter for index, queries and conditions.
 *
 * Chinese, Japanese and Korean become characters and pairs of neighbours (a question becomes pairs only, so that 漏水 does not
 * find every 水); other scripts become words of letters and digits, and a code such as KFR-35GW also the whole without its
 * marks. Everything is folded first (full-width, case). Measured against ICU's dictionary in docs/adr/0007-search-table.md.
 * Pure; words hold letters, digits and _ only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum cut_use {
	CUT_DOCUMENT,
	CUT_QUESTION,
	CUT_CHARACTERS,         /* a question once more: characters instead of pairs, for words in another order */
};

struct words {
	const char **word;
	size_t n;
	bool open;              /* the last word ends where the text ends: it may be unfinished */
};

enum { CUT_MOST_WORDS = 20000, CUT_LONGEST_WORD = 64 };   /* further words are left out; longer ones are cut off */

void cut(struct arena *a, const char *text, enum cut_use use, struct words *out);
