/* What agents do in their shifts: breaks, one thing at a time, slower when tired, and now and then something forgotten. */
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "core/pack.h"

enum { TRIES = 2, FORGETS = 2, ASKS = 15, NEEDS_NO_MORE = 2, MISSED = 8, STILL_UNSOLVED = 2, MORNING = 8, EVENING = 21 };

void sim_wait(struct sim *s, size_t ticket, enum sim_wait wait)
{
	s->tickets[ticket].wait = wait;
	s->tickets[ticket].wait_since = s->now;
}

/* Somebody else may have changed it meanwhile, a rule for one: she looks again and tries once more. */
int sim_act(struct sim *s, struct sim_agent *who, size_t ticket, const char *action, const char *more)
{
	struct sim_ticket *t = &s->tickets[ticket];
	for (int i = 0; i < TRIES; i++) {
		TRY(sim_staff(s, who, "POST", arena_format(s->scratch, "/ticket/%s/action/%s", t->id, action),
		              arena_format(s->scratch, "{\"version\":%lld%s}", (long long)t->version, more), action, (int64_t)t->no));
		if (s->status < 300) {
			t->version = sim_number(s, "version");
			return 0;
		}
		TRY(sim_staff(s, who, "GET", arena_format(s->scratch, "/ticket/%s", t->id), "", "look", (int64_t)t->no));
		int64_t version = sim_number(s, "version");
		t->closed |= text_equal(sim_text(s, "state"), "closed");
		if (s->status >= 300 || version == t->version)
			break;
		t->version = version;
	}
	s->status = 409;
	return 0;
}

static int say(struct sim *s, struct sim_agent *who, size_t ticket, const char *text)
{
	return sim_staff(s, who, "POST", arena_format(s->scratch, "/ticket/%s/comment", s->tickets[ticket].id),
	                 arena_format(s->scratch, "{\"text\":%s,\"visibility\":\"public\"}", sim_quote(s, text)), "say", (int64_t)ticket);
}

/* Choosing ---------------------------------------------------------------------------------------------------------------- */

static int rank(const struct sim_ticket *t)
{
	return t->urgency * 4 + (t->wait == AT_NEW) * 3 + (t->wait == AT_ANSWER) * 2 + (t->reminders > 0) + t->complaint * 2;
}

/* The most pressing, then the longest waiting; what she has forgotten she does not see. */
static size_t choose(struct sim *s)
{
	size_t best = SIZE_MAX;
	for (size_t i = 0; i < s->ticket_n; i++) {
		const struct sim_ticket *t = &s->tickets[i];
		if (t->wait == AT_NOBODY || t->closed || t->forgotten)
			continue;
		if (best == SIZE_MAX || rank(t) > rank(&s->tickets[best]) || (rank(t) == rank(&s->tickets[best]) && t->wait_since < s->tickets[best].wait_since))
			best = i;
	}
	return best;
}

/* How long something takes her: skill, and the tiredness that grows over the shift. */
static int64_t takes(struct sim *s, const struct sim_agent *a, int64_t least, int64_t most)
{
	return (int64_t)((double)sim_between(s, least * SECOND_MS, most * SECOND_MS) * (1 + a->tired) / a->skill);
}

/* Doing ------------------------------------------------------------------------------------------------------------------- */

/* When it can be solved: by telephone soon, with a visit later. */
static void plan_solution(struct sim *s, size_t ticket)
{
	const struct sim_ticket *t = &s->tickets[ticket];
	int64_t minutes = t->complaint ? sim_between(s, 120, 1500) : t->urgency == 2 ? sim_between(s, 20, 120) : t->urgency ? sim_between(s, 60, 900) : sim_between(s, 10, 150);
	sim_plan(s, s->now + minutes * MINUTE_MS, SIM_READY, ticket);
}

/* It went away by itself. An agent may not cancel, the supervisor does. */
static int call_off(struct sim *s, size_t ticket)
{
	TRY(sim_act(s, &s->desk, ticket, "cancel", arena_format(s->scratch, ",\"reason\":%s", sim_quote(s, s->words->cancelled))));
	s->tickets[ticket].closed = s->status < 300;
	return 0;
}

