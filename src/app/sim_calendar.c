/* What kind of day it is, and how many report in an hour of it: China's holidays and make-up days as the pack has them. */
#include <string.h>

#include "app/sim.h"
#include "core/pack.h"

PACK_FILE(pack_sim_china, "calendars/china.json");

enum { NIGHT_BEFORE = 2, DAYS_AFTER = 16 };     /* kinds are known so far around the days that are played */

/* Of a hundred reports of a day, hour by hour. On working days after breakfast and in the evening; who is at home comes later and more evenly. */
static const double hours[2][24] = {
	{ 0.8, 0.5, 0.3, 0.2, 0.2, 0.4, 1.0, 2.5, 5.0, 7.5, 8.5, 7.0, 5.0, 5.0, 6.0, 6.5, 6.0, 5.5, 6.0, 8.0, 8.0, 6.0, 2.8, 1.3 },
	{ 1.0, 0.6, 0.3, 0.2, 0.2, 0.3, 0.6, 1.5, 3.5, 6.5, 9.0, 9.0, 6.5, 6.0, 7.0, 7.5, 7.0, 6.5, 6.0, 6.5, 6.5, 4.8, 2.2, 0.8 },
};

/* Of a hundred reports of a working day what is wanted, and how much more or less of it comes on other days: nobody has anything installed while the
 * fitters are away, and who is at home has time to ask. */
const struct sim_wish sim_wishes[] = {
	{ "repair", { 72, 82, 52 } }, { "usage", { 12, 15, 14 } }, { "installation", { 12, 17, 5 } }, { "complaint", { 4, 4, 5 } },
};
const size_t sim_wish_count = sizeof(sim_wishes) / sizeof(sim_wishes[0]);

static bool holds(const char *day, yyjson_val *holiday)
{
	const char *first = yyjson_get_str(yyjson_obj_get(holiday, "first")), *last = yyjson_get_str(yyjson_obj_get(holiday, "last"));
	return first && last && strcmp(day, first) >= 0 && strcmp(day, last) <= 0;
}

static bool is_made_up(const char *day, yyjson_val *holiday)
{
	yyjson_val *work;
	size_t i, n;
	bool is = false;
	yyjson_arr_foreach(yyjson_obj_get(holiday, "work"), i, n, work)
		is |= text_equal(day, yyjson_get_str(work));
	return is;
}

static enum sim_day kind_of(yyjson_val *years, int64_t day)
{
	char text[16];
	enum sim_day kind = (day + 3) % 7 >= 5 ? DAY_WEEKEND : DAY_WORK;        /* 1970-01-01 was a Thursday */
	yyjson_val *year, *holiday;
	size_t i, n, k, m;
	day_format(day, text);
	yyjson_arr_foreach(years, i, n, year)
		yyjson_arr_foreach(yyjson_obj_get(year, "holidays"), k, m, holiday)
			kind = holds(text, holiday) ? DAY_HOLIDAY : is_made_up(text, holiday) ? DAY_WORK : kind;
	return kind;
}

void sim_read_days(struct sim *s)
{
	yyjson_doc *doc = yyjson_read(pack_sim_china, strlen(pack_sim_china), 0);
	yyjson_val *years = yyjson_obj_get(yyjson_doc_get_root(doc), "years");
	s->first_day = day_of(s->from, SIM_OFFSET) - NIGHT_BEFORE;
	s->day_n = (size_t)(day_of(s->until, SIM_OFFSET) + DAYS_AFTER - s->first_day);
	s->days = ARENA_ARRAY(s->arena, enum sim_day, s->day_n);
	for (size_t i = 0; i < s->day_n; i++)
		s->days[i] = kind_of(years, s->first_day + (int64_t)i);
	yyjson_doc_free(doc);
}

enum sim_day sim_kind_of_day(const struct sim *s, int64_t day)
{
	int64_t i = day - s->first_day;
	return i < 0 || i >= (int64_t)s->day_n ? DAY_WORK : s->days[i];
}

enum sim_day sim_kind_of(const struct sim *s, time_ms at)
{
	return sim_kind_of_day(s, day_of(at, SIM_OFFSET));
}

static double of_a_hundred(enum sim_day kind)
{
	double sum = 0;
	for (size_t i = 0; i < sim_wish_count; i++)
		sum += sim_wishes[i].share[kind];
	return sum / 100;
}

/* The next report: when as much of the day's traffic has passed as was drawn, an hour after the other, so a quiet night holds back no morning. */
time_ms sim_next_report(struct sim *s, int64_t a_day)
{
	double left = (double)(sim_draw(s, 2000) + 1) / 1000;
	time_ms at = s->now;
	while (at < s->until) {
		enum sim_day kind = sim_kind_of(s, at);
		int64_t into = at + SIM_OFFSET * (int64_t)MINUTE_MS;
		double an_hour = (double)a_day * of_a_hundred(kind) * hours[kind != DAY_WORK][into % DAY_MS / HOUR_MS] / 100;
		int64_t rest = HOUR_MS - into % HOUR_MS, needs = (int64_t)(left / an_hour * (double)HOUR_MS) + 1;
		if (needs <= rest)
			return at + needs;
		left -= an_hour * (double)rest / (double)HOUR_MS;
		at += rest;
	}
	return at;
}
