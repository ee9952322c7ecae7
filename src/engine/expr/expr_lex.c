/* The text of a condition cut into tokens, and the words of the language. A byte that begins no token ends the reading; so does a
 * number or a text that is too long. Nothing is skipped but blanks. */
#include <string.h>

#include "base/clock.h"
#include "engine/expr/expr_private.h"

/* ---- words ---- */

const struct op_word op_words[OP_WORD_COUNT] = {
	{ "=", ATOM_EQUAL, false }, { "!=", ATOM_EQUAL, true }, { "<", ATOM_LESS, false }, { "<=", ATOM_AT_MOST, false },
	{ ">", ATOM_MORE, false }, { ">=", ATOM_AT_LEAST, false }, { "in", ATOM_IN, false }, { "not in", ATOM_IN, true },
	{ "contains", ATOM_CONTAINS, false }, { "not contains", ATOM_CONTAINS, true }, { "starts", ATOM_STARTS, false },
	{ "not starts", ATOM_STARTS, true }, { "has any", ATOM_HAS_ANY, false }, { "has none", ATOM_HAS_ANY, true },
	{ "has all", ATOM_HAS_ALL, false }, { "is not none", ATOM_PRESENT, false }, { "is none", ATOM_PRESENT, true },
};

const struct op_word *op_word_of(enum expr_op op, bool negated)
{
	for (size_t i = 0; i < OP_WORD_COUNT; i++)
		if (op_words[i].op == op && op_words[i].negated == negated)
			return &op_words[i];
	return NULL;
}

static const char *const units[] = {
	[EXPR_SECONDS] = "s", [EXPR_MINUTES] = "min", [EXPR_HOURS] = "h", [EXPR_DAYS] = "d",
	[EXPR_WEEKS] = "w", [EXPR_MONTHS] = "mo", [EXPR_YEARS] = "y",
};

const char *unit_text(enum expr_unit unit)
{
	return units[unit];
}

enum expr_unit unit_named(const char *s, size_t n)
{
	for (enum expr_unit u = EXPR_SECONDS; u <= EXPR_YEARS; u++)
		if (strlen(units[u]) == n && !memcmp(units[u], s, n))
			return u;
	return EXPR_NO_UNIT;
}

static const char *const words[] = {
	[WORD_NOW] = "now", [WORD_TODAY] = "today", [WORD_YESTERDAY] = "yesterday", [WORD_TOMORROW] = "tomorrow",
	[WORD_LAST_WEEK] = "last_week", [WORD_THIS_WEEK] = "this_week", [WORD_NEXT_WEEK] = "next_week",
	[WORD_LAST_MONTH] = "last_month", [WORD_THIS_MONTH] = "this_month", [WORD_NEXT_MONTH] = "next_month",
	[WORD_LAST_YEAR] = "last_year", [WORD_THIS_YEAR] = "this_year", [WORD_NEXT_YEAR] = "next_year",
	[WORD_ME] = "me", [WORD_MY_TEAM] = "my_team", [WORD_MY_REGION] = "my_region",
};

const char *word_text(enum expr_word word)
{
	return words[word];
}

bool word_named(const char *s, enum expr_word *word)
{
	for (enum expr_word w = WORD_NOW; w <= WORD_MY_REGION; w++)
		if (!strcmp(words[w], s)) {
			*word = w;
			return true;
		}
	return false;
}

bool is_keyword(const char *name)
{
	static const char *const keywords[] = { "and", "or", "not", "in", "is", "has", "contains", "starts", "none", "any", "all", "true", "false" };
	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (!strcmp(keywords[i], name))
			return true;
	return false;
}

/* ---- faults ---- */

void expr_note(struct arena *a, struct expr_faults *f, int code, uint32_t at, const char *arg)
{
	if (f->n < EXPR_MOST_FAULTS)
		f->list[f->n++] = (struct expr_fault){ .code = code, .at = at, .arg = arena_string(a, arg) };
}

