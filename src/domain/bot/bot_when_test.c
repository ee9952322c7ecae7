/* Days as people say them, on Monday 30 November 2026. */
#include "base/clock.h"
#include "db/test.h"
#include "domain/bot/bot_when.h"

struct expected {
	const char *text;
	int month, day;                 /* 0: no day */
	const char *time;
};

static void expect_all(const struct expected *all, size_t n, enum when_side side, int year)
{
	struct arena *a = arena_new();
	for (size_t i = 0; i < n; i++) {
		struct when w = when_of(a, all[i].text, day_join(2026, 11, 30), side);
		bool right = w.has_day == (all[i].month != 0) && (!w.has_day || w.day == day_join(all[i].month < 11 && side == WHEN_TO_COME ? year + 1 : year, all[i].month, all[i].day));
		if (!right || (w.time ? !all[i].time || strcmp(w.time, all[i].time) : all[i].time != NULL)) {
			char out[16];
			day_format(w.day, out);
			fail_msg("%s: %s %s", all[i].text, w.has_day ? out : "no day", w.time ? w.time : "-");
		}
	}
	arena_free(a);
}

static void days_to_come(void **state)
{
	static const struct expected all[] = {
		{ "明天", 12, 1, NULL }, { "后天下午", 12, 2, "afternoon" }, { "大后天早上", 12, 3, "morning" }, { "周六上午", 12, 5, "morning" }, { "这周六", 12, 5, NULL }, { "下周一", 12, 7, NULL },
		{ "下下周三", 12, 16, NULL }, { "星期天晚上", 12, 6, "evening" }, { "礼拜五", 12, 4, NULL }, { "周末吧", 12, 5, NULL }, { "周一", 11, 30, NULL }, { "12月3号", 12, 3, NULL }, { "十二月三号下午", 12, 3, "afternoon" },
		{ "12月25日", 12, 25, NULL }, { "1月5号", 1, 5, NULL }, { "3号", 12, 3, NULL }, { "三十号", 11, 30, NULL }, { "2026年12月10日", 12, 10, NULL }, { "2026-12-10", 12, 10, NULL }, { "12/8", 12, 8, NULL },
		{ "3天后", 12, 3, NULL }, { "两天以后", 12, 2, NULL }, { "不是明天，是后天", 12, 2, NULL }, { "是后天，不是明天", 12, 2, NULL }, { "今晚", 11, 30, "evening" }, { "明早", 12, 1, "morning" },
		{ "tomorrow afternoon", 12, 1, "afternoon" }, { "the day after tomorrow", 12, 2, NULL }, { "Saturday morning", 12, 5, "morning" }, { "next Monday", 12, 7, NULL }, { "Dec 3", 12, 3, NULL }, { "3 December", 12, 3, NULL },
		{ "December 3rd evening", 12, 3, "evening" }, { "not tomorrow, on friday", 12, 4, NULL }, { "１２月３号", 12, 3, NULL },
		{ "空调不制冷", 0, 0, NULL }, { "显示E3", 0, 0, NULL }, { "下午", 0, 0, "afternoon" }, { "2月30号", 0, 0, NULL }, { "13月1号", 0, 0, NULL }, { "周围很吵", 0, 0, NULL }, { "", 0, 0, NULL },
	};
	expect_all(all, sizeof(all) / sizeof(all[0]), WHEN_TO_COME, 2026);
}

static void days_gone_by(void **state)
{
	static const struct expected all[] = {
		{ "昨天", 11, 29, NULL }, { "前天买的", 11, 28, NULL }, { "11月20号", 11, 20, NULL }, { "上周五", 11, 27, NULL }, { "周六收到的", 11, 28, NULL }, { "3天前", 11, 27, NULL }, { "5号", 11, 5, NULL },
		{ "yesterday", 11, 29, NULL }, { "20 November", 11, 20, NULL }, { "10月1日", 10, 1, NULL },
	};
	expect_all(all, sizeof(all) / sizeof(all[0]), WHEN_PAST, 2026);
}

static void a_day_that_is_none_is_said_to_be_none(void **state)
{
	struct arena *a = arena_new();
	assert_true(when_of(a, "2月30号", day_join(2026, 11, 30), WHEN_TO_COME).impossible);
	assert_false(when_of(a, "2月30号，不对，明天", day_join(2026, 11, 30), WHEN_TO_COME).impossible);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(days_to_come), cmocka_unit_test(days_gone_by), cmocka_unit_test(a_day_that_is_none_is_said_to_be_none) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
