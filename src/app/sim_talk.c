/* Customers who write or call: when, with what, by which way and number, and what they answer. The shares are plausible, not measured at a brand. */
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "core/pack.h"

enum { BACK_AGAIN = 35, STRANGERS = 5, OWN_NUMBER = 84, OTHER_NUMBER = 9, SHOP_KNOWS = 75, BOT_SOLVES = 80, ASKS_ON = 40, PROVES = 75, GIVES = 90, SILENT = 4, SECOND_HAND = 4, FAULTS = 60, BOT_MOST = 5 };

static const struct { enum sim_way way; uint64_t share; } shares[SIM_WAYS] = { { WAY_PAGE, 22 }, { WAY_WEB, 28 }, { WAY_SMS, 14 }, { WAY_API, 12 }, { WAY_PHONE, 24 } };

/* Who comes with what ------------------------------------------------------------------------------------------------------- */

static struct sim_talk *new_talk(struct sim *s)
{
	ARENA_GROW(s->arena, s->talks, s->talk_n, s->talk_room);
	struct sim_talk *t = &s->talks[s->talk_n];
	*t = (struct sim_talk){ .no = s->talk_n, .owner = SIZE_MAX };
	return t;
}

static enum sim_way draw_way(struct sim *s)
{
	uint64_t n = sim_draw(s, 100);
	size_t i = 0;
	for (; i + 1 < SIM_WAYS && n >= shares[i].share; i++)
		n -= shares[i].share;
	return shares[i].way;
}

/* Her own, another of hers that stands in no file, or that of somebody who lives with her and has a file of his own. */
static void draw_number(struct sim *s, struct sim_talk *t)
{
	uint64_t n = sim_draw(s, 100);
	size_t other = (t->customer + 1) % s->customer_n;
	if (n < OWN_NUMBER)
		snprintf(t->number, sizeof(t->number), "%s", s->customers[t->customer].phone);
	else if (n < OWN_NUMBER + OTHER_NUMBER)
		snprintf(t->number, sizeof(t->number), "136%08zu", 10000000 + t->customer * 41);
	else
		snprintf(t->number, sizeof(t->number), "%s", sim_phone_of(s, other));
	t->borrowed = n >= OWN_NUMBER + OTHER_NUMBER;
}

/* Whoever was here before comes back more often, by whichever way. */
static int draw(struct sim *s, struct sim_talk *t)
{
	const bool back = sim_chance(s, BACK_AGAIN) && t->no;
	const size_t before = sim_draw(s, t->no + 1), anybody = sim_draw(s, s->customer_n);
	t->customer = back ? s->talks[before % t->no].customer : anybody;
	struct sim_customer *c = &s->customers[t->customer];
	const bool stranger = sim_chance(s, STRANGERS), shop = sim_chance(s, SHOP_KNOWS);
	if (!c->known) {
		c->stranger = stranger;
		c->shop_knows = shop;
		TRY(sim_meet(s, t->customer));
	}
	t->way = draw_way(s);
	if (c->stranger && t->way == WAY_PAGE)
		t->way = WAY_WEB;
	draw_number(s, t);
	do
		t->problem = sim_draw(s, s->words->problem_count);
	while (strcmp(s->words->problems[t->problem].product, s->words->products[c->product].code));
	t->rates = sim_chance(s, 50);
	return 0;
}

static const char *first_words(struct sim *s, const struct sim_talk *t)
{
	static const char *const questions[] = { "%s怎么清洗？多久一次？", "请问%s保修多长时间", "%s噪音大是怎么回事", "%s怎么连家里的 Wi-Fi", "%s需要上门安装吗，怎么约" };
	const char *product = s->words->products[s->customers[t->customer].product].name;
	if (sim_chance(s, FAULTS))
		return s->words->problems[t->problem].text;
	const char *form = questions[sim_draw(s, sizeof(questions) / sizeof(questions[0]))], *at = strstr(form, "%s");
	return arena_format(s->scratch, "%.*s%s%s", (int)(at - form), form, product, at + 2);
}

