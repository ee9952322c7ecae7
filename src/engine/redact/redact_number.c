/* First pass: runs of digits, however grouped and in whatever width, and e-mail addresses. */
#include <string.h>
#include <strings.h>

#include "engine/redact/redact_private.h"

enum { MOST_GROUPS = 12, MOST_DIGITS = 48, LONGEST_GROUP = 22 };

struct group {
	const char *end;
	uint8_t n;
	bool too_long;                 /* more digits than any number we know: left as it is */
};

struct run {
	struct group groups[MOST_GROUPS];
	size_t group_count;
	uint8_t digits[MOST_DIGITS];
	size_t n;
};

size_t redact_digit(const char *p, const char *end, uint8_t *value)
{
	if (p < end && *p >= '0' && *p <= '9') {
		*value = (uint8_t)(*p - '0');
		return 1;
	}
	const uint8_t *u = (const uint8_t *)p;
	if (end - p >= 3 && u[0] == 0xEF && u[1] == 0xBC && u[2] >= 0x90 && u[2] <= 0x99) {
		*value = (uint8_t)(u[2] - 0x90);
		return 3;
	}
	return 0;
}

/* ---- collecting a run ---- */

/* What may stand between two groups of one number. */
static size_t separator(const char *p, const char *end)
{
	static const char *const wide[] = { "　", "－", "—", "–", "‑", "·", "．", "（", "）", "\xC2\xA0", "\xE2\x80\xAF" };
	if (p == end)
		return 0;
	if (*p > 0)
		return strchr(" -.()", *p) ? 1 : 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		size_t n = strlen(wide[i]);
		if ((size_t)(end - p) >= n && memcmp(p, wide[i], n) == 0)
			return n;
	}
	return 0;
}

static const char *collect_group(struct run *r, const char *p, const char *end)
{
	struct group *g = &r->groups[r->group_count++];
	*g = (struct group){ 0 };
	uint8_t digit;
	for (size_t step; (step = redact_digit(p, end, &digit)); p += step) {
		if (g->n < LONGEST_GROUP && r->n < MOST_DIGITS) {
			r->digits[r->n++] = digit;
			g->n++;
		} else {
			g->too_long = true;
		}
	}
	g->end = p;
	return p;
}

/* At most two separators between groups: (010) 8888-6666. */
static void collect(struct run *r, const char *p, const char *end)
{
	r->group_count = r->n = 0;
	while (r->group_count < MOST_GROUPS && r->n < MOST_DIGITS) {
		p = collect_group(r, p, end);
		if (r->groups[r->group_count - 1].too_long)
			return;
		uint8_t digit;
		size_t gap = separator(p, end);
		if (gap && !redact_digit(p + gap, end, &digit))
			gap += separator(p + gap, end);
		if (!gap || !redact_digit(p + gap, end, &digit))
			return;
		p += gap;
	}
}

/* X behind 17 digits, unless a word goes on. */
static size_t check_x(const char *p, const char *end)
{
	size_t n = p < end && (*p == 'X' || *p == 'x') ? 1 : end - p >= 3 && memcmp(p, "Ｘ", 3) == 0 ? 3 : 0;
	return n && !(p + n < end && is_letter(p[n])) ? n : 0;
}

/* The longest number that begins with the first group. Returns its end, or NULL. */
static const char *match(const struct run *r, bool plus, const char *end, enum number_kind *kind)
{
	uint8_t groups[MOST_GROUPS];
	size_t total[MOST_GROUPS + 1] = { 0 }, count = 0;
	for (; count < r->group_count && !r->groups[count].too_long; count++) {
		groups[count] = r->groups[count].n;
		total[count + 1] = total[count] + groups[count];
	}
	for (; count > 0; count--) {
		const char *stop = r->groups[count - 1].end;
		size_t x = total[count] == 17 ? check_x(stop, end) : 0;
		struct number_shape shape = { r->digits, total[count], groups, count, plus, x > 0 };
		*kind = total[count] <= LONGEST_GROUP ? redact_kind(&shape) : NUMBER_OTHER;
		if (*kind != NUMBER_OTHER)
			return stop + x;
	}
	return NULL;
}

