/* Province, city and district at the beginning of an address, by their suffixes; the rest is the street.
 *
 * Light on purpose: only the provinces are known by name. What does not look like a city or district stays in the street. */
#include <string.h>

#include "engine/clean/clean_private.h"

static const struct province {
	const char *name, *known_as;
	bool city;                     /* 直辖市: province and city at once */
} provinces[] = {
	{ "北京市", "北京", true }, { "上海市", "上海", true }, { "天津市", "天津", true }, { "重庆市", "重庆", true }, { "河北省", "河北", false },
	{ "山西省", "山西", false }, { "辽宁省", "辽宁", false }, { "吉林省", "吉林", false }, { "黑龙江省", "黑龙江", false },
	{ "江苏省", "江苏", false }, { "浙江省", "浙江", false }, { "安徽省", "安徽", false }, { "福建省", "福建", false }, { "江西省", "江西", false },
	{ "山东省", "山东", false }, { "河南省", "河南", false }, { "湖北省", "湖北", false }, { "湖南省", "湖南", false }, { "广东省", "广东", false },
	{ "海南省", "海南", false }, { "四川省", "四川", false }, { "贵州省", "贵州", false }, { "云南省", "云南", false }, { "陕西省", "陕西", false },
	{ "甘肃省", "甘肃", false }, { "青海省", "青海", false }, { "台湾省", "台湾", false }, { "内蒙古自治区", "内蒙古", false },
	{ "广西壮族自治区", "广西", false }, { "西藏自治区", "西藏", false }, { "宁夏回族自治区", "宁夏", false }, { "新疆维吾尔自治区", "新疆", false },
	{ "香港特别行政区", "香港", false }, { "澳门特别行政区", "澳门", false },
};

/* Between the parts; the words are those of lists that write 省：广东. */
static const char *skip_separators(const char *s)
{
	for (;;) {
		if (*s && strchr(" ,-/|>_.;:", *s))
			s++;
		else if (clean_starts(s, "，") || clean_starts(s, "、") || clean_starts(s, "：") || clean_starts(s, "；"))
			s += 3;
		else if (clean_starts(s, "·"))
			s += 2;
		else
			return s;
	}
}

static const char *take_province(const char *s, const struct province **found)
{
	*found = NULL;
	for (size_t i = 0; i < sizeof(provinces) / sizeof(provinces[0]); i++) {
		const struct province *p = &provinces[i];
		if (!clean_starts(s, p->known_as))
			continue;
		const char *rest = s + strlen(clean_starts(s, p->name) ? p->name : p->known_as);
		/* 吉林市 and 海南藏族自治州 are no provinces. */
		if (!clean_starts(s, p->name) && (clean_starts(rest, "市") || clean_starts(rest, "藏族")))
			continue;
		/* 北京路 is a street. */
		if (!clean_starts(s, p->name) && (clean_starts(rest, "路") || clean_starts(rest, "街") || clean_starts(rest, "东路") ||
				clean_starts(rest, "西路")))
			continue;
		*found = p;
		return rest;
	}
	return s;
}

enum { LONGEST_PART = 42 };    /* bytes: 14 characters, 双江拉祜族佤族布朗族傣族自治县 is the longest but one */

/* True when what stands before 区 makes it a place to live or work rather than a district. */
static bool is_estate(const char *s, const char *suffix)
{
	static const char *const before[] = { "小", "社", "园", "校", "院", "景", "库", "街", "厂", "片" };
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (suffix - s >= 3 && memcmp(suffix - 3, before[i], 3) == 0)
			return true;
	return false;
}

/* The earliest of the suffixes within reach; nothing but Chinese characters may stand before it. Returns the end of the part. */
static const char *part_end(const char *s, const char *const *suffixes, size_t count)
{
	for (const char *p = s; *p && p - s < LONGEST_PART; p += 3) {
		if ((uint8_t)*p < 0xE3 || (uint8_t)*p > 0xE9)
			return NULL;
		for (size_t i = 0; i < count && p - s >= 3; i++)
			if (clean_starts(p, suffixes[i]) && !(clean_starts(p, "区") && is_estate(s, p)))
				return p + strlen(suffixes[i]);
	}
	return NULL;
}

/* 广东/深圳/南山: what stands between two separators counts without its suffix. */
static const char *separated_end(const char *before, const char *s)
{
	if (before == s || !*s)
		return NULL;
	const char *p = s;
	while ((uint8_t)*p >= 0xE3 && (uint8_t)*p <= 0xE9 && p - s < 15)
		p += 3;
	return p - s >= 6 && skip_separators(p) != p ? p : NULL;
}

static const char *take_city(struct arena *a, const char *s, const struct province *province, struct clean_address *out)
{
	static const char *const suffixes[] = { "自治州", "地区", "盟", "市" };
	const char *p = skip_separators(s);
	if (province && province->city) {
		out->city = province->name;
		if (clean_starts(p, province->name))
			p += strlen(province->name);
		else if (clean_starts(p, province->known_as) &&
				skip_separators(p + strlen(province->known_as)) != p + strlen(province->known_as))
			p += strlen(province->known_as);
		p = skip_separators(p);
		return clean_starts(p, "市辖区") ? p + strlen("市辖区") : p;
	}
	const char *end = part_end(p, suffixes, 4);
	if (!end && province)
		end = separated_end(s, p);
	if (!end)
		return p;
	out->city = arena_string_n(a, p, (size_t)(end - p));
	return end;
}

static const char *take_district(struct arena *a, const char *s, struct clean_address *out)
{
	static const char *const suffixes[] = { "自治县", "自治旗", "区", "县", "旗", "市" };
	const char *p = skip_separators(s);
	const char *end = part_end(p, suffixes, 6);
	if (!end && *out->city)
		end = separated_end(s, p);
	if (!end)
		return p;
	out->district = arena_string_n(a, p, (size_t)(end - p));
	return skip_separators(end);
}

int clean_address(struct arena *a, const char *s, struct clean_address *out)
{
	*out = (struct clean_address){ .province = "", .city = "", .district = "", .street = "" };
	const char *text = clean_text(a, s);
	if (clean_is_nothing(text))
		return ERR_FIELD_REQUIRED;
	if (clean_starts(text, "中国"))
		text = skip_separators(text + strlen("中国"));
	const struct province *province;
	text = take_province(text, &province);
	if (province)
		out->province = province->name;
	text = take_city(a, text, province, out);
	if (*out->city)
		text = take_district(a, text, out);
	out->street = text;
	return 0;
}
