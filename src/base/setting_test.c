/* Every row of settings.def can be used, and a value is held to its row. */
#include "base/test.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/setting.h"

static const struct setting_def minutes = {
	.name = "a.time", .kind = SETTING_NUMBER, .unit = UNIT_MINUTES, .initial = 10, .least = 1, .most = 60,
};
static const struct setting_def size = {
	.name = "a.size", .kind = SETTING_NUMBER, .unit = UNIT_BYTES, .initial = 1024, .least = 1, .most = INT64_C(1) << 40,
};
static const struct setting_def yes_or_no = { .name = "a.flag", .kind = SETTING_FLAG, .most = 1 };

static bool has_group(const char *name)
{
	size_t n = strcspn(name, ".");
	for (const struct setting_group *g = setting_groups; g->name; g++)
		if (strlen(g->name) == n && !strncmp(g->name, name, n))
			return name[n] == '.';
	return false;
}

static void every_row_has_a_name_of_its_own_a_group_both_languages_and_a_default_within_its_bounds(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (int i = 0; i < SETTING_COUNT; i++) {
		const struct setting_def *def = &setting_defs[i];
		const char *arg = NULL;
		assert_int_equal(setting_find(def->name), i);
		assert_true(has_group(def->name));
		for (const char *p = def->name; *p; p++)
			assert_true(islower(*p) || *p == '_' || *p == '.');
		assert_true(*def->zh && *def->en && *def->help_zh && *def->help_en);
		assert_int_equal(setting_defaults.at[i], def->initial);
		assert_int_equal(setting_check(a, def, def->initial, LANG_EN, &arg), 0);
		assert_true((def->whose == SETTING_SERVER) == !*def->right);
	}
}

static void what_is_written_is_read_back(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (int i = 0; i < SETTING_COUNT; i++)
		for (int k = 0; k < 2; k++) {
			const struct setting_def *def = &setting_defs[i];
			int64_t value = k ? def->most : def->least, read = -1;
			const char *arg = NULL;
			assert_int_equal(setting_read(a, def, setting_write(a, def, value), LANG_EN, &read, &arg), 0);
			assert_int_equal(read, value);
		}
}

static void a_value_outside_says_the_bounds_with_their_unit_in_the_readers_language(void **state)
{
	ARENA_SCOPED a = arena_new();
	int64_t value;
	const char *arg = NULL;
	assert_int_equal(setting_read(a, &minutes, "61", LANG_ZH, &value, &arg), ERR_SETTING_BOUNDS);
	assert_string_equal(arg, "1–60 分钟");
	assert_int_equal(setting_read(a, &minutes, "-3", LANG_EN, &value, &arg), ERR_SETTING_BOUNDS);
	assert_string_equal(arg, "1–60 minutes");
}

static void what_is_no_value_is_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	int64_t value;
	const char *arg = NULL;
	const char *const bad[] = { "", "ten", "1.5", "10 ", "10m", "5K", "99999999999999999999" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(setting_read(a, &minutes, bad[i], LANG_EN, &value, &arg), ERR_FIELD_TYPE);
	assert_int_equal(setting_read(a, &size, "9999999999999G", LANG_EN, &value, &arg), ERR_FIELD_TYPE);
	assert_int_equal(setting_read(a, &size, "5KB", LANG_EN, &value, &arg), ERR_FIELD_TYPE);
	assert_int_equal(setting_read(a, &yes_or_no, "1", LANG_EN, &value, &arg), ERR_FIELD_CHOICE);
	assert_string_equal(arg, "false, true");
	assert_int_equal(setting_read(a, &setting_defs[SETTING_LOG_LEVEL], "loud", LANG_EN, &value, &arg), ERR_FIELD_CHOICE);
	assert_string_equal(arg, "debug, info, warn, error");
}

static void sizes_may_be_written_as_people_say_them(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const struct { const char *text; int64_t value; } cases[] = { { "512", 512 }, { "2K", 2048 }, { "3M", 3 << 20 }, { "1G", 1 << 30 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value;
		const char *arg = NULL;
		assert_int_equal(setting_read(a, &size, cases[i].text, LANG_EN, &value, &arg), 0);
		assert_int_equal(value, cases[i].value);
	}
}

static void json_has_numbers_flags_and_words(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(setting_json(a, &minutes, 7), "7");
	assert_string_equal(setting_json(a, &yes_or_no, 1), "true");
	assert_string_equal(setting_json(a, &setting_defs[SETTING_LOG_LEVEL], LOG_WARN), "\"warn\"");
}

static void times_count_in_milliseconds_whatever_their_unit(void **state)
{
	struct setting_values v = setting_defaults;
	v.at[SETTING_CODE_LIFE] = 3;
	v.at[SETTING_SIGN_IN_LIFE] = 2;
	v.at[SETTING_STREAM_GATHER] = 25;
	assert_int_equal(setting_ms_of(&v, SETTING_CODE_LIFE), 180000);
	assert_int_equal(setting_ms_of(&v, SETTING_SIGN_IN_LIFE), 7200000);
	assert_int_equal(setting_ms_of(&v, SETTING_STREAM_GATHER), 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_has_a_name_of_its_own_a_group_both_languages_and_a_default_within_its_bounds),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_value_outside_says_the_bounds_with_their_unit_in_the_readers_language),
		cmocka_unit_test(what_is_no_value_is_refused),
		cmocka_unit_test(sizes_may_be_written_as_people_say_them),
		cmocka_unit_test(json_has_numbers_flags_and_words),
		cmocka_unit_test(times_count_in_milliseconds_whatever_their_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
