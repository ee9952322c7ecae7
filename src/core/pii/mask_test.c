/* Masks: a table of values and what may be seen of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "core/pii/mask.h"

static const struct {
	const char *kind, *text, *seen;
} cases[] = {
	{ "phone", "13812345678", "138****5678" },
	{ "phone", "+8613812345678", "138****5678" },
	{ "phone", "１３８ １２３４ ５６７８", "138****5678" },
	{ "phone", "+861088886666", "****6666" },
	{ "phone", "+85291234567", "****4567" },
	{ "phone", "95588", "****" },
	{ "name", "王小明", "王*" },
	{ "name", "王女士", "王女士" },
	{ "name", "王小明先生", "王先生" },
	{ "name", "欧阳娜娜", "欧阳*" },
	{ "name", "欧阳女士", "欧阳女士" },
	{ "name", "女士", "女*" },
	{ "name", "访客 4821", "访客 4821" },
	{ "name", "短信 4821", "短信 4821" }, { "name", "来电 4821", "来电 4821" }, { "name", "匿名来电", "匿名来电" }, { "name", "邮件客户 4821", "邮件客户 4821" }, { "name", "同号码另一位 4821", "同号码另一位 4821" },
	{ "name", "Visitor 0007", "Visitor 0007" },
	{ "name", "访客 王小明", "访*" },
	{ "name", "访客 48213", "访*" },
	{ "name", "微信用户 4821", "微信用户 4821" },
	{ "name", "Zhang Wei", "Z*" },
	{ "name", "杭州云栖酒店管理有限公司", "杭州云栖酒店管理有限公司" },
	{ "email", "linxiao@example.com", "l***@example.com" },
	{ "email", "@example.com", "****" },
	{ "email", "nothing", "****" },
	{ "address", "文三路100号3幢502室", "文三路****" },
	{ "address", "三里屯路十九号院", "三里屯路****" },
	{ "address", "五四广场东侧", "五四广场东侧" },
	{ "address", "人民路１２号", "人民路****" },
	{ "address", "1203", "****" },
	{ "serial", "AX2024110012345", "****2345" },
	{ "serial", "1234567", "****" },
	{ "diary", "anything", "****" },
	{ "phone", "", "" },
};

static void shows_only_what_the_table_says(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(mask(a, mask_kind_of(cases[i].kind), cases[i].text), cases[i].seen);
}

static void leaves_nothing_as_nothing(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	assert_null(mask(a, MASK_NAME, NULL));
}

/* Four digits at most of any number, whatever is around it. */
static void never_shows_more_than_seven_digits_of_a_phone(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	char phone[40] = "";
	for (size_t n = 1; n < 30; n++) {
		phone[n - 1] = (char)('0' + n % 10);
		size_t digits = 0;
		for (const char *p = mask(a, MASK_PHONE, phone); *p; p++)
			digits += *p >= '0' && *p <= '9';
		assert_true(digits <= (n == 11 ? 7 : n >= 8 ? 4 : 0));
	}
}

/* Broken UTF-8 must not be read past its end. */
static void survives_broken_text(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	static const char *const broken[] = { "\xE7", "\xE7\x8E", "\xF0\x9F\x98", "\xFF\xFE", "a\x80" };
	for (size_t i = 0; i < 5; i++)
		for (int kind = 0; kind <= MASK_ALL; kind++)
			assert_non_null(mask(a, (enum mask_kind)kind, arena_string(a, broken[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_only_what_the_table_says),
		cmocka_unit_test(leaves_nothing_as_nothing),
		cmocka_unit_test(never_shows_more_than_seven_digits_of_a_phone),
		cmocka_unit_test(survives_broken_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
