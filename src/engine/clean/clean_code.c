/* Serial numbers, e-mail addresses and amounts of money. */
#include <string.h>

#include "engine/clean/clean_private.h"

/* ---- serial numbers ---- */

/* SN: AX23… — a label only with its colon; SN12345 is a serial number. */
static const char *skip_serial_label(const char *s)
{
	static const char *const labels[] = { "SN", "S/N", "sn", "s/n", "Sn", "Serial", "serial", "序列号", "机身编码", "机身号", "机身码", "产品编码", "编号" };
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (!clean_starts(s, labels[i]))
			continue;
		const char *p = s + strlen(labels[i]);
		p += strspn(p, " .");
		if (*p == ':')
			return p + 1 + strspn(p + 1, " ");
	}
	return s;
}

/* As it is printed, however it was typed: small letters and blanks tell nothing apart. `marks`: what may stand there besides letters and digits. */
static int printed(struct arena *a, const char *s, const char *marks, int wrong, struct text *out)
{
	*out = text_in(a);
	for (; *s; s++) {
		char c = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
		if (c == ' ')
			continue;
		if (!is_digit(c) && !(c >= 'A' && c <= 'Z') && !strchr(marks, c))
			return wrong;
		text_char(out, c);
	}
	return 0;
}

int clean_order(struct arena *a, const char *s, const char **out)
{
	struct text t;
	*out = "";
	TRY(printed(a, clean_text(a, s), "-_/.", ERR_ORDER_CHARACTERS, &t));
	*out = text_end(&t);
	return 0;
}

int clean_serial(struct arena *a, const char *s, const char **out)
{
	*out = "";
	const char *text = clean_halved(a, s), *code;
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	TRY(clean_exponent(a, skip_serial_label(text), &code));
	struct text t;
	TRY(printed(a, code, "-./_+", ERR_SERIAL_CHARACTERS, &t));
	if (clean_is_nothing(text_end(&t)))
		return ERR_FIELD_REQUIRED;
	if (t.n < 4 || t.n > 40)
		return ERR_SERIAL_LENGTH;
	*out = t.p;
	return 0;
}

/* ---- e-mail ---- */

static bool is_mail_char(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr("!#$%&'*+/=?^_`{|}~.-", c);
}

/* Labels of letters, digits and hyphens; at least two; the last one not only digits. */
static bool is_domain(const char *s)
{
	size_t labels = 0;
	bool letters = false;
	while (*s) {
		size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-' || (s[n] && s[n] != '.'))
			return false;
		letters = strspn(s, "0123456789") < n;
		labels++;
		s += n;
		if (*s == '.' && !*++s)
			return false;
	}
	return labels >= 2 && letters;
}

int clean_mail(struct arena *a, const char *s, const char **out)
{
	*out = "";
	char *text = clean_halved(a, s);
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	if (clean_starts(text, "mailto:"))
		text += 7;
	size_t n = strlen(text);
	char *at = strchr(text, '@');
	if (!at || at == text || at - text > 64 || n > 254 || text[0] == '.' || at[-1] == '.' || strstr(text, ".."))
		return ERR_FIELD_EMAIL;
	for (char *p = text; p < at; p++)
		if (!is_mail_char(*p))
			return ERR_FIELD_EMAIL;
	for (char *p = text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	if (!is_domain(at + 1))
		return ERR_FIELD_EMAIL;
	*out = text;
	return 0;
}

/* ---- money ---- */

static const char *skip_any(const char *s, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (clean_starts(s, list[i]))
			return s + strlen(list[i]) + strspn(s + strlen(list[i]), " ");
	return s;
}
#define SKIP_ANY(s, ...) skip_any(s, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

/* Whole yuan, with or without thousands separators: 1,234 but not 1,23. Returns the end, NULL when misgrouped. */
static const char *whole_part(const char *s, int64_t *value, size_t *digits)
{
	size_t group = 0;
	bool grouped = false;
	for (; is_digit(*s) || *s == ','; s++) {
		if (*s == ',') {
			if (group == 0 || group > 3 || (grouped && group != 3))
				return NULL;
			grouped = true;
			group = 0;
			continue;
		}
		if (++*digits > 12)
			return NULL;
		*value = *value * 10 + (*s - '0');
		group++;
	}
	return grouped && group != 3 ? NULL : s;
}

/* Decimals as fen times 10,000, so that 1.2345万 stays exact. Digits past the sixth must be zero. */
static const char *decimals(const char *s, int64_t *value)
{
	int64_t unit = 100000;
	for (; is_digit(*s); s++, unit /= 10) {
		if (unit == 0 && *s != '0')
			return NULL;
		*value += unit * (*s - '0');
	}
	return s;
}

static int amount(const char *s, int64_t *fen)
{
	int64_t yuan = 0, millionth = 0;
	size_t digits = 0;
	s = whole_part(s, &yuan, &digits);
	if (!s)
		return ERR_MONEY_SHAPE;
	if (*s == '.') {
		digits += is_digit(s[1]);
		s = decimals(s + 1, &millionth);
		if (!s)
			return ERR_MONEY_PRECISION;
	}
	if (digits == 0)
		return ERR_MONEY_SHAPE;
	s += strspn(s, " ");
	int64_t factor = 1;
	const char *after = SKIP_ANY(s, "万");
	if (after != s)
		factor = 10000;
	s = SKIP_ANY(after, "元整", "圆整", "元", "圆", "块钱", "块", "RMB", "rmb", "CNY");
	if (*s || yuan > INT64_C(1000000000000) / factor)
		return ERR_MONEY_SHAPE;
	if (millionth * factor % 10000)
		return ERR_MONEY_PRECISION;
	*fen = yuan * 100 * factor + millionth * factor / 10000;
	return 0;
}

int clean_money(struct arena *a, const char *s, int64_t *fen)
{
	*fen = 0;
	char *text = clean_halved(a, s);
	size_t n = strlen(text);
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	const char *p = text;
	while (*p == '\'')
		p++;
	bool negative = n > 2 && *p == '(' && text[n - 1] == ')';
	if (negative) {
		text[n - 1] = '\0';
		p++;
	}
	p = SKIP_ANY(p, "人民币", "RMB", "rmb", "CNY", "¥");
	if (*p == '-' || *p == '+') {
		negative = *p == '-';
		p++;
	}
	p = SKIP_ANY(p, "¥");
	TRY(amount(p, fen));
	if (negative)
		*fen = -*fen;
	return 0;
}
