/* Phone numbers as people in China write them (numbering plan: YD/T 1025; foreign ones E.164). */
#include <string.h>
#include <strings.h>

#include "engine/clean/clean_private.h"

enum { MOST_DIGITS = 40, MOST_GROUPS = 10 };

struct dialled {
	char digits[MOST_DIGITS + 1];
	size_t n;
	size_t groups[MOST_GROUPS];    /* digits in each run */
	size_t group_count;
	bool plus, parted, several, letters, masked;   /* parted: a separator stood behind a number */
	const char *extension;
};

/* 电话：, 手机号, Tel. — what labels a number rather than belongs to it. */
static const char *skip_label(const char *s)
{
	static const char *const labels[] = { "联系电话", "手机号码", "手机号", "电话号码", "联系方式", "手机", "电话", "座机", "固话", "Tel", "tel", "TEL",
					      "Mobile", "mobile", "Phone", "phone", "M:", "T:" };
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (clean_starts(s, labels[i])) {
			s += strlen(labels[i]);
			return s + strspn(s, ":. ");
		}
	return s;
}

/* Length of a word that begins an extension (8001 in 88886666转8001), or 0. */
static size_t extension_word(const char *s)
{
	static const char *const words[] = { "转分机", "分机号", "分机", "转", "ext.", "ext", "Ext.", "Ext", "EXT", "#", "x", "X" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (clean_starts(s, words[i]))
			return strlen(words[i]);
	return 0;
}

static size_t separator(const char *s)
{
	return strchr("/,;|&", *s) ? 1 : clean_starts(s, "、") || clean_starts(s, "或") || clean_starts(s, "和") ? 3 : 0;
}

static void add_digit(struct dialled *d, char c, bool joins)
{
	d->several = d->several || d->parted;
	if (d->n == MOST_DIGITS) {
		d->several = true;
		return;
	}
	if (!joins && d->group_count < MOST_GROUPS)
		d->groups[d->group_count++] = 0;
	d->groups[d->group_count - 1]++;
	d->digits[d->n++] = c;
}

static bool take_extension(struct arena *a, struct dialled *d, const char *s)
{
	size_t word = d->n >= 7 ? extension_word(s) : 0;
	const char *p = s + word;
	p += strspn(p, " :-");
	size_t n = strspn(p, "0123456789");
	if (!word || n == 0 || n > 6 || p[n])
		return false;
	d->extension = arena_string_n(a, p, n);
	return true;
}

static void scan(struct arena *a, const char *s, struct dialled *d)
{
	bool joins = false;
	d->extension = "";
	for (size_t step; *s; s += step) {
		step = 1;
		if (is_digit(*s)) {
			add_digit(d, *s, joins);
			joins = true;
			continue;
		}
		joins = false;
		if (*s == '*')
			d->masked = true;
		else if (*s == '+' && d->n == 0)
			d->plus = true;
		else if (strchr(" -.()", *s))
			continue;
		else if (take_extension(a, d, s))
			return;
		else if (separator(s)) {
			step = separator(s);
			d->parted = d->n > 0;
		} else
			d->letters = true;
	}
}

/* ---- what kind of number ---- */

static bool is_mobile(const char *n, size_t length)
{
	return length == 11 && n[0] == '1' && n[1] >= '3' && n[1] <= '9';
}

/* Digits of the area code at n, its 0 included; 0 when there is no such code. */
static size_t area_length(const char *n)
{
	if (n[0] != '0')
		return 0;
	if (n[1] == '1')
		return n[2] == '0' ? 3 : 0;
	if (n[1] == '2')
		return n[2] && n[2] != '6' ? 3 : 0;
	return n[1] >= '3' && n[1] <= '9' && n[2] ? 4 : 0;
}

static int set(struct arena *a, struct clean_phone *out, enum phone_kind kind, const char *prefix, const char *n, const char *extension)
{
	out->kind = kind;
	out->value = arena_format(a, "%s%s", prefix, n);
	out->extension = extension;
	return 0;
}

/* 010-88886666-8001: the third group is an extension. */
static void split_last_group(struct arena *a, struct dialled *d, size_t prefix)
{
	size_t last = d->group_count ? d->groups[d->group_count - 1] : 0;
	if (d->group_count < 3 || *d->extension || last > 6 || d->groups[d->group_count - 2] < 7)
		return;
	if (d->n - last < prefix + 10)
		return;
	d->extension = arena_string_n(a, d->digits + d->n - last, last);
	d->n -= last;
	d->digits[d->n] = '\0';
}

static int landline(struct arena *a, const char *n, size_t length, const char *extension, struct clean_phone *out)
{
	size_t area = area_length(n);
	if (!area)
		return ERR_PHONE_UNKNOWN;
	size_t local = length - area;
	if (local < 7 || local > 8)
		return ERR_PHONE_LENGTH;
	if (n[area] < '2' || n[area] > '8')
		return ERR_PHONE_UNKNOWN;
	return set(a, out, PHONE_LANDLINE, "+86", n + 1, extension);
}

/* A number inside China; `full` means that +86 or 0086 stood before it, after which the 0 of an area code is left out. */
static int chinese(struct arena *a, const char *n, bool full, const char *extension, struct clean_phone *out)
{
	size_t length = strlen(n);
	if (length == 12 && n[0] == '0' && is_mobile(n + 1, 11))
		n++, length--;
	if (is_mobile(n, length))
		return set(a, out, PHONE_MOBILE, "+86", n, extension);
	if (length == 10 && (clean_starts(n, "400") || clean_starts(n, "800")))
		return set(a, out, PHONE_SERVICE, "+86", n, extension);
	if (full && n[0] != '0' && length >= 9 && length <= 11)
		return landline(a, arena_format(a, "0%s", n), length + 1, extension, out);
	if (n[0] == '0')
		return landline(a, n, length, extension, out);
	if ((length == 7 || length == 8) && n[0] >= '2' && n[0] <= '8')
		return ERR_PHONE_AREA;
	return length == 11 ? ERR_PHONE_UNKNOWN : ERR_PHONE_LENGTH;
}

static int foreign(struct arena *a, const char *n, struct clean_phone *out)
{
	size_t length = strlen(n);
	if (length < 8 || length > 15)
		return ERR_PHONE_LENGTH;
	if (n[0] == '0')
		return ERR_PHONE_UNKNOWN;
	return set(a, out, PHONE_FOREIGN, "+", n, "");
}

static int judge(struct arena *a, struct dialled *d, struct clean_phone *out)
{
	if (d->masked)
		return ERR_PHONE_MASKED;
	if (d->n == 0 || d->letters)
		return ERR_PHONE_LETTERS;
	if (d->several || d->n > 24)
		return ERR_PHONE_SEVERAL;
	const char *n = d->digits;
	bool zeros = clean_starts(n, "00");
	size_t prefix = zeros ? 2 : 0;
	bool china = clean_starts(n + prefix, "86") && (d->plus || zeros || d->n >= 12);
	if (china)
		prefix += 2;
	split_last_group(a, d, prefix);
	if (china)
		return chinese(a, n + prefix, true, d->extension, out);
	if (d->plus || zeros)
		return foreign(a, n + prefix, out);
	/* Two mobiles with a blank between them. */
	if (d->n >= 18)
		return ERR_PHONE_SEVERAL;
	return chinese(a, n, false, d->extension, out);
}

int clean_phone(struct arena *a, const char *s, struct clean_phone *out)
{
	*out = (struct clean_phone){ .value = "", .extension = "" };
	const char *text = clean_halved(a, s), *number;
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	TRY(clean_exponent(a, skip_label(text), &number));
	struct dialled d = { 0 };
	scan(a, number, &d);
	return judge(a, &d, out);
}