static int take_new(struct sim *s, struct sim_agent *a, size_t ticket)
{
	TRY(sim_act(s, a, ticket, "accept", ""));
	TRY(say(s, a, ticket, s->words->replies.at[sim_draw(s, s->words->replies.n)]));
	s->tickets[ticket].version++;
	if (!s->tickets[ticket].complaint && sim_chance(s, NEEDS_NO_MORE))
		return call_off(s, ticket);
	TRY(sim_act(s, a, ticket, "start", ""));
	if (!sim_chance(s, ASKS)) {
		plan_solution(s, ticket);
		return 0;
	}
	TRY(sim_act(s, a, ticket, "wait", ",\"reason\":\"等客户补拍铭牌\""));
	bool answers = sim_chance(s, 90);
	s->tickets[ticket].asked = answers;
	sim_plan(s, s->now + (answers ? sim_between(s, 5, 240) : 26 * 60) * MINUTE_MS, answers ? SIM_CUSTOMER : SIM_READY, ticket);
	return 0;
}

static int answer(struct sim *s, struct sim_agent *a, size_t ticket)
{
	TRY(say(s, a, ticket, s->words->replies.at[sim_draw(s, s->words->replies.n)]));
	s->tickets[ticket].version++;
	plan_solution(s, ticket);
	return 0;
}

/* Nobody confirms and rates in her sleep. */
static time_ms awake(time_ms at)
{
	int64_t hour = (at + SIM_OFFSET * (int64_t)MINUTE_MS) % DAY_MS / HOUR_MS;
	return hour >= MORNING && hour < EVENING ? at : at + (24 - EVENING + MORNING) * HOUR_MS;
}

static int solve(struct sim *s, struct sim_agent *a, size_t ticket)
{
	struct sim_ticket *t = &s->tickets[ticket];
	const struct demo_problem *p = &s->words->problems[t->problem];
	if (!t->reminders && sim_chance(s, FORGETS)) {
		t->forgotten = true;
		sim_wait(s, ticket, AT_READY);
		return 0;
	}
	if (t->reopened > t->planned) {
		TRY(sim_act(s, a, ticket, "plan", arena_format(s->scratch, ",\"new_plan\":\"换个办法：上门复查\",\"plan_due_at\":%lld", (long long)(s->now + DAY_MS))));
		t->planned = t->reopened;
	}
	TRY(sim_act(s, a, ticket, "resolve", arena_format(s->scratch, ",\"steps\":%s,\"result\":%s", sim_quote(s, p->steps), sim_quote(s, p->result))));
	t->solved = s->status < 300;
	if (t->solved && (t->complaint || sim_chance(s, 85)))
		sim_plan(s, awake(s->now + sim_between(s, 10, 20 * 60) * MINUTE_MS), SIM_CUSTOMER, ticket);
	return 0;
}

/* Who writes waits less long than a ticket. */
static int serve_talk(struct sim *s, size_t agent, bool *served)
{
	struct sim_agent *a = &s->agents[agent];
	struct sim_talk *t = s->now < a->on_until ? sim_talk_for(s, agent) : NULL;
	if (!t && s->now < a->on_until)
		TRY(sim_take_next(s, agent, &t));
	*served = t;
	if (!t)
		return 0;
	a->busy = true;
	a->tired += 0.002;
	TRY(sim_serve(s, agent, t));
	sim_plan(s, s->now + takes(s, a, 25, 90), SIM_FREE, agent);
	return 0;
}

int sim_work(struct sim *s, size_t agent)
{
	struct sim_agent *a = &s->agents[agent];
	a->busy = false;
	bool served;
	TRY(serve_talk(s, agent, &served));
	if (served)
		return 0;
	size_t ticket = s->now < a->on_until ? choose(s) : SIZE_MAX;
	if (ticket == SIZE_MAX)
		return 0;
	struct sim_ticket *t = &s->tickets[ticket];
	enum sim_wait wait = t->wait;
	int64_t time = wait == AT_NEW ? takes(s, a, 60, 240) : wait == AT_ANSWER ? takes(s, a, 60, 180) : takes(s, a, 180, 600);
	t->wait = AT_NOBODY;
	TRY(wait == AT_NEW ? take_new(s, a, ticket) : wait == AT_ANSWER ? answer(s, a, ticket) : solve(s, a, ticket));
	a->busy = true;
	a->tired += 0.003;
	if (sim_chance(s, 4)) {
		time += sim_between(s, 5, 15) * MINUTE_MS;      /* a cup of tea */
		a->tired /= 2;
	}
	sim_plan(s, s->now + time, SIM_FREE, agent);
	return 0;
}

