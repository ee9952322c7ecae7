/* When reports are due, and what hostile names become in them. */
#include "base/test.h"
#include "domain/weekly/weekly.h"

#include <math.h>
#include <string.h>

#define CHINA 480

static time_ms at(int year, int month, int day, int hour, int minute)
{
	return day_join(year, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS - CHINA * MINUTE_MS;
}

static void a_slot_comes_once_a_week_in_the_companys_zone(void **state)
{
	const struct weekly_when w = { CHINA, 0, 8 };
	time_ms monday = at(2026, 11, 23, 8, 0);
	assert_int_equal(weekly_slot(&w, monday - 1), monday - 7 * DAY_MS);
	assert_int_equal(weekly_slot(&w, monday), monday);
	assert_int_equal(weekly_slot(&w, at(2026, 11, 29, 23, 59)), monday);
	assert_int_equal(weekly_slot(&w, at(2026, 11, 30, 7, 59)), monday);
	assert_int_equal(weekly_slot(&w, at(2026, 11, 30, 8, 0)), monday + 7 * DAY_MS);
	const struct weekly_when sunday = { CHINA, 6, 0 };
	assert_int_equal(weekly_slot(&sunday, at(2026, 11, 28, 23, 59)), at(2026, 11, 22, 0, 0));
	assert_int_equal(weekly_slot(&sunday, at(2026, 11, 29, 0, 0)), at(2026, 11, 29, 0, 0));
}

static void a_report_is_of_the_last_week_that_was_over(void **state)
{
	const struct weekly_when w = { CHINA, 0, 8 };
	assert_int_equal(weekly_monday(&w, at(2026, 11, 23, 8, 0)), day_join(2026, 11, 16));
	assert_int_equal(weekly_monday(&w, at(2026, 11, 29, 23, 59)), day_join(2026, 11, 16));
	assert_int_equal(weekly_monday(&w, at(2026, 11, 30, 0, 0)), day_join(2026, 11, 23));
	assert_int_equal(weekly_monday(&w, at(2027, 1, 1, 12, 0)), day_join(2026, 12, 21));
}

static void names_stay_text_on_one_line(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct weekly_promise p = {
		.name = "<script>alert(1)</script>", .link = "https://anxin.example/promise?promise=1", .state = "missed", .at_least = true, .target = 95, .actual = 81.25, .change = -3, .cases = 1200, .product_count = 1,
		.products = { { "\"><img src=https://evil.example/x>\r\nBcc: a@evil.example\xe2\x80\xae", "https://anxin.example/promise?x=\"", 70, 3 } },
	};
	struct weekly w = {
		.from = day_join(2026, 11, 16), .to = day_join(2026, 11, 22), .company = "安心\r\nBcc: a@evil.example\r\n", .link = "https://anxin.example/promise?day=1&x=\"",
		.shows_promises = true, .shows_counts = true, .promises = &p, .promise_count = 1, .counts = { 1234567, 0, -1 }, .before = { 1200000, 3, -1 },
	};
	struct notice_text out;
	weekly_write(a, &w, &out);
	assert_null(strpbrk(out.subject, "\r\n"));
	assert_null(strstr(out.html, "<script"));
	assert_null(strstr(out.html, "<img"));
	assert_null(strstr(out.html, "\r"));
	assert_non_null(strstr(out.html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
	assert_non_null(strstr(out.html, "day=1&amp;x=&quot;\""));
	assert_null(strstr(out.text, "\nBcc"));
	assert_null(strstr(out.text, "\xe2\x80\xae"));
	assert_non_null(strstr(out.text, "81.3% | 目标 ≥ 95% | 未达 | 较前一周 −3.0 | 样本 1,200"));
	assert_non_null(strstr(out.text, "新受理：1,234,567 | 前一周 1,200,000\n"));
	assert_non_null(strstr(out.text, "目前未结：–\n"));
	assert_null(strstr(out.html, "promise?x=\""));
	w.lang = LANG_EN;
	weekly_write(a, &w, &out);
	assert_non_null(strstr(out.text, "target ≥ 95% | Missed | week before −3.0 | cases 1,200"));
}

static void spans_and_gaps_read_as_on_the_page(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(weekly_span(a, 59999, LANG_ZH), "59 秒");
	assert_string_equal(weekly_span(a, 61000, LANG_ZH), "1 分 1 秒");
	assert_string_equal(weekly_span(a, 3600000, LANG_ZH), "1 小时");
	assert_string_equal(weekly_span(a, 90000000, LANG_EN), "1d 1h");
	const struct weekly w = { 0 };
	assert_string_equal(weekly_amount(a, &w, PROMISE_SHARE, NAN), "–");
	assert_string_equal(weekly_amount(a, &w, PROMISE_SHARE, 99.96), "100.0%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slot_comes_once_a_week_in_the_companys_zone),
		cmocka_unit_test(a_report_is_of_the_last_week_that_was_over),
		cmocka_unit_test(names_stay_text_on_one_line),
		cmocka_unit_test(spans_and_gaps_read_as_on_the_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
