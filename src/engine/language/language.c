/* Letters counted. */
#include "engine/language/language.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { LETTERS_OF_A_WORD = 2, WORDS_OF_ENGLISH = 2 };

static bool is_latin(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* What a dash joins is one: "BCD-468WP" is a model number, "on-site" a word. */
struct token {
	size_t letters;
	bool digits;
};

static void end_token(struct language_signs *out, struct token *t)
{
	out->words += t->letters >= LETTERS_OF_A_WORD && !t->digits;
	*t = (struct token){ 0 };
}

struct language_signs language_signs(const char *text)
{
	struct language_signs out = { 0 };
	struct token t = { 0 };
	const char *p = text, *end = text + strlen(text);
	while (p < end) {
		uint32_t c = utf8_next(&p, end);
		out.han += c >= 0x4e00 && c <= 0x9fff;
		if (!is_latin(c) && !is_digit(c) && c != '-' && c != '_' && c != '\'')
			end_token(&out, &t);
		t.letters += is_latin(c);
		t.digits |= is_digit(c);
	}
	end_token(&out, &t);
	return out;
}

const char *language_of(const char *text)
{
	struct language_signs s = language_signs(text);
	if (s.words >= WORDS_OF_ENGLISH && s.words > s.han)
		return "en";
	return s.han ? "zh" : NULL;
}
