/* A zone is a table of offsets: which names there are, and what wall and instant mean to one another around a change. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"

#define AT(year, month, day, hour, minute) \
	(day_join(year, month, day) * DAY_MS + (int64_t)(hour) * HOUR_MS + (int64_t)(minute) * MINUTE_MS)

static struct zone zone(struct arena *a, const char *name)
{
	struct zone z;
	assert_int_equal(zone_load(a, name, &z), 0);
	return z;
}

static void names_of_the_database_are_known(void **state)
{
	static const char *const known[] = { "Asia/Shanghai", "Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT-8" };
	static const char *const unknown[] = { "", "Asia/Peking", "GMT+3:17", "+08:00", "上海", "Asia/Shanghai/x", "../../etc/passwd", "Asia", "Asia/",
	                                       "localtime", "right/Asia/Shanghai", "posix/Asia/Shanghai", "/usr/share/zoneinfo/UTC",
	                                       "China Standard Time", "Asia/Shanghai Asia/Shanghai Asia/Shanghai Asia/Shanghai Asia/Shanghai" };
	ARENA_SCOPED a = arena_new();
	struct zone z;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (zone_load(a, known[i], &z) < 0)
			fail_msg("%s is a zone", known[i]);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		if (zone_load(a, unknown[i], &z) != ERR_ZONE)
			fail_msg("%s is no zone", unknown[i]);
}

static void china_keeps_one_offset_since_1991(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone z = zone(a, "Asia/Shanghai");
	assert_int_equal(zone_offset(&z, AT(1988, 7, 1, 0, 0)), 9 * HOUR_MS);
	for (int year = 1992; year < 2100; year++)
		for (int month = 1; month <= 12; month++)
			assert_int_equal(zone_offset(&z, AT(year, month, 1, 0, 0)), 8 * HOUR_MS);
}

static void offsets_change_at_the_very_instant(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone berlin = zone(a, "Europe/Berlin"), york = zone(a, "America/New_York"), howe = zone(a, "Australia/Lord_Howe");
	time_ms spring = AT(2026, 3, 29, 1, 0), autumn = AT(2026, 10, 25, 1, 0), eastern = AT(2026, 3, 8, 7, 0);
	assert_int_equal(zone_offset(&berlin, spring - 1), HOUR_MS);
	assert_int_equal(zone_offset(&berlin, spring), 2 * HOUR_MS);
	assert_int_equal(zone_offset(&berlin, autumn - 1), 2 * HOUR_MS);
	assert_int_equal(zone_offset(&berlin, autumn), HOUR_MS);
	assert_int_equal(zone_offset(&york, eastern - 1), -5 * HOUR_MS);
	assert_int_equal(zone_offset(&york, eastern), -4 * HOUR_MS);
	assert_int_equal(zone_offset(&howe, AT(2026, 1, 1, 0, 0)) - zone_offset(&howe, AT(2026, 7, 1, 0, 0)), 30 * MINUTE_MS);
}

static void the_ends_of_the_table_hold_for_ever(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone berlin = zone(a, "Europe/Berlin");
	assert_int_equal(zone_offset(&berlin, INT64_MIN), HOUR_MS);
	assert_int_equal(zone_offset(&berlin, INT64_MAX), HOUR_MS);
	assert_true(berlin.shifts[0].at <= TIMELINE_FIRST_MS);
	assert_true(berlin.shifts[berlin.n - 1].at < TIMELINE_LAST_MS);
	for (size_t i = 1; i < berlin.n; i++) {
		assert_true(berlin.shifts[i - 1].at < berlin.shifts[i].at);
		assert_int_not_equal(berlin.shifts[i - 1].offset_ms, berlin.shifts[i].offset_ms);
	}
}

/* RFC 5545, 3.3.5: a time shown twice is the first one; one never shown counts as if the clock had not been moved. */
static void wall_times_find_their_instant(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct zone berlin = zone(a, "Europe/Berlin");
	assert_int_equal(zone_instant(&berlin, AT(2026, 7, 1, 12, 0)), AT(2026, 7, 1, 10, 0));
	assert_int_equal(zone_instant(&berlin, AT(2026, 1, 1, 12, 0)), AT(2026, 1, 1, 11, 0));
	assert_int_equal(zone_instant(&berlin, AT(2026, 3, 29, 1, 59)), AT(2026, 3, 29, 0, 59));
	assert_int_equal(zone_instant(&berlin, AT(2026, 3, 29, 2, 30)), AT(2026, 3, 29, 1, 30));
	assert_int_equal(zone_instant(&berlin, AT(2026, 3, 29, 3, 0)), AT(2026, 3, 29, 1, 0));
	assert_int_equal(zone_instant(&berlin, AT(2026, 10, 25, 2, 30)), AT(2026, 10, 25, 0, 30));
	assert_int_equal(zone_instant(&berlin, AT(2026, 10, 25, 3, 0)), AT(2026, 10, 25, 2, 0));
}

