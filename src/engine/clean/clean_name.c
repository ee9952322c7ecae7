/* Names of people and companies: inner blanks, titles, notes in brackets. */
#include <string.h>

#include "engine/clean/clean_private.h"

struct title {
	const char *word;
	enum name_title kind;
	bool only_after_family;        /* 王总, but 李宗总 is no way to call anyone */
};

/* Longer words before the words they end with. */
static const struct title titles[] = {
	{ "总经理", TITLE_OTHER, false }, { "工程师", TITLE_OTHER, false }, { "先生", TITLE_MR, false }, { "女士", TITLE_MS, false },
	{ "小姐", TITLE_MS, false }, { "太太", TITLE_MS, false }, { "夫人", TITLE_MS, false }, { "老师", TITLE_OTHER, false },
	{ "师傅", TITLE_OTHER, false }, { "经理", TITLE_OTHER, false }, { "主任", TITLE_OTHER, false }, { "老板", TITLE_OTHER, false },
	{ "医生", TITLE_OTHER, false }, { "大夫", TITLE_OTHER, false }, { "教授", TITLE_OTHER, false }, { "同学", TITLE_OTHER, false },
	{ "阿姨", TITLE_MS, false }, { "大姐", TITLE_MS, false }, { "奶奶", TITLE_MS, false }, { "大妈", TITLE_MS, false },
	{ "叔叔", TITLE_MR, false }, { "大哥", TITLE_MR, false }, { "大爷", TITLE_MR, false }, { "爷爷", TITLE_MR, false },
	{ "总", TITLE_OTHER, true }, { "工", TITLE_OTHER, true }, { "姐", TITLE_MS, true }, { "哥", TITLE_MR, true },
	{ "叔", TITLE_MR, true }, { "董", TITLE_OTHER, true },
};

static const struct title prefixes[] = {
	{ "Mr.", TITLE_MR, false }, { "Mr ", TITLE_MR, false }, { "Mrs.", TITLE_MS, false }, { "Mrs ", TITLE_MS, false },
	{ "Ms.", TITLE_MS, false }, { "Ms ", TITLE_MS, false }, { "Miss ", TITLE_MS, false }, { "Dr.", TITLE_OTHER, false },
	{ "Dr ", TITLE_OTHER, false },
};

static bool is_han(uint32_t c)
{
	return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) || c == 0x3007;
}

struct letters {
	size_t han, other, digits;
};

static struct letters count_letters(const char *s)
{
	struct letters n = { 0 };
	const char *end = s + strlen(s);
	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		n.digits += c >= '0' && c <= '9';
		n.han += is_han(c);
		n.other += !is_han(c) && c != ' ';
	}
	return n;
}

static bool is_company(const char *s)
{
	static const char *const inside[] = { "公司", "集团", "有限", "Ltd", "LTD", "Inc.", "Co.," };
	static const char *const last[] = { "酒店", "宾馆", "医院", "学校", "小学", "中学", "大学", "幼儿园", "餐厅", "饭店", "超市", "银行", "中心", "工厂", "物业",
					    "事务所", "研究院", "研究所", "委员会", "合作社", "旗舰店", "专卖店", "经营部", "门市部", "商行", "LLC", "GmbH" };
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
		if (strstr(s, inside[i]))
			return true;
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		if (clean_ends(s, last[i]) && strlen(s) > strlen(last[i]))
			return true;
	return false;
}

/* 张三（老客户） → 张三 and 老客户. Brackets inside a company's name stay: 启明（深圳）公司 does not end with one. */
static void split_note(struct arena *a, char *s, struct clean_name *out)
{
	size_t n = strlen(s), close = clean_ends(s, "）") ? 3 : clean_ends(s, ")") ? 1 : 0;
	char *wide = strstr(s, "（"), *open = strchr(s, '(');
	if (wide && (!open || wide < open))
		open = wide;
	if (!close || !open || open == s)
		return;
	size_t length = open == wide ? 3 : 1, inside = (size_t)(s + n - open);
	if (inside < length + close || is_company(s))
		return;
	out->note = arena_string_n(a, open + length, inside - length - close);
	*open = '\0';
	while (open > s && open[-1] == ' ')
		*--open = '\0';
}

static bool is_family(const char *s, size_t n)
{
	static const char *const compound[] = { "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯" };
	if (n == 3)
		return true;
	for (size_t i = 0; i < sizeof(compound) / sizeof(compound[0]); i++)
		if (strlen(compound[i]) == n && memcmp(s, compound[i], n) == 0)
			return true;
	return false;
}

static void split_title(struct arena *a, char *s, struct clean_name *out)
{
	size_t n = strlen(s);
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		size_t length = strlen(titles[i].word);
		if (!clean_ends(s, titles[i].word) || n - length > 12)
			continue;
		if (titles[i].only_after_family && !is_family(s, n - length))
			continue;
		out->title = titles[i].word;
		out->title_kind = titles[i].kind;
		out->name = arena_string_n(a, s, n - length);
		return;
	}
	out->name = s;
}

static void split_prefix(char *s, struct clean_name *out)
{
	out->name = s;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (clean_starts(s, prefixes[i].word)) {
			size_t n = strlen(prefixes[i].word);
			out->name = s + n + strspn(s + n, " ");
			out->title_kind = prefixes[i].kind;
			out->title = prefixes[i].kind == TITLE_MR ? "Mr" : prefixes[i].kind == TITLE_MS ? "Ms" : "Dr";
			return;
		}
}

static void remove_blanks(char *s)
{
	char *w = s;
	for (; *s; s++)
		if (*s != ' ')
			*w++ = *s;
	*w = '\0';
}

int clean_name(struct arena *a, const char *s, struct clean_name *out)
{
	*out = (struct clean_name){ .name = "", .title = "", .note = "" };
	char *text = clean_text(a, s);
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	split_note(a, text, out);
	struct letters n = count_letters(text);
	if (n.digits >= 7)
		return ERR_NAME_DIGITS;
	if (n.han && n.other == 0)
		remove_blanks(text);
	out->company = is_company(text);
	if (out->company)
		out->name = text;
	else if (n.han)
		split_title(a, text, out);
	else
		split_prefix(text, out);
	return *out->name ? 0 : ERR_FIELD_REQUIRED;
}

int clean_name_pair(struct arena *a, const char *family, const char *given, struct clean_name *out)
{
	struct letters n = count_letters(family);
	const char *whole = n.han ? arena_format(a, "%s%s", family, given) : arena_format(a, "%s %s", given, family);
	return clean_name(a, whole, out);
}
