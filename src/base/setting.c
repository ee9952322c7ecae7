/* The rows of settings.def as a table, and the forms of a value. */
#include "base/setting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

/* Monday is 0. */
static const struct choice week_days[] = {
	{ "monday", "周一", "Monday" }, { "tuesday", "周二", "Tuesday" }, { "wednesday", "周三", "Wednesday" }, { "thursday", "周四", "Thursday" },
	{ "friday", "周五", "Friday" }, { "saturday", "周六", "Saturday" }, { "sunday", "周日", "Sunday" }, { 0 },
};
static const struct choice shift_choices[] = { { "on_duty", "仅在岗的人", "Those on duty" }, { "everybody", "所有人", "Everybody" }, { 0 } };
static const struct choice duties[] = { { "together", "一人可兼任", "One person may hold both" }, { "apart", "分设", "Kept apart" }, { 0 } };
static const struct choice bot_receives[] = { { "off", "关闭", "Off" }, { "first", "先接待", "Receives first" }, { "night", "仅在非服务时间先接待", "Receives first outside of service hours" }, { 0 } };
static const struct choice passwords[] = { { "everybody", "所有员工", "Everybody" }, { "emergency", "仅限应急账号", "Emergency accounts only" }, { 0 } };
/* At least as long as the law wants the records of a sale kept; the number of years is the number in the word. */
static const struct choice keep_years[] = {
	{ "kept", "不自动删除", "Kept" }, { "3_years", "3 年", "3 years" }, { "5_years", "5 年", "5 years" }, { "7_years", "7 年", "7 years" },
	{ "10_years", "10 年", "10 years" }, { "15_years", "15 年", "15 years" }, { 0 },
};
/* In the order of enum log_level. */
static const struct choice log_levels[] = {
	{ "debug", "全部", "Everything" }, { "info", "一般", "What happens" }, { "warn", "警告", "Warnings" }, { "error", "错误", "Errors" }, { 0 },
};

const struct setting_def setting_defs[SETTING_COUNT] = {
#define SETTING(id, name, whose, kind, unit, initial, ...) \
	[SETTING_##id] = { name, SETTING_##whose, SETTING_##kind, UNIT_##unit, initial, SETTING_REST(__VA_ARGS__) },
#define SETTING_REST(least, most, right, zh, en, help_zh, help_en) least, most, NULL, right, zh, en, help_zh, help_en
#define WORD(id, name, whose, choices, initial, right, zh, en, help_zh, help_en) \
	[SETTING_##id] = { name, SETTING_##whose, SETTING_CHOICE, UNIT_NONE, initial, 0, sizeof(choices) / sizeof((choices)[0]) - 2, choices, right, zh, en, help_zh, help_en },
#include "base/settings.def"
};

const struct setting_group setting_groups[] = {
#define GROUP(name, zh, en) { name, zh, en },
#include "base/settings.def"
	{ 0 }
};

static const struct unit {
	const char *name;
	int64_t ms;
	const char *zh, *en;
} units[] = {
#define UNIT(id, name, ms, zh, en) [UNIT_##id] = { name, ms, zh, en },
#include "base/settings.def"
};

const struct setting_values setting_defaults = {
	.at = {
#define SETTING(id, name, whose, kind, unit, initial, ...) [SETTING_##id] = initial,
#define WORD(id, name, whose, choices, initial, ...) [SETTING_##id] = initial,
#include "base/settings.def"
	},
};

const char *setting_unit_name(enum setting_unit unit)
{
	return units[unit].name;
}

int64_t setting_unit_ms(enum setting_unit unit)
{
	return units[unit].ms;
}

const char *setting_unit_text(enum setting_unit unit, enum lang lang)
{
	return lang == LANG_EN ? units[unit].en : units[unit].zh;
}

int setting_find(const char *name)
{
	for (int i = 0; i < SETTING_COUNT; i++)
		if (!strcmp(setting_defs[i].name, name))
			return i;
	return -1;
}

/* Values ----------------------------------------------------------------------------------------------------------- */

static const char *list_of_words(struct arena *a, const struct choice *choices)
{
	struct text t = text_in(a);
	for (const struct choice *c = choices; c->value; c++)
		text_format(&t, "%s%s", c == choices ? "" : ", ", c->value);
	return text_end(&t);
}

int setting_check(struct arena *a, const struct setting_def *def, int64_t value, enum lang lang, const char **arg)
{
	if (value >= def->least && value <= def->most)
		return 0;
	const char *unit = setting_unit_text(def->unit, lang);
	*arg = arena_format(a, "%lld–%lld%s%s", (long long)def->least, (long long)def->most, *unit ? " " : "", unit);
	return ERR_SETTING_BOUNDS;
}

static int read_word(struct arena *a, const struct choice *choices, const char *text, int64_t *value, const char **arg)
{
	for (*value = 0; choices[*value].value; ++*value)
		if (!strcmp(choices[*value].value, text))
			return 0;
	*arg = list_of_words(a, choices);
	return ERR_FIELD_CHOICE;
}

/* Bytes may be written as people say them; elsewhere such a letter is a mistake. */
static int64_t size_of_letter(const struct setting_def *def, char letter)
{
	static const char letters[] = "KMG";
	const char *p = def->unit == UNIT_BYTES && letter ? strchr(letters, letter) : NULL;
	return p ? INT64_C(1024) << 10 * (p - letters) : 0;
}

static int read_number(const struct setting_def *def, const char *text, int64_t *value, const char **arg)
{
	char *end;
	errno = 0;
	*value = strtoll(text, &end, 10);
	int64_t size = end == text || errno ? 0 : *end ? size_of_letter(def, *end++) : 1;
	if (size && !*end && !__builtin_mul_overflow(*value, size, value))
		return 0;
	*arg = "123";
	return ERR_FIELD_TYPE;
}

static const struct choice flags[] = { { "false", "否", "No" }, { "true", "是", "Yes" }, { 0 } };

int setting_read(struct arena *a, const struct setting_def *def, const char *text, enum lang lang, int64_t *value, const char **arg)
{
	if (def->kind != SETTING_NUMBER)
		return read_word(a, def->kind == SETTING_FLAG ? flags : def->choices, text, value, arg);
	TRY(read_number(def, text, value, arg));
	return setting_check(a, def, *value, lang, arg);
}

const char *setting_write(struct arena *a, const struct setting_def *def, int64_t value)
{
	if (def->kind == SETTING_NUMBER)
		return arena_format(a, "%lld", (long long)value);
	return def->kind == SETTING_FLAG ? flags[value].value : def->choices[value].value;
}

const char *setting_json(struct arena *a, const struct setting_def *def, int64_t value)
{
	const char *text = setting_write(a, def, value);
	return def->kind == SETTING_CHOICE ? arena_format(a, "\"%s\"", text) : text;
}

int64_t setting_ms_of(const struct setting_values *v, enum setting_id s)
{
	return v->at[s] * setting_unit_ms(setting_defs[s].unit);
}
