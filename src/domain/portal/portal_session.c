/* How customers come in: a one-time code by SMS, or the signed link of a message. No password, no account to guess. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/session_api.h"
#include "core/auth/sign_in.h"
#include "core/notify/notify.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/customer/customer.h"
#include "domain/portal/portal.h"
#include "engine/clean/clean.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

int portal_company(struct ctx *c, const char *code)
{
	size_t n;
	if (c->tenant)
		return 0;
	if (!text_empty(code)) {
		struct tenant_by_code_row *rows;
		TRY(tenant_by_code(c, code, &rows, &n));
		c->tenant = n ? rows[0].tenant : 0;
	} else {
		struct tenants_first_row *rows;
		TRY(tenants_first(c, &rows, &n));
		c->tenant = n == 1 ? rows[0].tenant : 0;
	}
	return c->tenant ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

/* The phone in its one form and its look-up hash. */
static int phone_of(struct ctx *c, const char *text, const char **phone, struct bytes *hash)
{
	struct clean_phone clean;
	int r = clean_phone(c->arena, text, &clean);
	if (r < 0) {
		fail_field(c, "phone", r, NULL);
		return c->error->code;
	}
	uint8_t *p = arena_alloc(c->arena, LOOKUP_SIZE);
	TRY(lookup_hash(c, LOOKUP_PHONE, clean.value, p));
	*phone = clean.value;
	*hash = (struct bytes){ p, LOOKUP_SIZE };
	return 0;
}

/* Code ------------------------------------------------------------------------------------------------------------- */

struct session_in {
	const char *phone, *code, *token, *tenant;
};
static const struct member code_members[] = {
	MEMBER(struct session_in, phone, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct session_in, tenant, code, .most = 40),
};
static const struct shape code_shape = SHAPE("code_request", struct session_in, code_members);
static const struct member session_members[] = {
	MEMBER(struct session_in, phone, code, .most = 40), MEMBER(struct session_in, code, code, .flags = MEMBER_SECRET, .most = 10),
	MEMBER(struct session_in, token, code, .flags = MEMBER_SECRET, .most = 100), MEMBER(struct session_in, tenant, code, .most = 40),
};
static const struct shape session_shape = SHAPE("customer_session", struct session_in, session_members);

/* An attempt of somebody who is not known yet: tenant found by a read, the rest written in that tenant's lane. */
struct visit {
	struct http_request *http;
	struct ctx *c;
	const struct session_in *in;
	int (*write)(struct ctx *c, void *arg);
	enum setting_id limit;          /* how often one address may, in that company */
	struct readers *readers;
	struct write_request request;
	const char *cookie;             /* set when a session was made */
	const char *body;
};

static void visit_fail(struct visit *v, struct error *e, int code)
{
	if (!e->code)
		e->code = code;
	http_reply_error(v->http, e);
}

static void visit_done(struct ctx *c, void *arg, int result)
{
	struct visit *v = arg;
	if (result == 0 && !v->body)
		result = ERR_CODE_WRONG;
	if (result < 0) {
		visit_fail(v, c->error, result);
		return;
	}
	struct http_pair cookie = { "Set-Cookie", v->cookie ? session_cookie(c->arena, CUSTOMER_COOKIE, v->cookie, setting_ms(c, SETTING_CUSTOMER_LIFE), v->http->is_https) : "" };
	http_reply(v->http, &(struct http_reply){
		.status = v->cookie ? 201 : 200, .type = "application/json", .headers = &cookie, .header_count = v->cookie ? 1 : 0,
		.body = { (const uint8_t *)v->body, strlen(v->body) },
	});
}

static int visit_read(struct ctx *c, void *arg)
{
	struct visit *v = arg;
	struct signed_link link;
	if (!text_empty(v->in->token))
		return link_open(c, v->in->token, &link);
	return portal_company(c, v->in->tenant);
}

static void visit_start(void *arg)
{
	struct visit *v = arg;
	int r = readers_run(v->readers, v->c, visit_read, v);
	if (r == 0)
		r = api_limit(v->http->user, v->limit);
	if (r == 0) {
		v->request = (struct write_request){ .run = v->write, .done = visit_done, .arg = v, .queue = QUEUE_PEOPLE, .ctx = *v->c };
		r = writer_submit(v->c->services->writer, &v->request);
	}
	if (r < 0)
		visit_fail(v, v->c->error, r);
}

static void visit(struct http_request *r, struct ctx *c, int (*write)(struct ctx *c, void *arg), enum setting_id limit)
{
	struct api_call *k = r->user;
	struct visit *v = ARENA_NEW(c->arena, struct visit);
	*v = (struct visit){ .http = r, .c = c, .write = write, .limit = limit, .readers = api_readers(k) };
	int result = call_read_input(k);
	v->in = k->in;
	if (result == 0)
		result = pool_submit(api_pool(k), visit_start, v);
	if (result < 0)
		visit_fail(v, c->error, result);
}

