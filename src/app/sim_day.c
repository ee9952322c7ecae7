/* When customers report, what, and by which way; and what they do while they wait. */
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "core/pack.h"

PACK_FILE(pack_sim_china, "calendars/china.json");

/* Of a hundred tickets of a day, hour by hour: evenings and after breakfast. */
static const double hours[24] = { 0.8, 0.5, 0.3, 0.2, 0.2, 0.4, 1.0, 2.5, 5.0, 7.5, 8.5, 7.0, 5.0, 5.0, 6.0, 6.5, 6.0, 5.5, 6.0, 8.0, 8.0, 6.0, 2.8, 1.3 };

static bool is_between(const char *day, yyjson_val *holiday)
{
	const char *first = yyjson_get_str(yyjson_obj_get(holiday, "first")), *last = yyjson_get_str(yyjson_obj_get(holiday, "last"));
	return first && last && strcmp(day, first) >= 0 && strcmp(day, last) <= 0;
}

static bool is_among(const char *day, yyjson_val *year)
{
	yyjson_val *holiday;
	size_t i, n;
	bool is = false;
	yyjson_arr_foreach(yyjson_obj_get(year, "holidays"), i, n, holiday)
		is |= is_between(day, holiday);
	return is;
}

bool sim_is_holiday(time_ms at)
{
	char day[16];
	bool is = false;
	day_format(day_of(at, SIM_OFFSET), day);
	yyjson_doc *doc = yyjson_read(pack_sim_china, strlen(pack_sim_china), 0);
	yyjson_val *year;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "years"), i, n, year)
		is |= is_among(day, year);
	yyjson_doc_free(doc);
	return is;
}

double sim_traffic(struct sim *s, time_ms at)
{
	int64_t day = day_of(at, SIM_OFFSET), hour = (at + SIM_OFFSET * (int64_t)MINUTE_MS) % DAY_MS / HOUR_MS;
	bool weekend = (day + 3) % 7 >= 5;      /* 1970-01-01 was a Thursday */
	return (double)s->p.tickets * hours[hour] / 100 * (sim_is_holiday(at) ? 0.7 : weekend ? 1.2 : 1.0);
}

/* Customers --------------------------------------------------------------------------------------------------------------- */

static int meet(struct sim *s, size_t customer)
{
	struct sim_customer *c = &s->customers[customer];
	const char *name = arena_format(s->scratch, "%s%s", demo_surnames[sim_draw(s, demo_surname_count)], demo_given[sim_draw(s, demo_given_count)]);
	snprintf(c->phone, sizeof(c->phone), "139%08zu", 10000000 + customer * 37);
	TRY(sim_staff(s, &s->desk, "POST", "/customer", arena_format(s->scratch, "{\"name\":\"%s\",\"phone\":\"%s\"}", name, c->phone), "customer", (int64_t)customer));
	snprintf(c->id, sizeof(c->id), "%s", sim_text(s, "id"));
	c->known = s->status < 300;
	return 0;
}

static struct sim_ticket *new_ticket(struct sim *s)
{
	if (s->ticket_n == s->ticket_room) {
		struct sim_ticket *old = s->tickets;
		s->ticket_room = s->ticket_room ? s->ticket_room * 2 : 512;
		s->tickets = ARENA_ARRAY(s->arena, struct sim_ticket, s->ticket_room);
		if (s->ticket_n)
			memcpy(s->tickets, old, s->ticket_n * sizeof(*old));
	}
	struct sim_ticket *t = &s->tickets[s->ticket_n];
	*t = (struct sim_ticket){ .no = s->ticket_n, .created_at = s->now };
	return t;
}

static size_t product_of(const struct sim *s, const struct demo_problem *p)
{
	size_t i = 0;
	while (i + 1 < s->words->product_count && strcmp(s->words->products[i].code, p->product))
		i++;
	return i;
}

/* By her phone's browser, as herself; by every other way the desk writes it down, for those channels end there today. */
static int file(struct sim *s, const struct sim_ticket *t)
{
	static const char *const channels[] = { "wechat", "phone", "app", "wecom", "mail", "outlet", "sms" };
	const struct demo_problem *p = &s->words->problems[t->problem];
	const char *scene = t->complaint ? "complaint" : sim_chance(s, 75) ? "repair" : sim_chance(s, 50) ? "usage" : "installation";
	const char *text = t->complaint ? arena_format(s->scratch, "我要投诉！%s，等了这么久没有人管", p->text) : p->text;
	const char *product = s->products[product_of(s, p)], *danger = t->urgency == 2 ? ",\"danger\":\"leak\"" : "";
	if (sim_chance(s, 45))
		return sim_my(s, t->customer, "POST", "/my/ticket", arena_format(s->scratch, "{\"scene\":\"%s\",\"product_id\":\"%s\",\"description\":\"%s\",\"symptoms\":%s%s}",
		              scene, product, text, p->symptoms, danger), "report", (int64_t)t->no);
	return sim_staff(s, &s->desk, "POST", "/ticket", arena_format(s->scratch, "{\"scene\":\"%s\",\"product_id\":\"%s\",\"text\":\"%s\",\"symptoms\":%s%s,\"customer_id\":\"%s\",\"channel\":\"%s\"}",
	                 scene, product, text, p->symptoms, danger, s->customers[t->customer].id, channels[sim_draw(s, 7)]), "ticket", (int64_t)t->no);
}

