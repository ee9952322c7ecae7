#include "base/test.h"
#include "base/words.h"

#define WORDS (const char *const[])

static bool stands(const char *text, const char *word)
{
	ARENA_SCOPED a = arena_new();
	return words_stand_in(a, text, WORDS{ word, NULL }, NULL);
}

static void a_latin_word_neither_begins_nor_ends_within_another(void **state)
{
	assert_true(stands("there is fire here", "fire"));
	assert_true(stands("fire", "fire"));
	assert_true(stands("着fire了", "fire"));
	assert_true(stands("a fire-like glow", "fire"));
	static const char *const others[] = { "firewall", "the fireplace is warm", "campfire", "misfired", "i was shocked at the price" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (stands(others[i], "fire") || stands(others[i], "shock"))
			fail_msg("%s", others[i]);
	assert_true(stands("e3 again", "e3"));
	assert_false(stands("e30 again", "e3"));
	assert_true(stands("it got a shock, firewall, fire", "fire"));
	assert_true(stands("gas leaks again", "gas leak"));
	assert_true(stands("two fires", "fire"));
	assert_false(stands("his yes", "hi"));
	assert_false(stands("leakss", "leak"));
	assert_false(stands("firesale", "fire"));
	assert_false(stands("e3s", "e3s4"));
}

static void blanks_do_not_count_and_chinese_has_no_bounds(void **state)
{
	assert_true(stands("talk to a realperson now", "real person"));
	assert_true(stands("a real  person", "realperson"));
	assert_false(stands("a surreal person", "real person"));
	assert_true(stands("后面冒 烟了", "冒烟"));
	assert_true(stands("显示co2", "显示co"));
	assert_false(stands("显示cool", "显示co"));
	assert_true(words_same("no thanks", "nothanks"));
	assert_true(words_same(" 好 的", "好的"));
	assert_false(words_same("no", "nothanks"));
	assert_false(words_same("nothanks", "no"));
}

static void what_only_sounds_like_it_is_cut_out_and_nothing_is_found_across_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_true(words_stand_in(a, "烟机冒烟", WORDS{ "冒烟", "烟", NULL }, WORDS{ "烟机", NULL }));
	assert_false(words_stand_in(a, "油烟机不转", WORDS{ "烟", NULL }, WORDS{ "烟", "烟机", NULL }));
	assert_false(words_stand_in(a, "冒白色的烟", WORDS{ "冒烟", NULL }, WORDS{ "白色的", NULL }));
	assert_false(words_stand_in(a, "no smoking", WORDS{ "smoking", NULL }, WORDS{ "no smoking", NULL }));
	assert_true(words_stand_in(a, "piano smoking", WORDS{ "smoking", NULL }, WORDS{ "no smoking", NULL }));
	assert_false(words_stand_in(a, "", WORDS{ "a", "", NULL }, NULL));
	char text[] = "user agent please";
	words_cut(text, WORDS{ "user", "useragent", NULL });
	assert_string_equal(text, "\t\t\t\t\t\t\t\t\t\t please");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_latin_word_neither_begins_nor_ends_within_another), cmocka_unit_test(blanks_do_not_count_and_chinese_has_no_bounds),
		cmocka_unit_test(what_only_sounds_like_it_is_cut_out_and_nothing_is_found_across_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
