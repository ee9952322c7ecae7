/* Whose duty it is. Times are written as the wall shows them. */
#include "engine/duty/duty.h"

#include "engine/calendar/calendar_fixture_test.h"

static const struct calendar_hours early = H(8, 30, 17, 30), night = H(22, 0, 32, 0), small_hours = H(2, 0, 3, 0);
enum { LIN = 1, WANG, CHEN, ZHAO };

static struct time_span span(const char *from, const char *to)
{
	return (struct time_span){ wall(from), wall(to) };
}

static void expect_span(struct time_span got, const char *from_utc, const char *to_utc)
{
	expect_instant(got.from, wall(from_utc));
	expect_instant(got.to, wall(to_utc));
}

/* ---- shifts on the wall ---- */

static void a_night_shift_ends_on_the_next_day(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Asia/Shanghai");
	expect_span(duty_shift_span(&z, day("2026-11-23"), &night), "2026-11-23 14:00", "2026-11-24 00:00");
	expect_span(duty_shift_span(&z, day("2026-11-23"), &early), "2026-11-23 00:30", "2026-11-23 09:30");
}

static void summer_time_makes_a_night_shorter_and_longer(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Europe/Berlin");
	expect_span(duty_shift_span(&z, day("2026-03-28"), &night), "2026-03-28 21:00", "2026-03-29 06:00");     /* 9 hours */
	expect_span(duty_shift_span(&z, day("2026-10-24"), &night), "2026-10-24 20:00", "2026-10-25 07:00");     /* 11 hours */
}

/* 02:00 to 03:00 is skipped in spring; in autumn it is shown twice, and the one who begins at 03:00 comes when it is three at last. */
static void an_hour_that_is_skipped_is_nobodys_and_one_shown_twice_is_all_of_one_shift(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Europe/Berlin");
	expect_span(duty_shift_span(&z, day("2026-03-29"), &small_hours), "2026-03-29 01:00", "2026-03-29 01:00");
	expect_span(duty_shift_span(&z, day("2026-10-25"), &small_hours), "2026-10-25 00:00", "2026-10-25 02:00");
}

/* ---- overlaps ---- */

static void shifts_may_touch_but_not_overlap(void **state)
{
	struct time_span first = span("2026-11-23 08:00", "2026-11-23 12:00"), second = span("2026-11-23 12:00", "2026-11-23 18:00");
	struct time_span inner = span("2026-11-23 11:59", "2026-11-23 12:00"), empty = span("2026-11-23 09:00", "2026-11-23 09:00");
	assert_false(duty_overlap(&first, &second));
	assert_true(duty_overlap(&first, &inner));
	assert_true(duty_overlap(&first, &first));
	assert_false(duty_overlap(&second, &inner));
	assert_false(duty_overlap(&first, &empty));
}

/* ---- who ---- */

static const struct duty_member team[] = { { LIN, true }, { WANG, true } };

static void the_first_instant_is_on_duty_and_the_last_is_not(void **state)
{
	const struct duty_shift shifts[] = { { LIN, span("2026-11-23 08:00", "2026-11-23 12:00") } };
	const struct duty_roster r = { .shifts = shifts, .shift_count = 1 };
	struct duty_place out[4];
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 08:00") - 1, out), 0);
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 08:00"), out), 1);
	assert_int_equal(out[0].user_id, LIN);
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 12:00") - 1, out), 1);
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 12:00"), out), 0);
}

static void who_covers_holds_the_duty_and_whoever_covers_for_her(void **state)
{
	const struct duty_shift shifts[] = { { LIN, span("2026-11-23 08:00", "2026-11-23 18:00") } };
	const struct duty_absence absences[] = {
		{ LIN, WANG, span("2026-11-23 00:00", "2026-11-24 00:00") }, { WANG, CHEN, span("2026-11-23 12:00", "2026-11-23 14:00") },
		{ CHEN, 0, span("2026-11-23 13:00", "2026-11-23 14:00") },
	};
	const struct duty_roster r = { .shifts = shifts, .shift_count = 1, .absences = absences, .absence_count = 3 };
	struct duty_place out[4];
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 09:00"), out), 1);
	assert_int_equal(out[0].user_id, WANG);
	assert_int_equal(out[0].for_id, LIN);
	assert_int_equal(duty_holder(&r, LIN, wall("2026-11-23 12:30")), CHEN);
	assert_int_equal(duty_holder(&r, LIN, wall("2026-11-23 13:30")), 0);
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 13:30"), out), 0);
}

