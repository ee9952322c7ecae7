/* What counts as working time, and what does not. Times are written as the wall shows them: "2026-11-22 14:32". */
#include "engine/calendar/calendar_fixture_test.h"

static const struct calendar_hours morning[] = { H(9, 0, 12, 0) };
static const struct calendar_hours night[] = { H(22, 0, 30, 0) };
static const struct calendar_hours whole_day[] = { H(0, 0, 24, 0) };
static const struct calendar_hours two_to_four[] = { H(14, 0, 16, 0) };

/* ---- adding ---- */

static void work_goes_on_after_the_break_the_night_and_the_weekend(void **state)
{
	static const struct {
		const char *from;
		int minutes;
		const char *due;
	} cases[] = {
		{ "2026-11-23 10:00", 60, "2026-11-23 11:00" },
		{ "2026-11-23 11:30", 60, "2026-11-23 13:30" },        /* over noon */
		{ "2026-11-23 17:30", 60, "2026-11-24 09:30" },        /* over night */
		{ "2026-11-20 17:30", 60, "2026-11-23 09:30" },        /* Friday to Monday */
		{ "2026-11-21 12:00", 60, "2026-11-23 10:00" },        /* begun on a Saturday */
		{ "2026-11-23 12:30", 60, "2026-11-23 14:00" },        /* begun in the break */
		{ "2026-11-23 09:00", 8 * 60, "2026-11-23 18:00" },    /* a full day ends in the evening, not the next morning */
		{ "2026-11-23 09:00", 3 * 60, "2026-11-23 12:00" },
		{ "2026-11-23 09:00", 40 * 60, "2026-11-27 18:00" },
		{ "2026-11-23 09:00", 4 * 60, "2026-11-23 14:00" },
		{ "2026-11-21 03:00", 0, "2026-11-21 03:00" },         /* nothing to do is done at once */
		{ "2026-11-21 03:00", -5, "2026-11-21 03:00" },
	};
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	for (size_t i = 0; i < COUNT(cases); i++)
		expect_instant(calendar_add(c, china(cases[i].from), (int64_t)cases[i].minutes * MINUTE_MS, NULL), china(cases[i].due));
}

static void every_millisecond_counts(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	expect_instant(calendar_add(c, china("2026-11-23 11:59:59.999"), 1, NULL), china("2026-11-23 12:00"));
	expect_instant(calendar_add(c, china("2026-11-23 11:59:59.999"), 2, NULL), china("2026-11-23 13:00:00.001"));
	assert_int_equal(calendar_between(c, china("2026-11-23 08:59:59.999"), china("2026-11-23 09:00"), NULL), 0);
	assert_int_equal(calendar_between(c, china("2026-11-23 08:59:59.999"), china("2026-11-23 09:00:00.001"), NULL), 1);
	assert_int_equal(calendar_between(c, china("2026-11-23 11:59:59.999"), china("2026-11-23 13:00"), NULL), 1);
}

static void natural_time_counts_all_of_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Europe/Berlin");
	struct calendar *c = calendar_always(a, &z);
	time_ms from = wall("2026-03-28 23:30"), year = 365 * DAY_MS;
	expect_instant(calendar_add(c, from, year, NULL), from + year);
	assert_int_equal(calendar_between(c, from, from + year, NULL), year);
	assert_true(calendar_is_open(c, from));
	expect_instant(calendar_next_open(c, from), from);
	expect_instant(calendar_next_close(c, from), TIMELINE_LAST_MS);
}

/* ---- days that differ ---- */

static void a_holiday_is_closed_and_a_make_up_day_works_like_the_day_it_names(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	s.week[FRI] = (struct calendar_plan)PLAN(morning);
	struct calendar_day days[] = {
		{ .day = day("2026-10-01"), .kind = DAY_CLOSED }, { .day = day("2026-10-02"), .kind = DAY_CLOSED },
		{ .day = day("2026-09-20"), .kind = DAY_AS, .as = MON }, { .day = day("2026-10-10"), .kind = DAY_AS, .as = FRI },
	};
	s.days = days;
	s.day_count = COUNT(days);
	struct calendar *c = calendar_compile(a, &s);
	assert_int_equal(calendar_between(c, china("2026-10-01"), china("2026-10-03"), NULL), 0);
	assert_int_equal(calendar_between(c, china("2026-09-20"), china("2026-09-21"), NULL), 8 * HOUR_MS);
	assert_int_equal(calendar_between(c, china("2026-10-10"), china("2026-10-11"), NULL), 3 * HOUR_MS);
	expect_instant(calendar_add(c, china("2026-09-30 17:00"), 2 * HOUR_MS, NULL), china("2026-10-05 10:00"));
	expect_instant(calendar_add(c, china("2026-10-09 11:00"), 2 * HOUR_MS, NULL), china("2026-10-10 10:00"));
}