/* Whoever is there and has nothing to do sees it a moment later. */
int sim_wake_one(struct sim *s)
{
	size_t from = sim_draw(s, s->agent_n);
	for (size_t i = 0; i < s->agent_n; i++) {
		struct sim_agent *a = &s->agents[(from + i) % s->agent_n];
		if (a->busy || s->now >= a->on_until)
			continue;
		a->busy = true;
		sim_plan(s, s->now + sim_between(s, 20, 120) * SECOND_MS, SIM_FREE, (from + i) % s->agent_n);
		return 0;
	}
	return 0;
}

/* The supervisor ------------------------------------------------------------------------------------------------------------ */

/* The server has opened the ticket again: who did it has to think of something else. */
static int take_back(struct sim *s, const char *id)
{
	for (size_t i = 0; i < s->ticket_n; i++) {
		struct sim_ticket *t = &s->tickets[i];
		if (!text_equal(t->id, id))
			continue;
		t->solved = t->closed = false;
		t->reopened++;
		sim_wait(s, i, AT_ANSWER);
		return sim_wake_one(s);
	}
	return 0;
}

/* Of those who are called some do not answer, and some say that it is as before. */
static int finish_task(struct sim *s, yyjson_val *task, const char *result)
{
	const char *id = yyjson_get_str(yyjson_obj_get(task, "id")), *ticket = yyjson_get_str(yyjson_obj_get(task, "ticket_id"));
	const bool call = text_equal(yyjson_get_str(yyjson_obj_get(task, "kind")), "call_back");
	const bool missed = call && sim_chance(s, MISSED), unsolved = call && !missed && sim_chance(s, STILL_UNSOLVED);
	TRY(sim_staff(s, &s->desk, "POST", arena_format(s->scratch, "/task/%s/action/finish", id),
	              arena_format(s->scratch, "{\"version\":%lld,\"outcome\":\"%s\",\"result\":\"%s\"}", (long long)yyjson_get_sint(yyjson_obj_get(task, "version")),
	                           missed ? "not_reached" : unsolved ? "unsolved" : "content", missed ? "响了半分钟，没有人接" : unsolved ? "客户说用了一天又出现了" : result), "finish", 0));
	return unsolved && s->status < 300 && ticket ? take_back(s, ticket) : 0;
}

static int finish_all(struct sim *s, const char *path, time_ms before, const char *result)
{
	TRY(sim_staff(s, &s->desk, "GET", path, "", "tasks", 0));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_val *task;
	size_t i, n;
	int r = 0;
	yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "items"), i, n, task)
		if (r == 0 && yyjson_get_sint(yyjson_obj_get(task, "due_at")) <= before)
			r = finish_task(s, task, result);
	yyjson_doc_free(doc);
	return r;
}

int sim_call_complaint(struct sim *s, size_t ticket)
{
	TRY(sim_act(s, &s->desk, ticket, "contact", ",\"reason\":\"主管致电客户\""));
	const char *path = arena_format(s->scratch, "/task?limit=10&condition=ticket_id%%20%%3D%%20%s%%20and%%20state%%20%%3D%%20open%%20and%%20kind%%20%%3D%%20complaint_call", s->tickets[ticket].id);
	return finish_all(s, path, FAR_FUTURE_MS, "已致电，客户情绪平稳，约定处理时间");
}

/* Each hour of the day: what is promised for the next hours is called, what was forgotten is found. */
int sim_round(struct sim *s)
{
	int64_t hour = (s->now + SIM_OFFSET * (int64_t)MINUTE_MS) % DAY_MS / HOUR_MS;
	sim_plan(s, s->now + (hour == 20 ? 13 : 1) * HOUR_MS, SIM_ROUND, 0);
	TRY(sim_recognise(s));
	TRY(finish_all(s, "/task?limit=100&sort=due_at&condition=state%20%3D%20open", s->now + (hour == 20 ? 13 : 2) * HOUR_MS, "已回访，客户确认"));
	for (size_t i = 0; i < s->ticket_n; i++)
		if (s->tickets[i].forgotten && s->now - s->tickets[i].wait_since > 24 * (int64_t)HOUR_MS) {
			s->tickets[i].forgotten = false;
			TRY(sim_wake_one(s));
		}
	return 0;
}
