/* Dates in the many shapes of exports: the text is cut into tokens, then matched against the few orders that are unambiguous. */
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "engine/clean/clean_private.h"

enum token_kind { END, NUMBER, MONTH, YEAR_MARK, MONTH_MARK, DAY_MARK, HOUR_MARK, MINUTE_MARK, SECOND_MARK, COLON, SIGN, BLANK,
		ZONE, MORNING, AFTERNOON, OTHER };

struct token {
	enum token_kind kind;
	int64_t value;               /* number; 1…12; the sign itself */
	size_t digits;
};

enum { MOST_TOKENS = 32, LONGEST_DATE = 120 };   /* bytes */

struct word {
	const char *text;
	enum token_kind kind;
	int value;
};

/* Longer words before their beginnings. Names of days say nothing new and are skipped like blanks. */
static const struct word words[] = {
	{ "年", YEAR_MARK, 0 }, { "月份", MONTH_MARK, 0 }, { "月", MONTH_MARK, 0 }, { "星期日", BLANK, 0 }, { "星期天", BLANK, 0 },
	{ "星期一", BLANK, 0 }, { "星期二", BLANK, 0 }, { "星期三", BLANK, 0 }, { "星期四", BLANK, 0 }, { "星期五", BLANK, 0 },
	{ "星期六", BLANK, 0 }, { "周日", BLANK, 0 }, { "周一", BLANK, 0 }, { "周二", BLANK, 0 }, { "周三", BLANK, 0 }, { "周四", BLANK, 0 },
	{ "周五", BLANK, 0 }, { "周六", BLANK, 0 }, { "日", DAY_MARK, 0 }, { "号", DAY_MARK, 0 }, { "时", HOUR_MARK, 0 },
	{ "点", HOUR_MARK, 0 }, { "分", MINUTE_MARK, 0 }, { "秒", SECOND_MARK, 0 }, { "上午", MORNING, 0 }, { "凌晨", MORNING, 0 },
	{ "早上", MORNING, 0 }, { "下午", AFTERNOON, 0 }, { "晚上", AFTERNOON, 0 }, { "january", MONTH, 1 }, { "february", MONTH, 2 },
	{ "march", MONTH, 3 }, { "april", MONTH, 4 }, { "june", MONTH, 6 }, { "july", MONTH, 7 }, { "august", MONTH, 8 },
	{ "september", MONTH, 9 }, { "october", MONTH, 10 }, { "november", MONTH, 11 }, { "december", MONTH, 12 },
	{ "jan", MONTH, 1 }, { "feb", MONTH, 2 }, { "mar", MONTH, 3 }, { "apr", MONTH, 4 }, { "may", MONTH, 5 },
	{ "jun", MONTH, 6 }, { "jul", MONTH, 7 }, { "aug", MONTH, 8 }, { "sept", MONTH, 9 }, { "sep", MONTH, 9 },
	{ "oct", MONTH, 10 }, { "nov", MONTH, 11 }, { "dec", MONTH, 12 }, { "monday", BLANK, 0 }, { "tuesday", BLANK, 0 },
	{ "wednesday", BLANK, 0 }, { "thursday", BLANK, 0 }, { "friday", BLANK, 0 }, { "saturday", BLANK, 0 },
	{ "sunday", BLANK, 0 }, { "mon", BLANK, 0 }, { "tue", BLANK, 0 }, { "wed", BLANK, 0 }, { "thu", BLANK, 0 },
	{ "fri", BLANK, 0 }, { "sat", BLANK, 0 }, { "sun", BLANK, 0 }, { "am", MORNING, 0 }, { "pm", AFTERNOON, 0 },
	{ "t", BLANK, 0 }, { "z", ZONE, 0 },
};

/* ---- tokens ---- */

static int chinese_digit(const char *s)
{
	static const char *const digits[] = { "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "零" };
	for (int i = 0; i < 12; i++)
		if (clean_starts(s, digits[i]))
			return i == 11 ? 0 : i;
	return -1;
}

/* 二〇二五, 三, 十二, 三十一. */
static const char *chinese_number(const char *s, struct token *t)
{
	int64_t value = 0;
	bool after_ten = false;
	for (int digit; (digit = chinese_digit(s)) >= 0 && t->digits < 9; s += 3, t->digits++) {
		if (digit == 10)
			value = value ? value * 10 : 10;
		else
			value = after_ten ? value + digit : value * 10 + digit;
		after_ten = digit == 10;
	}
	t->kind = NUMBER;
	t->value = value;
	return s;
}

static const char *number(const char *s, struct token *t)
{
	t->kind = NUMBER;
	for (; is_digit(*s); s++, t->digits++)
		if (t->digits < 17)
			t->value = t->value * 10 + (*s - '0');
	return s;
}

static const char *next_token(const char *s, struct token *t)
{
	*t = (struct token){ .kind = OTHER };
	if (is_digit(*s))
		return number(s, t);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strncasecmp(s, words[i].text, strlen(words[i].text)) == 0) {
			*t = (struct token){ .kind = words[i].kind, .value = words[i].value };
			return s + strlen(words[i].text);
		}
	if (chinese_digit(s) >= 0)
		return chinese_number(s, t);
	t->value = (unsigned char)*s;
	if (*s == ':')
		t->kind = COLON;
	else if (strchr("-/.+", *s))
		t->kind = SIGN;
	else if (strchr(" ,()'", *s))
		t->kind = BLANK;
	return s + 1;
}