static void plan_next_arrival(struct sim *s)
{
	double gap = (double)HOUR_MS / sim_traffic(s, s->now) * (double)(sim_draw(s, 2000) + 1) / 1000;
	if (s->now + (int64_t)gap < s->until)
		sim_plan(s, s->now + (int64_t)gap, SIM_ARRIVE, 0);
}

int sim_arrive(struct sim *s)
{
	size_t customer = sim_draw(s, s->customer_n);
	plan_next_arrival(s);
	if (!s->customers[customer].known)
		TRY(meet(s, customer));
	struct sim_ticket *t = new_ticket(s);
	t->customer = customer;
	t->problem = sim_draw(s, s->words->problem_count);
	t->complaint = sim_chance(s, 4);
	t->urgency = sim_chance(s, 1) ? 2 : strcmp(s->words->problems[t->problem].grade, "urgent") ? 0 : 1;
	TRY(file(s, t));
	if (s->status >= 300)
		return 0;       /* the same matter waits already */
	snprintf(t->id, sizeof(t->id), "%s", sim_text(s, "id"));
	t->version = sim_number(s, "version");
	size_t no = s->ticket_n++;
	sim_wait(s, no, AT_NEW);
	sim_plan(s, s->now + (t->urgency ? 8 : 3) * HOUR_MS + sim_between(s, 0, 3 * HOUR_MS), SIM_PATIENCE, no);
	if (t->complaint)
		sim_plan(s, s->now + sim_between(s, 10, 50) * MINUTE_MS, SIM_CALL, no);
	return sim_wake_one(s);
}

static int as_customer(struct sim *s, struct sim_ticket *t, const char *what, const char *more)
{
	TRY(sim_my(s, t->customer, "GET", arena_format(s->scratch, "/my/ticket/%s", t->id), "", "look", (int64_t)t->no));
	int64_t version = sim_number(s, "version");
	return sim_my(s, t->customer, "POST", arena_format(s->scratch, "/my/ticket/%s/%s", t->id, what),
	              arena_format(s->scratch, "{\"version\":%lld%s}", (long long)version, more), what, (int64_t)t->no);
}

/* She has been asked something, or told that it is done. Some never answer: silence closes. */
int sim_customer_acts(struct sim *s, size_t ticket)
{
	struct sim_ticket *t = &s->tickets[ticket];
	static const char *const results[] = { "satisfied", "satisfied", "satisfied", "mostly", "mostly" };
	if (t->asked) {
		t->asked = false;
		TRY(as_customer(s, t, "fact", arena_format(s->scratch, ",\"text\":\"%s\"", s->words->facts.at[sim_draw(s, s->words->facts.n)])));
		sim_wait(s, ticket, AT_ANSWER);
		return sim_wake_one(s);
	}
	if (!t->solved || t->closed)
		return 0;
	if (sim_chance(s, 6)) {
		TRY(as_customer(s, t, "unsolved", ",\"reason\":\"还是老样子，没有解决\""));
		if (s->status >= 300)
			return 0;
		t->solved = false;
		t->reopened++;
		sim_wait(s, ticket, AT_ANSWER);
		return sim_wake_one(s);
	}
	bool bad = sim_chance(s, 2);
	t->closed = true;
	if (bad || t->complaint || sim_chance(s, 60))
		TRY(as_customer(s, t, "confirm", ""));
	if (bad || sim_chance(s, 50))
		return as_customer(s, t, "rate", arena_format(s->scratch, ",\"result\":\"%s\",\"attitude\":%d,\"speed\":%d,\"solution\":%d", bad ? "not" : results[sim_draw(s, 5)],
		                   bad ? 2 : 5, bad ? 1 : 4, bad ? 1 : 5));
	return 0;
}

int sim_loses_patience(struct sim *s, size_t ticket)
{
	struct sim_ticket *t = &s->tickets[ticket];
	if (t->solved || t->closed || t->reminders >= 3 || s->now > s->until + 3 * DAY_MS)
		return 0;
	t->reminders++;
	t->forgotten = false;
	TRY(as_customer(s, t, "remind", ""));
	sim_plan(s, s->now + sim_between(s, 2, 6) * HOUR_MS, SIM_PATIENCE, ticket);
	if (t->wait == AT_NOBODY)
		return 0;
	return sim_wake_one(s);
}
