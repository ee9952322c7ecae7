/* What is read out of an iCalendar file: days by kind, and faults by line. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "engine/calendar/ical.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define FILE_OF(events) "BEGIN:VCALENDAR\nVERSION:2.0\n" events "END:VCALENDAR\n"
#define EVENT(lines) "BEGIN:VEVENT\n" lines "END:VEVENT\n"

static int64_t day(const char *text)
{
	int64_t d;
	assert_int_equal(day_parse(text, &d), 0);
	return d;
}

static int read_between(struct arena *a, const char *text, const char *zone, const char *first, const char *last, struct ical_result *out)
{
	struct zone *home = ARENA_NEW(a, struct zone);
	assert_int_equal(zone_load(a, zone, home), 0);
	struct ical_wish wish = { home, zone_load, day(first), day(last) };
	return ical_read(a, text, strlen(text), &wish, out);
}

static int read(struct arena *a, const char *text, struct ical_result *out)
{
	return read_between(a, text, "Asia/Shanghai", "2026-01-01", "2027-12-31", out);
}

/* "2026-01-01 closed 元旦 | 2026-01-04 work" */
static const char *days_text(struct arena *a, const struct ical_result *r)
{
	struct text t = text_in(a);
	for (size_t i = 0; i < r->n; i++) {
		const struct day_form *d = &r->days[i];
		char date[16];
		day_format(d->day, date);
		text_format(&t, "%s%s %s", i ? " | " : "", date, d->kind);
		for (size_t k = 0; k < d->hours.n; k++)
			text_format(&t, " %s", ((const char **)d->hours.at)[k]);
		if (d->name)
			text_format(&t, " %s", d->name->zh);
	}
	return text_end(&t);
}

static const char *faults_text(struct arena *a, const struct ical_result *r)
{
	struct text t = text_in(a);
	for (size_t i = 0; i < r->fault_count; i++)
		text_format(&t, "%s%u %s%s%s", i ? " | " : "", r->faults[i].line, error_name(r->faults[i].code), r->faults[i].arg ? " " : "",
		            r->faults[i].arg ? r->faults[i].arg : "");
	return text_end(&t);
}

struct expectation {
	const char *events, *days;
};

static void expect_all(const struct expectation *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		ARENA_SCOPED a = arena_new();
		struct ical_result r;
		const char *text = arena_format(a, FILE_OF("%s"), cases[i].events);
		if (read(a, text, &r) < 0 || r.fault_count)
			fail_msg("%s: %s", cases[i].events, faults_text(a, &r));
		if (strcmp(days_text(a, &r), cases[i].days) != 0)
			fail_msg("%s: got %s, expected %s", cases[i].events, days_text(a, &r), cases[i].days);
	}
}

/* ---- days ---- */

static void whole_days_are_closed(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART;VALUE=DATE:20260619\nDTEND;VALUE=DATE:20260622\nSUMMARY:端午节\n"),
		  "2026-06-19 closed 端午节 | 2026-06-20 closed 端午节 | 2026-06-21 closed 端午节" },
		{ EVENT("DTSTART;VALUE=DATE:20260501\n"), "2026-05-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501\n"), "2026-05-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260501\nDURATION:P2D\n"), "2026-05-01 closed | 2026-05-02 closed" },
		{ EVENT("DTSTART:20260501\nSUMMARY:a\\, b\\; c\\nd\n"), "2026-05-01 closed a, b; c d" },
		{ EVENT("DTSTART;VALUE=DATE:20260501\nSUMMARY:一\n") EVENT("DTSTART;VALUE=DATE:20260501\nSUMMARY:二\n"), "2026-05-01 closed 一" },
		{ EVENT("DTSTART;VALUE=DATE:20250501\n") EVENT("DTSTART;VALUE=DATE:20280101\n"), "" },
		{ EVENT("DTSTART;VALUE=DATE:20251231\nDTEND;VALUE=DATE:20260102\n"), "2026-01-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED\n"), "" },
	};
	expect_all(cases, COUNT(cases));
}