static void special_hours_take_the_place_of_the_days_own(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar_day days[] = {
		{ .day = day("2026-12-31"), .kind = DAY_HOURS, .plan = PLAN(morning) },
		{ .day = day("2026-12-30"), .kind = DAY_WITHOUT, .plan = PLAN(two_to_four) },
	};
	s.days = days;
	s.day_count = COUNT(days);
	struct calendar *c = calendar_compile(a, &s);
	assert_int_equal(calendar_between(c, china("2026-12-31"), china("2027-01-01"), NULL), 3 * HOUR_MS);
	assert_int_equal(calendar_between(c, china("2026-12-30"), china("2026-12-31"), NULL), 6 * HOUR_MS);
	expect_instant(calendar_add(c, china("2026-12-30 13:30"), HOUR_MS, NULL), china("2026-12-30 16:30"));
}

static void of_several_rows_for_a_day_the_last_holds_and_closures_add_to_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar_day days[] = {
		{ .day = day("2026-11-22"), .kind = DAY_CLOSED },
		{ .day = day("2026-11-23"), .kind = DAY_WITHOUT, .plan = PLAN(whole_day) },
		{ .day = day("2026-11-23"), .kind = DAY_CLOSED },
		{ .day = day("2026-11-22"), .kind = DAY_AS, .as = MON },              /* the company's own word after the state's */
		{ .day = day("2026-11-22"), .kind = DAY_WITHOUT, .plan = PLAN(two_to_four) },
		{ .day = day("2026-11-23"), .kind = DAY_AS, .as = TUE },
	};
	s.days = days;
	s.day_count = COUNT(days);
	struct calendar *c = calendar_compile(a, &s);
	assert_int_equal(calendar_between(c, china("2026-11-22"), china("2026-11-23"), NULL), 6 * HOUR_MS);
	assert_int_equal(calendar_between(c, china("2026-11-23"), china("2026-11-24"), NULL), 8 * HOUR_MS);
}

static void intervals_that_overlap_count_once(void **state)
{
	static const struct calendar_hours doubled[] = { H(13, 0, 18, 0), H(9, 0, 13, 30), H(10, 0, 11, 0), H(18, 0, 19, 0) };
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = { .zone = zone(a, "Asia/Shanghai") };
	s.week[MON] = (struct calendar_plan)PLAN(doubled);
	struct calendar *c = calendar_compile(a, &s);
	assert_int_equal(calendar_between(c, china("2026-11-23"), china("2026-11-24"), NULL), 10 * HOUR_MS);
	expect_instant(calendar_next_close(c, china("2026-11-23 09:00")), china("2026-11-23 19:00"));
}

/* ---- over midnight ---- */

static struct calendar *nights(struct arena *a, const struct calendar_day *days, size_t n)
{
	struct calendar_source s = { .zone = zone(a, "Asia/Shanghai"), .days = days, .day_count = n };
	for (int i = MON; i <= FRI; i++)
		s.week[i] = (struct calendar_plan)PLAN(night);
	return calendar_compile(a, &s);
}

static void a_night_shift_belongs_to_the_day_it_begins_on(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *c = nights(a, NULL, 0);
	assert_int_equal(calendar_between(c, china("2026-11-28"), china("2026-11-29"), NULL), 6 * HOUR_MS);     /* Saturday: Friday's */
	assert_int_equal(calendar_between(c, china("2026-11-30"), china("2026-12-01"), NULL), 2 * HOUR_MS);     /* Monday: its own only */
	expect_instant(calendar_add(c, china("2026-11-28 05:00"), 2 * HOUR_MS, NULL), china("2026-11-30 23:00"));
	expect_instant(calendar_next_close(c, china("2026-11-24 23:00")), china("2026-11-25 06:00"));
}

static void a_holiday_takes_the_shift_that_begins_on_it_not_the_one_that_ends_on_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_day holiday = { .day = day("2026-11-25"), .kind = DAY_CLOSED };
	struct calendar *c = nights(a, &holiday, 1);
	assert_int_equal(calendar_between(c, china("2026-11-25"), china("2026-11-26"), NULL), 6 * HOUR_MS);
	assert_int_equal(calendar_between(c, china("2026-11-26"), china("2026-11-27"), NULL), 2 * HOUR_MS);
	expect_instant(calendar_add(c, china("2026-11-25 05:00"), 2 * HOUR_MS, NULL), china("2026-11-26 23:00"));
}

