#include "channel/model/model_points.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { WORD_LEAST = 4, WORD_TELLING = 5 };

static uint32_t fold(uint32_t p)
{
	if (p >= 0xff01 && p <= 0xff5e)
		p -= 0xfee0;
	else if (p == 0x3000 || p == 0xa0 || p == '\t' || p == '\r')
		p = ' ';
	return p >= 'A' && p <= 'Z' ? p + 32 : p;
}

struct points points_of(struct arena *a, const char *text)
{
	const char *end = text + strlen(text);
	struct points s = { ARENA_ARRAY(a, uint32_t, strlen(text) + 1), 0 };
	while (text < end)
		s.at[s.n++] = fold(utf8_next(&text, end));
	return s;
}

bool point_is_han(uint32_t p)
{
	return (p >= 0x4e00 && p <= 0x9fff) || (p >= 0x3400 && p <= 0x4dbf) || p == 0x3007;
}

bool point_is_latin(uint32_t p)
{
	return (p >= 'a' && p <= 'z') || (p >= 'A' && p <= 'Z');
}

bool point_is_digit(uint32_t p)
{
	return p >= '0' && p <= '9';
}

bool point_is_word(uint32_t p)
{
	return point_is_han(p) || point_is_latin(p) || point_is_digit(p);
}

struct points points_packed(struct arena *a, struct points s)
{
	struct points out = { ARENA_ARRAY(a, uint32_t, s.n + 1), 0 };
	for (size_t i = 0; i < s.n; i++)
		if (point_is_word(s.at[i]))
			out.at[out.n++] = s.at[i];
	return out;
}

bool points_have(struct points s, struct points part)
{
	for (size_t i = 0; i + part.n <= s.n; i++)
		if (!memcmp(s.at + i, part.at, part.n * sizeof(*part.at)))
			return true;
	return false;
}

bool points_have_text(struct arena *a, struct points s, const char *part)
{
	return points_have(s, points_of(a, part));
}

bool point_is_usual(uint32_t p)
{
	static const uint32_t signs[] = { '\n', 0xb0, 0xb1, 0xb7, 0xd7, 0xf7, 0x2103, 0x2109, 0x2030, 0x2190, 0x2191, 0x2192, 0x2193, 0x2264, 0x2265, 0x2248, 0x3001, 0x3002 };
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (signs[i] == p)
			return true;
	return (p >= ' ' && p < 0x7f) || point_is_han(p) || (p >= 0x2010 && p <= 0x2026) || (p >= 0x3008 && p <= 0x3011) || (p >= 0x3014 && p <= 0x301b);
}

/* Pairs -------------------------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void settle(struct pairs *p)
{
	size_t n = 0;
	if (p->n)
		qsort(p->at, p->n, sizeof(*p->at), by_value);
	for (size_t i = 0; i < p->n; i++)
		if (!n || p->at[n - 1] != p->at[i])
			p->at[n++] = p->at[i];
	p->n = n;
}

/* Where the word that begins at i ends; its value is that of its first letters: "drain" is "drains" and "draining". */
static size_t latin_word(struct points s, size_t i, uint64_t *value)
{
	size_t end = i;
	*value = 1;
	for (; end < s.n && point_is_latin(s.at[end]); end++)
		if (end - i < WORD_TELLING)
			*value = *value * 32 + (s.at[end] & 31);
	return end;
}

/* The next character that is more than a sign: spaces between characters hide nothing. */
static size_t next_word(struct points s, size_t i)
{
	for (i++; i < s.n && !point_is_word(s.at[i]); i++)
		;
	return i;
}

struct pairs pairs_listed(struct arena *a, struct points s)
{
	struct pairs out = { ARENA_ARRAY(a, uint64_t, s.n + 1), 0 };
	for (size_t i = 0; i < s.n; i++) {
		uint64_t value;
		size_t next = next_word(s, i);
		if (point_is_han(s.at[i]) && next < s.n && point_is_han(s.at[next]))
			out.at[out.n++] = (uint64_t)s.at[i] << 32 | s.at[next];
		if (!point_is_latin(s.at[i]))
			continue;
		size_t end = latin_word(s, i, &value);
		if (end - i >= WORD_LEAST)
			out.at[out.n++] = value;
		i = end - 1;
	}
	return out;
}

struct pairs pairs_sorted(struct arena *a, struct points s)
{
	struct pairs out = pairs_listed(a, s);
	settle(&out);
	return out;
}

bool pairs_hold(const struct pairs *p, uint64_t pair)
{
	return p->n && bsearch(&pair, p->at, p->n, sizeof(*p->at), by_value) != NULL;
}

size_t pairs_shared(const struct pairs *x, const struct pairs *in)
{
	size_t n = 0;
	for (size_t i = 0; i < x->n; i++)
		n += pairs_hold(in, x->at[i]);
	return n;
}
