/* What agents do with conversations: take the next, ask who it is where nobody knows, join what was shown to be hers, answer, make a ticket, end it. And the
 * supervisor, who goes through those whom nobody has recognised, and calls. A name is compared with the file's as it is told; nobody here knows more. */
#include <stdio.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "core/pack.h"

enum { ASKS_MOST = 2, LIKELY_MOST = 5, MAKES_TICKET = 40, REACHED = 85 };

/* Recognising --------------------------------------------------------------------------------------------------------------- */

/* Read for a purpose that is kept, like everybody's. */
static int is_named(struct sim *s, struct sim_agent *a, const char *customer, const char *name, bool *is)
{
	TRY(sim_staff(s, a, "POST", arena_format(s->scratch, "/customer/%s/reveal", customer), "{\"field\":\"name\",\"purpose\":\"核对客户身份\"}", "reveal", 0));
	*is = s->status < 300 && text_equal(sim_text(s, "value"), name);
	return 0;
}

struct likely {
	char ids[LIKELY_MOST][SIM_NAME];
	size_t n;
	bool known, proven;
};

static void add(struct likely *l, const char *id)
{
	if (l->n < LIKELY_MOST && !text_empty(id) && strcmp(id, "0") != 0)
		snprintf(l->ids[l->n++], SIM_NAME, "%s", id);
}

static void read_likely(struct sim *s, yyjson_val *root, struct likely *l)
{
	yyjson_val *one;
	size_t i, n;
	*l = (struct likely){ .known = yyjson_get_bool(yyjson_obj_get(root, "known")), .proven = yyjson_get_bool(yyjson_obj_get(root, "proven")) };
	yyjson_arr_foreach(yyjson_obj_get(root, "customers"), i, n, one)
		add(l, yyjson_get_str(yyjson_obj_get(yyjson_obj_get(one, "customer"), "id")));
}

static int ask_desk(struct sim *s, struct sim_agent *a, const struct sim_talk *t, struct likely *l)
{
	TRY(sim_staff(s, a, "GET", arena_format(s->scratch, "/conversation/%s/who", t->id), "", "who", (int64_t)t->no));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	read_likely(s, yyjson_doc_get_root(doc), l);
	yyjson_doc_free(doc);
	return 0;
}

/* The one of them who has her name. */
static int join_by_name(struct sim *s, struct sim_agent *a, struct sim_talk *t, struct likely *l, const char *path)
{
	const char *name = s->customers[t->customer].name;
	for (size_t i = 0; i < l->n && !l->known; i++) {
		bool is;
		TRY(is_named(s, a, l->ids[i], name, &is));
		if (!is)
			continue;
		TRY(sim_staff(s, a, "POST", path, arena_format(s->scratch, "{\"customer_id\":\"%s\"}", l->ids[i]), "join", (int64_t)t->no));
		l->known = s->status < 300;
	}
	return 0;
}

/* By a number a household is known, not a person. */
static bool is_shared(const struct sim_talk *t, const struct likely *l)
{
	return l->known && !l->proven && !t->checked && (t->way == WAY_SMS || t->way == WAY_PHONE);
}

static int file_of(struct sim *s, struct sim_agent *a, const struct sim_talk *t, char file[static SIM_NAME])
{
	TRY(sim_staff(s, a, "GET", arena_format(s->scratch, "/conversation/%s", t->id), "", "look", (int64_t)t->no));
	snprintf(file, SIM_NAME, "%s", sim_text(s, "customer_id"));
	return 0;
}

/* It is he whose number it is, or somebody else, whose words get a file of their own until it is known whose. */
static int compare_name(struct sim *s, struct sim_agent *a, struct sim_talk *t, struct likely *l)
{
	char file[SIM_NAME];
	bool is;
	TRY(file_of(s, a, t, file));
	TRY(is_named(s, a, file, s->customers[t->customer].name, &is));
	t->checked = true;
	if (is)
		return 0;
	l->known = false;
	return sim_staff(s, a, "POST", arena_format(s->scratch, "/conversation/%s/not_she", t->id), "{}", "part", (int64_t)t->no);
}