int lexer_fail(struct lexer *x, int code, uint32_t at, const char *arg)
{
	if (!x->failed)
		x->failed = expr_fault(x->arena, x->faults, code, at, arg);
	x->token = (struct token){ .kind = TOKEN_END, .at = at };
	x->at = x->n;
	return x->failed;
}

int lexer_refuse(struct lexer *x)
{
	const struct token *k = &x->token;
	if (k->kind == TOKEN_END)
		return lexer_fail(x, ERR_EXPR_CUT, k->at, NULL);
	return lexer_fail(x, ERR_EXPR_SYNTAX, k->at, arena_string_n(x->arena, x->text + k->at, k->n));
}

/* ---- characters ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static char peek(const struct lexer *x, size_t ahead)
{
	return x->at + ahead < x->n ? x->text[x->at + ahead] : '\0';
}

/* The token ends here; returns its length. */
static size_t ended(struct lexer *x)
{
	x->token.n = (uint32_t)(x->at - x->token.at);
	return x->token.n;
}

static int number_refused(struct lexer *x, size_t n)
{
	return lexer_fail(x, ERR_EXPR_NUMBER, x->token.at, arena_string_n(x->arena, x->text + x->token.at, n < 40 ? n : 40));
}

static void read_name(struct lexer *x)
{
	while (is_letter(peek(x, 0)) || is_digit(peek(x, 0)))
		x->at++;
	x->token.kind = TOKEN_NAME;
	x->token.text = arena_string_n(x->arena, x->text + x->token.at, ended(x));
}

/* "…" with \" and \\ and \n and \t. */
static int read_quoted(struct lexer *x)
{
	struct text t = text_in(x->arena);
	x->at++;
	for (; peek(x, 0) != '"'; x->at++) {
		char c = peek(x, 0);
		if (c == '\\') {
			const char *known = "\"\\nt", *is = memchr(known, peek(x, 1), 4);
			if (!is)
				return lexer_fail(x, ERR_EXPR_QUOTE, x->token.at, NULL);
			c = "\"\\\n\t"[is - known];
			x->at++;
		}
		if (x->at >= x->n)
			return lexer_fail(x, ERR_EXPR_QUOTE, x->token.at, NULL);
		text_char(&t, c);
	}
	x->at++;
	x->token.kind = TOKEN_TEXT;
	x->token.text = text_end(&t);
	ended(x);
	if (!utf8_is_text(x->token.text, t.n) || utf8_count(x->token.text) > EXPR_MOST_TEXT)
		return lexer_fail(x, ERR_EXPR_QUOTE, x->token.at, NULL);
	return 0;
}

/* Two digits and the sign behind them; -1 when they are not there. */
static int two_digits(struct lexer *x, char behind)
{
	if (!is_digit(peek(x, 0)) || !is_digit(peek(x, 1)) || (behind && peek(x, 2) != behind))
		return -1;
	int value = (peek(x, 0) - '0') * 10 + (peek(x, 1) - '0');
	x->at += behind ? 3 : 2;
	return value;
}