/* A new person gets a file with nothing but the phone. */
static int customer_of_phone(struct ctx *c, const char *phone, struct customer *row)
{
	struct lookup_hit *hits;
	size_t n;
	TRY(lookup_find_hits(c, LOOKUP_PHONE, phone, "customer", 1, &hits, &n));
	if (n) {
		TRY(customer_row_get(c, hits[0].object_id, row));
		return customer_current(c, row);
	}
	const struct record_model *m = model_of(c, &customer_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t name = field_index(m, "name"), number = field_index(m, "phone"), source = field_index(m, "source");
	slots[name].text = c->lang == LANG_EN ? "New customer" : "新客户";
	slots[number].text = phone;
	slots[source].text = "h5";
	return record_create(c, &customer_record, slots, UINT64_C(1) << name | UINT64_C(1) << number | UINT64_C(1) << source, row);
}

static void code_hash(const char *phone, const char *code, uint8_t out[static 32])
{
	char both[80];
	int n = snprintf(both, sizeof(both), "%s %s", phone, code);
	hash_sha256(both, (size_t)n, out);
}

static int refuse_until(struct ctx *c, time_ms at)
{
	long long seconds = (at - c->now) / SECOND_MS + 1;
	return fail(c, ERR_RATE, arena_format(c->arena, "%lld", seconds));
}

/* Whoever owns a number is rung by each code, whether she asked for it or not: a pause between two, and so many in an hour. */
static int allow_code(struct ctx *c, const struct one_time_code *before, time_ms *hour_at, int64_t *hour_sent)
{
	bool same_hour = before && c->now - before->hour_at < HOUR_MS;
	time_ms next = before ? before->sent_at + setting_ms(c, SETTING_CODE_PAUSE) : 0;
	if (next > c->now)
		return refuse_until(c, next);
	*hour_at = same_hour ? before->hour_at : c->now;
	*hour_sent = same_hour ? before->hour_sent + 1 : 1;
	return *hour_sent > setting_of(c, SETTING_CODE_PER_NUMBER) ? refuse_until(c, *hour_at + HOUR_MS) : 0;
}

static const char *make_code(struct arena *a)
{
	uint32_t random;
	do {
		crypto_random(&random, sizeof(random));
	} while (random >= UINT32_MAX - UINT32_MAX % 1000000);
	return arena_format(a, "%06u", random % 1000000);
}

/* The answer is the same whether the number is known or not. */
int portal_code_send(struct ctx *c, const char *given, const char **body)
{
	const char *phone = "";
	struct bytes hash = { 0 };
	struct one_time_code *before;
	struct customer customer;
	struct tenant tenant;
	size_t n;
	time_ms hour_at = 0;
	int64_t changed, hour_sent = 0, life = setting_ms(c, SETTING_CODE_LIFE);
	uint8_t secret[32];
	TRY(phone_of(c, given ? given : "", &phone, &hash));
	TRY(code_read(c, hash, &before, &n));
	TRY(allow_code(c, n ? before : NULL, &hour_at, &hour_sent));
	const char *code = make_code(c->arena);
	code_hash(phone, code, secret);
	TRY(code_put(c, hash, (struct bytes){ secret, sizeof(secret) }, c->now, c->now + life, hour_at, hour_sent, &changed));
	TRY(customer_of_phone(c, phone, &customer));
	TRY(tenant_row_get(c, &tenant));
	const char *minutes = arena_format(c->arena, "%lld", (long long)(life / MINUTE_MS));
	const struct notice_word words[] = { { "code", code }, { "company", tenant.name }, { "minutes", minutes } };
	*body = arena_format(c->arena, "{\"wait_s\":%lld}", (long long)(setting_ms(c, SETTING_CODE_PAUSE) / SECOND_MS));
	return notify(c, &(struct notice){ .channel = NOTICE_SMS, .template = "sign_in_code", .key = customer.key, .address = phone, .lang = c->lang,
	                                   .object = "customer", .object_id = customer.id, .words = words, .word_count = 3 });
}

static int send_code(struct ctx *c, void *arg)
{
	struct visit *v = arg;
	return portal_code_send(c, v->in->phone, &v->body);
}

/* Session ---------------------------------------------------------------------------------------------------------- */

static int session_json(struct ctx *c, const struct customer *customer, int64_t ticket_id, int64_t expires_at, const char **out)
{
	const char *name, *phone;
	struct tenant tenant;
	TRY(pii_open(c, customer->key, "customer.name", customer->name, &name));
	TRY(pii_open(c, customer->key, "customer.phone", customer->phone, &phone));
	TRY(tenant_row_get(c, &tenant));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"customer\":{\"id\":\"%lld\",\"name\":", (long long)customer->id);
	json_text(&t, mask(c->arena, MASK_NAME, name));
	text_append(&t, ",\"phone\":");
	json_text(&t, mask(c->arena, MASK_PHONE, phone));
	text_append(&t, "},\"tenant\":{\"code\":");
	json_text(&t, tenant.code);
	text_append(&t, ",\"name\":");
	json_label(&t, tenant.name, NULL);
	text_append(&t, ",\"hotline\":");
	json_text(&t, tenant.service_phone);
	text_format(&t, ticket_id ? "},\"ticket_id\":\"%lld\"" : "},\"ticket_id\":null", (long long)ticket_id);
	text_format(&t, ",\"expires_at\":%lld}", (long long)expires_at);
	*out = text_end(&t);
	return 0;
}

