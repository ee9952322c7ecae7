/* Calendars as JSON, and the packs: what is accepted, what is refused and where, and that the packs say what the notices say. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>

#include "engine/calendar/calendar_form.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PACK(name)                                                                                                         \
	extern const char pack_##name[], pack_##name##_end[];                                                              \
	__asm__(".pushsection .rodata\n.global pack_" #name "\n.global pack_" #name "_end\npack_" #name ":\n"               \
	        ".incbin \"packs/calendars/" #name ".json\"\npack_" #name "_end:\n.byte 0\n.popsection\n")
PACK(china);
PACK(office);
PACK(hotline);
PACK(always);

static int64_t day(const char *text)
{
	int64_t d;
	assert_int_equal(day_parse(text, &d), 0);
	return d;
}

static time_ms china(const char *date, int hour, int minute)
{
	return day(date) * DAY_MS + (hour - 8) * HOUR_MS + minute * MINUTE_MS;
}

static struct holiday_set_form *china_set(struct arena *a)
{
	struct error e = { 0 };
	struct holiday_set_form *set = ARENA_NEW(a, struct holiday_set_form);
	if (json_read(a, &holiday_set_shape, pack_china, (size_t)(pack_china_end - pack_china), set, NULL, &e) < 0)
		fail_msg("china.json: %s %s", error_name(e.code), e.fields ? e.fields->field : "");
	return set;
}

static int read(struct arena *a, const char *json, size_t n, struct calendar_source *out, struct error *e)
{
	struct calendar_form form;
	const struct holiday_set_form *const sets[] = { china_set(a) };
	TRY(json_read(a, &calendar_shape, json, n, &form, NULL, e));
	return calendar_source_of(a, &form, &(struct calendar_names){ zone_load, sets, 1 }, out, e);
}

static struct calendar *pack(struct arena *a, const char *from, const char *to)
{
	struct error e = { 0 };
	struct calendar_source s;
	if (read(a, from, (size_t)(to - from), &s, &e) < 0)
		fail_msg("%s at %s", error_name(e.code), e.fields ? e.fields->field : "");
	return calendar_compile(a, &s);
}

/* ---- hours as text ---- */

static void hours_are_read_and_written_the_same(void **state)
{
	static const char *const good[] = { "09:00-18:00", "00:00-24:00", "22:00-06:00", "00:00-00:01", "23:59-24:00", "09:00:30-09:00:31",
	                                    "09:00:00.250-18:00" };
	static const char *const bad[] = { "", "9:00-18:00", "09:00", "09:00-", "09:00-18:00 ", "09:00–18:00", "24:00-25:00", "09:60-10:00",
	                                   "08:00-08:00", "24:00-06:00", "22:00-00:00", "09:00-24:01", "09:00:00.25-10:00", "09-10", "-09:00-10:00",
	                                   "09:00-10:00-11:00", "０９:００-１０:００", "09:00:61-10:00", "09:00-24:00:00.001" };
	ARENA_SCOPED a = arena_new();
	struct calendar_hours h;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(calendar_hours_parse(good[i], &h), 0);
		assert_string_equal(calendar_hours_text(a, h), good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (calendar_hours_parse(bad[i], &h) != ERR_CALENDAR_HOURS)
			fail_msg("\"%s\" was accepted", bad[i]);
}

/* ---- faults ---- */

#define HEAD "'name':{'zh':'客服','en':'Desk'},'zone':'Asia/Shanghai'"
#define WEEK "'week':[{'days':['mon'],'hours':['09:00-18:00']}]"

/* JSON is written with single quotes here. */
static char *quoted(struct arena *a, const char *text)
{
	char *json = arena_string(a, text);
	for (char *p = json; (p = strchr(p, '\'')); p++)
		*p = '"';
	return json;
}

static void faults_are_told_by_field(void **state)
{
	static const struct {
		const char *json, *field;
		int code;
	} cases[] = {
		{ "{" HEAD "}", "week", ERR_CALENDAR_NEVER },
		{ "{" HEAD ",'week':[{'days':['mon'],'hours':['09:00-18']}]}", "week[0].hours[0]", ERR_CALENDAR_HOURS },
		{ "{" HEAD ",'week':[{'days':['mon'],'hours':['09:00-12:00','11:00-18:00']}]}", "week[0].hours[1]", ERR_CALENDAR_OVERLAP },
		{ "{" HEAD ",'week':[{'days':['mon'],'hours':['09:00-12:00']},{'days':['sun','mon'],'hours':['11:00-18:00']}]}",
		  "week[1].hours[0]", ERR_CALENDAR_OVERLAP },
		{ "{" HEAD ",'week':[{'days':['monday'],'hours':['09:00-18:00']}]}", "week[0].days[0]", ERR_FIELD_CHOICE },
		{ "{" HEAD ",'week':[{'days':[''],'hours':['09:00-18:00']}]}", "week[0].days[0]", ERR_FIELD_REQUIRED },
		{ "{" HEAD "," WEEK ",'holidays':['moon']}", "holidays[0]", ERR_FIELD_REFERENCE },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-30','kind':'closed'}]}", "days[0].day", ERR_FIELD_DAY },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-03','kind':'open'}]}", "days[0].kind", ERR_FIELD_CHOICE },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-03','kind':'hours'}]}", "days[0].hours", ERR_FIELD_REQUIRED },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-03','kind':'closed','hours':['09:00-10:00']}]}", "days[0].hours",
		  ERR_FIELD_INVALID },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-03','kind':'closed','as':'mon'}]}", "days[0].as", ERR_FIELD_INVALID },
		{ "{" HEAD "," WEEK ",'days':[{'day':'2026-02-03','kind':'without','hours':['22:00-06:00']}]}", "days[0].hours", ERR_CALENDAR_HOURS },
		{ "{'name':{'zh':'客服','en':'Desk'},'zone':'Asia/Peking'," WEEK "}", "zone", ERR_ZONE },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error e = { 0 };
		struct calendar_source s;
		const char *json = quoted(a, cases[i].json);
		assert_int_equal(read(a, json, strlen(json), &s, &e), ERR_INVALID);
		if (!e.fields || e.fields->code != cases[i].code || strcmp(e.fields->field, cases[i].field) != 0)
			fail_msg("%s: %s %s", cases[i].json, e.fields ? e.fields->field : "-", e.fields ? error_name(e.fields->code) : "-");
	}
}