static void a_closure_takes_its_time_of_the_day_whoever_works_then(void **state)
{
	static const struct calendar_hours one_to_two[] = { H(1, 0, 2, 0) };
	ARENA_SCOPED a = arena_new();
	struct calendar_day closure = { .day = day("2026-11-25"), .kind = DAY_WITHOUT, .plan = PLAN(one_to_two) };
	struct calendar *c = nights(a, &closure, 1);
	assert_int_equal(calendar_between(c, china("2026-11-24 22:00"), china("2026-11-25 06:00"), NULL), 7 * HOUR_MS);
	expect_instant(calendar_next_close(c, china("2026-11-24 22:00")), china("2026-11-25 01:00"));
}

/* ---- summer time ---- */

static struct calendar *every_day(struct arena *a, const char *zone_name, const struct calendar_hours *hours)
{
	struct calendar_source s = { .zone = zone(a, zone_name) };
	for (int i = MON; i <= SUN; i++)
		s.week[i] = (struct calendar_plan){ hours, 1 };
	return calendar_compile(a, &s);
}

static void a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *c = every_day(a, "Europe/Berlin", night);
	assert_int_equal(calendar_between(c, wall("2026-03-28 12:00"), wall("2026-03-29 12:00"), NULL), 7 * HOUR_MS);
	assert_int_equal(calendar_between(c, wall("2026-10-24 12:00"), wall("2026-10-25 12:00"), NULL), 9 * HOUR_MS);
	assert_int_equal(calendar_between(c, wall("2026-06-24 12:00"), wall("2026-06-25 12:00"), NULL), 8 * HOUR_MS);
	/* 22:00 on the 28th is 21:00 UTC; eight hours later the clocks show 07:00, an hour after closing. */
	expect_instant(calendar_add(c, wall("2026-03-28 21:00"), 8 * HOUR_MS, NULL), wall("2026-03-29 21:00"));
}

static void an_hour_that_is_skipped_is_never_open_and_one_shown_twice_is_open_twice(void **state)
{
	static const struct calendar_hours two_to_three[] = { H(2, 0, 3, 0) };
	ARENA_SCOPED a = arena_new();
	struct calendar *c = every_day(a, "Europe/Berlin", two_to_three);
	assert_int_equal(calendar_between(c, wall("2026-03-29"), wall("2026-03-30"), NULL), 0);
	assert_int_equal(calendar_between(c, wall("2026-10-25"), wall("2026-10-26"), NULL), 2 * HOUR_MS);
	expect_instant(calendar_next_close(c, wall("2026-10-25")), wall("2026-10-25 02:00"));
}

static void office_hours_stay_what_they_are_on_the_wall(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "America/New_York");
	struct calendar *c = calendar_compile(a, &s);
	expect_instant(calendar_next_open(c, wall("2026-03-06 23:00")), wall("2026-03-09 13:00"));    /* EDT from the 8th on */
	expect_instant(calendar_next_open(c, wall("2026-10-30 23:00")), wall("2026-11-02 14:00"));    /* EST from the 1st on */
	expect_instant(calendar_add(c, wall("2026-03-06 22:00"), 2 * HOUR_MS, NULL), wall("2026-03-09 14:00"));
}

/* Samoa had no 30 December 2011. */
static void a_day_that_never_was_has_no_hours(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *c = every_day(a, "Pacific/Apia", whole_day);
	assert_int_equal(calendar_between(c, wall("2011-12-30 09:59"), wall("2011-12-30 10:01"), NULL), 2 * MINUTE_MS);
	struct calendar *office_c = every_day(a, "Pacific/Apia", office);
	expect_instant(calendar_next_open(office_c, wall("2011-12-29 23:00")), wall("2011-12-30 19:00"));
}

/* ---- pauses ---- */

static void a_pause_moves_the_due_time_by_the_working_time_it_took(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	struct time_span at_noon = { china("2026-11-23 11:30"), china("2026-11-23 13:30") };
	struct time_span by_night = { china("2026-11-23 19:00"), china("2026-11-24 08:00") };
	struct pauses one = { &at_noon, 1 }, other = { &by_night, 1 };
	time_ms from = china("2026-11-23 10:00");
	expect_instant(calendar_add(c, from, 4 * HOUR_MS, NULL), china("2026-11-23 15:00"));
	expect_instant(calendar_add(c, from, 4 * HOUR_MS, &one), china("2026-11-23 16:00"));
	expect_instant(calendar_add(c, from, 8 * HOUR_MS, &other), calendar_add(c, from, 8 * HOUR_MS, NULL));
	assert_int_equal(calendar_between(c, from, china("2026-11-23 18:00"), &one), 6 * HOUR_MS);
	assert_int_equal(calendar_between(c, from, china("2026-11-24 10:00"), &other), 8 * HOUR_MS);
}

