/* Calls of the public API, as staff and as customers, each signed in as she would be. */
#include <stdio.h>
#include <string.h>

#include "app/bench_load.h"
#include "app/demo.h"
#include "app/sim.h"
#include "base/json.h"
#include "core/pack.h"

static const int64_t staff_life = 100 * (int64_t)MINUTE_MS, customer_life = 25 * DAY_MS;

const char *sim_quote(struct sim *s, const char *text)
{
	struct text t = text_in(s->scratch);
	json_text(&t, text);
	return text_end(&t);
}

/* Through the parsed answer, so that a word inside of a text is no member. */
static yyjson_doc *parse(struct sim *s)
{
	return s->answer ? yyjson_read(s->answer, strlen(s->answer), 0) : NULL;
}

const char *sim_text(struct sim *s, const char *name)
{
	yyjson_doc *doc = parse(s);
	const char *text = pack_text(s->scratch, yyjson_doc_get_root(doc), name, "");
	yyjson_doc_free(doc);
	return text;
}

int64_t sim_number(struct sim *s, const char *name)
{
	yyjson_doc *doc = parse(s);
	int64_t number = yyjson_get_sint(yyjson_obj_get(yyjson_doc_get_root(doc), name));
	yyjson_doc_free(doc);
	return number;
}

/* who: the header that says who calls. */
static int send_as(struct sim *s, const char *who, const char **cookie, const char *method, const char *path, const char *body)
{
	const char *set = NULL;
	const char *request = arena_format(s->scratch, "%s /api/v1%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n%s\r\n"
	                                   "Idempotency-Key: sim-%lld\r\nAccept-Language: zh\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
	                                   method, path, s->port, s->port, who, (long long)++s->calls, strlen(body), body);
	TRY(load_call(s->port, s->scratch, request, &s->status, &s->answer, &set));
	if (set && cookie)
		*cookie = arena_string(s->arena, set);
	return 0;
}

static int call(struct sim *s, const char **cookie, const char *method, const char *path, const char *body)
{
	return send_as(s, arena_format(s->scratch, "Cookie: %s", *cookie ? *cookie : "x=y"), cookie, method, path, body);
}

int sim_open(struct sim *s, const char *token, const char *method, const char *path, const char *body, const char *what, int64_t number)
{
	TRY(send_as(s, token ? arena_format(s->scratch, "Authorization: Bearer %s", token) : "Cookie: x=y", NULL, method, path, body));
	sim_note(s, what, number, s->status);
	return 0;
}

static int sign_in(struct sim *s, struct sim_agent *who)
{
	TRY(call(s, &who->cookie, "POST", "/session", arena_format(s->scratch, "{\"account\":\"%s\",\"password\":\"" DEMO_PASSWORD "\"}", who->account)));
	who->signed_in_at = s->now;
	if (s->status < 300)
		return 0;
	fprintf(stderr, "anxin: %s cannot sign in: %.200s\n", who->account, s->answer);
	return ERR_NOT_SIGNED_IN;
}

int sim_staff(struct sim *s, struct sim_agent *who, const char *method, const char *path, const char *body, const char *what, int64_t number)
{
	if (!who->cookie || s->now - who->signed_in_at > staff_life)
		TRY(sign_in(s, who));
	TRY(call(s, &who->cookie, method, path, body));
	sim_note(s, what, number, s->status);
	return 0;
}

/* The message is in the outbox, where somebody who may reads it: no gateway is there to send it. */
static int code_of(struct sim *s, char code[static 8])
{
	TRY(call(s, &s->admin.cookie, "GET", "/outbox?sort=-created_at&limit=1", ""));
	yyjson_doc *doc = parse(s);
	const char *body = yyjson_get_str(yyjson_obj_get(yyjson_arr_get(yyjson_obj_get(yyjson_doc_get_root(doc), "items"), 0), "body"));
	code[0] = 0;
	for (const char *p = body; p && *p; p++)
		if (strspn(p, "0123456789") == 6) {
			memcpy(code, p, 6);
			code[6] = 0;
			break;
		}
	yyjson_doc_free(doc);
	return code[0] ? 0 : ERR_NOT_FOUND;
}

/* Where the company has a gateway the message has come to her telephone. */
static int read_code(struct sim *s, const char *phone, char code[static 8])
{
	if (!s->channels.gateway.runs)
		return code_of(s, code);
	TRY(sim_advance(s, s->now));
	return sim_gateway_code(&s->channels.gateway, phone, code) ? 0 : ERR_NOT_FOUND;
}

static int customer_in(struct sim *s, struct sim_customer *c)
{
	char code[8];
	const char *nobody = NULL;
	if (!s->admin.cookie || s->now - s->admin.signed_in_at > staff_life)
		TRY(sign_in(s, &s->admin));
	TRY(call(s, &nobody, "POST", "/my/code", arena_format(s->scratch, "{\"phone\":\"%s\"}", c->phone)));
	if (read_code(s, c->phone, code) < 0) {
		fprintf(stderr, "anxin: no code for a customer: %.300s\n", s->answer);
		return ERR_CODE_WRONG;
	}
	TRY(call(s, &c->cookie, "POST", "/my/session", arena_format(s->scratch, "{\"phone\":\"%s\",\"code\":\"%s\"}", c->phone, code)));
	c->signed_in_at = s->now;
	return c->cookie ? 0 : ERR_CODE_WRONG;
}

int sim_my(struct sim *s, size_t customer, const char *method, const char *path, const char *body, const char *what, int64_t number)
{
	struct sim_customer *c = &s->customers[customer];
	if (!c->cookie || s->now - c->signed_in_at > customer_life)
		TRY(customer_in(s, c));
	TRY(call(s, &c->cookie, method, path, body));
	sim_note(s, what, number, s->status);
	return 0;
}