/* What helps to find her: something that is printed, or that she remembers. A product that was bought from somebody may still stand in his file. */
const char *sim_details(struct sim *s, const struct sim_talk *t)
{
	const struct sim_customer *c = &s->customers[t->customer], *other = &s->customers[(t->customer + 2) % s->customer_n];
	uint64_t n = sim_draw(s, 100);
	const bool second_hand = sim_chance(s, SECOND_HAND);
	if (n >= 80 && *c->ticket_no)
		return arena_format(s->scratch, "服务单号 %s", c->ticket_no);
	if (n >= 55 && second_hand && *other->serial)
		return arena_format(s->scratch, "机身序列号 %s", other->serial);
	if (n >= 55 && *c->serial)
		return arena_format(s->scratch, "机身序列号 %s", c->serial);
	return arena_format(s->scratch, "手机号 %s", c->phone);
}

/* What the server makes of it ------------------------------------------------------------------------------------------------ */

int sim_look_at(struct sim *s, struct sim_talk *t)
{
	static const struct { const char *state; enum sim_stage stage; } stages[] = { { "bot", TALK_BOT }, { "waiting", TALK_QUEUED }, { "active", TALK_HELD }, { "closed", TALK_OVER } };
	struct sim_customer *c = &s->customers[t->customer];
	TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/conversation/%s", t->id), "", "look", (int64_t)t->no));
	const char *state = sim_text(s, "state"), *ticket = sim_text(s, "ticket_id");
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (text_equal(state, stages[i].state))
			t->stage = stages[i].stage;
	t->opens_at = sim_number(s, "away_until");
	if (!*c->home)
		snprintf(c->home, sizeof(c->home), "%s", sim_text(s, "customer_id"));
	return *ticket && strcmp(ticket, "0") != 0 ? sim_adopt(s, t->customer, t->problem, ticket) : 0;
}

static void soon(struct sim *s, const struct sim_talk *t, int64_t least, int64_t most)
{
	sim_plan(s, s->now + sim_between(s, least, most) * SECOND_MS, SIM_TALK, t->no);
}

static void leave(struct sim *s, struct sim_talk *t)
{
	t->stage = TALK_OVER;
	s->customers[t->customer].talking--;
}

/* After words of hers. */
static int then(struct sim *s, struct sim_talk *t)
{
	TRY(sim_look_at(s, t));
	switch (t->stage) {
	case TALK_BOT:
		soon(s, t, 20, 70);
		return 0;
	case TALK_QUEUED:
		if (t->way != WAY_PAGE && !t->gave)
			soon(s, t, 15, 60);
		return t->opens_at > s->now ? 0 : sim_wake_one(s);
	case TALK_HELD:
		t->owed = true;
		return sim_wake_owner(s, t);
	default:
		s->customers[t->customer].talking--;
		return 0;
	}
}

/* Beginning ------------------------------------------------------------------------------------------------------------------ */

/* At whoever is there and has nothing to do; else it rings until she gives up. */
static int ring(struct sim *s, struct sim_talk *t)
{
	size_t from = sim_draw(s, s->agent_n);
	for (size_t i = 0; i < s->agent_n && t->owner == SIZE_MAX; i++) {
		const struct sim_agent *a = &s->agents[(from + i) % s->agent_n];
		if (!a->busy && s->now < a->on_until)
			t->owner = (from + i) % s->agent_n;
	}
	TRY(sim_call_event(s, t, "ringing"));
	if (t->owner != SIZE_MAX)
		s->agents[t->owner].busy = true;
	TRY(sim_staff(s, &s->admin, "GET", "/phone_call?limit=1&sort=-created_at", "", "look", (int64_t)t->no));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_val *row = yyjson_arr_get_first(yyjson_obj_get(yyjson_doc_get_root(doc), "items"));
	snprintf(t->call, sizeof(t->call), "%s", pack_text(s->scratch, row, "id", ""));
	snprintf(t->id, sizeof(t->id), "%s", pack_text(s->scratch, row, "conversation_id", ""));
	yyjson_doc_free(doc);
	soon(s, t, t->owner == SIZE_MAX ? 30 : 6, t->owner == SIZE_MAX ? 60 : 25);
	TRY(sim_look_at(s, t));
	t->stage = TALK_RINGS;
	return 0;
}