static void what_is_done_when_the_pause_begins_is_not_held_by_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	struct time_span open_end = { china("2026-11-23 11:00"), FAR_FUTURE_MS };
	struct pauses p = { &open_end, 1 };
	expect_instant(calendar_add(c, china("2026-11-23 10:00"), HOUR_MS, &p), china("2026-11-23 11:00"));
	expect_instant(calendar_add(c, china("2026-11-23 10:00"), HOUR_MS + 1, &p), FAR_FUTURE_MS);
	assert_int_equal(calendar_between(c, china("2026-11-23 10:00"), FAR_FUTURE_MS, &p), HOUR_MS);
}

static void pauses_may_touch_overlap_and_be_empty(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Asia/Shanghai");
	struct calendar *c = calendar_always(a, &z);
	static const struct time_span spans[] = { { 1000, 1000 }, { 2000, 3000 }, { 3000, 4000 }, { 3500, 3600 }, { 3900, 5000 }, { 6000, 5000 } };
	struct pauses p = { spans, COUNT(spans) };
	assert_int_equal(calendar_between(c, 0, 10000, &p), 7000);
	assert_int_equal(calendar_add(c, 0, 2000, &p), 2000);
	assert_int_equal(calendar_add(c, 0, 2001, &p), 5001);
	assert_int_equal(calendar_between(c, 2500, 4500, &p), 0);
}

static void a_clock_stands_still_while_it_is_paused_and_tells_what_remains(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	struct time_span waiting = { china("2026-11-23 10:00"), FAR_FUTURE_MS };
	struct calendar_clock k = { china("2026-11-23 09:00"), 4 * HOUR_MS, { &waiting, 1 } };
	struct calendar_due d = calendar_due(c, &k, china("2026-11-23 17:00"));
	expect_instant(d.due, FAR_FUTURE_MS);
	assert_int_equal(d.spent_ms, HOUR_MS);
	assert_int_equal(d.remaining_ms, 3 * HOUR_MS);
	waiting.to = china("2026-11-23 17:00");
	d = calendar_due(c, &k, china("2026-11-24 12:00"));
	expect_instant(d.due, china("2026-11-24 11:00"));
	assert_int_equal(d.remaining_ms, -HOUR_MS);
	d = calendar_due(c, &k, d.due);
	assert_int_equal(d.remaining_ms, 0);
}

/* ---- open and closed ---- */

static void the_first_instant_is_inside_and_the_last_is_not(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar *c = calendar_compile(a, &s);
	assert_false(calendar_is_open(c, china("2026-11-23 08:59:59.999")));
	assert_true(calendar_is_open(c, china("2026-11-23 09:00")));
	assert_true(calendar_is_open(c, china("2026-11-23 11:59:59.999")));
	assert_false(calendar_is_open(c, china("2026-11-23 12:00")));
	expect_instant(calendar_next_open(c, china("2026-11-23 10:00")), china("2026-11-23 10:00"));
	expect_instant(calendar_next_open(c, china("2026-11-23 12:00")), china("2026-11-23 13:00"));
	expect_instant(calendar_next_open(c, china("2026-11-20 18:00")), china("2026-11-23 09:00"));
	expect_instant(calendar_next_close(c, china("2026-11-23 10:00")), china("2026-11-23 12:00"));
	expect_instant(calendar_next_close(c, china("2026-11-23 12:00")), china("2026-11-23 12:00"));
}

/* ---- ends ---- */

static void a_calendar_that_is_never_open_says_so(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = { .zone = zone(a, "Europe/Berlin") };
	struct calendar *c = calendar_compile(a, &s);
	expect_instant(calendar_add(c, wall("2026-01-01"), 1, NULL), FAR_FUTURE_MS);
	expect_instant(calendar_add(c, wall("2026-01-01"), INT64_MAX, NULL), FAR_FUTURE_MS);
	expect_instant(calendar_add(c, wall("2026-01-01"), 0, NULL), wall("2026-01-01"));
	expect_instant(calendar_next_open(c, wall("2026-01-01")), FAR_FUTURE_MS);
	expect_instant(calendar_next_close(c, wall("2026-01-01")), wall("2026-01-01"));
	assert_int_equal(calendar_between(c, INT64_MIN, INT64_MAX, NULL), 0);
}

