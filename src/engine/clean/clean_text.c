/* Characters: widths, blanks, invisible marks, and numbers that a spreadsheet has rewritten. */
#include <string.h>
#include <strings.h>

#include "engine/clean/clean_private.h"

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Control characters, soft hyphen, joiners and marks of direction, BOM: copied along from web pages and contact books. */
static bool is_invisible(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static bool is_dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0x30FC || c == 0x2500;
}

enum width { KEEP_PUNCTUATION, HALF_PUNCTUATION };

/* Chinese punctuation belongs to Chinese text; letters, digits and the signs of codes do not. */
static uint32_t narrow(uint32_t c, enum width width)
{
	if (c == 0xFFE5)
		return 0xA5;
	if (c < 0xFF01 || c > 0xFF5E)
		return width == HALF_PUNCTUATION && is_dash(c) ? '-' : c;
	uint32_t half = c - 0xFEE0;
	bool letter = (half >= '0' && half <= '9') || ((half | 32) >= 'a' && (half | 32) <= 'z');
	return width == HALF_PUNCTUATION || letter || strchr("-./_+@#%&=*\"'", (int)half) ? half : c;
}

static char *clean(struct arena *a, const char *s, enum width width)
{
	struct text t = text_in(a);
	const char *end = s + strlen(s);
	bool gap = false;
	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		if (is_blank(c)) {
			gap = t.n > 0;
			continue;
		}
		if (is_invisible(c))
			continue;
		if (gap)
			text_char(&t, ' ');
		gap = false;
		utf8_append(&t, narrow(c, width));
	}
	text_end(&t);
	return t.p;
}

char *clean_text(struct arena *a, const char *s)
{
	return clean(a, s, KEEP_PUNCTUATION);
}

char *clean_halved(struct arena *a, const char *s)
{
	return clean(a, s, HALF_PUNCTUATION);
}

bool clean_is_nothing(const char *s)
{
	static const char *const words[] = { "-", "--", "---", "—", "——", "/", "\\", ".", "无", "暂无", "没有", "不详", "未知", "未填", "待补", "空",
					     "n/a", "na", "#n/a", "null", "nil", "none", "(null)", "无。", "0000-00-00", "#ref!", "#value!" };
	while (*s == ' ' || *s == '\t')
		s++;
	size_t n = strlen(s);
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n == 0)
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0)
			return true;
	return false;
}

bool clean_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool clean_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);
	return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* ---- numbers rewritten by a spreadsheet ---- */

/* 13812345678.0 */
static const char *without_zero_decimals(struct arena *a, const char *s)
{
	size_t n = strspn(s, "0123456789");
	if (n < 5 || s[n] != '.' || !s[n + 1] || s[n + 1 + strspn(s + n + 1, "0")])
		return s;
	return arena_string_n(a, s, n);
}

/* Spreadsheets show 3 to 6 digits of a mantissa, programs (1.381234567E10) all of them but ending zeros: eight or more digits
 * with at most three missing are exact. */
static bool is_exact(size_t digits, size_t wanted)
{
	return digits >= wanted || (digits >= 8 && digits + 3 >= wanted);
}

int clean_exponent(struct arena *a, const char *s, const char **out)
{
	while (*s == '\'' || *s == '`')
		s++;
	*out = without_zero_decimals(a, s);
	const char *p = s;
	if (!is_digit(p[0]) || (p[1] != '.' && p[1] != 'e' && p[1] != 'E'))
		return 0;
	struct text digits = text_in(a);
	text_char(&digits, *p++);
	if (*p == '.')
		for (p++; is_digit(*p); p++)
			text_char(&digits, *p);
	if (*p != 'e' && *p != 'E')
		return 0;
	p += p[1] == '+' ? 2 : 1;
	size_t exponent = 0, length = strspn(p, "0123456789");
	if (length == 0 || length > 2 || p[length])
		return 0;
	for (; *p; p++)
		exponent = exponent * 10 + (size_t)(*p - '0');
	/* 5E2 is a code, not a number of this size. */
	if (exponent < 6)
		return 0;
	if (!is_exact(digits.n, exponent + 1) || digits.n > exponent + 1)
		return ERR_NUMBER_ROUNDED;
	while (digits.n < exponent + 1)
		text_char(&digits, '0');
	*out = digits.p;
	return 0;
}