static void a_holiday_that_ends_before_it_begins_is_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *set_json = quoted(a, "{'code':'x','name':{'zh':'一','en':'x'},'years':[{'year':2026,'source':'x','holidays':["
	                               "{'name':{'zh':'一','en':'x'},'first':'2026-05-02','last':'2026-05-01'}]}]}");
	const char *json = quoted(a, "{" HEAD "," WEEK ",'holidays':['x']}");
	struct error e = { 0 };
	struct holiday_set_form set;
	struct calendar_form form;
	struct calendar_source s;
	const struct holiday_set_form *const sets[] = { &set };
	assert_int_equal(json_read(a, &holiday_set_shape, set_json, strlen(set_json), &set, NULL, &e), 0);
	assert_int_equal(json_read(a, &calendar_shape, json, strlen(json), &form, NULL, &e), 0);
	assert_int_equal(calendar_source_of(a, &form, &(struct calendar_names){ zone_load, sets, 1 }, &s, &e), ERR_INVALID);
	assert_int_equal(e.fields->code, ERR_CALENDAR_PERIOD);
}

static void what_is_read_is_written_the_same(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *json = quoted(a, "{" HEAD ",'make_up_as':'fri'," WEEK ",'holidays':['china'],'days':[{'day':'2026-12-31','kind':'hours',"
	                             "'as':null,'hours':['09:00-12:00'],'name':null,'provisional':false}]}");
	struct error e = { 0 };
	struct calendar_form form;
	struct holiday_set_form *set = china_set(a), again;
	struct text written = text_in(a), set_written = text_in(a), set_again = text_in(a);
	assert_int_equal(json_read(a, &calendar_shape, json, strlen(json), &form, NULL, &e), 0);
	json_write(&written, &calendar_shape, &form);
	assert_string_equal(text_end(&written), json);
	json_write(&set_written, &holiday_set_shape, set);
	assert_int_equal(json_read(a, &holiday_set_shape, set_written.p, set_written.n, &again, NULL, &e), 0);
	json_write(&set_again, &holiday_set_shape, &again);
	assert_string_equal(text_end(&set_again), text_end(&set_written));
}

/* ---- the packs ---- */

static void the_office_works_in_make_up_days_and_rests_on_holidays(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *c = pack(a, pack_office, pack_office_end);
	static const struct {
		const char *date;
		int hours;
	} cases[] = {
		{ "2024-02-04", 8 }, { "2024-02-09", 8 }, { "2024-02-10", 0 }, { "2024-05-11", 8 }, { "2025-01-26", 8 }, { "2025-01-28", 0 },
		{ "2025-10-08", 0 }, { "2025-10-09", 8 }, { "2025-10-11", 8 }, { "2026-01-02", 0 }, { "2026-01-04", 8 }, { "2026-02-23", 0 },
		{ "2026-09-20", 8 }, { "2026-09-27", 0 }, { "2026-10-10", 8 }, { "2026-11-22", 0 }, { "2026-11-23", 8 }, { "2027-02-05", 0 },
		{ "2027-02-13", 0 }, { "2027-06-09", 0 }, { "2027-06-10", 8 },
	};
	for (size_t i = 0; i < COUNT(cases); i++)
		if (calendar_between(c, china(cases[i].date, 0, 0), china(cases[i].date, 24, 0), NULL) != cases[i].hours * HOUR_MS)
			fail_msg("%s has not %d hours", cases[i].date, cases[i].hours);
	assert_int_equal(calendar_add(c, china("2026-09-30", 17, 0), 4 * HOUR_MS, NULL), china("2026-10-08", 12, 0));
}