/* Somebody who was never here: a file with her name, and the number she says as a contact, which proves nothing. */
static int enter_name(struct sim *s, struct sim_agent *a, struct sim_talk *t)
{
	const struct sim_customer *c = &s->customers[t->customer];
	char file[SIM_NAME];
	TRY(file_of(s, a, t, file));
	TRY(sim_staff(s, a, "GET", arena_format(s->scratch, "/customer/%s", file), "", "look", (int64_t)t->no));
	int64_t version = sim_number(s, "version");
	const char *name = sim_quote(s, c->name);
	TRY(sim_staff(s, a, "PATCH", arena_format(s->scratch, "/customer/%s", file), arena_format(s->scratch, "{\"version\":%lld,\"kind\":\"person\",\"name\":%s}", (long long)version, name), "enter",
	              (int64_t)t->no));
	return sim_staff(s, a, "POST", "/contact", arena_format(s->scratch, "{\"customer_id\":\"%s\",\"name\":%s,\"phone\":\"%s\",\"relation\":\"self\"}", file, name, c->phone), "contact", (int64_t)t->no);
}

/* Writing ------------------------------------------------------------------------------------------------------------------- */

static int act(struct sim *s, struct sim_agent *a, struct sim_talk *t, const char *action, const char *more)
{
	TRY(sim_staff(s, a, "GET", arena_format(s->scratch, "/conversation/%s", t->id), "", "look", (int64_t)t->no));
	int64_t version = sim_number(s, "version");
	return sim_staff(s, a, "POST", arena_format(s->scratch, "/conversation/%s/action/%s", t->id, action), arena_format(s->scratch, "{\"version\":%lld%s}", (long long)version, more), action,
	                 (int64_t)t->no);
}

static int write_to(struct sim *s, struct sim_agent *a, struct sim_talk *t, const char *text)
{
	TRY(sim_staff(s, a, "POST", arena_format(s->scratch, "/conversation/%s/message", t->id), arena_format(s->scratch, "{\"text\":%s,\"visibility\":\"public\"}", sim_quote(s, text)), "write", (int64_t)t->no));
	return sim_advance(s, s->now);
}

static void await(struct sim *s, const struct sim_talk *t)
{
	sim_plan(s, s->now + sim_between(s, 20, 150) * SECOND_MS, SIM_TALK, t->no);
}

static int ask_who(struct sim *s, struct sim_agent *a, struct sim_talk *t)
{
	TRY(write_to(s, a, t, t->asked++ ? "抱歉，没有查到对应的档案。方便再提供登记时的手机号，或机身序列号、服务单号吗？" : "您好，很高兴为您服务。为了查到您的产品和记录，请说一下登记的姓名，以及手机号、机身序列号或服务单号。"));
	t->asks = t->greeted = true;
	await(s, t);
	return 0;
}

/* The one that a refusal names; "": none. */
static const char *named_ticket(struct sim *s)
{
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	const char *id = pack_text(s->scratch, yyjson_obj_get(yyjson_doc_get_root(doc), "error"), "arg", "");
	yyjson_doc_free(doc);
	return id;
}

static int make_ticket(struct sim *s, struct sim_agent *a, struct sim_talk *t)
{
	const char *path = arena_format(s->scratch, "/conversation/%s/ticket", t->id);
	TRY(sim_staff(s, a, "POST", path, "{}", "make", (int64_t)t->no));
	const char *there = s->status == 409 ? named_ticket(s) : "";
	if (*there)                     /* the same matter of the same device goes to the ticket there is, as at the desk */
		TRY(sim_staff(s, a, "POST", path, arena_format(s->scratch, "{\"ticket_id\":%s}", sim_quote(s, there)), "link", (int64_t)t->no));
	yyjson_doc *doc = s->status < 300 ? yyjson_read(s->answer, strlen(s->answer), 0) : NULL;
	const char *id = pack_text(s->scratch, yyjson_obj_get(yyjson_doc_get_root(doc), "ticket"), "id", "");
	yyjson_doc_free(doc);
	return *id ? sim_adopt(s, t->customer, t->problem, id) : 0;
}

