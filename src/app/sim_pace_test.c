/* A simulation stands still for as long as its speed asks for, on a clock that the test moves. */
#include "base/test.h"

#include "app/sim_pace.h"

static const int64_t SECOND_NS = INT64_C(1000000000);
static const time_ms START = INT64_C(1772380800000);

/* Goes to `to` as the simulation does: stands still for what the pace says, then the calls take `work_ns`. */
static void play(struct sim_pace *p, int64_t *now_ns, time_ms to, int64_t work_ns)
{
	*now_ns += sim_pace_hold(p, to, *now_ns);
	*now_ns += work_ns;
}

static void ten_minutes_a_second_are_a_day_in_144_seconds(void **state)
{
	int64_t now = 77 * SECOND_NS;
	struct sim_pace p;
	sim_pace_begin(&p, 600, START, now);
	for (int64_t minute = 1; minute <= 24 * 60; minute++)
		play(&p, &now, START + minute * 60000, 0);
	assert_int_equal(now - 77 * SECOND_NS, 144 * SECOND_NS);
	assert_int_equal(p.held_ns, 144 * SECOND_NS);
}

static void what_the_calls_take_is_no_longer_stood_still(void **state)
{
	int64_t now = 0;
	struct sim_pace p;
	sim_pace_begin(&p, 600, START, now);
	for (int64_t minute = 1; minute <= 24 * 60; minute++)
		play(&p, &now, START + minute * 60000, SECOND_NS / 20);
	assert_int_equal(now, 144 * SECOND_NS + SECOND_NS / 20);       /* as the last calls begin, the day is over to the moment */
	assert_int_equal(p.held_ns, 144 * SECOND_NS - 1439 * (SECOND_NS / 20));
}

static void calls_that_are_slower_than_the_speed_are_not_held_and_the_time_is_caught_up(void **state)
{
	int64_t now = 0;
	struct sim_pace p;
	sim_pace_begin(&p, 600, START, now);
	for (int64_t minute = 1; minute <= 60; minute++)
		play(&p, &now, START + minute * 60000, SECOND_NS);
	assert_int_equal(p.held_ns, SECOND_NS / 10);                   /* the first minute, before anything was called */
	play(&p, &now, START + 8 * 3600000, 0);                        /* a quiet night */
	assert_int_equal(now, 60 * SECOND_NS + SECOND_NS / 10);        /* that would have been 48 seconds: it is over at once */
	play(&p, &now, START + 24 * 3600000, 0);
	assert_int_equal(now, 144 * SECOND_NS);
}

static void a_night_at_the_speed_of_life_is_a_night(void **state)
{
	int64_t now = 0;
	struct sim_pace p;
	sim_pace_begin(&p, 1, START, now);
	play(&p, &now, START + 12 * 3600000, 0);
	assert_int_equal(now, 12 * 3600 * SECOND_NS);
	play(&p, &now, START + INT64_C(400) * 86400000, 0);
	assert_int_equal(now, INT64_C(400) * 86400 * SECOND_NS);
}

static void steps_shorter_than_a_tick_are_not_lost(void **state)
{
	int64_t now = 0;
	struct sim_pace p;
	sim_pace_begin(&p, 10000000, START, now);
	for (int64_t ms = 1; ms <= 86400000; ms += 7)
		play(&p, &now, START + ms, 0);
	play(&p, &now, START + 86400000, 0);
	assert_int_equal(now, 86400000 / 10);
}

static void without_a_brake_nothing_stands_still(void **state)
{
	struct sim_pace p;
	sim_pace_begin(&p, 0, START, 0);
	assert_int_equal(sim_pace_hold(&p, START + 86400000, 0), 0);
	assert_int_equal(p.held_ns, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_minutes_a_second_are_a_day_in_144_seconds),
		cmocka_unit_test(what_the_calls_take_is_no_longer_stood_still),
		cmocka_unit_test(calls_that_are_slower_than_the_speed_are_not_held_and_the_time_is_caught_up),
		cmocka_unit_test(a_night_at_the_speed_of_life_is_a_night),
		cmocka_unit_test(steps_shorter_than_a_tick_are_not_lost),
		cmocka_unit_test(without_a_brake_nothing_stands_still),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