/* ---- numbers by what stands before them ---- */

/* BX13812345678 is a serial number, tel13812345678 a phone. */
static bool is_code_prefix(const char *begin, const char *p)
{
	static const char *const labels[] = { "TEL", "PHONE", "MOBILE", "MOB", "CELL", "WX", "VX", "V", "M", "T", "QQ", "WECHAT",
			"NO", "TO", "X" };
	const char *from = p;
	while (from > begin && p - from < 10 && is_letter(from[-1])) {
		if (from[-1] >= 'a')
			return false;
		from--;
	}
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if ((size_t)(p - from) == strlen(labels[i]) && memcmp(from, labels[i], (size_t)(p - from)) == 0)
			return false;
	return from < p;
}

/* 电话：88886666, QQ 710959285: a number behind such a word is a way to reach somebody. Returns the digits it must have at
 * least (手机5999元 is a price), 0 without such a word. */
static size_t digits_after_label(const char *begin, const char *p)
{
	static const struct {
		const char *word;
		size_t least;
	} labels[] = {
		{ "电话", 7 }, { "手机", 7 }, { "座机", 7 }, { "固话", 7 }, { "号码", 7 }, { "联系方式", 7 }, { "微信", 6 }, { "扣扣", 5 }, { "QQ", 5 },
		{ "qq", 5 }, { "Tel", 7 }, { "tel", 7 }, { "TEL", 7 }, { "phone", 7 }, { "Phone", 7 }, { "mobile", 7 }, { "Mobile", 7 },
		{ "call me", 7 },
	};
	while (p > begin && strchr(" :-.()+", p[-1]))
		p--;
	for (int i = 0; i < 2 && p - begin >= 3; i++)
		if (memcmp(p - 3, "：", 3) == 0 || memcmp(p - 3, "是", 3) == 0 || memcmp(p - 3, "号", 3) == 0 || memcmp(p - 3, "为", 3) == 0)
			p -= 3;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		size_t n = strlen(labels[i].word);
		if ((size_t)(p - begin) >= n && memcmp(p - n, labels[i].word, n) == 0)
			return labels[i].least;
	}
	return 0;
}

/* 88886666 and 8888-6666, or a number with a digit too few or too many. */
static const char *labelled_end(const struct run *r, size_t least)
{
	size_t n = 0, count = 0;
	while (count < r->group_count && !r->groups[count].too_long && n + r->groups[count].n <= 12 && count < 4)
		n += r->groups[count++].n;
	return least && n >= least ? r->groups[count - 1].end : NULL;
}

/* Eleven digits spelled out, as in 幺三八零零一三八零零零, whatever follows: else the first of two such numbers would stay. */
static const char *spelled_phone(const char *p, const char *end)
{
	static const char *const digits[] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "〇", "幺" };
	size_t count = 0, second = 0;
	bool first = false;
	for (; end - p >= 3 && count < 11; p += 3, count++) {
		size_t d = 0;
		while (d < 12 && memcmp(p, digits[d], 3) != 0)
			d++;
		if (d == 12)
			break;
		if (count == 0)
			first = d == 1 || d == 11;
		if (count == 1)
			second = d;
	}
	return count == 11 && first && second >= 3 && second <= 9 ? p : NULL;
}

/* ---- e-mail ---- */

static bool is_local(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || (c && strchr("._%+-", c));
}