static struct bytes file_of(struct arena *a, const char *path)
{
	uint8_t *content = arena_alloc(a, 16384);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t n = fread(content, 1, 16384, file);
	fclose(file);
	return (struct bytes){ content, n };
}

static void a_file_that_is_cut_is_no_zone(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct bytes whole = file_of(a, "/usr/share/zoneinfo/Europe/Berlin");
	struct zone z;
	assert_int_equal(zone_parse(a, "x", whole, &z), 0);
	for (size_t n = 0; n < whole.n; n++)
		assert_int_equal(zone_parse(a, "x", (struct bytes){ arena_copy(a, whole.p, n), n }, &z), ERR_ZONE);
}

/* The file of a zone without any change but this rule. */
static int parse_rule(struct arena *a, const char *rule, struct zone *out)
{
	uint8_t file[200] = { 0 };
	size_t n = 0;
	for (int i = 0; i < 2; i++) {
		memcpy(file + n, "TZif2", 5);
		file[n + 39] = 1;                                 /* one type, and one character of its name */
		file[n + 43] = 1;
		n += 44 + 6 + 1;
	}
	n += (size_t)snprintf((char *)file + n, sizeof(file) - n, "\n%s\n", rule);
	return zone_parse(a, rule, (struct bytes){ file, n }, out);
}

static void rules_of_the_future_are_read_as_posix_writes_them(void **state)
{
	const struct {
		const char *rule;
		time_ms at;
		int32_t before, after;          /* minutes */
	} cases[] = {
		{ "CET-1CEST,M3.5.0,M10.5.0/3", AT(2099, 3, 29, 1, 0), 60, 120 },
		{ "EST5EDT,M3.2.0,M11.1.0", AT(2026, 11, 1, 6, 0), -240, -300 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", AT(2026, 4, 4, 16, 0), 660, 600 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", AT(2026, 3, 29, 1, 0), -120, -60 },       /* Nuuk */
		{ "EET-2EEST,M3.4.4/50,M10.4.4/50", AT(2026, 3, 28, 0, 0), 120, 180 },          /* Gaza: two days after the fourth Thursday */
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", AT(2026, 10, 25, 1, 0), 60, 0 },                /* Dublin: winter is the exception */
		{ "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", AT(2026, 10, 3, 15, 30), 630, 660 },
		{ "AAA0BBB,J60/0,300/0", AT(2024, 3, 1, 0, 0), 0, 60 },                         /* day 60 is 1 March in every year */
		{ "AAA0BBB,J60/0,300/0", AT(2025, 3, 1, 0, 0), 0, 60 },
		{ "AAA0BBB,J1/0,59/0", AT(2024, 2, 28, 23, 0), 60, 0 },                         /* counted from 0, with the leap day */
	};
	static const char *const refused[] = {
		"CET", "CET-", "-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M0.1.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "CET-1:60",
		"CET-1CEST,J0,J5", "CET-1CEST,M3.5.0/200,M10.5.0", "CET-999", "CET-27", "CET-1CEST-27,M3.5.0,M10.5.0",
	};
	ARENA_SCOPED a = arena_new();
	struct zone z;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(parse_rule(a, cases[i].rule, &z), 0);
		if (zone_offset(&z, cases[i].at - 1) != cases[i].before * MINUTE_MS || zone_offset(&z, cases[i].at) != cases[i].after * MINUTE_MS)
			fail_msg("%s: from %d to %d", cases[i].rule, zone_offset(&z, cases[i].at - 1), zone_offset(&z, cases[i].at));
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (parse_rule(a, refused[i], &z) != ERR_ZONE)
			fail_msg("%s was accepted", refused[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_the_database_are_known),
		cmocka_unit_test(china_keeps_one_offset_since_1991),
		cmocka_unit_test(offsets_change_at_the_very_instant),
		cmocka_unit_test(the_ends_of_the_table_hold_for_ever),
		cmocka_unit_test(wall_times_find_their_instant),
		cmocka_unit_test(a_file_that_is_cut_is_no_zone),
		cmocka_unit_test(rules_of_the_future_are_read_as_posix_writes_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
