/* Ways in, set up by the administrator as hers are, and what customers send by them: their own page, the chat on a web page, SMS through a gateway of the company's,
 * a system that hands messages over, a telephone system that tells of its calls. Mailboxes and WeChat are servers of somebody else's and not played. */
#include <stdio.h>
#include <string.h>

#include "app/sim.h"
#include "base/crypto.h"
#include "core/pack.h"

#define CTI_SECRET "secret-of-the-played-telephones"
#define TEAM "客服二组"

/* Setting up --------------------------------------------------------------------------------------------------------------- */

static int made(struct sim *s, const char *what)
{
	if (s->status < 300)
		return 0;
	fprintf(stderr, "anxin: %s: %d %.300s\n", what, s->status, s->answer);
	return ERR_INVALID;
}

static int make(struct sim *s, const char *path, const char *body)
{
	TRY(sim_staff(s, &s->admin, "POST", path, body, "set up", 0));
	return made(s, path);
}

static int set(struct sim *s, const char *name, const char *value)
{
	TRY(sim_staff(s, &s->admin, "PATCH", arena_format(s->scratch, "/setting/%s", name), arena_format(s->scratch, "{\"value\":%s,\"version\":0}", value), "setting", 0));
	return made(s, name);
}

/* One address is everybody, as for sign-in. */
static int open_chat(struct sim *s)
{
	static const struct { const char *name, *value; } settings[] = {
		{ "bot.receive", "\"first\"" }, { "visit.calls", "6000" }, { "visit.new", "6000" }, { "visit.asked", "60000" }, { "code.per_number", "60" }, { "code.pause", "10" },
	};
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		TRY(set(s, settings[i].name, settings[i].value));
	return 0;
}

/* From 22:00 to 8:00 the bot receives alone, and a call-back is promised (A4). */
static int open_queue(struct sim *s, const char *team)
{
	TRY(make(s, "/calendar", "{\"code\":\"chat\",\"name\":\"在线客服 8:00–22:00\",\"form\":{\"name\":{\"zh\":\"在线客服 8:00–22:00\",\"en\":\"Chat 8:00–22:00\"},\"zone\":\"Asia/Shanghai\","
	                       "\"week\":[{\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"],\"hours\":[\"08:00-22:00\"]}]}}"));
	const char *calendar = sim_text(s, "id");
	return make(s, "/chat_queue", arena_format(s->scratch, "{\"name\":\"在线客服\",\"team_id\":\"%s\",\"calendar_id\":\"%s\",\"give_by\":\"pull\"}", team, calendar));
}

static int open_sms(struct sim *s)
{
	struct sim_channels *c = &s->channels;
	TRY(make(s, "/sms_gateway", arena_format(s->scratch, "{\"title\":\"短信平台\",\"kind\":\"generic\",\"state\":\"on\",\"api_url\":\"http://127.0.0.1:%d/send\"}", c->gateway.port)));
	snprintf(c->gateway_id, sizeof(c->gateway_id), "%s", sim_text(s, "id"));
	snprintf(c->sms, sizeof(c->sms), "%s", sim_text(s, "callback"));
	return 0;
}

static int open_phone(struct sim *s, const char *team)
{
	TRY(make(s, "/phone_line", arena_format(s->scratch, "{\"title\":\"400 热线\",\"state\":\"on\",\"team_id\":\"%s\"}", team)));
	snprintf(s->channels.phone, sizeof(s->channels.phone), "%s", sim_text(s, "callback"));
	TRY(make(s, arena_format(s->scratch, "/phone_line/%s/secret", sim_text(s, "id")), "{\"secret\":\"" CTI_SECRET "\"}"));
	for (size_t i = 0; i < s->agent_n; i++) {
		TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/user/%s", s->agents[i].id), "", "look", (int64_t)i));
		TRY(sim_staff(s, &s->admin, "PATCH", arena_format(s->scratch, "/user/%s", s->agents[i].id),
		              arena_format(s->scratch, "{\"version\":%lld,\"extension\":\"%zu\"}", (long long)sim_number(s, "version"), 8001 + i), "extension", (int64_t)i));
		TRY(made(s, "extension"));
	}
	return 0;
}