/* A wrong code counts: the attempt is stored although the answer is an error, so the handler succeeds without a body. */
int portal_code_check(struct ctx *c, const char *given, const char *code, bool *right, struct customer *customer)
{
	const char *phone = "";
	struct bytes hash = { 0 };
	struct one_time_code *rows;
	size_t n;
	int64_t changed;
	uint8_t secret[32];
	TRY(phone_of(c, given ? given : "", &phone, &hash));
	TRY(code_read(c, hash, &rows, &n));
	code_hash(phone, code ? code : "", secret);
	bool usable = n && rows[0].expires_at > c->now && rows[0].attempts < setting_of(c, SETTING_CODE_ATTEMPTS);
	*right = usable && rows[0].code_hash.n == sizeof(secret) && crypto_equal(rows[0].code_hash.p, secret, sizeof(secret));
	if (!*right)
		return n ? code_attempt(c, hash, &changed) : 0;
	TRY(code_spend(c, hash, &changed));
	return customer_of_phone(c, phone, customer);
}

static int open_session(struct ctx *c, void *arg)
{
	struct visit *v = arg;
	struct customer customer;
	struct signed_link link = { 0 };
	bool right = true;
	v->cookie = NULL;
	if (!text_empty(v->in->token)) {
		TRY(link_open(c, v->in->token, &link));
		TRY(customer_row_get(c, link.customer_id, &customer));
		TRY(customer_current(c, &customer));
	} else {
		TRY(portal_code_check(c, v->in->phone, v->in->code, &right, &customer));
	}
	if (!right) {
		v->body = NULL;
		return event_add(c, "customer.sign_in_refused", "customer", 0, "{}");
	}
	int64_t life = link.expires_at ? link.expires_at - c->now : setting_ms(c, SETTING_CUSTOMER_LIFE);
	TRY(session_create(c, &(struct session_new){ .kind = ACTOR_CUSTOMER, .actor_id = customer.id, .ticket_id = link.ticket_id, .life_ms = life }, &v->cookie));
	c->actor_kind = ACTOR_CUSTOMER; /* from here on it is known who asks */
	c->actor_id = customer.id;
	TRY(event_add(c, "customer.signed_in", "customer", customer.id, "{}"));
	return session_json(c, &customer, link.ticket_id, c->now + life, &v->body);
}

static void raw_code(struct http_request *r, struct ctx *c)
{
	visit(r, c, send_code, SETTING_CODE_PER_ADDRESS);
}

static void raw_session(struct http_request *r, struct ctx *c)
{
	visit(r, c, open_session, SETTING_CUSTOMER_PER_ADDRESS);
}

static int who_am_i(struct ctx *c, const void *in, void *out)
{
	struct customer customer;
	TRY(customer_row_get(c, c->auth->customer_id, &customer));
	return session_json(c, &customer, c->auth->ticket_id, c->now + setting_ms(c, SETTING_CUSTOMER_LIFE), &((struct raw_out *)out)->raw);
}

static int leave(struct ctx *c, const void *in, void *out)
{
	TRY(session_end(c, c->auth->session_id));
	return event_add(c, "customer.signed_out", "customer", c->auth->customer_id, "{}");
}

const struct route portal_session_routes[] = {
	ROUTE(POST, "/api/v1/my/code", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &code_shape, .raw = raw_code,
	      .zh = "发送验证码", .en = "Send a one-time code"),
	ROUTE(POST, "/api/v1/my/session", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &session_shape, .raw = raw_session,
	      .zh = "客户登录", .en = "Sign in as a customer"),
	ROUTE(GET, "/api/v1/my/session", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = who_am_i, .zh = "当前客户", .en = "Who I am"),
	ROUTE(DELETE, "/api/v1/my/session", FOR_CUSTOMER, WRITE, .flags = ROUTE_NO_KEY, .run = leave, .zh = "退出", .en = "Leave"),
};
const size_t portal_session_route_count = sizeof(portal_session_routes) / sizeof(portal_session_routes[0]);
