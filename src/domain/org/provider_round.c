/* The round to a provider and back. Nothing is stored for whoever is on the way: a cookie of this browser holds a random secret, state, nonce
 * and code verifier are HMACs that need it. So a state from elsewhere opens nothing here, and what is kept is only which ones came back. */
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/session_api.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/org/invitation.h"
#include "domain/org/provider.h"
#include "gen/provider_sql.h"
#include "gen/schema.h"

#define ROUND_COOKIE "anxin_round"

struct round_in {
	int64_t id, provider_id;                        /* in the path, in the body */
	const char *tenant, *invitation;
	const char *state, *code, *iss, *error;         /* what came back */
};
static const struct member start_members[] = {
	MEMBER(struct round_in, provider_id, id, .flags = MEMBER_REQUIRED), MEMBER(struct round_in, tenant, code, .most = 40),
	MEMBER(struct round_in, invitation, code, .flags = MEMBER_SECRET, .most = 100),
};
static const struct shape start_shape = SHAPE("provider_round", struct round_in, start_members);
static const struct member link_members[] = { MEMBER(struct round_in, provider_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape link_shape = SHAPE("provider_link", struct round_in, link_members);
static const struct member try_members[] = { MEMBER(struct round_in, id, id, .flags = MEMBER_REQUIRED) };
static const struct shape try_shape = SHAPE("provider_try", struct round_in, try_members);
static const struct member finish_members[] = {
	MEMBER(struct round_in, state, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 200), MEMBER(struct round_in, code, code, .flags = MEMBER_SECRET, .most = 2000),
	MEMBER(struct round_in, iss, code, .most = 300), MEMBER(struct round_in, error, code, .most = 100),
};
static const struct shape finish_shape = SHAPE("provider_answer", struct round_in, finish_members);

/* One way there or back. */
struct round {
	struct http_request *http;
	struct ctx *c;
	const struct round_in *in;
	struct readers *readers;
	enum round_purpose purpose;
	int64_t about, session;
	const char *cookie, *secret;
	struct sign_in_provider provider;
	struct oidc_ask ask;
	struct oidc_identity who;
	struct error failure;           /* what the provider's side came to */
	struct identity_outcome outcome;
	struct write_request write;
};

static void refuse(struct round *t, int code)
{
	if (!t->c->error->code)
		t->c->error->code = code;
	http_reply_error(t->http, t->c->error);
}

static struct oidc_call call_of(const struct round *t)
{
	struct ctx *c = t->c;
	return (struct oidc_call){
		.oidc = c->services->oidc, .arena = c->arena, .error = c->error, .issuer = t->provider.issuer, .client_id = t->provider.client_id, .secret = t->secret,
		.now = c->now, .kept_ms = setting_ms(c, SETTING_SIGN_IN_PROVIDER_KEPT), .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME),
	};
}

/* Everything that belongs to this browser's round. */
static const char *use_of(const struct round *t)
{
	return arena_format(t->c->arena, "round %s", t->cookie);
}

static int derive(struct ctx *c, struct round *t)
{
	struct key key;
	uint8_t nonce[HASH_SIZE], verifier[HASH_SIZE];
	TRY(tenant_secret(c, use_of(t), &key));
	hmac_sha256(&key, "nonce", 5, nonce);
	hmac_sha256(&key, "verifier", 8, verifier);
	crypto_wipe(&key, sizeof(key));
	t->ask.nonce = base64url(c->arena, nonce, sizeof(nonce));
	t->ask.verifier = base64url(c->arena, verifier, sizeof(verifier));
	t->ask.redirect = arena_format(c->arena, "%s/sign-in/back", c->services->public_url);
	return 0;
}

static int load_provider(struct ctx *c, struct round *t, int64_t id)
{
	struct sign_in_provider *p = &t->provider;
	int r = sign_in_provider_row_get(c, id, p);
	bool open = r == 0 && !p->archived_at && (t->purpose == ROUND_TRY || text_equal(p->state, "on"));
	if (r == ERR_NOT_FOUND || (r == 0 && !open))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(r);
	return p->secret.p ? pii_open(c, p->key, "sign_in_provider.secret", p->secret, &t->secret) : 0;
}

/* There ------------------------------------------------------------------------------------------------------------------- */

static int find_company(struct ctx *c, void *arg)
{
	const struct round *t = arg;
	if (t->purpose == ROUND_SIGN_IN)
		return session_find_company(c, t->in->tenant);
	return 0;
}

static int prepare(struct ctx *c, void *arg)
{
	struct round *t = arg;
	struct invitation row;
	struct user_account user;
	struct bytes hash;
	if (t->purpose == ROUND_INVITATION) {
		TRY(invitation_open(c, t->in->invitation, &row, &user));
		t->about = row.id;
	}
	TRY(require(c, c->tenant != 0, ERR_NOT_FOUND, NULL));
	TRY(load_provider(c, t, t->purpose == ROUND_TRY ? t->in->id : t->in->provider_id));
	TRY(secret_new(c, &t->cookie, &hash));
	TRY(derive(c, t));
	const int64_t numbers[] = { c->tenant, t->provider.id, t->purpose, t->about, t->session, c->now };
	return numbers_sign(c, use_of(t), numbers, SIGNED_NUMBERS, &t->ask.state);
}

static void go(void *arg)
{
	struct round *t = arg;
	struct oidc_about about;
	int r = readers_run(t->readers, t->c, find_company, t);
	if (r == 0)
		r = readers_run(t->readers, t->c, prepare, t);
	const struct oidc_call k = call_of(t);
	if (r == 0)
		r = oidc_discover(&k, &about);
	if (r < 0)
		return refuse(t, r);
	struct text body = text_in(t->c->arena);
	text_append(&body, "{\"url\":");
	json_text(&body, oidc_address(&k, &about, &t->ask));
	text_char(&body, '}');
	struct http_pair header = { "Set-Cookie", session_cookie(t->c->arena, ROUND_COOKIE, t->cookie, setting_ms(t->c, SETTING_SIGN_IN_PROVIDER), t->http->is_https) };
	http_reply(t->http, &(struct http_reply){ .status = 200, .type = "application/json", .headers = &header, .header_count = 1,
	                                          .body = { (const uint8_t *)text_end(&body), body.n } });
}

static void begin(struct http_request *r, struct ctx *c, enum round_purpose purpose, void (*work)(void *arg))
{
	struct api_call *k = r->user;
	struct round *t = ARENA_NEW(c->arena, struct round);
	*t = (struct round){ .http = r, .c = c, .purpose = purpose, .readers = api_readers(k), .cookie = http_cookie(r, ROUND_COOKIE) };
	/* A program that got hold of somebody's token changes nothing about how that person signs in. */
	int result = c->auth ? require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL) : 0;
	if (result == 0)
		result = api_limit(k, SETTING_RATE_SIGN_IN);
	if (result == 0)
		result = call_read_input(k);
	t->in = k->in;
	if (result == 0 && purpose == ROUND_SIGN_IN && !text_empty(t->in->invitation))
		t->purpose = ROUND_INVITATION;
	t->about = c->auth ? c->auth->user_id : 0;
	t->session = c->auth ? c->auth->session_id : 0;
	if (result == 0)
		result = require(c, c->services->oidc != NULL, ERR_STATE, NULL);
	if (result == 0)
		result = pool_submit(api_pool(k), work, t);
	if (result < 0)
		refuse(t, result);
}

