/* The types: developers.weixin.qq.com …/subscribe-message.html, 订阅消息参数值内容限制说明, the same for the templates of official accounts by
 * category; a character is a character, Chinese or not. keyword: of the older templates of official accounts; their documents state no limit. */
#include "channel/wechat/wechat_notice.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { KEYWORD_DIGITS = 2 };

/* Forms ------------------------------------------------------------------------------------------------------------------- */

static bool is_of(const char *value, int (*is)(int))
{
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p > 126 || !is((unsigned char)*p))
			return false;
	return *value != 0;
}

static bool is_han(uint32_t u)
{
	return (u >= 0x4e00 && u <= 0x9fff) || (u >= 0x3400 && u <= 0x4dbf) || u >= 0x20000;
}

static bool has_han(const char *value)
{
	for (const char *p = value, *end = value + strlen(value); p < end;)
		if (is_han(utf8_next(&p, end)))
			return true;
	return false;
}

static bool fits_string(const char *value)
{
	return is_of(value, isgraph);
}

static bool fits_letters(const char *value)
{
	return is_of(value, isalpha);
}

static bool fits_symbols(const char *value)
{
	return is_of(value, ispunct);
}

static bool fits_phone(const char *value)
{
	return *value && !value[strspn(value, "0123456789+-() ")];
}

static bool fits_han(const char *value)
{
	for (const char *p = value, *end = value + strlen(value); p < end;)
		if (!is_han(utf8_next(&p, end)))
			return false;
	return *value != 0;
}

/* "10个以内纯汉字或20个以内纯字母或符号": a mixture counts as Chinese. */
static bool fits_name(const char *value)
{
	return utf8_count(value) <= (has_han(value) ? 10U : 20U) && !strpbrk(value, "0123456789");
}

/* Moves over as many digits as may stand there. */
static bool takes_digits(const char **p, size_t least, size_t most)
{
	size_t n = strspn(*p, "0123456789");
	if (n < least || n > most)
		return false;
	*p += n;
	return true;
}

static bool takes(const char **p, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(*p, word, n) != 0)
		return false;
	*p += n;
	return true;
}

static bool fits_number(const char *value)
{
	const char *p = value;
	if (!takes_digits(&p, 1, 32))
		return false;
	return !*p || (takes(&p, ".") && takes_digits(&p, 1, 32) && !*p);
}

/* 1 个币种符号 + 10 位以内纯数字，可带小数，结尾可带“元” */
static bool fits_amount(const char *value)
{
	static const char *const signs[] = { "¥", "￥", "$", "€", "£" };
	const char *p = value;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && p == value; i++)
		takes(&p, signs[i]);
	if (!takes_digits(&p, 1, 10) || (takes(&p, ".") && !takes_digits(&p, 1, 2)))
		return false;
	takes(&p, "元");
	return !*p;
}

static bool takes_clock(const char **p)
{
	if (!takes_digits(p, 1, 2) || !takes(p, ":") || !takes_digits(p, 2, 2))
		return false;
	return !takes(p, ":") || takes_digits(p, 2, 2);
}

/* y年m月d日, y年m月, m月d日, or joined by - / . */
static bool takes_day(const char **p)
{
	static const char *const joints[] = { "-", "/", "." };
	const char *start = *p;
	if (takes_digits(p, 4, 4) && takes(p, "年"))
		return takes_digits(p, 1, 2) && takes(p, "月") && (!isdigit((unsigned char)**p) || (takes_digits(p, 1, 2) && takes(p, "日")));
	*p = start;
	if (takes_digits(p, 1, 2) && takes(p, "月"))
		return takes_digits(p, 1, 2) && takes(p, "日");
	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++) {
		*p = start;
		if (takes_digits(p, 1, 4) && takes(p, joints[i]))
			return takes_digits(p, 1, 2) && (!takes(p, joints[i]) || takes_digits(p, 1, 2));
	}
	*p = start;
	return false;
}

static bool takes_time(const char **p)
{
	const char *start = *p;
	if (takes_day(p) && takes(p, " "))
		return takes_clock(p);
	*p = start;
	return takes_clock(p);
}

static bool takes_date(const char **p)
{
	return takes_day(p) && (!takes(p, " ") || takes_clock(p));
}

/* One, or from one ~ to another. */
static bool spans(const char *p, bool (*takes_one)(const char **p))
{
	return takes_one(&p) && (!*p || (takes(&p, "~") && takes_one(&p) && !*p));
}

static bool fits_time(const char *value)
{
	return spans(value, takes_time);
}

static bool fits_date(const char *value)
{
	return spans(value, takes_date);
}

