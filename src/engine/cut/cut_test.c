/* The cutter as a table: what is indexed, and what a question asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "engine/cut/cut.h"

static const char *joined(struct arena *a, const char *text, enum cut_use use)
{
	struct words w;
	cut(a, text, use, &w);
	struct text t = text_in(a);
	for (size_t i = 0; i < w.n; i++)
		text_format(&t, "%s%s", i ? " " : "", w.word[i]);
	return text_end(&t);
}

static void cuts_as_the_table_says(void **state)
{
	(void)state;
	static const struct {
		enum cut_use use;
		const char *text, *words;
	} cases[] = {
		{ CUT_DOCUMENT, "冰箱漏水", "冰 箱 漏 水 冰箱 箱漏 漏水" },
		{ CUT_QUESTION, "漏水", "漏水" },
		{ CUT_QUESTION, "漏", "漏" },
		{ CUT_QUESTION, "冰箱 漏水", "冰箱 漏水" },
		{ CUT_CHARACTERS, "水漏", "水 漏" },
		{ CUT_DOCUMENT, "KFR-35GW/BP 空调", "kfr 35gw bp kfr35gwbp 空 调 空调" },
		{ CUT_QUESTION, "KFR-35GW", "kfr 35gw" },
		{ CUT_QUESTION, "ｋｆｒ３５", "kfr35" },
		{ CUT_DOCUMENT, "错误码E4，E-", "错 误 码 错误 误码 e4 e" },
		{ CUT_DOCUMENT, "call _phone_ now", "call _phone_ now" },
		{ CUT_DOCUMENT, "Ärger mit Wäsche", "ärger mit wäsche" },
		{ CUT_DOCUMENT, "カメラ 냉장고", "カ メ ラ カメ メラ 냉 장 고 냉장 장고" },
		{ CUT_DOCUMENT, "！？。 , .-/ ~ \" ' : *", "" },
		{ CUT_DOCUMENT, "", "" },
		{ CUT_DOCUMENT, "3.5升", "3 5 35 升" },
		{ CUT_DOCUMENT, "a\"b'c~d*e:f(g)", "a b c d e f g" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(joined(a, cases[i].text, cases[i].use), cases[i].words);
}

/* Whatever stands in a text is found by any piece of it of two characters or more. */
static void every_piece_of_a_text_is_found_by_the_words_of_the_whole(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	static const char text[] = "洗衣机脱水时剧烈晃动并报警";
	const char *whole = arena_format(a, " %s ", joined(a, text, CUT_DOCUMENT));
	for (size_t from = 0; from < 13; from++)
		for (size_t n = 1; from + n <= 13; n++) {
			struct words w;
			cut(a, arena_string_n(a, text + from * 3, n * 3), CUT_QUESTION, &w);
			for (size_t i = 0; i < w.n; i++)
				assert_non_null(strstr(whole, arena_format(a, " %s ", w.word[i])));
		}
}

static void says_whether_the_last_word_may_go_on(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct words w;
	cut(a, "kfr", CUT_QUESTION, &w);
	assert_true(w.open);
	cut(a, "kfr!", CUT_QUESTION, &w);
	assert_false(w.open);
	cut(a, "冰箱", CUT_QUESTION, &w);
	assert_false(w.open);
}

static void keeps_its_limits(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	char *letters = arena_alloc(a, 100001), *many = arena_alloc(a, 3 * 50000 + 1);
	memset(letters, 'x', 100000);
	for (size_t i = 0; i < 50000; i++)
		memcpy(many + 3 * i, "水", 3);
	struct words w;
	cut(a, letters, CUT_DOCUMENT, &w);
	assert_int_equal(w.n, 1);
	assert_int_equal(strlen(w.word[0]), CUT_LONGEST_WORD);
	cut(a, many, CUT_DOCUMENT, &w);
	assert_int_equal(w.n, CUT_MOST_WORDS);
	for (size_t i = 0; i < w.n; i++)
		assert_true(utf8_is_text(w.word[i], strlen(w.word[i])));
}

static void survives_broken_text(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	static const char *const broken[] = { "\xE7", "a\xE7\x8E", "\xF0\x9F\x98", "\xFF\xFE水", "\x80" };
	struct words w;
	for (size_t i = 0; i < 5; i++)
		cut(a, arena_string(a, broken[i]), CUT_DOCUMENT, &w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_as_the_table_says),
		cmocka_unit_test(every_piece_of_a_text_is_found_by_the_words_of_the_whole),
		cmocka_unit_test(says_whether_the_last_word_may_go_on),
		cmocka_unit_test(keeps_its_limits),
		cmocka_unit_test(survives_broken_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