static void raw_start(struct http_request *r, struct ctx *c)
{
	begin(r, c, ROUND_SIGN_IN, go);
}

static void raw_link(struct http_request *r, struct ctx *c)
{
	begin(r, c, ROUND_LINK, go);
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	begin(r, c, ROUND_TRY, go);
}

/* Back -------------------------------------------------------------------------------------------------------------------- */

static struct bytes hash_of_state(struct ctx *c, const struct round *t)
{
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	hash_sha256(t->in->state, strlen(t->in->state), hash);
	return (struct bytes){ hash, HASH_SIZE };
}

static int require_unseen(struct ctx *c, const struct round *t)
{
	struct state_seen_row *rows;
	size_t n;
	TRY(state_seen(c, hash_of_state(c, t), &rows, &n));
	return require(c, n == 0, ERR_SIGN_IN_EXPIRED, NULL);
}

/* Whoever links or tries is still the one who began: her session has not ended. */
static int require_session(struct ctx *c, const struct round *t)
{
	struct session row;
	int r = session_row_get(c, t->session, &row);
	if (r == ERR_NOT_FOUND || (r == 0 && (row.actor_id != t->about || row.expires_at <= c->now)))
		return fail(c, ERR_SIGN_IN_EXPIRED, NULL);
	return r;
}

static int open_state(struct ctx *c, void *arg)
{
	struct round *t = arg;
	int64_t n[SIGNED_NUMBERS];
	struct bytes hash;
	if (!t->cookie || secret_hash(c, t->cookie, &hash) < 0)
		return fail(c, ERR_SIGN_IN_EXPIRED, NULL);
	TRY(numbers_open(c, use_of(t), t->in->state, ERR_SIGN_IN_EXPIRED, n, SIGNED_NUMBERS));
	TRY(require(c, n[5] + setting_ms(c, SETTING_SIGN_IN_PROVIDER) > c->now, ERR_SIGN_IN_EXPIRED, NULL));
	t->purpose = (enum round_purpose)n[2];
	t->about = n[3];
	t->session = n[4];
	TRY(require_unseen(c, t));
	TRY(load_provider(c, t, n[1]));
	return derive(c, t);
}

