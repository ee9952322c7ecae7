/* Each character of a name takes at least one letter of its syllable from what was typed, or itself. */
#include "domain/org/pinyin.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "gen/pinyin.h"

enum { TYPED_MOST = 40 };

/* As the first of a name these are read otherwise than in a sentence. */
static const struct { const char *character, *syllable; } surnames[] = {
	{ "单", "shan" }, { "曾", "zeng" }, { "解", "xie" }, { "仇", "qiu" }, { "区", "ou" }, { "查", "zha" }, { "朴", "piao" }, { "翟", "zhai" }, { "覃", "qin" },
	{ "缪", "miao" }, { "乐", "yue" }, { "盛", "sheng" }, { "盖", "ge" }, { "召", "shao" }, { "员", "yun" }, { "秘", "bi" }, { "种", "chong" }, { "尉", "yu" },
};

static const char *syllable_of(uint32_t character)
{
	return character >= PINYIN_FIRST && character <= PINYIN_LAST ? pinyin_syllables[pinyin_of_han[character - PINYIN_FIRST]] : "";
}

static const char *surname_of(const char *at)
{
	for (size_t i = 0; i < sizeof(surnames) / sizeof(surnames[0]); i++)
		if (!strncmp(at, surnames[i].character, strlen(surnames[i].character)))
			return surnames[i].syllable;
	return "";
}

static bool spells_from(const char *name, const char *end, const char *typed, bool first);

/* Some letters of the syllable, and what is left by the rest of the name. */
static bool spells_by(const char *syllable, const char *rest, const char *end, const char *typed)
{
	for (size_t n = 1; syllable[n - 1] && syllable[n - 1] == typed[n - 1]; n++)
		if (!typed[n] || spells_from(rest, end, typed + n, false))
			return true;
	return false;
}

static bool spells_from(const char *name, const char *end, const char *typed, bool first)
{
	const char *rest = name;
	if (!*typed)
		return true;
	if (name == end)
		return false;
	uint32_t character = utf8_next(&rest, end);
	if (character == ' ')
		return spells_from(rest, end, typed, first);
	size_t length = (size_t)(rest - name);
	bool itself = character < 128 ? tolower((int)character) == typed[0] : !strncmp(name, typed, length);
	if (itself && spells_from(rest, end, typed + length, false))
		return true;
	return spells_by(syllable_of(character), rest, end, typed) || (first && spells_by(surname_of(name), rest, end, typed));
}

bool pinyin_spells(const char *name, const char *typed)
{
	char letters[TYPED_MOST + 1];
	size_t n = 0;
	const char *end = name + strlen(name);
	for (; *typed && n < TYPED_MOST; typed++)
		if (*typed != ' ' && *typed != '\'')
			letters[n++] = (char)tolower((unsigned char)*typed);
	letters[n] = 0;
	bool first = true;
	for (const char *at = name; n && !*typed && at < end; first = false) {
		if (spells_from(at, end, letters, first))
			return true;
		utf8_next(&at, end);
	}
	return false;
}