static void times_are_closed_for_their_part_of_the_day(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART:20260501T140000\nDTEND:20260501T160000\nSUMMARY:盘点\n"), "2026-05-01 without 14:00-16:00 盘点" },
		{ EVENT("DTSTART:20260501T060000Z\nDTEND:20260501T080000Z\n"), "2026-05-01 without 14:00-16:00" },
		{ EVENT("DTSTART;TZID=Europe/Berlin:20260501T080000\nDURATION:PT2H\n"), "2026-05-01 without 14:00-16:00" },
		{ EVENT("DTSTART;TZID=\"Asia/Shanghai\":20260501T140000\nDURATION:PT30M\n"), "2026-05-01 without 14:00-14:30" },
		{ EVENT("DTSTART:20260501T220000\nDTEND:20260503T020000\n"),
		  "2026-05-01 without 22:00-24:00 | 2026-05-02 closed | 2026-05-03 without 00:00-02:00" },
		{ EVENT("DTSTART:20260501T000000\nDTEND:20260502T000000\n"), "2026-05-01 closed" },
		{ EVENT("DTSTART:20260501T140000\n"), "" },
		{ EVENT("DTSTART:20260501T140000\nDTEND:20260501T160000\n") EVENT("DTSTART:20260501T140000\nDTEND:20260501T160000\n")
		  EVENT("DTSTART:20260501T090000\nDTEND:20260501T100000\n"), "2026-05-01 without 09:00-10:00 | 2026-05-01 without 14:00-16:00" },
		{ EVENT("DTSTART:20260501T140000\nDTEND:20260501T160000\n") EVENT("DTSTART;VALUE=DATE:20260501\n"), "2026-05-01 closed" },
	};
	expect_all(cases, COUNT(cases));
}

/* As the public calendars of China write make-up working days. */
static void make_up_days_are_working_days(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART;VALUE=DATE:20260104\nSUMMARY:上班(补元旦假期)\n"), "2026-01-04 work 上班(补元旦假期)" },
		{ EVENT("DTSTART:20260214T090000\nDTEND:20260214T180000\nSUMMARY:春节 补班 第1天/共2天\n"), "2026-02-14 work 春节 补班 第1天/共2天" },
		{ EVENT("DTSTART;VALUE=DATE:20260228\nSUMMARY:春节（班）\n"), "2026-02-28 work 春节（班）" },
		{ EVENT("DTSTART;VALUE=DATE:20260228\nSUMMARY:全公司不上班\n"), "2026-02-28 closed 全公司不上班" },
		{ EVENT("DTSTART;VALUE=DATE:20260214\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\nSUMMARY:春节\n")
		  EVENT("DTSTART;VALUE=DATE:20260215\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY\nSUMMARY:春节\n")
		  EVENT("DTSTART;VALUE=DATE:20260303\nSUMMARY:元宵节\n"), "2026-02-14 work 春节 | 2026-02-15 closed 春节" },
		{ EVENT("DTSTART;VALUE=DATE:20260228\nSUMMARY:补班\n") EVENT("DTSTART:20260228T140000\nDTEND:20260228T160000\n"),
		  "2026-02-28 work 补班 | 2026-02-28 without 14:00-16:00" },
	};
	expect_all(cases, COUNT(cases));
}

/* ---- repetition ---- */

static void events_repeat_every_year(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART;VALUE=DATE:19490101\nRRULE:FREQ=YEARLY\n"), "2026-01-01 closed | 2027-01-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY\n"), "" },
		{ EVENT("DTSTART;VALUE=DATE:20001126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n"), "2026-11-26 closed | 2027-11-25 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20000528\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\n"), "2026-05-25 closed | 2027-05-31 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20200531\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1\n"), "2026-02-28 closed | 2027-02-28 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20251001\nRRULE:FREQ=YEARLY;INTERVAL=2\n"), "2027-10-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20251001\nRRULE:FREQ=YEARLY;COUNT=2\n"), "2026-10-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20251001\nRRULE:FREQ=YEARLY;UNTIL=20261001\n"), "2026-10-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20251001\nRRULE:FREQ=YEARLY;UNTIL=20260930\n"), "" },
		{ EVENT("DTSTART;VALUE=DATE:20251001\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20261001,20281001\n"), "2027-10-01 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20201231\nDTEND;VALUE=DATE:20210102\nRRULE:FREQ=YEARLY\n"),
		  "2026-01-01 closed | 2026-12-31 closed | 2027-01-01 closed | 2027-12-31 closed" },
	};
	expect_all(cases, COUNT(cases));
}