int sim_open_channels(struct sim *s)
{
	if (!s->p.talks)
		return 0;
	TRY(open_chat(s));
	TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/user/%s", s->agents[0].id), "", "look", 0));
	const char *team = sim_text(s, "team_id");
	TRY(open_queue(s, team));
	TRY(open_sms(s));
	TRY(open_phone(s, team));
	TRY(make(s, "/api_token", "{\"name\":\"商城\",\"scopes\":[\"conversation.intake\",\"conversation.read\",\"customer.read\",\"file.create\"]}"));
	s->channels.token = arena_string(s->arena, sim_text(s, "token"));
	return 0;
}

/* What is left is shown by a server that this process does not stand beside. */
int sim_close_channels(struct sim *s)
{
	if (!s->p.talks)
		return 0;
	const char *path = arena_format(s->scratch, "/sms_gateway/%s", s->channels.gateway_id);
	TRY(sim_staff(s, &s->admin, "GET", path, "", "look", 0));
	TRY(sim_staff(s, &s->admin, "PATCH", path, arena_format(s->scratch, "{\"version\":%lld,\"state\":\"off\"}", (long long)sim_number(s, "version")), "close", 0));
	return made(s, "sms_gateway");
}

/* Speaking ----------------------------------------------------------------------------------------------------------------- */

static int say_on_page(struct sim *s, struct sim_talk *t, const char *body)
{
	return sim_my(s, t->customer, "POST", "/my/conversation", body, "say.page", (int64_t)t->no);
}

static int say_on_web(struct sim *s, struct sim_talk *t, const char *body)
{
	struct sim_customer *c = &s->customers[t->customer];
	if (!c->token) {
		TRY(sim_open(s, NULL, "GET", "/visit/hello", "", "hello", (int64_t)t->customer));
		c->token = arena_string(s->arena, sim_text(s, "token"));
	}
	return sim_open(s, c->token, "POST", "/visit/message", body, "say.web", (int64_t)t->no);
}

static int say_by_sms(struct sim *s, struct sim_talk *t, const char *text)
{
	const char *body = arena_format(s->scratch, "{\"from\":\"%s\",\"id\":\"sms-%zu-%d\",\"text\":%s}", t->number, t->no, t->said, text);
	return sim_open(s, NULL, "POST", arena_format(s->scratch, "/sms/%s", s->channels.sms), body, "say.sms", (int64_t)t->no);
}

/* The shop knows most of those who bought there. */
static int say_by_shop(struct sim *s, struct sim_talk *t, const char *text)
{
	const struct sim_customer *c = &s->customers[t->customer];
	const char *known = *c->id && c->shop_knows ? arena_format(s->scratch, ",\"customer_id\":\"%s\"", c->id) : "";
	const char *body = arena_format(s->scratch, "{\"system\":\"shop\",\"person\":\"u-%zu\",\"external_id\":\"api-%zu-%d\",\"text\":%s%s}", t->customer, t->no, t->said, text, known);
	return sim_open(s, s->channels.token, "POST", "/intake/message", body, "say.api", (int64_t)t->no);
}

/* A gateway is told nothing of what became of its message: her conversation is the one that was last written in. */
static int find(struct sim *s, struct sim_talk *t)
{
	char id[SIM_NAME] = "";
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_val *root = yyjson_doc_get_root(doc), *own = yyjson_obj_get(root, "conversation");
	const char *told = own ? yyjson_get_str(yyjson_obj_get(own, "id")) : yyjson_get_str(yyjson_obj_get(root, "conversation_id"));
	snprintf(id, sizeof(id), "%s", told ? told : "");
	yyjson_doc_free(doc);
	if (!*id && t->way == WAY_SMS) {
		TRY(sim_staff(s, &s->admin, "GET", "/conversation?limit=1&sort=-last_at&condition=channel%20%3D%20sms", "", "look", (int64_t)t->no));
		doc = yyjson_read(s->answer, strlen(s->answer), 0);
		snprintf(id, sizeof(id), "%s", pack_text(s->scratch, yyjson_arr_get_first(yyjson_obj_get(yyjson_doc_get_root(doc), "items")), "id", ""));
		yyjson_doc_free(doc);
	}
	if (*id)
		memcpy(t->id, id, sizeof(t->id));
	return 0;
}

