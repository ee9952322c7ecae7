/* The text is walked once as code points; a run of one class is cut when the class changes. */
#include "engine/cut/cut.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include "base/text.h"

enum class { NOTHING, LETTER, GRAM };

/* A folded character of the text. */
struct character {
	uint32_t code;
	enum class class;
};

struct cutter {
	struct arena *arena;
	enum cut_use use;
	const struct character *text;
	size_t n, room;
	struct words *out;
};

static enum class class_of(uint32_t c)
{
	if (c < 0x80)
		return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? LETTER : NOTHING;
	UErrorCode error = U_ZERO_ERROR;
	switch (uscript_getScript((UChar32)c, &error)) {
	case USCRIPT_HAN:
	case USCRIPT_HIRAGANA:
	case USCRIPT_KATAKANA:
	case USCRIPT_HANGUL: return GRAM;
	default: break;
	}
	int8_t type = u_charType((UChar32)c);
	bool mark = type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
	return mark || u_isalnum((UChar32)c) ? LETTER : NOTHING;
}

static struct character *read_characters(struct arena *a, const char *text, size_t *n)
{
	const char *p = text_fold(a, text), *end = p + strlen(p);
	struct character *out = ARENA_ARRAY(a, struct character, (size_t)(end - p) + 1);
	for (*n = 0; p < end; (*n)++) {
		uint32_t c = (uint32_t)u_foldCase((UChar32)utf8_next(&p, end), U_FOLD_CASE_DEFAULT);
		out[*n] = (struct character){ c, class_of(c) };
	}
	return out;
}

static void add_word(struct cutter *t, const char *word)
{
	struct words *w = t->out;
	if (w->n == CUT_MOST_WORDS)
		return;
	ARENA_GROW(t->arena, w->word, w->n, t->room);
	w->word[w->n++] = word;
}

/* Characters from … to, those of class NOTHING left out. */
static void add(struct cutter *t, size_t from, size_t to)
{
	char word[CUT_LONGEST_WORD];
	int32_t n = 0, before = 0;
	UBool full = false;
	for (size_t i = from; i < to && !full && n < CUT_LONGEST_WORD; i++) {
		if (t->text[i].class == NOTHING)
			continue;
		before = n;
		U8_APPEND((uint8_t *)word, n, CUT_LONGEST_WORD, (UChar32)t->text[i].code, full);
	}
	if (full)
		n = before;
	if (n)
		add_word(t, arena_string_n(t->arena, word, (size_t)n));
}

static void cut_grams(struct cutter *t, size_t from, size_t to)
{
	bool pairs = t->use != CUT_CHARACTERS;
	bool single = t->use != CUT_QUESTION || to - from == 1;
	for (size_t i = from; single && i < to; i++)
		add(t, i, i + 1);
	for (size_t i = from; pairs && i + 1 < to; i++)
		add(t, i, i + 2);
}

static bool joins(uint32_t c)
{
	return c == '-' || c == '.' || c == '/' || c == '+';
}

/* KFR-35GW/BP: from its first letter to the end of its last word, when marks stand inside. */
static size_t code_end(const struct cutter *t, size_t from)
{
	size_t end = from;
	while (end < t->n && t->text[end].class == LETTER) {
		while (end < t->n && t->text[end].class == LETTER)
			end++;
		if (end + 1 < t->n && joins(t->text[end].code) && t->text[end + 1].class == LETTER)
			end++;
	}
	return end;
}

static void cut_letters(struct cutter *t, size_t from, size_t to)
{
	size_t words = 0;
	for (size_t i = from, end; i < to; i = end + 1, words++) {
		for (end = i; end < to && t->text[end].class == LETTER;)
			end++;
		add(t, i, end);
	}
	if (words > 1 && t->use == CUT_DOCUMENT)
		add(t, from, to);
}

void cut(struct arena *a, const char *text, enum cut_use use, struct words *out)
{
	*out = (struct words){ 0 };
	struct cutter t = { .arena = a, .use = use, .out = out };
	t.text = read_characters(a, text, &t.n);
	for (size_t i = 0, end; i < t.n; i = end) {
		end = i + 1;
		if (t.text[i].class == LETTER) {
			end = code_end(&t, i);
			cut_letters(&t, i, end);
		} else if (t.text[i].class == GRAM) {
			while (end < t.n && t.text[end].class == GRAM)
				end++;
			cut_grams(&t, i, end);
		}
	}
	out->open = t.n && t.text[t.n - 1].class == LETTER;
}