/* Blanks go, but 2025 3 8 keeps them as signs between numbers. False when there is more than a date can hold. */
static bool tokenize(const char *s, struct token tokens[MOST_TOKENS])
{
	size_t n = 0;
	bool blank = false;
	while (*s) {
		struct token t;
		s = next_token(s, &t);
		if (t.kind == BLANK) {
			blank = true;
			continue;
		}
		if (n + 3 > MOST_TOKENS)
			return false;
		if (blank && n && t.kind == NUMBER && tokens[n - 1].kind == NUMBER)
			tokens[n++] = (struct token){ .kind = SIGN, .value = ' ' };
		blank = false;
		tokens[n++] = t;
	}
	tokens[n] = (struct token){ .kind = END };
	return true;
}

/* ---- days ---- */

/* A day that does not come back the same never was. */
static int set_day(struct clean_date *out, int64_t year, int64_t month, int64_t day)
{
	int y, m, d;
	if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31)
		return ERR_DATE_INVALID;
	out->day = day_join((int)year, (int)month, (int)day);
	day_split(out->day, &y, &m, &d);
	return y == year && m == month && d == day ? 0 : ERR_DATE_INVALID;
}

static int64_t full_year(const struct token *t)
{
	return t->digits > 2 ? t->value : t->value < 70 ? 2000 + t->value : 1900 + t->value;
}

/* ---- the orders; each returns the tokens it used, or an error ---- */

static int marked(const struct token *t, struct clean_date *out)
{
	if (t[2].kind != NUMBER || t[3].kind != MONTH_MARK || t[4].kind != NUMBER)
		return ERR_DATE_INCOMPLETE;
	if (t[0].digits != 2 && t[0].digits != 4)
		return ERR_DATE_INVALID;
	TRY(set_day(out, full_year(&t[0]), t[2].value, t[4].value));
	return t[5].kind == DAY_MARK ? 6 : 5;
}

/* 8-Mar-25, 8 March 2025, 2025-Mar-8; signs between the parts are optional. */
static int named(const struct token *t, struct clean_date *out)
{
	int i = 1;
	i += t[i].kind == SIGN;
	const struct token *month = &t[i++];
	i += t[i].kind == SIGN;
	if (t[i].kind != NUMBER)
		return ERR_DATE_INCOMPLETE;
	bool year_first = t[0].digits == 4;
	const struct token *year = year_first ? &t[0] : &t[i], *day = year_first ? &t[i] : &t[0];
	if ((year->digits != 2 && year->digits != 4) || day->digits > 2)
		return ERR_DATE_SHAPE;
	TRY(set_day(out, full_year(year), month->value, day->value));
	return i + 1;
}

/* Mar 8, 2025 */
static int named_first(const struct token *t, struct clean_date *out)
{
	int i = 1;
	i += t[i].kind == SIGN;
	const struct token *day = &t[i++];
	i += t[i].kind == SIGN;
	if (day->kind != NUMBER || t[i].kind != NUMBER)
		return ERR_DATE_INCOMPLETE;
	if (t[i].digits != 4)
		return t[i].digits == 2 ? ERR_DATE_AMBIGUOUS : ERR_DATE_SHAPE;
	TRY(set_day(out, t[i].value, t[0].value, day->value));
	return i + 1;
}

/* 8/3/2025: read one way only when one of the numbers cannot be a month. */
static int year_last(const struct token *t, struct clean_date *out)
{
	int64_t a = t[0].value, b = t[2].value, year = t[4].value;
	if (a <= 12 && b <= 12 && a != b)
		return ERR_DATE_AMBIGUOUS;
	TRY(a > 12 ? set_day(out, year, b, a) : set_day(out, year, a, b));
	return 5;
}

static int signed_parts(const struct token *t, struct clean_date *out)
{
	if (t[2].kind != NUMBER)
		return ERR_DATE_SHAPE;
	if (t[3].kind != SIGN || t[4].kind != NUMBER || t[3].value != t[1].value)
		return t[0].digits == 4 || t[0].digits <= 2 ? ERR_DATE_INCOMPLETE : ERR_DATE_SHAPE;
	if (t[0].digits == 4 && t[2].digits <= 2 && t[4].digits <= 2) {
		TRY(set_day(out, t[0].value, t[2].value, t[4].value));
		return 5;
	}
	if (t[0].digits <= 2 && t[2].digits <= 2 && t[4].digits == 4)
		return year_last(t, out);
	return t[0].digits <= 2 && t[2].digits <= 2 && t[4].digits <= 2 ? ERR_DATE_AMBIGUOUS : ERR_DATE_SHAPE;
}

