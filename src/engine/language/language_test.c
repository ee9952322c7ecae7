/* What people write, and in which language it is. */
#include "engine/language/language.h"

#include "base/test.h"

static void chinese_is_chinese(void **state)
{
	assert_string_equal(language_of("冰箱不制冷"), "zh");
	assert_string_equal(language_of("hello，在吗"), "zh");
	assert_string_equal(language_of("wifi 连不上，app 里找不到设备"), "zh");
	assert_string_equal(language_of("BCD-468WP 显示 E3"), "zh");
}

static void english_is_english(void **state)
{
	assert_string_equal(language_of("My dishwasher does not drain"), "en");
	assert_string_equal(language_of("not cooling"), "en");
	assert_string_equal(language_of("my 洗衣机 does not spin, please help"), "en");
	assert_string_equal(language_of("MY FRIDGE IS BROKEN"), "en");
}

static void a_number_or_a_word_is_in_none(void **state)
{
	assert_null(language_of(""));
	assert_null(language_of("1"));
	assert_null(language_of("OK"));
	assert_null(language_of("E3"));
	assert_null(language_of("BCD-468WP DW-60-3A"));
	assert_null(language_of("13800138000 220V"));
}

static void signs_are_counted(void **state)
{
	struct language_signs s = language_signs("AC-12 空调 is not cold a");
	assert_int_equal(s.han, 2);
	assert_int_equal(s.words, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(chinese_is_chinese), cmocka_unit_test(english_is_english), cmocka_unit_test(a_number_or_a_word_is_in_none), cmocka_unit_test(signs_are_counted) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
