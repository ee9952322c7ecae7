/* Growing text and UTF-8. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_reserve(struct text *t, size_t more)
{
	if (t->n + more + 1 <= t->room)
		return;
	size_t room = t->room ? t->room * 2 : 256;
	if (room < t->n + more + 1)
		room = t->n + more + 1;
	char *p = arena_alloc(t->arena, room);
	if (t->n)
		memcpy(p, t->p, t->n);
	t->p = p;
	t->room = room;
}

void text_append_more(struct text *t, const void *s, size_t n)
{
	text_reserve(t, n);
	if (n)
		memcpy(t->p + t->n, s, n);
	t->n += n;
	t->p[t->n] = 0;
}

void text_int(struct text *t, int64_t value)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--p = '-';
	text_append_n(t, p, (size_t)(digits + sizeof(digits) - p));
}

void text_format(struct text *t, const char *format, ...)
{
	va_list args, again;
	text_reserve(t, 128);
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(t->p + t->n, t->room - t->n, format, args);
	if (n > 0 && (size_t)n >= t->room - t->n) {     /* once more, with room */
		text_reserve(t, (size_t)n);
		vsnprintf(t->p + t->n, t->room - t->n, format, again);
	}
	t->n += n > 0 ? (size_t)n : 0;
	va_end(again);
	va_end(args);
}

const char *text_end(struct text *t)
{
	text_reserve(t, 0);
	t->p[t->n] = 0;
	return t->p;
}

/* Length of the sequence that starts with this byte, 0 for a byte that starts none. */
static int sequence_length(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

uint32_t utf8_next(const char **s, const char *end)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *p = (const uint8_t *)*s;
	int n = sequence_length(p[0]);
	if (n == 0 || end - *s < n) {
		(*s)++;
		return 0xFFFD;
	}
	uint32_t c = n == 1 ? p[0] : p[0] & (0x7F >> n);
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			(*s)++;
			return 0xFFFD;
		}
		c = c << 6 | (p[i] & 0x3F);
	}
	if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		(*s)++;
		return 0xFFFD;
	}
	*s += n;
	return c;
}

bool utf8_is_text(const char *s, size_t n)
{
	const char *end = s + n;
	while (s < end) {
		const char *start = s;
		uint32_t c = utf8_next(&s, end);
		if (c == 0xFFFD && !(s - start == 3 && (uint8_t)start[0] == 0xEF))
			return false;
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return false;
	}
	return true;
}

size_t utf8_count(const char *s)
{
	size_t n = 0;
	for (; *s; s++)
		n += (*s & 0xC0) != 0x80;
	return n;
}

size_t utf8_prefix(const char *s, size_t characters)
{
	size_t i = 0;
	while (s[i]) {
		if ((s[i] & 0xC0) != 0x80 && characters-- == 0)
			break;
		i++;
	}
	return i;
}

void utf8_append(struct text *t, uint32_t c)
{
	char b[4];
	size_t n;
	if (c < 0x80) {
		b[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		b[0] = (char)(0xC0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3F));
		n = 2;
	} else if (c < 0x10000) {
		b[0] = (char)(0xE0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3F));
		b[2] = (char)(0x80 | (c & 0x3F));
		n = 3;
	} else {
		b[0] = (char)(0xF0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3F));
		b[2] = (char)(0x80 | (c >> 6 & 0x3F));
		b[3] = (char)(0x80 | (c & 0x3F));
		n = 4;
	}
	text_append_n(t, b, n);
}

static uint32_t fold_character(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'A' && c <= 'Z')
		return c + 32;
	if (c == 0x3000 || c == 0xA0 || c == '\t' || c == '\n' || c == '\r')
		return ' ';
	return c;
}

char *text_fold(struct arena *a, const char *s)
{
	struct text t = text_in(a);
	const char *end = s + strlen(s);
	while (s < end) {
		uint32_t c = fold_character(utf8_next(&s, end));
		if (c == ' ' && (t.n == 0 || t.p[t.n - 1] == ' '))
			continue;
		utf8_append(&t, c);
	}
	text_end(&t);
	if (t.n && t.p[t.n - 1] == ' ')
		t.p[--t.n] = 0;
	return t.p;
}

bool text_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool text_empty(const char *s)
{
	if (!s)
		return true;
	while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
		s++;
	return !*s;
}

const char *lang_text(enum lang lang, const char *zh, const char *en)
{
	return lang == LANG_EN && !text_empty(en) ? en : zh;
}

bool text_is_word(const char *s, const char *also)
{
	const char *from = s;
	while (s && *s && (((*s | 32) >= 'a' && (*s | 32) <= 'z') || (*s >= '0' && *s <= '9') || strchr(also, *s)))
		s++;
	return s && s > from && !*s;
}