/* 45724 or 45724.604: 20000 to 80000 are the years 1954 to 2119. */
static int serial(const struct token *t, enum date_base base, struct clean_date *out)
{
	if (t[0].value < 20000 || t[0].value > 80000)
		return ERR_DATE_SHAPE;
	out->day = t[0].value - (base == DATE_BASE_1904 ? 24107 : 25569);
	if (t[1].kind != SIGN || t[1].value != '.' || t[2].kind != NUMBER || t[2].digits > 16)
		return 1;
	double part = (double)t[2].value;
	for (size_t i = 0; i < t[2].digits; i++)
		part /= 10;
	int32_t second = (int32_t)(part * 86400 + 0.5);
	out->second = second > 86399 ? 86399 : second;
	return 3;
}

static int run_of_digits(const struct token *t, enum date_base base, struct clean_date *out)
{
	int64_t v = t->value, time = 0;
	switch (t->digits) {
	case 5:
		return serial(t, base, out);
	case 14:
		time = v % 1000000;
		v /= 1000000;
		if (time / 10000 > 23 || time / 100 % 100 > 59 || time % 100 > 59)
			return ERR_DATE_INVALID;
		out->second = (int32_t)(time / 10000 * 3600 + time / 100 % 100 * 60 + time % 100);
		__attribute__((fallthrough));
	case 8:
		TRY(set_day(out, v / 10000, v / 100 % 100, v % 100));
		return 1;
	case 6:
		return ERR_DATE_AMBIGUOUS;
	default:
		return t->digits <= 4 ? ERR_DATE_INCOMPLETE : ERR_DATE_SHAPE;
	}
}

/* ---- time of day behind the date ---- */

static bool is_mark(const struct token *t, enum token_kind mark)
{
	return t->kind == COLON || t->kind == mark;
}

/* Fractions of a second and the offset from UTC are read and left out. */
static int skip_tail(const struct token *t)
{
	if (t[0].kind == SIGN && t[0].value == '.' && t[1].kind == NUMBER)
		t += 2;
	if (t->kind == ZONE)
		t++;
	else if (t[0].kind == SIGN && t[0].value != '.' && t[1].kind == NUMBER)
		t += t[2].kind == COLON && t[3].kind == NUMBER ? 4 : 2;
	if (t->kind == MORNING || t->kind == AFTERNOON)
		t++;
	return t->kind == END ? 0 : ERR_DATE_SHAPE;
}

static int time_of_day(const struct token *t, struct clean_date *out)
{
	bool afternoon = t->kind == AFTERNOON;
	if (t[0].kind == SIGN && t[0].value == ' ')
		t++;
	if (t->kind == MORNING || t->kind == AFTERNOON)
		t++;
	if (t->kind == END)
		return 0;
	if (t[0].kind != NUMBER || !is_mark(&t[1], HOUR_MARK))
		return ERR_DATE_SHAPE;
	int64_t part[3] = { t[0].value, 0, 0 };
	t += 2;
	for (int i = 1; i < 3 && t->kind == NUMBER; i++) {
		part[i] = t->value;
		t++;
		if (is_mark(t, i == 1 ? MINUTE_MARK : SECOND_MARK))
			t++;
	}
	TRY(skip_tail(t));
	for (; t->kind != END; t++)
		afternoon = afternoon || t->kind == AFTERNOON;
	if (part[0] > 23 || part[1] > 59 || part[2] > 59)
		return ERR_DATE_INVALID;
	if (afternoon && part[0] < 12)
		part[0] += 12;
	out->second = (int32_t)(part[0] * 3600 + part[1] * 60 + part[2]);
	return 0;
}

static int date_part(const struct token *t, enum date_base base, struct clean_date *out)
{
	if (t[0].kind == MONTH)
		return named_first(t, out);
	if (t[0].kind != NUMBER)
		return ERR_DATE_SHAPE;
	if (t[1].kind == YEAR_MARK)
		return marked(t, out);
	if (t[1].kind == MONTH_MARK)
		return ERR_DATE_INCOMPLETE;
	if (t[1].kind == MONTH || (t[1].kind == SIGN && t[2].kind == MONTH))
		return named(t, out);
	if (t[1].kind == SIGN && t[0].digits != 5 && t[0].digits != 8)
		return signed_parts(t, out);
	return run_of_digits(t, base, out);
}

int clean_date(struct arena *a, const char *s, enum date_base base, struct clean_date *out)
{
	*out = (struct clean_date){ .second = -1 };
	const char *text = clean_halved(a, s);
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	while (*text == '\'')
		text++;
	struct token tokens[MOST_TOKENS + 6] = { 0 };   /* room to look ahead of the last one */
	if (strlen(text) > LONGEST_DATE || !tokenize(text, tokens))
		return ERR_DATE_SHAPE;
	int used = date_part(tokens, base, out);
	TRY(used);
	/* 45724.0 and 20250308.0 come from programs that take dates for numbers. */
	const struct token *rest = &tokens[used];
	if (rest[0].kind == SIGN && rest[0].value == '.' && rest[1].kind == NUMBER && rest[1].value == 0)
		rest += 2;
	return time_of_day(rest, out);
}