static void a_ring_of_absences_ends_with_nobody(void **state)
{
	struct time_span all = span("2026-11-23 00:00", "2026-11-24 00:00");
	const struct duty_absence absences[] = { { LIN, WANG, all }, { WANG, LIN, all } };
	const struct duty_roster r = { .absences = absences, .absence_count = 2 };
	assert_int_equal(duty_holder(&r, LIN, wall("2026-11-23 09:00")), 0);
}

static void what_she_says_goes_before_what_is_planned(void **state)
{
	struct time_span all = span("2026-11-23 00:00", "2026-11-24 00:00");
	const struct duty_shift shifts[] = { { LIN, all } };
	const struct duty_said said[] = { { LIN, DUTY_BREAK, span("2026-11-23 12:00", "2026-11-23 13:00") }, { WANG, DUTY_ON, span("2026-11-23 12:00", "2026-11-23 13:00") } };
	const struct duty_roster r = { .shifts = shifts, .shift_count = 1, .said = said, .said_count = 2 };
	struct duty_place out[4];
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 12:30"), out), 2);
	assert_int_equal(out[0].word, DUTY_BREAK);
	assert_int_equal(out[1].user_id, WANG);
	assert_int_equal(out[1].word, DUTY_ON);
	assert_int_equal(duty_places(&r, team, 2, wall("2026-11-23 13:00"), out), 1);
	assert_int_equal(out[0].word, DUTY_ON);
}

static void who_has_no_plan_is_always_there_but_when_absent(void **state)
{
	const struct duty_member members[] = { { ZHAO, false } };
	const struct duty_absence absences[] = { { ZHAO, 0, span("2026-11-23 00:00", "2026-11-24 00:00") } };
	const struct duty_roster r = { .absences = absences, .absence_count = 1 };
	struct duty_place out[2];
	assert_int_equal(duty_places(&r, members, 1, wall("2026-11-22 03:00"), out), 1);
	assert_int_equal(duty_places(&r, members, 1, wall("2026-11-23 03:00"), out), 0);
}

/* ---- gaps ---- */

static void service_hours_that_nobody_holds_are_gaps(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct duty_shift shifts[] = {
		{ LIN, span("2026-11-23 08:00", "2026-11-23 12:00") }, { WANG, span("2026-11-23 13:00", "2026-11-23 17:00") }, { ZHAO, span("2026-11-23 08:00", "2026-11-23 20:00") },
	};
	const struct duty_absence absences[] = { { LIN, 0, span("2026-11-23 10:00", "2026-11-23 12:30") }, { WANG, CHEN, span("2026-11-23 13:00", "2026-11-23 20:00") } };
	const struct duty_roster r = { .shifts = shifts, .shift_count = 3, .absences = absences, .absence_count = 2 };
	const struct time_span service[] = { span("2026-11-23 09:00", "2026-11-23 12:00"), span("2026-11-23 12:30", "2026-11-23 18:00") };
	struct duty_spans gaps = duty_gaps(a, &r, team, 2, service, 2);
	assert_int_equal(gaps.n, 3);
	expect_span(gaps.at[0], "2026-11-23 10:00", "2026-11-23 12:00");
	expect_span(gaps.at[1], "2026-11-23 12:30", "2026-11-23 13:00");
	expect_span(gaps.at[2], "2026-11-23 17:00", "2026-11-23 18:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_night_shift_ends_on_the_next_day),
		cmocka_unit_test(summer_time_makes_a_night_shorter_and_longer),
		cmocka_unit_test(an_hour_that_is_skipped_is_nobodys_and_one_shown_twice_is_all_of_one_shift),
		cmocka_unit_test(shifts_may_touch_but_not_overlap),
		cmocka_unit_test(the_first_instant_is_on_duty_and_the_last_is_not),
		cmocka_unit_test(who_covers_holds_the_duty_and_whoever_covers_for_her),
		cmocka_unit_test(a_ring_of_absences_ends_with_nobody),
		cmocka_unit_test(what_she_says_goes_before_what_is_planned),
		cmocka_unit_test(who_has_no_plan_is_always_there_but_when_absent),
		cmocka_unit_test(service_hours_that_nobody_holds_are_gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
