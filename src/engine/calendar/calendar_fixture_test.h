/* What the calendar's tests share: short ways to write hours, zones and times. Only tests include this. */
#pragma once

#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "engine/calendar/calendar.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define H(from_hour, from_minute, to_hour, to_minute) \
	{ (from_hour) * HOUR_MS + (from_minute) * MINUTE_MS, (to_hour) * HOUR_MS + (to_minute) * MINUTE_MS }
#define PLAN(table) { table, COUNT(table) }
enum { MON, TUE, WED, THU, FRI, SAT, SUN };

static const struct calendar_hours office[] = { H(9, 0, 12, 0), H(13, 0, 18, 0) };

static struct zone zone(struct arena *a, const char *name)
{
	struct zone z;
	assert_int_equal(zone_load(a, name, &z), 0);
	return z;
}

/* Monday to Friday with a break at noon. */
static inline struct calendar_source office_hours(struct arena *a, const char *zone_name)
{
	struct calendar_source s = { .zone = zone(a, zone_name) };
	for (int i = MON; i <= FRI; i++)
		s.week[i] = (struct calendar_plan)PLAN(office);
	return s;
}

static int64_t day(const char *text)
{
	int64_t d;
	assert_int_equal(day_parse(text, &d), 0);
	return d;
}

static int64_t wall(const char *text)
{
	int64_t day;
	int hour = 0, minute = 0, second = 0, ms = 0;
	char date[11];
	snprintf(date, sizeof(date), "%s", text);
	assert_int_equal(day_parse(date, &day), 0);
	if (text[10] && sscanf(text + 10, " %d:%d:%d.%d", &hour, &minute, &second, &ms) < 2)
		fail_msg("%s is no time", text);
	return day * DAY_MS + (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS + second * SECOND_MS + ms;
}

static inline time_ms china(const char *text)
{
	return wall(text) - 8 * HOUR_MS;
}

static void expect_instant(time_ms got, time_ms want)
{
	char got_text[32], want_text[32];
	time_format(got, got_text);
	time_format(want, want_text);
	if (got != want)
		fail_msg("got %s, expected %s", got_text, want_text);
}
