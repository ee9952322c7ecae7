/* UTF-8 is checked as RFC 3629 defines it; folding makes equal what people take for equal. */
#include "base/test.h"

#include <string.h>

#include "base/text.h"

static const struct {
	const char *s;
	size_t n;
	bool good;
} texts[] = {
	{ "", 0, true },
	{ "漏水了，很急\r\n\t", 21, true },
	{ "\xF0\x9F\x98\x80", 4, true },              /* U+1F600 */
	{ "\xEF\xBF\xBD", 3, true },                  /* U+FFFD itself */
	{ "\xF4\x8F\xBF\xBF", 4, true },              /* U+10FFFF */
	{ "\xF4\x90\x80\x80", 4, false },             /* past it */
	{ "\xC0\x80", 2, false },                     /* overlong NUL */
	{ "\xC1\xBF", 2, false },
	{ "\xE0\x80\xAF", 3, false },                 /* overlong slash */
	{ "\xF0\x80\x80\xAF", 4, false },
	{ "\xED\xA0\x80", 3, false },                 /* surrogates */
	{ "\xED\xBF\xBF", 3, false },
	{ "\x80", 1, false },                         /* a tail without head */
	{ "\xE6\xBC", 2, false },                     /* cut short */
	{ "a\xE6\xBC" "b", 4, false },
	{ "\xFE", 1, false },
	{ "\xFF\xFF", 2, false },
	{ "a\0b", 3, false },
	{ "a\x01", 2, false },
	{ "\x1B[31m", 5, false },
	{ "\x7F", 1, false },
};

static void text_is_valid_utf8_without_control_characters(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (utf8_is_text(texts[i].s, texts[i].n) != texts[i].good)
			fail_msg("case %zu", i);
}

static void every_character_survives_writing_and_reading(void **state)
{
	ARENA_SCOPED a = arena_new();
	for (uint32_t c = 1; c <= 0x10FFFF; c++) {
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		struct arena_mark mark = arena_mark(a);
		struct text t = text_in(a);
		utf8_append(&t, c);
		const char *p = t.p;
		if (utf8_next(&p, t.p + t.n) != c || p != t.p + t.n)
			fail_msg("U+%04X", c);
		arena_rewind(a, mark);
	}
}

static void characters_are_counted_and_cut_whole(void **state)
{
	assert_int_equal(utf8_count("冰箱ab"), 4);
	assert_int_equal(utf8_prefix("冰箱ab", 1), 3);
	assert_int_equal(utf8_prefix("冰箱ab", 3), 7);
	assert_int_equal(utf8_prefix("冰箱ab", 99), 8);
	assert_int_equal(utf8_prefix("冰箱ab", 0), 0);
}

static void folding_unites_widths_cases_and_spaces(void **state)
{
	static const char *const cases[][2] = {
		{ "ＡＢＣ－１２３", "abc-123" },
		{ "  Lin\t\tXiao \n", "lin xiao" },
		{ "林　晓", "林 晓" },
		{ "", "" },
		{ "   ", "" },
		{ "ÀÉ", "ÀÉ" },
		{ "a\xC2\xA0 b", "a b" },
		{ "\xFF", "\xEF\xBF\xBD" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(text_fold(a, cases[i][0]), cases[i][1]);
}

static void growing_text_ends_with_nul_at_all_times(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	assert_string_equal(text_end(&t), "");
	for (int i = 0; i < 3000; i++) {
		text_int(&t, INT64_MIN);
		assert_int_equal(strlen(t.p), t.n);
	}
	assert_int_equal(t.n, 3000 * 20);
	struct text f = text_in(a);
	text_format(&f, "%s=%d", "a", 1);
	text_char(&f, ';');
	assert_string_equal(text_end(&f), "a=1;");
}

static void formatted_text_of_any_length_is_whole(void **state)
{
	ARENA_SCOPED a = arena_new();
	char word[700];
	for (int n = 0; n < 700; n++) {
		memset(word, 'x', (size_t)n);
		word[n] = 0;
		struct text t = text_in(a);
		text_format(&t, "%s-", word);
		text_format(&t, "%d%s", n, word);
		char *once = arena_format(a, "%s-%d%s", word, n, word);
		assert_string_equal(t.p, once);
		assert_int_equal(t.n, strlen(once));
		assert_int_equal(((char *)arena_alloc(a, 8))[7], 0);
	}
}

static void null_equals_null_only(void **state)
{
	assert_true(text_equal(NULL, NULL));
	assert_false(text_equal(NULL, ""));
	assert_true(text_equal("a", "a"));
	assert_true(text_empty(NULL));
	assert_true(text_empty(" \t\n"));
	assert_false(text_empty(" a"));
}

static void words_are_letters_digits_and_what_else_may_be(void **state)
{
	assert_true(text_is_word("wx0Az9", ""));
	assert_true(text_is_word("a_b-c", "_-"));
	assert_false(text_is_word("a-b", "_"));
	assert_false(text_is_word("", "_-"));
	assert_false(text_is_word(NULL, "_-"));
	for (const char *const *s = (const char *const[]){ "a b", "@", "[", "`", "{", "/", ":", "微信", NULL }; *s; s++)
		assert_false(text_is_word(*s, "_-"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_valid_utf8_without_control_characters),
		cmocka_unit_test(every_character_survives_writing_and_reading),
		cmocka_unit_test(characters_are_counted_and_cut_whole),
		cmocka_unit_test(folding_unites_widths_cases_and_spaces),
		cmocka_unit_test(growing_text_ends_with_nul_at_all_times),
		cmocka_unit_test(formatted_text_of_any_length_is_whole),
		cmocka_unit_test(null_equals_null_only),
		cmocka_unit_test(words_are_letters_digits_and_what_else_may_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
