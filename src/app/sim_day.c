/* What customers report, and by which way; and what they do while they wait. */
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "core/pack.h"

enum { MEMORY_DAYS = 2000, NO_DEVICE = 20, ALONE_ONLINE = 45, COMPLAINS = 20, COMPLAINS_AFTER = 2, UNSOLVED = 6, BAD = 2 };

/* Customers --------------------------------------------------------------------------------------------------------------- */

/* What stands in her home, as the shop wrote it down. Of some nobody knows. */
static int give_device(struct sim *s, struct sim_customer *c, size_t customer)
{
	const size_t model = sim_draw(s, s->words->model_count);
	char bought[16];
	while (strcmp(s->words->products[c->product].code, s->words->models[model].product))
		c->product++;
	if (sim_chance(s, NO_DEVICE))
		return 0;
	day_format(day_of(s->from, SIM_OFFSET) - 30 - (int64_t)sim_draw(s, MEMORY_DAYS), bought);
	TRY(sim_staff(s, &s->desk, "POST", "/device", arena_format(s->scratch, "{\"serial\":\"SM%02zu%08zu\",\"model_id\":\"%s\",\"customer_id\":\"%s\",\"purchased_on\":\"%s\"}",
	              model, 20260000 + customer * 37, s->models[model], c->id, bought), "device", (int64_t)customer));
	if (s->status < 300) {
		snprintf(c->device, sizeof(c->device), "%s", sim_text(s, "id"));
		snprintf(c->serial, sizeof(c->serial), "%s", sim_text(s, "serial"));
	}
	return 0;
}

const char *sim_phone_of(struct sim *s, size_t customer)
{
	return arena_format(s->scratch, "139%08zu", 10000000 + customer * 37);
}

int sim_meet(struct sim *s, size_t customer)
{
	struct sim_customer *c = &s->customers[customer];
	const char *name = arena_format(s->scratch, "%s%s", demo_surnames[sim_draw(s, demo_surname_count)], demo_given[sim_draw(s, demo_given_count)]);
	snprintf(c->name, sizeof(c->name), "%s", name);
	snprintf(c->phone, sizeof(c->phone), "%s", sim_phone_of(s, customer));
	if (c->stranger) {
		c->known = true;
		return 0;
	}
	TRY(sim_staff(s, &s->desk, "POST", "/customer", arena_format(s->scratch, "{\"name\":\"%s\",\"phone\":\"%s\"}", name, c->phone), "customer", (int64_t)customer));
	snprintf(c->id, sizeof(c->id), "%s", sim_text(s, "id"));
	memcpy(c->home, c->id, sizeof(c->home));
	c->known = s->status < 300;
	return give_device(s, c, customer);
}

static struct sim_ticket *new_ticket(struct sim *s)
{
	ARENA_GROW(s->arena, s->tickets, s->ticket_n, s->ticket_room);
	struct sim_ticket *t = &s->tickets[s->ticket_n];
	*t = (struct sim_ticket){ .no = s->ticket_n, .created_at = s->now };
	return t;
}

/* Reporting --------------------------------------------------------------------------------------------------------------- */

/* What somebody wants who has no fault to report, around the name of the product. */
struct around {
	const char *before, *after;
};
static const struct around questions[] = {
	{ "请问", "怎么设置童锁？说明书找不到了" }, { "", "的滤网多久清洗一次比较好？" }, { "", "怎么连家里的 Wi-Fi？一直搜不到" }, { "", "面板上的小绿叶图标是什么意思？" },
};
static const struct around installations[] = {
	{ "新买的", "到货了，想约时间上门安装" }, { "搬家了，", "要拆下来到新家重新装" }, { "", "已经送到，麻烦师傅来之前打个电话" },
};

static const char *words_of(struct sim *s, const struct sim_ticket *t)
{
	const char *product = s->words->products[s->customers[t->customer].product].name, *fault = s->words->problems[t->problem].text;
	if (t->complaint)
		return arena_format(s->scratch, "我要投诉！%s，等了这么久没有人管", fault);
	if (text_equal(t->scene, "repair"))
		return fault;
	const struct around *a = text_equal(t->scene, "usage") ? &questions[t->no % 4] : &installations[t->no % 3];
	return arena_format(s->scratch, "%s%s%s", a->before, product, a->after);
}

