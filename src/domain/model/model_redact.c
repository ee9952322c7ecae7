/* What leaves the house: core's redaction, and beyond it every long number and every name that says so itself. In doubt it goes. */
#include "domain/model/model.h"

#include <string.h>

#include "base/text.h"
#include "engine/redact/redact.h"

enum { DIGITS_TELLING = 5, NAME_CHARACTERS = 4, NAME_BYTES_MOST = 40, PLACE_BYTES_MOST = 120 };

static bool is_token(char p)
{
	return (p >= '0' && p <= '9') || (p >= 'a' && p <= 'z') || (p >= 'A' && p <= 'Z') || p == '-';
}

/* Order and serial numbers: so many digits name something of hers; a model or a code has fewer. */
static const char *without_numbers(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	for (const char *p = text; *p;) {
		size_t n = 0, digits = 0;
		for (; is_token(p[n]); n++)
			digits += p[n] >= '0' && p[n] <= '9';
		if (digits >= DIGITS_TELLING)
			text_append(&t, "_number_");
		else
			text_append_n(&t, p, n ? n : 1);
		p += n ? n : 1;
	}
	return text_end(&t);
}

static const char *without(struct arena *a, const char *text, const char *part)
{
	struct text t = text_in(a);
	size_t n = strlen(part);
	for (const char *at; (at = strstr(text, part)); text = at + n) {
		text_append_n(&t, text, (size_t)(at - text));
		text_append(&t, "_name_");
	}
	text_append(&t, text);
	return text_end(&t);
}

/* Where a name ends that begins here: at a sign, or after as many characters as a name has. */
static size_t name_length(const char *p)
{
	static const char *const ends[] = { "，", "。", "、", "；", "！", "？", "：", "\n", "的", NULL };
	size_t n = 0, characters = 0;
	bool latin = (*p & 0x80) == 0;
	while (p[n] && characters < (latin ? NAME_BYTES_MOST : NAME_CHARACTERS)) {
		for (const char *const *e = ends; *e; e++)
			if (!strncmp(p + n, *e, strlen(*e)))
				return n;
		if (strchr(",.;!?", p[n]) || (!latin && (p[n] & 0x80) == 0))
			return n;
		n += utf8_prefix(p + n, 1);
		characters++;
	}
	return n;
}

/* What stands behind one of these words, up to a sign. */
static const char *without_told(struct arena *a, const char *text, const char *const *marks, size_t (*length)(const char *p), const char *instead)
{
	for (const char *const *m = marks; *m; m++) {
		struct text t = text_in(a);
		for (const char *at; (at = strstr(text, *m));) {
			const char *from = at + strlen(*m);
			from += strspn(from, " :");
			from += strncmp(from, "：", 3) ? 0 : 3;
			size_t n = length(from);
			text_append_n(&t, text, (size_t)(from - text));
			text_append(&t, n ? instead : "");
			text = from + n;
		}
		text_append(&t, text);
		text = text_end(&t);
	}
	return text;
}

static size_t place_length(const char *p)
{
	size_t n = 0;
	while (p[n] && n < PLACE_BYTES_MOST && !strchr(",;!?\n", p[n]) && strncmp(p + n, "，", 3) && strncmp(p + n, "。", 3) && strncmp(p + n, "；", 3))
		n += utf8_prefix(p + n, 1);
	return n;
}

/* "文三路 90 号": the blanks would hide what it is. */
static const char *without_blanks(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	for (const char *p = text; *p; p++) {
		bool digit = p > text && ((p[-1] >= '0' && p[-1] <= '9' && (p[1] & 0x80)) || ((p[-1] & 0x80) && p[1] >= '0' && p[1] <= '9'));
		if (*p != ' ' || !digit)
			text_char(&t, *p);
	}
	return text_end(&t);
}

/* 王女士, 李先生: the character before. */
static const char *without_titles(struct arena *a, const char *text)
{
	static const char *const titles[] = { "先生", "女士", "小姐", "太太", "师傅", NULL };
	for (const char *const *m = titles; *m; m++) {
		struct text t = text_in(a);
		for (const char *at; (at = strstr(text, *m));) {
			const char *name = at;
			if (name > text && (name[-1] & 0x80))
				for (name--; name > text && (*name & 0xc0) == 0x80;)
					name--;
			text_append_n(&t, text, (size_t)(name - text));
			text_append(&t, "_name_");
			text_append(&t, *m);
			text = at + strlen(*m);
		}
		text_append(&t, text);
		text = text_end(&t);
	}
	return text;
}

const char *model_redact(struct arena *a, const char *text, const char *name)
{
	static const char *const names[] = { "我叫", "我姓", "我的名字是", "名字叫", "名字是", "姓名", "收件人", "联系人", "my name is", "My name is", "I am called", "this is Mr", "this is Mrs", NULL };
	static const char *const places[] = { "住在", "家住", "我住", "住址", "地址", "my address is", "My address is", "I live at", "I live in", NULL };
	if (name && utf8_count(name) > 1)
		text = without(a, text, name);
	text = without_blanks(a, text);
	text = redact(a, text, strlen(text), NULL);
	text = without_told(a, text, names, name_length, "_name_");
	text = without_told(a, text, places, place_length, "_address_");
	return without_numbers(a, without_titles(a, text));
}
