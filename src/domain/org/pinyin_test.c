/* Who is found by which letters. */
#include "base/test.h"

#include "domain/org/pinyin.h"

static const struct { const char *name, *typed; bool spells; } cases[] = {
	{ "王芳", "wangfang", true }, { "王芳", "wf", true }, { "王芳", "WF", true }, { "王芳", "wangf", true }, { "王芳", "wfang", true }, { "王芳", "fang", true },
	{ "王芳", "w", true }, { "王芳", "王", true }, { "王芳", "芳", true }, { "王芳", "王f", true }, { "王芳", "wang fang", true }, { "王芳", "wang'fang", true },
	{ "王芳", "fw", false }, { "王芳", "wangfangx", false }, { "王芳", "ang", false }, { "王芳", "", false }, { "", "w", false }, { "王芳", "李", false },
	{ "吕敏", "lvm", true }, { "单雄信", "shan", true }, { "单雄信", "dan", true }, { "小单", "shan", false }, { "欧阳娜", "oyn", true }, { "西安", "xian", true },
	{ "Li Wei", "liw", true }, { "Li Wei", "wei", true }, { "Li Wei", "lw", false }, { "陈Amy", "camy", true },
	{ "王芳", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", false },
};

static void names_are_found_by_their_letters(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (pinyin_spells(cases[i].name, cases[i].typed) != cases[i].spells)
			fail_msg("%s by \"%s\"", cases[i].name, cases[i].typed);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names_are_found_by_their_letters) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