/* T06:32:00.123Z behind a day; seconds and their parts may be left out. */
static int read_time(struct lexer *x)
{
	x->at++;
	int hour = two_digits(x, ':'), minute = two_digits(x, '\0'), second = 0, ms = 0;
	if (peek(x, 0) == ':') {
		x->at++;
		second = two_digits(x, '\0');
	}
	if (peek(x, 0) == '.' && is_digit(peek(x, 1)) && is_digit(peek(x, 2)) && is_digit(peek(x, 3))) {
		ms = (peek(x, 1) - '0') * 100 + (peek(x, 2) - '0') * 10 + (peek(x, 3) - '0');
		x->at += 4;
	}
	bool right = peek(x, 0) == 'Z' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
	if (!right)
		return number_refused(x, x->at - x->token.at);
	x->at++;
	x->token.kind = TOKEN_INSTANT;
	x->token.i = x->token.i * DAY_MS + (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS + (int64_t)second * SECOND_MS + ms;
	ended(x);
	return 0;
}

static bool is_day(const struct lexer *x)
{
	static const char pattern[] = "dddd-dd-dd";
	for (size_t i = 0; i < sizeof(pattern) - 1; i++)
		if (pattern[i] == 'd' ? !is_digit(peek(x, i)) : peek(x, i) != '-')
			return false;
	return true;
}

static int read_day(struct lexer *x)
{
	char day[11] = { 0 };
	memcpy(day, x->text + x->at, 10);
	x->at += 10;
	x->token.kind = TOKEN_DAY;
	ended(x);
	if (day_parse(day, &x->token.i) < 0)
		return number_refused(x, 10);
	return peek(x, 0) == 'T' ? read_time(x) : 0;
}

/* Integers as far as int64_t goes; with a point at most 15 digits, so that i ÷ 10^scale is the nearest double. */
static int read_number(struct lexer *x)
{
	struct token *k = &x->token;
	bool fits = true, point = false;
	unsigned digits = 0;
	for (; is_digit(peek(x, 0)) || (!point && peek(x, 0) == '.' && is_digit(peek(x, 1))); x->at++) {
		if (peek(x, 0) == '.') {
			point = true;
			continue;
		}
		fits = fits && !__builtin_mul_overflow(k->i, 10, &k->i) && !__builtin_add_overflow(k->i, peek(x, 0) - '0', &k->i);
		digits += k->i > 0;
		k->scale += point;
	}
	size_t from = x->at;
	while (is_letter(peek(x, 0)) || is_digit(peek(x, 0)))
		x->at++;
	k->kind = x->at > from ? TOKEN_DURATION : TOKEN_NUMBER;
	size_t n = ended(x);
	if (k->kind == TOKEN_DURATION) {
		k->unit = unit_named(x->text + from, x->at - from);
		fits = fits && k->unit && !point && k->i <= (k->unit >= EXPR_MONTHS ? 1200 : 1000000);
	}
	return !fits || (point && (digits > 15 || k->scale > 9)) ? number_refused(x, n) : 0;
}

static int read_sign(struct lexer *x)
{
	static const char *const signs[] = { "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "+", "-" };
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t n = strlen(signs[i]);
		if (x->n - x->at < n || memcmp(x->text + x->at, signs[i], n) != 0)
			continue;
		x->at += n;
		x->token.kind = TOKEN_SIGN;
		memcpy(x->token.sign, signs[i], n);
		ended(x);
		return 0;
	}
	const char *p = x->text + x->at, *end = x->text + x->n;
	bool broken = utf8_next(&p, end) == 0xFFFD;
	return lexer_fail(x, ERR_EXPR_SYNTAX, x->token.at, broken ? "?" : arena_string_n(x->arena, x->text + x->at, (size_t)(p - x->text) - x->at));
}

static int read_token(struct lexer *x)
{
	char c = peek(x, 0);
	if (is_letter(c)) {
		read_name(x);
		return 0;
	}
	if (c == '"')
		return read_quoted(x);
	if (is_digit(c))
		return is_day(x) ? read_day(x) : read_number(x);
	return read_sign(x);
}

void lexer_next(struct lexer *x)
{
	while (x->at < x->n && memchr(" \t\r\n", x->text[x->at], 4))
		x->at++;
	x->token = (struct token){ .kind = TOKEN_END, .at = (uint32_t)x->at };
	if (x->at < x->n && read_token(x) < 0)
		x->token.kind = TOKEN_END;
}

void lexer_start(struct lexer *x, struct arena *a, const char *text, size_t n, struct expr_faults *faults)
{
	*x = (struct lexer){ .arena = a, .text = text, .n = n, .faults = faults };
	lexer_next(x);
}

bool lexer_takes(struct lexer *x, const char *word)
{
	const struct token *k = &x->token;
	bool is = (k->kind == TOKEN_SIGN && !strcmp(k->sign, word)) || (k->kind == TOKEN_NAME && !strcmp(k->text, word));
	if (is)
		lexer_next(x);
	return is;
}
