/* Second pass: street-level addresses. A name ending in a word for a street or estate, then a house number.
 *
 * 广东省深圳市南山区科技园路1号3栋501室 becomes 广东省深圳市南山区_address_; what stands after keeps as long as it is part of the
 * address. English: 12 Baker Street. The look back and ahead is bounded, so time stays linear. */
#include <string.h>
#include <strings.h>

#include "engine/redact/redact_private.h"

enum { LONGEST_NAME = 12, LONGEST_GAP = 12 };   /* characters */

static bool at(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);
	return p < end && *p == *word && (size_t)(end - p) >= n && memcmp(p, word, n) == 0;
}

static size_t any(const char *p, const char *end, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (at(p, end, words[i]))
			return strlen(words[i]);
	return 0;
}
#define ANY(p, end, words) any(p, end, words, sizeof(words) / sizeof((words)[0]))

/* Of a broken one only the bytes that belong to it: a digit behind it is a digit. */
static size_t character(const char *p, const char *end)
{
	uint8_t c = (uint8_t)*p;
	size_t n = c < 0xC0 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2, has = 1;
	while (has < n && p + has < end && ((uint8_t)p[has] & 0xC0) == 0x80)
		has++;
	return has;
}

/* ---- the parts of an address ---- */

/* The word for a street or an estate that ends at p, or NULL. */
static const char *street_before(const char *begin, const char *p)
{
	static const char *const words[] = { "大道", "大街", "胡同", "新村", "小区", "社区", "花园", "公寓", "大厦", "广场", "家园", "东道", "西道", "南道", "北道", "中道",
					     "路", "街", "巷", "弄", "苑", "村", "庄", "屯", "城", "府", "庭", "园", "湾", "郡", "邸", "墅" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);
		if ((size_t)(p - begin) >= n && memcmp(p - n, words[i], n) == 0)
			return p - n;
	}
	return NULL;
}

/* 电路, 思路 and the like are no streets; a number behind them counts something else. */
static bool is_no_street(const char *begin, const char *p, const char *end)
{
	static const char *const before[] = { "电", "线", "走", "半", "思", "短", "回", "迷", "顺", "油", "气", "网", "赶", "一", "逛", "上", "农",
			"政", "幼儿" };
	if (!at(p, end, "路") && !at(p, end, "街") && !at(p, end, "村") && !at(p, end, "府"))
		return false;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		size_t n = strlen(before[i]);
		if ((size_t)(p - begin) >= n && memcmp(p - n, before[i], n) == 0)
			return true;
	}
	return p == begin;
}

static size_t numeral(const char *p, const char *end)
{
	static const char *const numerals[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "零", "〇", "甲", "乙", "丙" };
	uint8_t c = (uint8_t)*p;
	return c == 0xE3 || c == 0xE4 || c == 0xE5 || c == 0xE7 || c == 0xE9 ? ANY(p, end, numerals) : 0;
}

/* Bytes of one digit, numeral or letter. */
static size_t house_character(const char *p, const char *end)
{
	uint8_t digit;
	size_t n = p < end ? redact_digit(p, end, &digit) : 0;
	if (!n && p < end)
		n = numeral(p, end);
	return n ? n : p < end && is_letter(*p);
}

/* 88, ８８, 八十八, A, 3-2-501. *parts counts the numbers joined by hyphens. None is cut in two: what is longer counts no house. */
static size_t house_number(const char *p, const char *end, size_t *parts)
{
	const char *from = p;
	bool joined = true;
	*parts = 0;
	for (size_t n; p < end && p - from < 40; p += n) {
		n = house_character(p, end);
		if (n) {
			*parts += joined;
			joined = false;
			continue;
		}
		n = joined ? 0 : *p == '-' || *p == '#' ? 1 : at(p, end, "－") ? 3 : 0;
		if (!n)
			break;
		joined = true;
	}
	return joined || !house_character(p, end) ? (size_t)(p - from) : 0;
}

/* A digit, numeral or letter behind a Chinese character or a blank: only there a house number can begin. */
static bool starts_number(const char *begin, const char *p, const char *end)
{
	uint8_t digit, c = (uint8_t)*p;
	if (p == begin || (p[-1] > 0 && p[-1] != ' '))
		return false;
	if (c < 0x80)
		return (c >= '0' && c <= '9') || is_letter(*p);
	return redact_digit(p, end, &digit) || numeral(p, end);
}

static size_t unit_word(const char *p, const char *end)
{
	static const char *const words[] = { "号楼", "号院", "单元", "号", "弄", "栋", "幢", "座", "室", "楼", "层", "户", "巷", "组" };
	size_t n = ANY(p, end, words);
	/* 3号线, 2号机: lines and machines. */
	return n == 3 && at(p, end, "号") && (at(p + 3, end, "线") || at(p + 3, end, "机")) ? 0 : n;
}

