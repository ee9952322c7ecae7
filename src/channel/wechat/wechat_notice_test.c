/* Keywords of template and subscribe messages: which there are, what fits into each, and what becomes of the rest. */
#include "base/test.h"
#include "base/text.h"
#include "channel/wechat/wechat_notice.h"

static void knows_the_keywords_by_their_type(void **state)
{
	static const struct { const char *keyword, *type; } all[] = {
		{ "thing1", "thing" }, { "thing01", "thing" }, { "character_string12", "character_string" }, { "time2", "time" }, { "phrase3", "phrase" }, { "keyword1", "keyword" },
	};
	static const char *const none[] = { "", "thing", "1", "thing123", "thing1x", "Thing1", "first", "remark", "thing-1", "things1", "thing１" };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_string_equal(wechat_type_of(all[i].keyword)->name, all[i].type);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_null(wechat_type_of(none[i]));
}

static void keeps_the_limits_of_each_type(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const struct { const char *keyword, *value, *sent; } all[] = {
		{ "thing1", "一二三四五六七八九十一二三四五六七八九十", "一二三四五六七八九十一二三四五六七八九十" },
		{ "thing1", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…" },
		{ "thing1", " 冰箱\n 不制冷\t", "冰箱 不制冷" }, { "thing1", "\n", NULL }, { "thing1", "", NULL },
		{ "character_string1", "SR20261129001", "SR20261129001" }, { "character_string1", "服务单1", NULL }, { "character_string1", "123456789012345678901234567890123", NULL }, { "character_string1", "A 1", NULL },
		{ "time1", "15:01", "15:01" }, { "time1", "2019年10月1日 15:01", "2019年10月1日 15:01" }, { "time1", "2019年10月1日 15:01~2019年10月1日 17:01", "2019年10月1日 15:01~2019年10月1日 17:01" },
		{ "time1", "2019-10-01 15:01:30", "2019-10-01 15:01:30" }, { "time1", "12月1日 上午", NULL }, { "time1", "2019年10月1日", NULL }, { "time1", "15:1", NULL }, { "time1", "15:01~", NULL }, { "time1", "15:01x", NULL },
		{ "date1", "2019年10月1日", "2019年10月1日" }, { "date1", "10月1日", "10月1日" }, { "date1", "2018/01/01", "2018/01/01" }, { "date1", "2018年1月", "2018年1月" }, { "date1", "2019年10月1日 15:01", "2019年10月1日 15:01" },
		{ "date1", "明天", NULL }, { "date1", "2019年", NULL }, { "date1", "2018-1/1", NULL },
		{ "phrase1", "处理中", "处理中" }, { "phrase1", "等待客户确认", NULL }, { "phrase1", "OK", NULL },
		{ "name1", "王小明", "王小明" }, { "name1", "一二三四五六七八九十甲", NULL }, { "name1", "Wang Xiaoming", "Wang Xiaoming" }, { "name1", "王 a bcdefghijk", NULL }, { "name1", "客户1", NULL },
		{ "phone_number1", "+86-0766-66888866", "+86-0766-66888866" }, { "phone_number1", "400 转 1", NULL }, { "phone_number1", "123456789012345678", NULL },
		{ "number1", "12.50", "12.50" }, { "number1", "12.", NULL }, { "number1", "一", NULL }, { "amount1", "¥128.00元", "¥128.00元" }, { "amount1", "$5", "$5" }, { "amount1", "12345678901", NULL }, { "amount1", "5 元", NULL },
		{ "letter1", "abc", "abc" }, { "letter1", "a1", NULL }, { "symbol1", "!?", "!?" }, { "symbol1", "a", NULL }, { "car_number1", "粤A8Z888挂", "粤A8Z888挂" }, { "car_number1", "粤A8Z888888", NULL },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const char *sent = wechat_fit(a, wechat_type_of(all[i].keyword), all[i].value);
		if (!text_equal(sent, all[i].sent))
			fail_msg("%s of %s: %s", all[i].keyword, all[i].value, sent ? sent : "refused");
	}
}

static void reads_lines_and_refuses_what_is_none(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct wechat_line *lines;
	size_t n;
	const char *wrong = NULL;
	assert_int_equal(wechat_lines_read(a, "\n thing1 = {{ticket.title}} \r\ntime2={{ticket.due|稍后 = 告知}}\n\n", &lines, &n, &wrong), 0);
	assert_int_equal(n, 2);
	assert_string_equal(lines[0].keyword, "thing1");
	assert_string_equal(lines[0].text, "{{ticket.title}}");
	assert_string_equal(lines[1].text, "{{ticket.due|稍后 = 告知}}");
	static const char *const bad[] = { "thing1", "thing1 =", "= x", "first = x", "thing1 = a\nthing1 = b", "thing1 {{ticket.no}}" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(wechat_lines_read(a, bad[i], &lines, &n, &wrong), ERR_FIELD_INVALID);
	assert_string_equal(wrong, "thing1 {{ticket.no}}");
	struct text many = text_in(a);
	for (int i = 1; i <= WECHAT_LINES_MOST; i++)
		text_format(&many, "thing%d = x\n", i);
	assert_int_equal(wechat_lines_read(a, text_end(&many), &lines, &n, &wrong), 0);
	text_append(&many, "time1 = x");
	assert_int_equal(wechat_lines_read(a, text_end(&many), &lines, &n, &wrong), ERR_FIELD_INVALID);
}

static void writes_what_the_api_takes(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct wechat_line *lines;
	size_t n;
	const char *wrong, *const values[] = { "冰箱 \"异响\"", "15:01" };
	assert_int_equal(wechat_lines_read(a, "thing1 = a\ntime2 = b", &lines, &n, &wrong), 0);
	assert_string_equal(wechat_notice_body(a, &(struct wechat_notice){ .template = "T", .url = "https://e.cn", .page = "", .id = "anxin_1", .lines = lines, .values = values, .n = n }),
	                    "\"template_id\":\"T\",\"url\":\"https://e.cn\",\"client_msg_id\":\"anxin_1\",\"data\":{\"thing1\":{\"value\":\"冰箱 \\\"异响\\\"\"},\"time2\":{\"value\":\"15:01\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_keywords_by_their_type), cmocka_unit_test(keeps_the_limits_of_each_type), cmocka_unit_test(reads_lines_and_refuses_what_is_none), cmocka_unit_test(writes_what_the_api_takes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