/* The end of a domain at p, or NULL: at least two labels, the last one beginning with a letter. */
static const char *domain_end(const char *p, const char *end)
{
	const char *found = NULL;
	for (size_t labels = 0;; labels++) {
		const char *label = p;
		while (p < end && (is_letter(*p) || (*p >= '0' && *p <= '9') || *p == '-'))
			p++;
		if (p == label)
			return found;
		if (labels > 0 && is_letter(*label) && p - label >= 2)
			found = p;
		if (p == end || *p != '.')
			return found;
		p++;
	}
}

/* ---- the pass ---- */

struct pass {
	struct text *out;
	const char *begin, *end;
	struct redact_count *count;
	size_t word;                   /* where in `out` the present run of mail characters began */
};

static const char *put(struct pass *s, const char *word, size_t *counter, const char *after)
{
	text_append(s->out, word);
	++*counter;
	return after;
}

static const char *take_number(struct pass *s, const char *p)
{
	struct run r;
	enum number_kind kind;
	bool plus = (p > s->begin && p[-1] == '+') || (p - s->begin >= 3 && memcmp(p - 3, "＋", 3) == 0);
	collect(&r, p, s->end);
	const char *after = is_code_prefix(s->begin, p) ? NULL : match(&r, plus, s->end, &kind);
	if (after && kind == NUMBER_IDENTITY)
		return put(s, REDACT_IDENTITY, &s->count->identities, after);
	if (after && kind == NUMBER_CARD)
		return put(s, REDACT_CARD, &s->count->cards, after);
	if (!after)
		after = labelled_end(&r, digits_after_label(s->begin, p));
	if (after)
		return put(s, REDACT_PHONE, &s->count->phones, after);
	after = r.groups[0].end;
	text_append_n(s->out, p, (size_t)(after - p));
	if (*p < 0)
		s->word = s->out->n;           /* full-width digits are no part of an e-mail address */
	return after;
}

/* At an @: takes back what was written of the name before it. NULL when this is no address. */
static const char *take_mail(struct pass *s, const char *p)
{
	size_t at = *p == '@' ? 1 : 3;
	const char *after = s->out->n > s->word ? domain_end(p + at, s->end) : NULL;
	if (!after)
		return NULL;
	s->out->n = s->word;
	return put(s, REDACT_MAIL, &s->count->mails, after);
}

/* Only these can begin something personal: a digit of either width, @ of either width, 一 or 幺. */
static bool is_interesting(const char *p, const char *end)
{
	uint8_t c = (uint8_t)*p;
	if (c < 0x80)
		return (c >= '0' && c <= '9') || c == '@';
	if (end - p < 3)
		return false;
	return c == 0xEF ? p[1] == '\xBC' : (c == 0xE4 && memcmp(p, "一", 3) == 0) || (c == 0xE5 && memcmp(p, "幺", 3) == 0);
}

/* Copies what cannot be personal; the end of it may be the beginning of an e-mail address. */
static const char *copy_plain(struct pass *s, const char *p, const char *to)
{
	const char *local = to;
	text_append_n(s->out, p, (size_t)(to - p));
	while (local > p && is_local(local[-1]))
		local--;
	if (local > p)
		s->word = s->out->n - (size_t)(to - local);
	return to;
}

static const char *step(struct pass *s, const char *p)
{
	uint8_t digit;
	const char *after = NULL;
	if (redact_digit(p, s->end, &digit))
		return take_number(s, p);
	if (*p == '@' || (s->end - p >= 3 && memcmp(p, "＠", 3) == 0))
		after = take_mail(s, p);
	else if (*p < 0 && (after = spelled_phone(p, s->end)))
		put(s, REDACT_PHONE, &s->count->phones, after);
	if (after)
		return after;
	const char *to = p + 1;
	while (to < s->end && !is_interesting(to, s->end))
		to++;
	return copy_plain(s, p, to);
}

void redact_numbers(struct text *out, const char *text, size_t n, struct redact_count *count)
{
	struct pass s = { .out = out, .begin = text, .end = text + n, .count = count };
	for (const char *p = text; p < s.end;)
		p = step(&s, p);
}
