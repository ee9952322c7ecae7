/* The calendar agrees with the C library over 600 years; a manual clock moves only when told. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"

static void days_agree_with_the_c_library(void **state)
{
	for (int64_t day = -98000; day < 120000; day += 1) {
		time_t seconds = (time_t)day * 86400;
		struct tm tm;
		gmtime_r(&seconds, &tm);
		int year, month, date;
		day_split(day, &year, &month, &date);
		if (year != tm.tm_year + 1900 || month != tm.tm_mon + 1 || date != tm.tm_mday || day_join(year, month, date) != day)
			fail_msg("day %lld", (long long)day);
	}
}

static void a_day_is_read_only_in_its_one_form(void **state)
{
	static const struct {
		const char *text;
		int64_t day;    /* -1: refused */
	} cases[] = {
		{ "1970-01-01", 0 }, { "2026-11-22", 20779 }, { "2024-02-29", 19782 },
		{ "2023-02-29", -1 }, { "2026-13-01", -1 }, { "2026-00-10", -1 }, { "2026-04-31", -1 }, { "2026-1-1", -1 },
		{ "2026-11-22 ", -1 }, { " 2026-11-2", -1 }, { "2026/11/22", -1 }, { "", -1 }, { "0000-01-01", -1 },
		{ "20261122", -1 }, { "2026-11-2x", -1 }, { "-026-11-22", -1 }, { "2026-+1-22", -1 }, { "2026- 1-22", -1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t day = -1;
		int r = day_parse(cases[i].text, &day);
		if (r != (cases[i].day == -1 ? ERR_FIELD_DAY : 0) || day != cases[i].day)
			fail_msg("\"%s\" gave %d, day %lld", cases[i].text, r, (long long)day);
	}
}

static void a_day_begins_at_midnight_of_its_zone(void **state)
{
	assert_int_equal(day_of(0, 480), 0);
	assert_int_equal(day_of(INT64_C(16) * HOUR_MS - 1, 480), 0);
	assert_int_equal(day_of(INT64_C(16) * HOUR_MS, 480), 1);
	assert_int_equal(day_of(-1, 0), -1);
	assert_int_equal(day_of(-1, 480), 0);
}

static void times_are_written_as_iso_8601(void **state)
{
	char out[32];
	time_format(INT64_C(1795329120007), out);
	assert_string_equal(out, "2026-11-22T06:32:00.007Z");
	time_format(FAR_FUTURE_MS, out);
	assert_string_equal(out, "9999-12-31T23:59:59.999Z");
	day_format(20779, out);
	assert_string_equal(out, "2026-11-22");
}

static void a_manual_clock_moves_only_when_told(void **state)
{
	struct clock c;
	clock_manual(&c, 1000);
	assert_int_equal(clock_now(&c), 1000);
	clock_move(&c, DAY_MS);
	assert_int_equal(clock_now(&c), 1000 + DAY_MS);
	clock_move(&c, -500);
	assert_int_equal(clock_now(&c), 500 + DAY_MS);
}

static void a_system_clock_can_be_moved(void **state)
{
	struct clock c;
	clock_system(&c);
	time_ms before = clock_now(&c);
	clock_move(&c, DAY_MS);
	assert_in_range(clock_now(&c) - before, DAY_MS, DAY_MS + MINUTE_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_agree_with_the_c_library),
		cmocka_unit_test(a_day_is_read_only_in_its_one_form),
		cmocka_unit_test(a_day_begins_at_midnight_of_its_zone),
		cmocka_unit_test(times_are_written_as_iso_8601),
		cmocka_unit_test(a_manual_clock_moves_only_when_told),
		cmocka_unit_test(a_system_clock_can_be_moved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