static void hot_line_and_round_the_clock_know_no_holiday(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *hotline = pack(a, pack_hotline, pack_hotline_end), *always = pack(a, pack_always, pack_always_end);
	assert_int_equal(calendar_between(hotline, china("2026-10-01", 0, 0), china("2026-10-08", 0, 0), NULL), 7 * 12 * HOUR_MS);
	assert_int_equal(calendar_between(always, china("2026-10-01", 0, 0), china("2026-10-08", 0, 0), NULL), 7 * DAY_MS);
}

/* Working days of a year, as the Ministry's figures follow from the notices: 2024 had 366 - 104 - 11, from 2025 on two holidays more. */
static void a_year_has_as_many_working_days_as_the_law_leaves(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct calendar *c = pack(a, pack_office, pack_office_end);
	static const struct {
		int year, days;
	} cases[] = { { 2024, 251 }, { 2025, 248 }, { 2026, 248 } };
	for (size_t i = 0; i < COUNT(cases); i++) {
		time_ms from = day_join(cases[i].year, 1, 1) * DAY_MS - 8 * HOUR_MS, to = day_join(cases[i].year + 1, 1, 1) * DAY_MS - 8 * HOUR_MS;
		assert_int_equal(calendar_between(c, from, to, NULL) / (8 * HOUR_MS), cases[i].days);
	}
}

static void years_not_announced_are_marked_and_others_name_their_notice(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct holiday_set_form *set = china_set(a);
	const struct holiday_year_form *years = set->years.at;
	for (size_t i = 0; i < set->years.n; i++) {
		assert_int_equal(years[i].year, 2024 + (int64_t)i);
		if (years[i].provisional) {
			assert_false(text_empty(years[i].note));
			continue;
		}
		assert_non_null(strstr(years[i].source, "国办发明电〔"));
		int year, month, date;
		day_split(years[i].published, &year, &month, &date);
		assert_int_equal(year, years[i].year - 1);
	}
}

static int64_t lunar_day(int year, int month, int date)
{
	UErrorCode error = U_ZERO_ERROR;
	static const UChar zone[] = u"Asia/Shanghai";
	UCalendar *c = ucal_open(zone, -1, "en@calendar=chinese", UCAL_TRADITIONAL, &error);
	assert_true(U_SUCCESS(error));
	for (int64_t d = day_join(year, 1, 20); d <= day_join(year, 12, 31); d++) {
		ucal_setMillis(c, (UDate)(d * DAY_MS + 4 * HOUR_MS), &error);
		if (ucal_get(c, UCAL_MONTH, &error) != month - 1 || ucal_get(c, UCAL_DATE, &error) != date || ucal_get(c, UCAL_IS_LEAP_MONTH, &error))
			continue;
		ucal_close(c);
		return d;
	}
	ucal_close(c);
	fail_msg("no such lunar day");
	return 0;
}

/* Day of April on which the sun stands at 15°: the rule for 2000 to 2099. */
static int64_t qingming(int year)
{
	int y = year - 2000;
	return day_join(year, 4, (y * 2422 + 48100) / 10000 - y / 4);
}

static bool is_holiday(const struct holiday_set_form *set, int64_t at, const char *name)
{
	const struct holiday_year_form *years = set->years.at;
	for (size_t i = 0; i < set->years.n; i++) {
		const struct holiday_form *h = years[i].holidays.at;
		for (size_t k = 0; k < years[i].holidays.n; k++)
			if (h[k].first <= at && at <= h[k].last && strstr(h[k].name->zh, name))
				return true;
	}
	return false;
}

/* Every statutory holiday of every year, computed from the moon, the sun and the calendar, lies in the holiday of its name. */
static void the_festivals_lie_in_their_holidays(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct holiday_set_form *set = china_set(a);
	for (int year = 2024; year <= 2027; year++) {
		int64_t new_year = lunar_day(year, 1, 1);
		assert_true(is_holiday(set, day_join(year, 1, 1), "元旦"));
		for (int i = year == 2024 ? 0 : -1; i < 3; i++)          /* the eve counts since 2025 */
			assert_true(is_holiday(set, new_year + i, "春节"));
		assert_true(is_holiday(set, qingming(year), "清明"));
		assert_true(is_holiday(set, day_join(year, 5, 1), "劳动节"));
		assert_true(is_holiday(set, lunar_day(year, 5, 5), "端午"));
		assert_true(is_holiday(set, lunar_day(year, 8, 15), "中秋"));
		for (int i = 1; i <= 3; i++)
			assert_true(is_holiday(set, day_join(year, 10, i), "国庆"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_are_read_and_written_the_same),
		cmocka_unit_test(faults_are_told_by_field),
		cmocka_unit_test(a_holiday_that_ends_before_it_begins_is_refused),
		cmocka_unit_test(what_is_read_is_written_the_same),
		cmocka_unit_test(the_office_works_in_make_up_days_and_rests_on_holidays),
		cmocka_unit_test(hot_line_and_round_the_clock_know_no_holiday),
		cmocka_unit_test(a_year_has_as_many_working_days_as_the_law_leaves),
		cmocka_unit_test(years_not_announced_are_marked_and_others_name_their_notice),
		cmocka_unit_test(the_festivals_lie_in_their_holidays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
