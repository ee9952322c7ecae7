/* Why a clock is due when it is, row by row. */
#include "engine/calendar/calendar_fixture_test.h"

static const char *row_text(struct arena *a, const struct ledger_row *r)
{
	char first[16], last[16];
	day_format(r->day, first);
	day_format(r->last_day, last);
	if (r->kind == LEDGER_CLOSED)
		return arena_format(a, "%s..%s closed %s", first + 5, last + 5, r->why && r->why->zh ? r->why->zh : "-");
	int64_t from = (r->span.from + 8 * HOUR_MS) % DAY_MS / MINUTE_MS, to = (r->span.to + 8 * HOUR_MS) % DAY_MS / MINUTE_MS;
	return arena_format(a, "%s %02d:%02d-%02d:%02d %s %02d:%02d", first + 5, (int)(from / 60), (int)(from % 60), (int)(to / 60), (int)(to % 60),
	                    r->kind == LEDGER_PAUSED ? "paused" : "counted", (int)(r->sum_ms / HOUR_MS), (int)(r->sum_ms / MINUTE_MS % 60));
}

static void expect_rows(struct arena *a, const struct ledger *l, const char *const *rows, size_t n)
{
	for (size_t i = 0; i < n && i < l->n; i++)
		assert_string_equal(row_text(a, &l->rows[i]), rows[i]);
	assert_int_equal(l->n, n);
}

/* The story that the ticket's picture tells. */
static void the_ledger_lists_each_interval_with_its_sum(void **state)
{
	static const struct calendar_hours late[] = { H(8, 0, 12, 0), H(13, 0, 21, 0) }, sunday[] = { H(9, 0, 12, 0), H(13, 0, 18, 0) };
	static const char *const rows[] = {
		"11-21 10:26-12:00 counted 01:34", "11-21 13:00-14:10 counted 02:44", "11-21 14:10-15:40 paused 02:44",
		"11-21 15:40-21:00 counted 08:04", "11-22 09:00-12:00 counted 11:04", "11-22 13:00-14:32 counted 12:36",
		"11-22 14:32-18:00 counted 16:04", "11-23 08:00-12:00 counted 20:04", "11-23 13:00-16:56 counted 24:00",
	};
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = { .zone = zone(a, "Asia/Shanghai") };
	for (int i = MON; i <= SAT; i++)
		s.week[i] = (struct calendar_plan)PLAN(late);
	s.week[SUN] = (struct calendar_plan)PLAN(sunday);
	struct time_span waiting = { china("2026-11-21 14:10"), china("2026-11-21 15:40") };
	struct calendar_clock k = { china("2026-11-21 10:26"), 24 * HOUR_MS, { &waiting, 1 } };
	struct ledger l = calendar_ledger(a, calendar_compile(a, &s), &k, china("2026-11-22 14:32"));
	expect_rows(a, &l, rows, COUNT(rows));
	expect_instant(l.due, china("2026-11-23 16:56"));
	assert_int_equal(l.rows[l.n - 1].sum_ms, k.target_ms);
	assert_false(l.is_cut);
}

static void the_ledger_says_why_a_day_was_skipped(void **state)
{
	static const char *const rows[] = {
		"09-30 17:00-18:00 counted 01:00", "10-01..10-03 closed 国庆节", "10-04..10-04 closed -",
		"10-05 09:00-10:00 counted 02:00",
	};
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct calendar_day days[3];
	for (int i = 0; i < 3; i++)
		days[i] = (struct calendar_day){ .day = day("2026-10-01") + i, .kind = DAY_CLOSED, .zh = "国庆节", .en = "National Day" };
	s.days = days;
	s.day_count = 3;
	struct calendar_clock k = { china("2026-09-30 17:00"), 2 * HOUR_MS, { 0 } };
	struct ledger l = calendar_ledger(a, calendar_compile(a, &s), &k, china("2026-10-20"));
	expect_rows(a, &l, rows, COUNT(rows));
}

static void the_ledger_of_a_pause_that_lasts_ends_now(void **state)
{
	static const char *const rows[] = { "11-23 10:00-11:00 counted 01:00", "11-23 11:00-12:00 paused 01:00", "11-23 13:00-15:00 paused 01:00" };
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = office_hours(a, "Asia/Shanghai");
	struct time_span waiting = { china("2026-11-23 11:00"), FAR_FUTURE_MS };
	struct calendar_clock k = { china("2026-11-23 10:00"), 4 * HOUR_MS, { &waiting, 1 } };
	struct ledger l = calendar_ledger(a, calendar_compile(a, &s), &k, china("2026-11-23 15:00"));
	expect_rows(a, &l, rows, COUNT(rows));
	expect_instant(l.due, FAR_FUTURE_MS);
}

static void a_long_ledger_is_cut_and_says_so(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Asia/Shanghai");
	struct calendar_clock k = { china("2026-01-01"), 3000 * DAY_MS, { 0 } };
	struct ledger l = calendar_ledger(a, calendar_always(a, &z), &k, china("2026-01-02"));
	assert_int_equal(l.n, LEDGER_MOST_ROWS);
	assert_true(l.is_cut);
	expect_instant(l.due, china("2026-01-01") + 3000 * DAY_MS);
}

static void a_calendar_that_is_never_open_has_one_row(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar_source s = { .zone = zone(a, "Europe/Berlin") };
	struct calendar_clock k = { wall("2026-01-01"), HOUR_MS, { 0 } };
	struct ledger l = calendar_ledger(a, calendar_compile(a, &s), &k, wall("2027-01-01"));
	assert_int_equal(l.n, 1);
	assert_int_equal(l.rows[0].kind, LEDGER_CLOSED);
	expect_instant(l.due, FAR_FUTURE_MS);
}

/* 02:00 to 03:00 is skipped: a row ends before it and the next one shows 03:00. */
static void rows_do_not_cross_a_change_of_offset(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Europe/Berlin");
	struct calendar_clock k = { wall("2026-03-29"), 4 * HOUR_MS, { 0 } };
	struct ledger l = calendar_ledger(a, calendar_always(a, &z), &k, k.from);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.rows[0].counted_ms, HOUR_MS);
	expect_instant(l.rows[1].span.from, wall("2026-03-29 01:00"));
	assert_int_equal(l.rows[1].sum_ms, 4 * HOUR_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ledger_lists_each_interval_with_its_sum),
		cmocka_unit_test(the_ledger_says_why_a_day_was_skipped),
		cmocka_unit_test(the_ledger_of_a_pause_that_lasts_ends_now),
		cmocka_unit_test(a_long_ledger_is_cut_and_says_so),
		cmocka_unit_test(a_calendar_that_is_never_open_has_one_row),
		cmocka_unit_test(rows_do_not_cross_a_change_of_offset),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