/* Customers are drawn apart from all else, as those of tickets are. */
int sim_talk_arrives(struct sim *s)
{
	const uint64_t others = s->random;
	struct sim_talk *t = new_talk(s);
	s->random = s->talks_random;
	time_ms next = sim_next_report(s, s->p.talks);
	if (next < s->until)
		sim_plan(s, next, SIM_CONTACT, 0);
	TRY(draw(s, t));
	const char *words = first_words(s, t);
	s->talks_random = s->random;
	s->random = others;
	if (s->customers[t->customer].talking)
		return 0;       /* she is being served */
	s->customers[t->customer].talking++;
	s->talk_n++;
	if (t->way == WAY_PHONE)
		return ring(s, t);
	TRY(sim_say(s, t, words));
	return then(s, t);
}

/* Going on ------------------------------------------------------------------------------------------------------------------- */

/* The bot has told her how her question gets into her file: on a web page by a code, elsewhere by a number that leads to it. */
static int says_who(struct sim *s, struct sim_talk *t)
{
	struct sim_customer *c = &s->customers[t->customer];
	if (t->way == WAY_WEB && !c->proven && sim_chance(s, PROVES)) {
		c->proven = true;
		return sim_prove(s, t);
	}
	bool asked = t->way == WAY_WEB ? !c->proven : t->way == WAY_API && (c->stranger || !c->shop_knows);
	return asked && sim_chance(s, PROVES) ? sim_say(s, t, sim_details(s, t)) : 0;
}

static int is_helped(struct sim *s, struct sim_talk *t)
{
	TRY(sim_say(s, t, "解决了"));
	TRY(sim_look_at(s, t));
	if (t->stage != TALK_BOT)
		return then(s, t);
	TRY(says_who(s, t));
	TRY(sim_end_chat(s, t));
	leave(s, t);
	return 0;
}

static int with_bot(struct sim *s, struct sim_talk *t)
{
	if (t->said == 1 && !t->borrowed && sim_chance(s, BOT_SOLVES))
		return is_helped(s, t);
	if (t->said >= BOT_MOST) {
		leave(s, t);
		return 0;
	}
	TRY(sim_say(s, t, t->said == 1 && sim_chance(s, ASKS_ON) ? "没解决" : "转人工"));
	return then(s, t);
}

/* While she stands in the queue she answers what the bot has asked. */
static int gives(struct sim *s, struct sim_talk *t)
{
	t->gave = true;
	if (!sim_chance(s, GIVES))
		return 0;
	TRY(sim_say(s, t, sim_details(s, t)));
	return then(s, t);
}

/* Some are gone once they are helped: the agent waits, and ends it. */
static int replies(struct sim *s, struct sim_talk *t)
{
	if (!t->asks && sim_chance(s, SILENT)) {
		t->owed = true;
		return sim_wake_owner(s, t);
	}
	const char *name = s->customers[t->customer].name;
	const char *words = !t->asks ? "好的，谢谢" : sim_chance(s, GIVES) ? arena_format(s->scratch, "我叫%s，%s", name, sim_details(s, t)) : arena_format(s->scratch, "我叫%s", name);
	t->named |= t->asks;
	t->asks = false;
	TRY(sim_say(s, t, words));
	return then(s, t);
}

static int gives_up(struct sim *s, struct sim_talk *t)
{
	TRY(sim_call_event(s, t, "missed"));
	leave(s, t);
	return 0;
}

int sim_talk_goes_on(struct sim *s, size_t talk)
{
	struct sim_talk *t = &s->talks[talk];
	switch (t->stage) {
	case TALK_RINGS:
		return t->owner == SIZE_MAX ? gives_up(s, t) : sim_pick_up(s, t);
	case TALK_SPEAKS:
		TRY(sim_hang_up(s, t));
		leave(s, t);
		return 0;
	case TALK_BOT:
		return with_bot(s, t);
	case TALK_QUEUED:
		return t->gave ? 0 : gives(s, t);
	case TALK_HELD:
		return t->owed ? 0 : replies(s, t);
	case TALK_OVER:
		return sim_rate_chat(s, t);
	}
	return ERR_INTERNAL;
}
