/* Characters first, one by one; then the thesaurus over what came of them. */
#include "engine/retrieve/normal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/utrans.h>

#include "base/text.h"

enum { FIRST_HAN = 0x3400, LAST_HAN = 0x9FFF, HAN = LAST_HAN - FIRST_HAN + 1, MOST_DIGITS = 5, MOST_ALIKE = 2 };

struct normal {
	uint16_t simple[HAN];           /* 0: the character itself */
	struct normal_pair *pairs;      /* by bytes, the longer of two that begin alike first */
	size_t pair_count;
};

/* ---- traditional to simplified ---- */

/* ICU's table, asked once for every character; those it answers with several are left alone. */
static void learn_simple(struct normal *s)
{
	static const UChar id[] = u"Traditional-Simplified";
	UErrorCode error = U_ZERO_ERROR;
	UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
	for (int32_t c = 0; t && c < HAN; c++) {
		UChar text[8] = { (UChar)(FIRST_HAN + c) };
		int32_t n = 1, limit = 1;
		error = U_ZERO_ERROR;
		utrans_transUChars(t, text, &n, 8, 0, &limit, &error);
		if (U_SUCCESS(error) && n == 1 && text[0] != FIRST_HAN + c)
			s->simple[c] = text[0];
	}
	if (t)
		utrans_close(t);
}

static uint32_t simplified(const struct normal *s, uint32_t c)
{
	if (c < FIRST_HAN || c > LAST_HAN || !s->simple[c - FIRST_HAN])
		return c;
	return s->simple[c - FIRST_HAN];
}

/* ---- thesaurus ---- */

static int by_bytes(const void *x, const void *y)
{
	const struct normal_pair *a = x, *b = y;
	size_t n = strlen(a->from), m = strlen(b->from);
	int order = memcmp(a->from, b->from, n < m ? n : m);
	return order ? order : (n < m) - (n > m);
}

struct normal *normal_new(struct arena *a, const struct normal_pair *pairs, size_t n)
{
	struct normal *s = ARENA_NEW(a, struct normal);
	learn_simple(s);
	s->pairs = ARENA_ARRAY(a, struct normal_pair, 2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		const char *to = arena_string(a, pairs[i].to);
		if (*pairs[i].from)
			s->pairs[s->pair_count++] = (struct normal_pair){ arena_string(a, pairs[i].from), to };
		if (*to)                        /* the word itself stays, also where it begins like one that goes: 路由器, 路由 */
			s->pairs[s->pair_count++] = (struct normal_pair){ to, to };
	}
	qsort(s->pairs, s->pair_count, sizeof(*s->pairs), by_bytes);
	return s;
}

