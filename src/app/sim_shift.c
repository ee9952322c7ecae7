/* Who works when: shifts and leave are planned in the product by the supervisor, a week at a time, and people come and go by that plan.
 *
 * Two in seven days are free. Over a holiday every second one is on leave, and a colleague covers; now and then somebody is ill. */
#include <stdio.h>
#include <string.h>

#include "app/sim.h"
#include "core/pack.h"

enum { SHIFT_HOURS = 9, NIGHT_HOURS = 12, WEEK = 7, FREE_OF_WEEK = 2, ILL = 4 };

static size_t nights(const struct sim *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->agent_n; i++)
		n += s->agents[i].night;
	return n;
}

/* A night that only one person keeps is always kept. */
static bool is_planned(const struct sim *s, size_t agent, int64_t day)
{
	bool alone = s->agent_n == 1 || (s->agents[agent].night && nights(s) == 1);
	return alone || (day + (int64_t)agent) % WEEK >= FREE_OF_WEEK;
}

static bool is_away(const struct sim_agent *a, int64_t day)
{
	return day >= a->away_from && day < a->away_to;
}

/* Side by side they cover for each other; who works at night covers for nobody, and nobody for her. */
static size_t cover_of(const struct sim *s, size_t agent)
{
	size_t other = agent ^ 1;
	return other < s->agent_n && !s->agents[agent].night && !s->agents[other].night ? other : SIZE_MAX;
}

static const char *hours_of(const struct sim_agent *a, size_t i)
{
	return a->night ? "20:00-08:00" : i % 2 ? "11:00-20:00" : "08:00-17:00";
}

static time_ms midnight(int64_t day)
{
	return day * DAY_MS - SIM_OFFSET * (int64_t)MINUTE_MS;
}

/* Planning ------------------------------------------------------------------------------------------------------------------ */

static int plan_leave(struct sim *s, size_t agent, int64_t from, int64_t to, const char *reason)
{
	struct sim_agent *a = &s->agents[agent];
	size_t other = cover_of(s, agent);
	if (other == SIZE_MAX || s->agents[other].away_to > from || a->away_to > from)
		return 0;       /* nobody could cover */
	a->away_from = from;
	a->away_to = to;
	return sim_staff(s, &s->desk, "POST", "/absence",
	                 arena_format(s->scratch, "{\"user_id\":\"%s\",\"reason\":\"%s\",\"from_at\":%lld,\"to_at\":%lld,\"cover_id\":\"%s\"}", a->id, reason, (long long)midnight(from),
	                              (long long)midnight(to), s->agents[other].id), "absence", (int64_t)agent);
}

/* Of each pair one, of early and late ones as many; the other one at the next holiday. */
static int plan_holiday(struct sim *s, int64_t first)
{
	int64_t to = first;
	while (sim_kind_of_day(s, to) == DAY_HOLIDAY)
		to++;
	for (size_t i = 0; i < s->agent_n; i++)
		if (i % 2 == (i / 2 + (size_t)s->holidays) % 2)
			TRY(plan_leave(s, i, first, to, "annual"));
	s->holidays++;
	return 0;
}

static int plan_shift(struct sim *s, size_t agent, int64_t day)
{
	char text[16];
	day_format(day, text);
	return sim_staff(s, &s->desk, "POST", "/shift", arena_format(s->scratch, "{\"user_id\":\"%s\",\"day\":\"%s\",\"hours\":\"%s\"}", s->agents[agent].id, text,
	                 hours_of(&s->agents[agent], agent)), "shift", (int64_t)agent);
}

int sim_plan_week(struct sim *s)
{
	int64_t today = day_of(s->now, SIM_OFFSET);
	sim_plan(s, s->now + WEEK * DAY_MS, SIM_WEEK, 0);
	for (int64_t day = today; day < today + WEEK; day++) {
		bool begins = sim_kind_of_day(s, day) == DAY_HOLIDAY && (day == s->first_planned || sim_kind_of_day(s, day - 1) != DAY_HOLIDAY);
		for (size_t i = 0; i < s->agent_n; i++)
			if (is_planned(s, i, day))
				TRY(plan_shift(s, i, day));
		if (begins)
			TRY(plan_holiday(s, day));
	}
	for (size_t i = 0; i < s->agent_n; i++)
		if (sim_chance(s, ILL)) {
			int64_t day = today + (int64_t)sim_draw(s, WEEK);
			TRY(plan_leave(s, i, day, day + 1, "sick"));
		}
	return 0;
}

/* Working ------------------------------------------------------------------------------------------------------------------- */

static int begin(struct sim *s, size_t agent, size_t whose)
{
	struct sim_agent *a = &s->agents[agent];
	time_ms from = a->on_until > s->now ? a->on_until : s->now, until = s->now + (s->agents[whose].night ? NIGHT_HOURS : SHIFT_HOURS) * HOUR_MS;
	if (from == s->now)
		a->tired = 0;
	if (until > from && s->now < s->until)
		s->hours[sim_kind_of(s, s->now)] += (double)(until - from) / HOUR_MS;
	a->on_until = until > from ? until : from;
	return a->busy ? 0 : sim_work(s, agent);
}

/* Whoever covers works the hours of the other, besides her own. */
int sim_shift(struct sim *s, size_t agent)
{
	int64_t day = day_of(s->now, SIM_OFFSET);
	sim_plan(s, s->now + DAY_MS, SIM_SHIFT, agent);
	if (!is_planned(s, agent, day))
		return 0;
	return begin(s, is_away(&s->agents[agent], day) ? cover_of(s, agent) : agent, agent);
}

/* The first shifts: by day from 8 or 11 on, at night from 20; the night before the first day is kept. The supervisor makes her rounds from 9. */
void sim_plan_shifts(struct sim *s)
{
	s->first_planned = day_of(s->from, SIM_OFFSET);
	for (size_t i = 0; i < s->agent_n; i++) {
		struct sim_agent *a = &s->agents[i];
		a->on_until = a->night ? s->from + 8 * HOUR_MS : 0;
		sim_plan(s, s->from + (a->night ? 20 : i % 2 ? 11 : 8) * HOUR_MS, SIM_SHIFT, i);
	}
	sim_plan(s, s->from, SIM_WEEK, 0);
	sim_plan(s, s->from + 9 * HOUR_MS, SIM_ROUND, 0);
}