static int solve(struct sim *s, struct sim_agent *a, struct sim_talk *t, bool known)
{
	const char *words = s->words->problems[t->problem].steps;
	TRY(write_to(s, a, t, t->greeted ? words : arena_format(s->scratch, "您好，很高兴为您服务。%s", words)));
	t->greeted = t->answered = true;
	if (known && sim_chance(s, MAKES_TICKET))
		TRY(make_ticket(s, a, t));
	await(s, t);
	return 0;
}

static int end(struct sim *s, struct sim_agent *a, struct sim_talk *t)
{
	TRY(act(s, a, t, "close", ""));
	t->stage = TALK_OVER;
	s->customers[t->customer].talking--;
	if (t->rates && (t->way == WAY_PAGE || t->way == WAY_WEB))
		sim_plan(s, s->now + sim_between(s, 30, 900) * SECOND_MS, SIM_TALK, t->no);
	return sim_advance(s, s->now);
}

/* Hers -------------------------------------------------------------------------------------------------------------------- */

static bool is_there(const struct sim *s, size_t agent)
{
	return agent < s->agent_n && s->now < s->agents[agent].on_until;
}

/* Who waits longest for her; of those whose agent has gone home, too. */
struct sim_talk *sim_talk_for(struct sim *s, size_t agent)
{
	for (size_t i = 0; i < s->talk_n; i++) {
		struct sim_talk *t = &s->talks[i];
		if (t->stage == TALK_HELD && t->owed && (t->owner == agent || !is_there(s, t->owner)))
			return t;
	}
	return NULL;
}

int sim_wake_owner(struct sim *s, struct sim_talk *t)
{
	if (!is_there(s, t->owner))
		return sim_wake_one(s);
	struct sim_agent *a = &s->agents[t->owner];
	if (!a->busy)
		sim_plan(s, s->now + sim_between(s, 5, 30) * SECOND_MS, SIM_FREE, t->owner);
	a->busy = true;
	return 0;
}

/* Who is next says the queue. */
int sim_take_next(struct sim *s, size_t agent, struct sim_talk **out)
{
	bool waits = false;
	*out = NULL;
	for (size_t i = 0; i < s->talk_n; i++)
		waits |= s->talks[i].stage == TALK_QUEUED && s->talks[i].opens_at <= s->now;
	if (!waits)
		return 0;
	TRY(sim_staff(s, &s->agents[agent], "POST", "/desk/next", "{}", "next", (int64_t)agent));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	const char *id = pack_text(s->scratch, yyjson_obj_get(yyjson_doc_get_root(doc), "conversation"), "id", "");
	yyjson_doc_free(doc);
	for (size_t i = 0; i < s->talk_n && *id; i++)
		if (s->talks[i].stage == TALK_QUEUED && text_equal(s->talks[i].id, id))
			*out = &s->talks[i];
	if (*out) {
		(*out)->stage = TALK_HELD;
		(*out)->owner = agent;
	}
	return 0;
}

int sim_serve(struct sim *s, size_t agent, struct sim_talk *t)
{
	struct sim_agent *a = &s->agents[agent];
	struct likely l;
	t->owed = false;
	if (t->owner != agent) {
		t->owner = agent;
		TRY(act(s, a, t, "assign", arena_format(s->scratch, ",\"owner_id\":\"%s\"", a->id)));
	}
	TRY(ask_desk(s, a, t, &l));
	if (t->named && is_shared(t, &l))
		TRY(compare_name(s, a, t, &l));
	if (t->named)
		TRY(join_by_name(s, a, t, &l, arena_format(s->scratch, "/conversation/%s/she", t->id)));
	if ((!l.known || is_shared(t, &l)) && t->asked < ASKS_MOST)
		return ask_who(s, a, t);
	if (!l.known && !l.n && t->named && !t->answered)
		TRY(enter_name(s, a, t));
	return t->answered ? end(s, a, t) : solve(s, a, t, l.known);
}

/* On the telephone ----------------------------------------------------------------------------------------------------------- */