/* By her phone's browser, as herself; by every other way the desk writes it down, for those channels end there today. */
static int file(struct sim *s, const struct sim_ticket *t)
{
	const struct sim_customer *c = &s->customers[t->customer];
	const bool fault = t->complaint || text_equal(t->scene, "repair");
	const char *what = *c->device ? arena_format(s->scratch, "\"device_id\":\"%s\"", c->device) : arena_format(s->scratch, "\"product_id\":\"%s\"", s->products[c->product]);
	const char *common = arena_format(s->scratch, "\"scene\":\"%s\",%s,\"symptoms\":%s%s", t->scene, what, fault ? s->words->problems[t->problem].symptoms : "[]",
	                                  t->urgency == 2 ? ",\"danger\":\"leak\"" : "");
	const char *text = sim_quote(s, words_of(s, t));
	const char *answers = t->complaint ? "{\"about\":\"speed\"}" : text_equal(t->scene, "installation") ? "{\"delivered\":true}" : "{}";
	if (!t->channel)
		return sim_my(s, t->customer, "POST", "/my/ticket", arena_format(s->scratch, "{%s,\"description\":%s,\"answers\":%s}", common, text, answers), "report",
		              (int64_t)t->no);
	return sim_staff(s, &s->desk, "POST", "/ticket", arena_format(s->scratch, "{%s,\"text\":%s,\"customer_id\":\"%s\",\"channel\":\"%s\"}", common, text, c->id,
	                 t->channel), "ticket", (int64_t)t->no);
}

/* t is the next ticket, not yet counted. */
static int report(struct sim *s, struct sim_ticket *t)
{
	TRY(file(s, t));
	if (s->status >= 300)
		return 0;       /* the same matter waits already */
	snprintf(t->id, sizeof(t->id), "%s", sim_text(s, "id"));
	t->version = sim_number(s, "version");
	snprintf(s->customers[t->customer].ticket_no, SIM_NAME, "%s", sim_text(s, "no"));
	size_t no = s->ticket_n++;
	sim_wait(s, no, AT_NEW);
	sim_plan(s, s->now + (t->urgency ? 8 : 3) * HOUR_MS + sim_between(s, 0, 3 * HOUR_MS), SIM_PATIENCE, no);
	if (t->complaint)
		sim_plan(s, s->now + sim_between(s, 10, 50) * MINUTE_MS, SIM_CALL, no);
	return sim_wake_one(s);
}

static const char *scene_of(struct sim *s)
{
	const enum sim_day kind = sim_kind_of(s, s->now);
	uint64_t all = 0, i = 0;
	for (size_t k = 0; k < sim_wish_count; k++)
		all += (uint64_t)sim_wishes[k].share[kind];
	for (all = sim_draw(s, all); all >= (uint64_t)sim_wishes[i].share[kind]; i++)
		all -= (uint64_t)sim_wishes[i].share[kind];
	return sim_wishes[i].scene;
}

/* Who comes, when and with what, whatever becomes of those before her. */
static int draw_report(struct sim *s, struct sim_ticket *t)
{
	static const char *const channels[] = { "wechat", "phone", "app", "wecom", "mail", "outlet", "sms" };
	size_t customer = sim_draw(s, s->customer_n);
	while (s->customers[customer].stranger)
		customer = (customer + 1) % s->customer_n;
	time_ms next = sim_next_report(s, s->p.tickets);
	if (next < s->until)
		sim_plan(s, next, SIM_ARRIVE, 0);
	if (!s->customers[customer].known)
		TRY(sim_meet(s, customer));
	t->customer = customer;
	t->channel = sim_chance(s, ALONE_ONLINE) ? NULL : channels[sim_draw(s, 7)];
	t->scene = scene_of(s);
	do
		t->problem = sim_draw(s, s->words->problem_count);
	while (strcmp(s->words->problems[t->problem].product, s->words->products[s->customers[customer].product].code));
	if (text_equal(t->scene, "repair") && s->customers[customer].fault == t->problem + 1)
		t->scene = "usage";     /* that is mended: now she asks about it */
	if (text_equal(t->scene, "repair"))
		s->customers[customer].fault = t->problem + 1;
	t->complaint = text_equal(t->scene, "complaint");
	bool urgent = text_equal(s->words->problems[t->problem].grade, "urgent") && (t->complaint || text_equal(t->scene, "repair"));
	t->urgency = sim_chance(s, 1) ? 2 : urgent;
	return 0;
}

/* Customers are drawn apart from all else, so that two policies are tried on the same ones. */
int sim_arrive(struct sim *s)
{
	const uint64_t others = s->random;
	struct sim_ticket *t = new_ticket(s);
	s->random = s->customers_random;
	TRY(draw_report(s, t));
	s->customers_random = s->random;
	s->random = others;
	return report(s, t);
}