/* Then all that follows is done: what the bot says, who is told. */
int sim_say(struct sim *s, struct sim_talk *t, const char *text)
{
	const char *quoted = sim_quote(s, text);
	const char *body = arena_format(s->scratch, "{\"text\":%s,\"external_id\":\"sim-talk-%zu-%d\"}", quoted, t->no, t->said);
	t->said++;
	TRY(t->way == WAY_PAGE ? say_on_page(s, t, body) : t->way == WAY_WEB ? say_on_web(s, t, body) : t->way == WAY_SMS ? say_by_sms(s, t, quoted) : say_by_shop(s, t, quoted));
	if (s->status >= 300)
		return made(s, "say");
	const int status = s->status;
	TRY(find(s, t));
	s->status = status;
	return sim_advance(s, s->now);
}

/* A code to her telephone, typed into the chat. */
int sim_prove(struct sim *s, struct sim_talk *t)
{
	struct sim_customer *c = &s->customers[t->customer];
	char code[8];
	TRY(sim_open(s, c->token, "POST", "/visit/code", arena_format(s->scratch, "{\"phone\":\"%s\"}", c->phone), "code", (int64_t)t->no));
	TRY(sim_advance(s, s->now));
	if (s->status >= 300 || !sim_gateway_code(&s->channels.gateway, c->phone, code))
		return 0;
	TRY(sim_open(s, c->token, "POST", "/visit/proof", arena_format(s->scratch, "{\"phone\":\"%s\",\"code\":\"%s\"}", c->phone, code), "prove", (int64_t)t->no));
	const char *token = sim_text(s, "token");
	if (*token)
		c->token = arena_string(s->arena, token);
	return sim_advance(s, s->now);
}

int sim_end_chat(struct sim *s, struct sim_talk *t)
{
	if (t->way == WAY_WEB)
		TRY(sim_open(s, s->customers[t->customer].token, "POST", arena_format(s->scratch, "/visit/conversation/%s/close", t->id), "{}", "end", (int64_t)t->no));
	return sim_advance(s, s->now);
}

int sim_rate_chat(struct sim *s, struct sim_talk *t)
{
	static const int stars[] = { 5, 5, 5, 4, 4, 5, 4, 3, 5, 5 };
	const char *body = arena_format(s->scratch, "{\"rating\":%d}", stars[sim_draw(s, 10)]);
	if (t->way == WAY_WEB)
		return sim_open(s, s->customers[t->customer].token, "POST", arena_format(s->scratch, "/visit/conversation/%s/rating", t->id), body, "rate", (int64_t)t->no);
	return sim_my(s, t->customer, "POST", arena_format(s->scratch, "/my/conversation/%s/rating", t->id), body, "rate", (int64_t)t->no);
}

/* Calling ------------------------------------------------------------------------------------------------------------------ */

int sim_call_event(struct sim *s, struct sim_talk *t, const char *event)
{
	uint8_t mac[32];
	const char *extension = t->owner < s->agent_n ? arena_format(s->scratch, ",\"extension\":\"%zu\"", 8001 + t->owner) : "";
	const char *body = arena_format(s->scratch, "{\"call\":\"call-%zu\",\"event\":\"%s\",\"at\":%lld,\"direction\":\"in\",\"caller\":\"%s\",\"called\":\"4008001234\"%s}", t->no, event,
	                                (long long)s->now, t->number, extension);
	const char *stamp = arena_format(s->scratch, "%lld", (long long)(s->now / SECOND_MS)), *name = arena_format(s->scratch, "%zu-%s", t->no, event);
	const char *all = arena_format(s->scratch, "%s.%s.%s", stamp, name, body);
	hmac_sha256_by(CTI_SECRET, strlen(CTI_SECRET), all, strlen(all), mac);
	TRY(sim_open(s, NULL, "POST", arena_format(s->scratch, "/phone/%s?id=%s&timestamp=%s&signature=%s", s->channels.phone, name, stamp, hex(s->scratch, mac, sizeof(mac))), body, event, (int64_t)t->no));
	TRY(made(s, event));
	return sim_advance(s, s->now);
}