/* What the screen shows of the number that calls. */
static int look_at_pop(struct sim *s, struct sim_agent *a, const struct sim_talk *t, struct likely *l)
{
	yyjson_val *one;
	size_t i, n;
	*l = (struct likely){ 0 };
	TRY(sim_staff(s, a, "GET", "/phone/mine", "", "pop", (int64_t)t->no));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "items"), i, n, one)
		if (text_equal(yyjson_get_str(yyjson_obj_get(yyjson_obj_get(one, "call"), "id")), t->call))
			read_likely(s, one, l);
	yyjson_doc_free(doc);
	return 0;
}

/* She says the number that stands in her file: it is looked for as everywhere in the console. */
static int find_by_number(struct sim *s, struct sim_agent *a, const struct sim_talk *t, struct likely *l)
{
	yyjson_val *one;
	size_t i, n;
	l->n = 0;
	TRY(sim_staff(s, a, "GET", arena_format(s->scratch, "/search?q=%s", s->customers[t->customer].phone), "", "find", (int64_t)t->no));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "items"), i, n, one)
		if (text_equal(yyjson_get_str(yyjson_obj_get(one, "object")), "customer"))
			add(l, yyjson_get_str(yyjson_obj_get(yyjson_obj_get(one, "row"), "id")));
	yyjson_doc_free(doc);
	return 0;
}

static int recognise_caller(struct sim *s, struct sim_agent *a, struct sim_talk *t, struct likely *l)
{
	const char *path = arena_format(s->scratch, "/phone_call/%s/confirm", t->call);
	TRY(look_at_pop(s, a, t, l));
	if (is_shared(t, l))
		TRY(compare_name(s, a, t, l));
	TRY(join_by_name(s, a, t, l, path));
	if (l->known)
		return 0;
	TRY(find_by_number(s, a, t, l));
	TRY(join_by_name(s, a, t, l, path));
	return l->known || l->n ? 0 : enter_name(s, a, t);
}

int sim_pick_up(struct sim *s, struct sim_talk *t)
{
	struct likely l;
	TRY(sim_call_event(s, t, "answered"));
	TRY(recognise_caller(s, &s->agents[t->owner], t, &l));
	t->stage = TALK_SPEAKS;
	sim_plan(s, s->now + sim_between(s, 60, 400) * SECOND_MS, SIM_TALK, t->no);
	return 0;
}

int sim_hang_up(struct sim *s, struct sim_talk *t)
{
	struct sim_agent *a = &s->agents[t->owner];
	TRY(sim_call_event(s, t, "hung_up"));
	TRY(act(s, a, t, "close", ""));
	sim_plan(s, s->now + sim_between(s, 20, 90) * SECOND_MS, SIM_FREE, t->owner);
	return sim_advance(s, s->now);
}

/* Those whom nobody has recognised ------------------------------------------------------------------------------------------- */

/* Whoever left a number is called by it, says her name, and another number where that one leads to nobody. */
static int call_back(struct sim *s, struct sim_talk *t, struct likely *l)
{
	const char *path = arena_format(s->scratch, "/conversation/%s/she", t->id);
	const bool left = l->n || t->way == WAY_SMS || t->way == WAY_PHONE;
	t->called_back = !left;
	if (!left || !sim_chance(s, REACHED))
		return 0;
	t->called_back = true;
	if (is_shared(t, l))
		TRY(compare_name(s, &s->desk, t, l));
	if (l->known)
		return 0;
	TRY(join_by_name(s, &s->desk, t, l, path));
	if (l->known)
		return 0;
	TRY(find_by_number(s, &s->desk, t, l));
	return join_by_name(s, &s->desk, t, l, path);
}

/* Each until she was reached; of those who are known by their number alone whoever was not answered. */
int sim_recognise(struct sim *s)
{
	for (size_t i = 0; i < s->talk_n; i++) {
		struct sim_talk *t = &s->talks[i];
		struct likely l;
		if (t->called_back || t->stage != TALK_OVER || t->way == WAY_PAGE || !*t->id)
			continue;
		TRY(ask_desk(s, &s->desk, t, &l));
		t->called_back = l.known;
		if (!l.known || (t->way == WAY_PHONE && t->owner == SIZE_MAX && is_shared(t, &l)))
			TRY(call_back(s, t, &l));
	}
	return 0;
}