static void events_repeat_every_week(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=3\n"), "2026-01-05 closed | 2026-01-12 closed | 2026-01-19 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260107\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3\n"),
		  "2026-01-07 closed | 2026-01-12 closed | 2026-01-14 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260131\n"), "2026-01-05 closed | 2026-01-19 closed" },
		/* RFC 5545 shows these two: the day on which the week begins decides which weeks are every second one. */
		{ EVENT("DTSTART;VALUE=DATE:20260106\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO\n"),
		  "2026-01-06 closed | 2026-01-11 closed | 2026-01-20 closed | 2026-01-25 closed" },
		{ EVENT("DTSTART;VALUE=DATE:20260106\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU\n"),
		  "2026-01-06 closed | 2026-01-18 closed | 2026-01-20 closed | 2026-02-01 closed" },
		{ EVENT("DTSTART:20260102T150000\nDTEND:20260102T170000\nRRULE:FREQ=WEEKLY;UNTIL=20260116T070000Z\nEXDATE:20260109T150000\n"),
		  "2026-01-02 without 15:00-17:00 | 2026-01-16 without 15:00-17:00" },
		{ EVENT("DTSTART:20260102T150000\nDTEND:20260102T170000\nRRULE:FREQ=WEEKLY;UNTIL=20260116T065959Z\nEXDATE:20260109T070000Z\n"),
		  "2026-01-02 without 15:00-17:00" },
	};
	expect_all(cases, COUNT(cases));
}

static void a_weekly_event_keeps_its_hour_over_summer_time(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct ical_result r;
	const char *text = FILE_OF(EVENT("DTSTART;TZID=Europe/Berlin:20260322T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2\n"));
	assert_int_equal(read_between(a, text, "Asia/Shanghai", "2026-01-01", "2026-12-31", &r), 0);
	assert_string_equal(days_text(a, &r), "2026-03-22 without 16:00-17:00 | 2026-03-29 without 15:00-16:00");
	assert_int_equal(read_between(a, text, "Europe/Berlin", "2026-01-01", "2026-12-31", &r), 0);
	assert_string_equal(days_text(a, &r), "2026-03-22 without 09:00-10:00 | 2026-03-29 without 09:00-10:00");
}

/* ---- the file ---- */

static void folded_lines_other_components_and_unknown_properties_are_no_matter(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct ical_result r;
	const char *text = "\xEF\xBB\xBF" "begin:vcalendar\r\nX-WR-CALDESC:自动\r\n 更新\r\n"
	                   "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
	                   "BEGIN:VEVENT\r\nSUMM\r\n ARY;LANGUAGE=zh;X-A=\"a:b;c\":端午\r\n\t节\r\nDTSTART;VALU\r\n E=DATE:2026\r\n 0619\r\n"
	                   "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nSUMMARY:闹钟\r\nDTSTART:x\r\nEND:VALARM\r\n\r\nEND:VEVENT\r\nEND:VCALENDAR";
	assert_int_equal(read(a, text, &r), 0);
	assert_string_equal(days_text(a, &r), "2026-06-19 closed 端午节");
	assert_int_equal(r.fault_count, 0);
	assert_int_equal(r.events, 1);
}

