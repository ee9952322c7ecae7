/* The words that count, and what around them makes them not count. */
#pragma once

#include "engine/grade/grade.h"

/* Lists hold alternatives between bars: "打不|点不"; NULL is none. `word` is folded (lower case, half-width, simplified); a * in
 * it stands for up to four characters. English words match whole words only. */
struct grade_word {
	const char *word;
	enum grade_kind kind;
	enum grade grade;
	const char *not_before;    /* directly before it: it means something else */
	const char *not_after;     /* directly after it */
	const char *unless;        /* anywhere in the clause */
	const char *needs;         /* anywhere in the clause: without one of these it does not count */
};

enum { GRADE_MOST_WORDS = 1024 };
extern const struct grade_word grade_words[];
extern const size_t grade_word_count;