static void a_calendar_of_single_days_ends_with_them(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_day days[] = { { .day = day("2026-11-29"), .kind = DAY_HOURS, .plan = PLAN(office) },
		                       { .day = day("2026-11-22"), .kind = DAY_HOURS, .plan = PLAN(office) } };
	struct calendar_source s = { .zone = zone(a, "Asia/Shanghai"), .days = days, .day_count = 2 };
	struct calendar *c = calendar_compile(a, &s);
	time_ms from = china("2026-11-01");
	expect_instant(calendar_add(c, from, 8 * HOUR_MS, NULL), china("2026-11-22 18:00"));
	expect_instant(calendar_add(c, from, 16 * HOUR_MS, NULL), china("2026-11-29 18:00"));
	expect_instant(calendar_add(c, from, 16 * HOUR_MS + 1, NULL), FAR_FUTURE_MS);
	expect_instant(calendar_next_open(c, china("2026-11-29 18:00")), FAR_FUTURE_MS);
}

static void nothing_is_open_outside_the_timeline(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "America/New_York");
	struct calendar *c = calendar_always(a, &z);
	int64_t all = TIMELINE_LAST_MS - TIMELINE_FIRST_MS;
	assert_false(calendar_is_open(c, TIMELINE_FIRST_MS - 1));
	assert_true(calendar_is_open(c, TIMELINE_FIRST_MS));
	assert_true(calendar_is_open(c, TIMELINE_LAST_MS - 1));
	assert_false(calendar_is_open(c, TIMELINE_LAST_MS));
	assert_false(calendar_is_open(c, INT64_MIN));
	assert_false(calendar_is_open(c, INT64_MAX));
	assert_int_equal(calendar_between(c, INT64_MIN, INT64_MAX, NULL), all);
	expect_instant(calendar_add(c, INT64_MIN, all, NULL), TIMELINE_LAST_MS);
	expect_instant(calendar_add(c, INT64_MIN, all + 1, NULL), FAR_FUTURE_MS);
	expect_instant(calendar_add(c, TIMELINE_LAST_MS - 1, 1, NULL), TIMELINE_LAST_MS);
	expect_instant(calendar_add(c, INT64_MAX, INT64_MAX, NULL), FAR_FUTURE_MS);
	expect_instant(calendar_next_open(c, TIMELINE_FIRST_MS - 5), TIMELINE_FIRST_MS);
	expect_instant(calendar_next_close(c, TIMELINE_LAST_MS), TIMELINE_LAST_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_goes_on_after_the_break_the_night_and_the_weekend),
		cmocka_unit_test(every_millisecond_counts),
		cmocka_unit_test(natural_time_counts_all_of_it),
		cmocka_unit_test(a_holiday_is_closed_and_a_make_up_day_works_like_the_day_it_names),
		cmocka_unit_test(special_hours_take_the_place_of_the_days_own),
		cmocka_unit_test(of_several_rows_for_a_day_the_last_holds_and_closures_add_to_it),
		cmocka_unit_test(intervals_that_overlap_count_once),
		cmocka_unit_test(a_night_shift_belongs_to_the_day_it_begins_on),
		cmocka_unit_test(a_holiday_takes_the_shift_that_begins_on_it_not_the_one_that_ends_on_it),
		cmocka_unit_test(a_closure_takes_its_time_of_the_day_whoever_works_then),
		cmocka_unit_test(a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn),
		cmocka_unit_test(an_hour_that_is_skipped_is_never_open_and_one_shown_twice_is_open_twice),
		cmocka_unit_test(office_hours_stay_what_they_are_on_the_wall),
		cmocka_unit_test(a_day_that_never_was_has_no_hours),
		cmocka_unit_test(a_pause_moves_the_due_time_by_the_working_time_it_took),
		cmocka_unit_test(what_is_done_when_the_pause_begins_is_not_held_by_it),
		cmocka_unit_test(pauses_may_touch_overlap_and_be_empty),
		cmocka_unit_test(a_clock_stands_still_while_it_is_paused_and_tells_what_remains),
		cmocka_unit_test(the_first_instant_is_inside_and_the_last_is_not),
		cmocka_unit_test(a_calendar_that_is_never_open_says_so),
		cmocka_unit_test(a_calendar_of_single_days_ends_with_them),
		cmocka_unit_test(nothing_is_open_outside_the_timeline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