/* ---- where it begins and ends ---- */

/* Bytes of the digit or letter that ends at p. */
static size_t letter_before(const char *begin, const char *p)
{
	uint8_t digit;
	if (p > begin && (is_letter(p[-1]) || redact_digit(p - 1, p, &digit)))
		return 1;
	return p - begin >= 3 && redact_digit(p - 3, p, &digit) == 3 ? 3 : 0;
}

/* Name of the street: back to the district, a verb, a blank or punctuation, and never into the middle of a word or number, whose
 * other half would then look like another one. `p` is at the street word. */
static const char *name_start(const char *begin, const char *p)
{
	static const char *const stops[] = { "省", "市", "区", "县", "镇", "乡", "旗", "州", "在", "住", "到", "于", "来", "去", "往", "是", "寄",
			"送", "址", "从", "的",
					     "了", "我", "家", "，", "。", "：", "；", "！", "？", "、", "（", "“", "　", "街道" };
	const char *end = p;
	size_t n;
	for (int i = 0; i < LONGEST_NAME && p > begin; i++) {
		const char *before = p - 1;
		while (before > begin && ((uint8_t)*before & 0xC0) == 0x80)
			before--;
		if ((uint8_t)*before < 0x80 && !is_letter(*before) && !(*before >= '0' && *before <= '9'))
			break;
		if (ANY(before, end, stops))
			break;
		p = before;
	}
	while ((n = letter_before(begin, p)))
		p -= n;
	return p;
}

/* 88号金域公寓18栋3单元2802室: goes on while another unit follows within a name's length. */
static const char *rest_end(const char *p, const char *end)
{
	for (;;) {
		const char *q = p, *found = NULL;
		for (int i = 0; i < LONGEST_GAP && q < end && !found; i++) {
			size_t parts, n = house_number(q, end, &parts), unit = n ? unit_word(q + n, end) : 0;
			if (unit)
				found = q + n + unit;
			else if (n && parts > 1)
				found = q + n;
			else if (strchr(".,;!?\n", *q) || at(q, end, "，") || at(q, end, "。") || at(q, end, "；") || at(q, end, "！"))
				break;
			else
				q += n ? n : character(q, end);
		}
		if (!found)
			return p;
		p = found;
	}
}

/* An address whose house number begins at p. Returns its end and the place of its street word, or NULL. */
static const char *address_end(const char *begin, const char *p, const char *end, const char **street)
{
	const char *name_end = p > begin && p[-1] == ' ' ? p - 1 : p;
	*street = street_before(begin, name_end);
	if (!*street || is_no_street(begin, *street, end))
		return NULL;
	size_t parts, n = house_number(p, end, &parts), unit = n ? unit_word(p + n, end) : 0;
	return unit || parts > 1 ? rest_end(p + n + unit, end) : NULL;
}

/* ---- English ---- */

static size_t word_length(const char *p, const char *end)
{
	size_t n = 0;
	while (p + n < end && is_letter(p[n]) && n < 24)
		n++;
	return n;
}

/* 12 Baker Street: a number of up to five digits, one to three names, a word for a street. */
static const char *english_end(const char *begin, const char *p, const char *end)
{
	static const char *const streets[] = { "street", "st", "road", "rd", "avenue", "ave", "lane", "ln", "drive", "boulevard",
			"blvd", "court", "close", "crescent", "square" };
	if (*p < '0' || *p > '9' || (p > begin && ((p[-1] >= '0' && p[-1] <= '9') || word_length(p - 1, p))))
		return NULL;
	const char *q = p;
	while (q < end && *q >= '0' && *q <= '9')
		q++;
	if (q - p > 5)
		return NULL;
	for (int words = 0; words < 4; words++) {
		if (q == end || *q != ' ')
			return NULL;
		size_t n = word_length(++q, end);
		if (!n)
			return NULL;
		for (size_t i = 0; words && i < sizeof(streets) / sizeof(streets[0]); i++)
			if (strlen(streets[i]) == n && strncasecmp(streets[i], q, n) == 0 && !house_character(q + n, end))
				return q + n;
		if (*q < 'A' || *q > 'Z')
			return NULL;
		q += n;
	}
	return NULL;
}

void redact_addresses(struct text *out, const char *text, size_t n, struct redact_count *count)
{
	const char *end = text + n, *done = text;   /* what lies before `done` is written */
	for (const char *p = text; p < end;) {
		const char *start = p, *street, *after = english_end(text, p, end);
		if (!after && starts_number(done, p, end) && (after = address_end(done, p, end, &street)))
			start = name_start(done, street);
		if (!after) {
			p += character(p, end);
			continue;
		}
		text_append_n(out, done, (size_t)(start - done));
		text_append(out, REDACT_ADDRESS);
		count->addresses++;
		p = done = after;
	}
	text_append_n(out, done, (size_t)(end - done));
}
