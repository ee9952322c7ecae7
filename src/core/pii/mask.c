/* Masks are made from the value alone, so the same value always looks the same and nothing has to be stored for them. */
#include "core/pii/mask.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const char hidden[] = "****";

static const char *const titles[] = { "女士", "先生", "小姐", "太太", "师傅", "老师", "经理", "主任", "医生", "阿姨", "叔叔" };

/* Surnames of two characters that are common enough to matter (Ministry of Public Security, name report 2021). */
static const char *const double_surnames[] = { "欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐",
	                                       "司徒", "长孙", "宇文", "东方", "南宫", "端木", "申屠", "百里", "独孤", "澹台" };

/* What only an organisation is called: its name identifies no person. */
static const char *const organisations[] = { "公司", "集团", "酒店", "学校", "医院", "大学", "银行", "委员会", "事务所" };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *mask_phone(struct arena *a, const char *text)
{
	char digits[64];
	size_t n = 0;
	for (const char *p = text_fold(a, text); *p && n < sizeof(digits) - 1; p++)
		if (is_digit(*p))
			digits[n++] = *p;
	digits[n] = 0;
	const char *d = digits;
	if (n == 13 && !strncmp(d, "861", 3)) {
		d += 2;
		n -= 2;
	}
	if (n == 11 && d[0] == '1')
		return arena_format(a, "%.3s****%s", d, d + 7);
	return n >= 8 ? arena_format(a, "****%s", d + n - 4) : hidden;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);
	return n >= m && !strcmp(text + n - m, end);
}

/* What this server calls somebody whom nobody knows: "访客 4821", or by the end of a number that is shown anyway. It tells of no person, and staff have to tell two of them apart. */
static bool is_numbered_visitor(const char *text)
{
	static const char *const heads[] = { "访客 ", "Visitor ", "微信用户 ", "短信 ", "来电 ", "邮件客户 ", "同号码另一位 ", "Somebody else " };
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		size_t n = strlen(heads[i]);
		if (!strncmp(text, heads[i], n))
			return strlen(text + n) == 4 && strspn(text + n, "0123456789") == 4;
	}
	return !strcmp(text, "匿名来电");
}

static const char *mask_name(struct arena *a, const char *text)
{
	if (is_numbered_visitor(text))
		return text;
	for (size_t i = 0; i < sizeof(organisations) / sizeof(*organisations); i++)
		if (strstr(text, organisations[i]))
			return text;
	size_t family = utf8_prefix(text, 1);
	for (size_t i = 0; i < sizeof(double_surnames) / sizeof(*double_surnames); i++)
		if (!strncmp(text, double_surnames[i], strlen(double_surnames[i])))
			family = strlen(double_surnames[i]);
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (ends_with(text, titles[i]) && strlen(text) >= family + strlen(titles[i]))
			return arena_format(a, "%.*s%s", (int)family, text, titles[i]);
	return arena_format(a, "%.*s*", (int)family, text);
}

static const char *mask_email(struct arena *a, const char *text)
{
	const char *at = strrchr(text, '@');
	if (!at || at == text)
		return hidden;
	return arena_format(a, "%.*s***%s", (int)utf8_prefix(text, 1), text, at);
}

static bool is_number_sign(uint32_t c)
{
	static const char numerals[] = "〇零一二三四五六七八九十百";
	if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19))
		return true;
	for (const char *p = numerals, *end = numerals + sizeof(numerals) - 1; p < end;)
		if (utf8_next(&p, end) == c)
			return true;
	return false;
}

/* 三 in 三里屯 is part of a name; 三号 is a number. */
static bool numbers_a_house(const char *p, const char *end)
{
	static const char units[] = "号弄栋幢座单室楼层组队户巷#-";
	uint32_t c = 0;
	bool plain = (*p >= '0' && *p <= '9') || (uint8_t)*p == 0xEF;
	while (p < end && is_number_sign(c = utf8_next(&p, end)))
		;
	if (plain || is_number_sign(c))
		return plain;
	for (const char *u = units, *units_end = units + sizeof(units) - 1; u < units_end;)
		if (utf8_next(&u, units_end) == c)
			return true;
	return false;
}

static const char *mask_address(struct arena *a, const char *text)
{
	const char *p = text, *end = text + strlen(text);
	while (p < end) {
		const char *start = p;
		if (is_number_sign(utf8_next(&p, end)) && numbers_a_house(start, end))
			return arena_format(a, "%.*s%s", (int)(start - text), text, hidden);
	}
	return text;
}

static const char *mask_serial(struct arena *a, const char *text)
{
	size_t n = utf8_count(text);
	return n >= 8 ? arena_format(a, "****%s", text + utf8_prefix(text, n - 4)) : hidden;
}

const char *mask(struct arena *a, enum mask_kind kind, const char *text)
{
	if (!text || !*text)
		return text;
	switch (kind) {
	case MASK_PHONE: return mask_phone(a, text);
	case MASK_NAME: return mask_name(a, text);
	case MASK_EMAIL: return mask_email(a, text);
	case MASK_ADDRESS: return mask_address(a, text);
	case MASK_SERIAL: return mask_serial(a, text);
	case MASK_ALL: break;
	}
	return hidden;
}

enum mask_kind mask_kind_of(const char *name)
{
	static const char *const names[] = { "phone", "name", "email", "address", "serial" };
	for (int i = 0; i < MASK_ALL; i++)
		if (!strcmp(names[i], name))
			return (enum mask_kind)i;
	return MASK_ALL;
}