static void faults_are_told_by_line_and_the_rest_is_used(void **state)
{
	static const struct expectation cases[] = {
		{ EVENT("DTSTART;VALUE=DATE:20260230\n"), "4 ical_date 20260230" },
		{ EVENT("DTSTART:20260101T250000\n"), "4 ical_date 20260101T250000" },
		{ EVENT("SUMMARY:x\n"), "3 ical_event" },
		{ EVENT("DTSTART:20260102\nDTEND:20260101\n"), "3 ical_event" },
		{ EVENT("DTSTART:20260102\nDTEND:20280101\n"), "3 ical_event" },
		{ EVENT("DTSTART:20260102\nDTEND:20260102T120000\n"), "3 ical_event" },
		{ EVENT("DTSTART:20260102\nDTEND:20260103\nDURATION:P1D\n"), "3 ical_event" },
		{ EVENT("DTSTART:20260102\nDURATION:-P1D\n"), "5 ical_date -P1D" },
		{ EVENT("DTSTART:20260102\nRRULE:FREQ=MONTHLY\n"), "5 ical_rule FREQ=MONTHLY" },
		{ EVENT("DTSTART:20260102\nRRULE:FREQ=YEARLY;BYDAY=MO\n"), "5 ical_rule FREQ=YEARLY;BYDAY=MO" },
		{ EVENT("DTSTART:20260102\nRRULE:FREQ=WEEKLY;BYDAY=1MO\n"), "5 ical_rule FREQ=WEEKLY;BYDAY=1MO" },
		{ EVENT("DTSTART:20260102\nRRULE:FREQ=YEARLY;COUNT=2;UNTIL=20280101\n"), "5 ical_rule FREQ=YEARLY;COUNT=2;UNTIL=20280101" },
		{ EVENT("DTSTART:20260102\nRRULE:FREQ=YEARLY;INTERVAL=0\n"), "5 ical_rule FREQ=YEARLY;INTERVAL=0" },
		{ EVENT("DTSTART:20260102\nRDATE:20260103\n"), "5 ical_rule RDATE" },
		{ EVENT("DTSTART:20260102\nRECURRENCE-ID:20260103\n"), "5 ical_rule RECURRENCE-ID" },
		{ EVENT("DTSTART;TZID=Mars/Olympus:20260102T100000\n"), "4 zone Mars/Olympus" },
		{ EVENT("DTSTART:20260102\nthis is nothing\n"), "5 ical_line" },
		{ EVENT("DTSTART:20260102\nSUMMARY:补班\n") EVENT("DTSTART:20260102\n"), "7 ical_conflict 2026-01-02" },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		ARENA_SCOPED a = arena_new();
		struct ical_result r;
		const char *text = arena_format(a, FILE_OF("%s"), arena_format(a, "%s%s", cases[i].events, EVENT("DTSTART:20261231\n")));
		assert_int_equal(read(a, text, &r), 0);
		if (strcmp(faults_text(a, &r), cases[i].days) != 0)
			fail_msg("%s: got %s, expected %s", cases[i].events, faults_text(a, &r), cases[i].days);
		assert_true(r.n >= 1 && r.days[r.n - 1].day == day("2026-12-31"));
	}
}

static void what_is_no_calendar_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *fault;
		int code;
	} cases[] = {
		{ "", "0 ical_format", ERR_ICAL_FORMAT },
		{ "hello", "1 ical_format", ERR_ICAL_FORMAT },
		{ "<html>\n", "1 ical_format", ERR_ICAL_FORMAT },
		{ "BEGIN:VCARD\nEND:VCARD\n", "1 ical_format", ERR_ICAL_FORMAT },
		{ "BEGIN:VCALENDAR\n", "1 ical_cut", ERR_ICAL_CUT },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260102\nEND:VEVENT\n", "4 ical_cut", ERR_ICAL_CUT },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "3 ical_format", ERR_ICAL_FORMAT },
		{ "BEGIN:VCALENDAR\nEND:VCALENDAR\nX:1\n", "3 ical_format", ERR_ICAL_FORMAT },
		{ "BEGIN:VCALENDAR\nX:\x01\nEND:VCALENDAR\n", "1 encoding", ERR_ENCODING },
		{ "BEGIN:VCALENDAR\nX:\xFF\nEND:VCALENDAR\n", "1 encoding", ERR_ENCODING },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		ARENA_SCOPED a = arena_new();
		struct ical_result r;
		assert_int_equal(read(a, cases[i].text, &r), cases[i].code);
		assert_string_equal(faults_text(a, &r), cases[i].fault);
	}
}

/* "BEGIN:VCALENDAR", n times the events, "END:VCALENDAR". */
static const char *many(struct arena *a, const char *event, size_t n)
{
	struct text t = text_in(a);
	text_append(&t, "BEGIN:VCALENDAR\n");
	for (size_t i = 0; i < n; i++)
		text_append(&t, event);
	text_append(&t, "END:VCALENDAR\n");
	return text_end(&t);
}