/* What somebody made of a conversation, an agent or the server itself where there is danger: it is worked on like any other. */
int sim_adopt(struct sim *s, size_t customer, size_t problem, const char *ticket)
{
	for (size_t i = 0; i < s->ticket_n; i++)
		if (text_equal(s->tickets[i].id, ticket))
			return 0;       /* the same matter waited already */
	TRY(sim_staff(s, &s->desk, "GET", arena_format(s->scratch, "/ticket/%s", ticket), "", "look", 0));
	if (s->status >= 300)
		return 0;
	struct sim_ticket *t = new_ticket(s);
	static const char *const grades[] = { "normal", "urgent", "critical" };
	const char *scene = sim_text(s, "scene"), *grade = sim_text(s, "grade");
	snprintf(t->id, sizeof(t->id), "%s", ticket);
	t->version = sim_number(s, "version");
	t->customer = customer;
	t->problem = problem;
	t->scene = arena_string(s->arena, scene);
	t->complaint = text_equal(scene, "complaint");
	t->urgency = text_equal(grade, grades[2]) ? 2 : text_equal(grade, grades[1]);
	snprintf(s->customers[customer].ticket_no, SIM_NAME, "%s", sim_text(s, "no"));
	size_t no = s->ticket_n++;
	sim_wait(s, no, AT_NEW);
	if (t->complaint)
		sim_plan(s, s->now + sim_between(s, 10, 50) * MINUTE_MS, SIM_CALL, no);
	return sim_wake_one(s);
}

/* Waiting ----------------------------------------------------------------------------------------------------------------- */

/* About a ticket with which she is out of patience: once. */
static int complain(struct sim *s, size_t about)
{
	if (s->tickets[about].complaint || s->tickets[about].complained || s->now >= s->until)
		return 0;
	s->tickets[about].complained = true;
	struct sim_ticket *t = new_ticket(s);
	const struct sim_ticket *first = &s->tickets[about];
	t->customer = first->customer;
	t->problem = first->problem;
	t->scene = "complaint";
	t->complaint = t->complained = true;
	return report(s, t);
}

static int as_customer(struct sim *s, struct sim_ticket *t, const char *what, const char *more)
{
	TRY(sim_my(s, t->customer, "GET", arena_format(s->scratch, "/my/ticket/%s", t->id), "", "look", (int64_t)t->no));
	int64_t version = sim_number(s, "version");
	return sim_my(s, t->customer, "POST", arena_format(s->scratch, "/my/ticket/%s/%s", t->id, what),
	              arena_format(s->scratch, "{\"version\":%lld%s}", (long long)version, more), what, (int64_t)t->no);
}

static int rate(struct sim *s, size_t ticket, bool bad)
{
	static const char *const results[] = { "satisfied", "satisfied", "satisfied", "mostly", "mostly" };
	static const char *const praise[] = { "回复很快，问题解决了", "客服很耐心，一步一步教我弄好的", "态度不错，就是多等了一会儿" };
	static const char *const blame[] = { "拖了好几天，最后也没说清楚原因", "每次都要重新讲一遍，很失望" };
	struct sim_ticket *t = &s->tickets[ticket];
	const char *words = bad ? blame[sim_draw(s, 2)] : sim_chance(s, 30) ? praise[sim_draw(s, 3)] : "";
	TRY(as_customer(s, t, "rate", arena_format(s->scratch, ",\"result\":\"%s\",\"attitude\":%d,\"speed\":%d,\"solution\":%d,\"text\":\"%s\"",
	                bad ? "not" : results[sim_draw(s, 5)], bad ? 2 : 5, bad ? 1 : 4, bad ? 1 : 5, words)));
	return bad && sim_chance(s, COMPLAINS) ? complain(s, ticket) : 0;
}

/* She has been asked something, or told that it is done. Some never answer: silence closes. */
int sim_customer_acts(struct sim *s, size_t ticket)
{
	struct sim_ticket *t = &s->tickets[ticket];
	if (t->asked) {
		t->asked = false;
		TRY(as_customer(s, t, "fact", arena_format(s->scratch, ",\"text\":\"%s\"", s->words->facts.at[sim_draw(s, s->words->facts.n)])));
		sim_wait(s, ticket, AT_ANSWER);
		return sim_wake_one(s);
	}
	if (!t->solved || t->closed)
		return 0;
	if (sim_chance(s, UNSOLVED)) {
		TRY(as_customer(s, t, "unsolved", ",\"reason\":\"还是老样子，没有解决\""));
		if (s->status >= 300)
			return 0;
		t->solved = false;
		t->reopened++;
		sim_wait(s, ticket, AT_ANSWER);
		return sim_wake_one(s);
	}
	bool bad = sim_chance(s, BAD);
	t->closed = true;
	if (bad || t->complaint || sim_chance(s, 60))
		TRY(as_customer(s, t, "confirm", ""));
	return bad || sim_chance(s, 50) ? rate(s, ticket, bad) : 0;
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
	if (t->reminders >= COMPLAINS_AFTER && sim_chance(s, COMPLAINS))
		TRY(complain(s, ticket));       /* from here on t is not where it was */
	return s->tickets[ticket].wait == AT_NOBODY ? 0 : sim_wake_one(s);
}