/* The first pair that begins with the byte of `p` or a later one. */
static size_t first_of(const struct normal *s, unsigned char byte)
{
	size_t low = 0, high = s->pair_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if ((unsigned char)s->pairs[middle].from[0] < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct normal_pair *longest(const struct normal *s, const char *p)
{
	const struct normal_pair *best = NULL;
	size_t best_size = 0;
	for (size_t i = first_of(s, (unsigned char)*p); i < s->pair_count && s->pairs[i].from[0] == *p; i++) {
		size_t n = strlen(s->pairs[i].from);
		if (n > best_size && !strncmp(p, s->pairs[i].from, n)) {
			best = &s->pairs[i];
			best_size = n;
		}
	}
	return best;
}

static const char *put_words(struct arena *a, const struct normal *s, const char *text)
{
	struct text out = text_in(a);
	while (*text) {
		const struct normal_pair *pair = longest(s, text);
		if (pair) {
			text_append(&out, pair->to);
			text += strlen(pair->from);
		} else {
			text_char(&out, *text++);
		}
	}
	return text_end(&out);
}

/* ---- characters ---- */

static int digit_of(uint32_t c)
{
	static const char *const digits = "零一二三四五六七八九";
	const char *p = digits, *end = digits + strlen(digits);
	for (int i = 0; p < end; i++)
		if (utf8_next(&p, end) == c)
			return i;
	return c == 0x3007 ? 0 : -1;            /* 〇 */
}

static bool is_word(uint32_t c)
{
	return c < 0x80 ? (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') : u_isalnum((UChar32)c) || u_charType((UChar32)c) == U_NON_SPACING_MARK;
}

static bool is_ascii_word(uint32_t c) { return c < 0x80 && is_word(c); }
static bool is_letter(uint32_t c) { return c >= 'a' && c <= 'z'; }
static bool is_figure(uint32_t c) { return c >= '0' && c <= '9'; }

/* What is written without meaning a pause: emoji, their joiners and colours, marks such as ™. */
static bool is_ornament(uint32_t c)
{
	int8_t type = u_charType((UChar32)c);
	return c == 0xFFFD || type == U_OTHER_SYMBOL || type == U_MODIFIER_SYMBOL || type == U_FORMAT_CHAR || type == U_CONTROL_CHAR || type == U_SURROGATE ||
	       type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F000 && c <= 0x1FAFF);
}

struct writing {
	const struct normal *normal;
	struct text out;
	uint32_t last;                  /* written; 0 at the beginning */
	int alike, figures;             /* how often `last` stands there; digits in a row */
};

static void write_character(struct writing *w, uint32_t c)
{
	w->figures = is_figure(c) ? w->figures + 1 : 0;
	w->alike = c == w->last ? w->alike + 1 : 1;
	w->last = c;
	if (w->alike <= MOST_ALIKE || is_figure(c))
		utf8_append(&w->out, c);
	if (w->figures > MOST_DIGITS) {         /* a number of somebody or something, not a word: it goes */
		w->out.n -= w->figures == MOST_DIGITS + 1 ? MOST_DIGITS + 1 : 1;
		w->out.p[w->out.n] = 0;
	}
}

static void write_mark(struct writing *w, uint32_t c, uint32_t next)
{
	bool joins = (c == '-' || c == '.' || c == '/' || c == '+') && is_ascii_word(w->last) && is_ascii_word(next);
	if (joins)
		write_character(w, c);
	else if (w->last && w->last != ',') {
		if (w->last == ' ')
			w->out.p[--w->out.n] = 0;
		if (w->out.n)
			text_char(&w->out, ',');
		w->last = ',';
	}
}

static const char *write_characters(struct arena *a, const struct normal *s, const char *p)
{
	const char *end = p + strlen(p);
	struct writing w = { .normal = s, .out = text_in(a) };
	text_append(&w.out, "");
	while (p < end) {
		uint32_t c = simplified(s, (uint32_t)u_foldCase((UChar32)utf8_next(&p, end), U_FOLD_CASE_DEFAULT));
		const char *ahead = p;
		uint32_t next = p < end ? utf8_next(&ahead, end) : 0;
		int digit = is_letter(w.last) ? digit_of(c) : -1;
		if (is_ornament(c))
			continue;
		if (digit >= 0)
			write_character(&w, (uint32_t)('0' + digit));
		else if (is_word(c))
			write_character(&w, c);
		else if (u_isUWhiteSpace((UChar32)c) && w.last && w.last != ',' && w.last != ' ')
			write_character(&w, ' ');
		else if (!u_isUWhiteSpace((UChar32)c))
			write_mark(&w, c, next);
	}
	while (w.out.n && (w.out.p[w.out.n - 1] == ' ' || w.out.p[w.out.n - 1] == ','))
		w.out.p[--w.out.n] = 0;
	return text_end(&w.out);
}

const char *normal_text(struct arena *a, const struct normal *s, const char *text, size_t n)
{
	const char *nul = memchr(text, 0, n);
	size_t size = nul ? (size_t)(nul - text) : n;
	const char *bounded = arena_string_n(a, text, size < NORMAL_MOST_BYTES ? size : NORMAL_MOST_BYTES);
	return put_words(a, s, write_characters(a, s, text_fold(a, bounded)));
}