/* An answer that names its issuer, or should, comes from the one that was asked (RFC 9207). */
static int ask_provider(struct round *t)
{
	const struct oidc_call k = call_of(t);
	struct oidc_about about;
	if (!text_empty(t->in->error))
		return fail(t->c, ERR_PROVIDER_REFUSED, oidc_word(t->c->arena, t->in->error));
	TRY(oidc_discover(&k, &about));
	if (text_empty(t->in->iss) ? about.names_itself : !text_equal(t->in->iss, t->provider.issuer))
		return fail(t->c, ERR_PROVIDER_ANSWER, "iss");
	return text_empty(t->in->code) ? fail(t->c, ERR_PROVIDER_ANSWER, "code") : oidc_exchange(&k, &about, &t->ask, t->in->code, &t->who);
}

static int note_refusal(struct ctx *c, const struct round *t, int code, const char *what)
{
	struct text data = text_in(c->arena);
	text_format(&data, "{\"why\":\"%s\",\"provider_id\":\"%lld\",\"what\":", error_name(code), (long long)t->provider.id);
	json_text(&data, what ? what : "");
	text_char(&data, '}');
	return event_add(c, "user.sign_in_refused", "user", 0, text_end(&data));
}

static int settle(struct ctx *c, void *arg)
{
	struct round *t = arg;
	struct sign_in_state came = { .tenant = c->tenant, .hash = hash_of_state(c, t), .at = c->now };
	t->outcome = (struct identity_outcome){ 0 };
	TRY(require_unseen(c, t));
	TRY(sign_in_state_row_insert(c, &came));
	if (t->failure.code)
		return note_refusal(c, t, t->failure.code, t->failure.arg);
	switch (t->purpose) {
	case ROUND_SIGN_IN:
		TRY(identity_sign_in(c, &t->provider, &t->who, &t->outcome));
		break;
	case ROUND_INVITATION:
		TRY(identity_accept(c, &t->provider, &t->who, t->about, &t->outcome));
		break;
	case ROUND_LINK:
		TRY(require_session(c, t));
		c->actor_kind = ACTOR_USER;
		c->actor_id = t->about;
		TRY(identity_link(c, &t->provider, &t->who, t->about, &t->outcome));
		break;
	case ROUND_TRY:
		return require_session(c, t);
	}
	return t->outcome.refusal ? note_refusal(c, t, t->outcome.refusal, NULL) : 0;
}

static void settled(struct ctx *c, void *arg, int result)
{
	struct round *t = arg;
	t->c->error = c->error;
	if (result == 0 && t->failure.code)
		*t->c->error = t->failure;
	else if (result == 0 && t->outcome.refusal)
		result = fail(t->c, t->outcome.refusal, t->outcome.arg);
	if (result < 0 || t->failure.code)
		return refuse(t, result);
	if (t->purpose == ROUND_LINK || t->purpose == ROUND_TRY) {
		const char *body = t->purpose == ROUND_LINK ? "{\"linked\":true}" : arena_format(t->c->arena, "{\"claims\":%s}", t->who.claims);
		return http_reply_json(t->http, 200, body, strlen(body));
	}
	session_reply_outcome(t->http, c, &t->outcome.signed_in);
}

static void come_back(void *arg)
{
	struct round *t = arg;
	int r = readers_run(t->readers, t->c, open_state, t);
	if (r < 0)
		return refuse(t, r);
	if (ask_provider(t) < 0) {
		t->failure = *t->c->error;
		*t->c->error = (struct error){ 0 };
	}
	t->write = (struct write_request){ .run = settle, .done = settled, .arg = t, .queue = QUEUE_PEOPLE, .ctx = *t->c };
	r = writer_submit(t->c->services->writer, &t->write);
	if (r < 0)
		refuse(t, r);
}

static void raw_finish(struct http_request *r, struct ctx *c)
{
	begin(r, c, ROUND_SIGN_IN, come_back);
}

const struct route provider_round_routes[] = {
	ROUTE(POST, "/api/v1/session/provider/start", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &start_shape, .raw = raw_start,
	      .zh = "统一身份登录：开始", .en = "Signing in through an identity provider: begin"),
	ROUTE(POST, "/api/v1/session/provider", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &finish_shape, .raw = raw_finish,
	      .zh = "统一身份登录：返回", .en = "Signing in through an identity provider: back from there"),
	ROUTE(POST, "/api/v1/session/provider/link", FOR_STAFF, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &link_shape, .raw = raw_link,
	      .zh = "关联统一身份", .en = "Link an identity to the own account"),
	ROUTE(POST, "/api/v1/sign_in_provider/{id}/try", "sign_in_provider.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &try_shape, .raw = raw_try,
	      .zh = "统一身份登录：试用", .en = "Identity provider: try"),
};
const size_t provider_round_route_count = sizeof(provider_round_routes) / sizeof(provider_round_routes[0]);
