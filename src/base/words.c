/* Plain comparing at each place: lists are short, and so is what people write. */
#include "base/words.h"

#include <string.h>

static bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Both belong to one word. */
static bool join(char before, char after)
{
	return (is_letter(before) && is_letter(after)) || (is_digit(before) && is_digit(after));
}

static const char *over_blanks(const char *s)
{
	return s + strspn(s, " ");
}

/* "leaks" for "gas leak": the last four bytes are letters, and the next one is a lone s. */
static const char *over_plural(const char *at, const char *p)
{
	for (int i = 1; i <= 4; i++)
		if (p - at < i || !is_letter(p[-i]))
			return p;
	return *p == 's' && !is_letter(p[1]) ? p + 1 : p;
}

/* How much of the text at `at` is this word; 0: it does not stand there. */
static size_t length_at(const char *text, const char *at, const char *word)
{
	const char *p = at;
	if (*word != ' ' && *word != *at)       /* of nearly all words at nearly all places */
		return 0;
	word = over_blanks(word);
	if (*at != *word || (at > text && join(at[-1], *at)))
		return 0;
	for (; *word; word = over_blanks(word + 1)) {
		p = over_blanks(p);
		if (*p++ != *word)
			return 0;
	}
	p = over_plural(at, p);
	return p == at || join(p[-1], *p) ? 0 : (size_t)(p - at);
}

static size_t longest_at(const char *text, const char *at, const char *const *words)
{
	size_t longest = 0;
	for (; words && *words; words++) {
		size_t n = length_at(text, at, *words);
		longest = n > longest ? n : longest;
	}
	return longest;
}

void words_cut(char *text, const char *const *words)
{
	for (char *p = text; *p;) {
		size_t n = longest_at(text, p, words);
		memset(p, WORDS_CUT, n);
		p += n ? n : 1;
	}
}

bool words_stand_in(struct arena *a, const char *text, const char *const *words, const char *const *nots)
{
	if (nots && *nots) {
		char *rest = arena_string(a, text);
		words_cut(rest, nots);
		text = rest;
	}
	for (const char *p = text; *p; p++)
		if (longest_at(text, p, words))
			return true;
	return false;
}

bool words_same(const char *x, const char *y)
{
	for (x = over_blanks(x), y = over_blanks(y); *x && *x == *y; x = over_blanks(x + 1), y = over_blanks(y + 1))
		;
	return !*x && !*y;
}