const struct wechat_type wechat_types[] = {
	{ "thing", { "事物", "Thing" }, { "20 个字以内", "up to 20 characters" }, 20, NULL, true },
	{ "character_string", { "字符串", "String" }, { "32 位以内字母、数字或符号", "up to 32 letters, digits or signs" }, 32, fits_string, false },
	{ "time", { "时间", "Time" }, { "如 2026年11月29日 09:30", "such as 2026年11月29日 09:30" }, 64, fits_time, false },
	{ "date", { "日期", "Date" }, { "如 2026年11月29日", "such as 2026年11月29日" }, 64, fits_date, false },
	{ "phrase", { "短语", "Phrase" }, { "5 个以内汉字", "up to 5 Chinese characters" }, 5, fits_han, false },
	{ "name", { "姓名", "Name" }, { "10 个以内汉字或 20 个以内字母", "up to 10 Chinese characters or 20 letters" }, 20, fits_name, false },
	{ "phone_number", { "电话", "Phone number" }, { "17 位以内数字、符号", "up to 17 digits and signs" }, 17, fits_phone, false },
	{ "number", { "数字", "Number" }, { "32 位以内数字", "up to 32 digits" }, 32, fits_number, false },
	{ "amount", { "金额", "Amount" }, { "10 位以内数字，可带币种符号和“元”", "up to 10 digits, with a sign or 元" }, 16, fits_amount, false },
	{ "letter", { "字母", "Letters" }, { "32 位以内字母", "up to 32 letters" }, 32, fits_letters, false },
	{ "symbol", { "符号", "Signs" }, { "5 位以内符号", "up to 5 signs" }, 5, fits_symbols, false },
	{ "car_number", { "车牌", "Car number" }, { "8 位以内", "up to 8 characters" }, 8, NULL, false },
	{ "const", { "固定项", "Fixed word" }, { "微信后台列出的词", "a word listed in WeChat's console" }, 20, NULL, false },
	{ "enum", { "枚举", "One of a list" }, { "微信后台列出的词", "a word listed in WeChat's console" }, 20, NULL, false },
	{ "keyword", { "关键词（旧模板）", "Keyword of an older template" }, { "200 个字以内", "up to 200 characters" }, 200, NULL, true },
};
const size_t wechat_type_count = sizeof(wechat_types) / sizeof(wechat_types[0]);

const struct wechat_type *wechat_type_of(const char *keyword)
{
	size_t letters = strspn(keyword, "abcdefghijklmnopqrstuvwxyz_"), digits = strlen(keyword) - letters;
	if (digits < 1 || digits > KEYWORD_DIGITS || strspn(keyword + letters, "0123456789") != digits)
		return NULL;
	for (size_t i = 0; i < wechat_type_count; i++)
		if (strlen(wechat_types[i].name) == letters && !strncmp(wechat_types[i].name, keyword, letters))
			return &wechat_types[i];
	return NULL;
}

/* Lines ------------------------------------------------------------------------------------------------------------------- */

static char *trim(char *s)
{
	char *end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = 0;
	return s + strspn(s, " \t\r");
}

static bool read_line(struct arena *a, const char *line, struct wechat_line *out)
{
	char *keyword = arena_string(a, line), *equals = strchr(keyword, '=');
	if (!equals)
		return false;
	*equals = 0;
	out->keyword = trim(keyword);
	out->text = trim(equals + 1);
	out->type = wechat_type_of(out->keyword);
	return out->type && *out->text;
}

static bool is_there(const struct wechat_line *lines, size_t n, const char *keyword)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(lines[i].keyword, keyword))
			return true;
	return false;
}

int wechat_lines_read(struct arena *a, const char *lines, struct wechat_line **out, size_t *n, const char **wrong)
{
	char *rest = arena_string(a, lines), *line;
	*out = ARENA_ARRAY(a, struct wechat_line, WECHAT_LINES_MOST + 1);
	*n = 0;
	while ((line = strsep(&rest, "\n"))) {
		line = trim(line);
		if (!*line)
			continue;
		struct wechat_line one;
		*wrong = line;
		if (*n == WECHAT_LINES_MOST || !read_line(a, line, &one) || is_there(*out, *n, one.keyword))
			return ERR_FIELD_INVALID;
		(*out)[(*n)++] = one;
	}
	return 0;
}

/* Values ------------------------------------------------------------------------------------------------------------------ */

/* "不能带有换行等控制字符" */
static const char *one_line(struct arena *a, const char *value)
{
	struct text t = text_in(a);
	bool gap = false;
	for (const char *p = value; *p; p++) {
		bool blank = (unsigned char)*p <= ' ';
		if (!blank && gap && t.n)
			text_char(&t, ' ');
		if (!blank)
			text_char(&t, *p);
		gap = blank;
	}
	return text_end(&t);
}

const char *wechat_fit(struct arena *a, const struct wechat_type *type, const char *value)
{
	const char *said = one_line(a, value);
	if (!*said || (type->fits && !type->fits(said)))
		return NULL;
	if (utf8_count(said) <= type->most)
		return said;
	return type->is_cut ? arena_format(a, "%.*s…", (int)utf8_prefix(said, type->most - 1), said) : NULL;
}

static void put(struct text *t, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	text_format(t, ",\"%s\":", name);
	json_text(t, value);
}

const char *wechat_notice_body(struct arena *a, const struct wechat_notice *m)
{
	struct text t = text_in(a);
	text_append(&t, "\"template_id\":");
	json_text(&t, m->template);
	put(&t, "url", m->url);
	put(&t, "page", m->page);
	put(&t, "client_msg_id", m->id);
	text_append(&t, ",\"data\":{");
	for (size_t i = 0; i < m->n; i++) {
		text_format(&t, "%s\"%s\":{\"value\":", i ? "," : "", m->lines[i].keyword);
		json_text(&t, m->values[i]);
		text_char(&t, '}');
	}
	text_char(&t, '}');
	return text_end(&t);
}