static void limits_are_kept(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct ical_result r;
	assert_int_equal(read(a, many(a, EVENT("DTSTART:20260101\n"), ICAL_MOST_EVENTS), &r), 0);
	assert_int_equal(r.n, 1);
	assert_int_equal(read(a, many(a, EVENT("DTSTART:20260101\n"), ICAL_MOST_EVENTS + 1), &r), ERR_ICAL_LIMIT);
	assert_int_equal(read(a, many(a, "X:0123456789012345678901234567890123456789\n", 30000), &r), ERR_ICAL_LIMIT);
	assert_int_equal(read(a, many(a, EVENT("DTSTART:20260101\nRRULE:FREQ=WEEKLY\nDURATION:P366D\n"), 100), &r), ERR_ICAL_LIMIT);
	char *folded = arena_alloc(a, 20000);
	for (int i = 0; i < 900; i++)
		memcpy(folded + i * 12, "\n 0123456789", 12);
	assert_int_equal(read(a, arena_format(a, FILE_OF("X:%s\n"), folded), &r), ERR_ICAL_LIMIT);
	assert_int_equal(read_between(a, FILE_OF(""), "UTC", "2000-01-01", "2030-01-01", &r), ERR_ICAL_LIMIT);
	assert_int_equal(read(a, many(a, EVENT("DTSTART:2026\n"), 100), &r), 0);
	assert_int_equal(r.fault_count, ICAL_MOST_FAULTS);
}

/* A line that says nothing leaves nothing behind. */
static void memory_does_not_grow_with_the_file(void **state)
{
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED texts = arena_new();
	struct ical_result r;
	assert_int_equal(read(a, many(texts, "X:\n", 300000), &r), 0);
	assert_true(arena_size(a) < 256 << 10);
	assert_int_equal(read(a, many(texts, EVENT("SUMMARY:x\nDTSTART:20260101\n"), ICAL_MOST_EVENTS), &r), 0);
	assert_true(arena_size(a) < 4 << 20);
}

static void a_year_of_work_is_spent_on_no_hostile_file(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct ical_result r;
	int64_t from = monotonic_ns();
	const char *weekly = EVENT("DTSTART;TZID=Europe/Berlin:19000101T000000\nDURATION:PT1H\n"
	                           "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL=19000102\n");
	read(a, many(a, weekly, ICAL_MOST_EVENTS), &r);
	read(a, many(a, EVENT("DTSTART:19000101\nRRULE:FREQ=WEEKLY;COUNT=5000\n"), ICAL_MOST_EVENTS), &r);
	assert_true(monotonic_ns() - from < INT64_C(10000000000));
}

/* What was read is what the form takes. */
static void the_days_go_into_a_calendar(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct ical_result r;
	struct error e = { 0 };
	struct calendar_form form;
	struct calendar_source s;
	static const char json[] = "{\"name\":{\"zh\":\"一\",\"en\":\"x\"},\"zone\":\"Asia/Shanghai\","
	                           "\"week\":[{\"days\":[\"fri\"],\"hours\":[\"09:00-18:00\"]}]}";
	assert_int_equal(read(a, FILE_OF(EVENT("DTSTART;VALUE=DATE:20260501\n") EVENT("DTSTART:20260508T140000\nDURATION:PT2H\n")
	                                 EVENT("DTSTART;VALUE=DATE:20260509\nSUMMARY:补班\n")), &r), 0);
	assert_int_equal(json_read(a, &calendar_shape, json, strlen(json), &form, NULL, &e), 0);
	form.make_up_as = "fri";
	form.days = (struct list){ r.days, r.n };
	assert_int_equal(calendar_source_of(a, &form, &(struct calendar_names){ .zone = zone_load }, &s, &e), 0);
	struct calendar *c = calendar_compile(a, &s);
	time_ms first = day("2026-05-01") * DAY_MS - 8 * HOUR_MS;
	assert_int_equal(calendar_between(c, first, first + DAY_MS, NULL), 0);
	assert_int_equal(calendar_between(c, first + 7 * DAY_MS, first + 8 * DAY_MS, NULL), 7 * HOUR_MS);
	assert_int_equal(calendar_between(c, first + 8 * DAY_MS, first + 9 * DAY_MS, NULL), 9 * HOUR_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_days_are_closed),
		cmocka_unit_test(times_are_closed_for_their_part_of_the_day),
		cmocka_unit_test(make_up_days_are_working_days),
		cmocka_unit_test(events_repeat_every_year),
		cmocka_unit_test(events_repeat_every_week),
		cmocka_unit_test(a_weekly_event_keeps_its_hour_over_summer_time),
		cmocka_unit_test(folded_lines_other_components_and_unknown_properties_are_no_matter),
		cmocka_unit_test(faults_are_told_by_line_and_the_rest_is_used),
		cmocka_unit_test(what_is_no_calendar_is_refused_with_its_line),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(memory_does_not_grow_with_the_file),
		cmocka_unit_test(a_year_of_work_is_spent_on_no_hostile_file),
		cmocka_unit_test(the_days_go_into_a_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
