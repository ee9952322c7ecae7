/* Signing in and out of staff. Passwords are checked in the pool, two at a time (19 MB each); what follows is written. */
#include <semaphore.h>
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/session_api.h"
#include "core/auth/sign_in.h"
#include "core/duty.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/sign_in_sql.h"
#include "gen/schema.h"

struct sign_in_in {
	const char *tenant, *account, *password;
};
static const struct member sign_in_members[] = {
	MEMBER(struct sign_in_in, tenant, code, .most = 40),
	MEMBER(struct sign_in_in, account, code, .flags = MEMBER_REQUIRED, .most = 40),
	MEMBER(struct sign_in_in, password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
};
const struct shape sign_in_shape = SHAPE("sign_in", struct sign_in_in, sign_in_members);

/* One attempt on its way: found user, verdict of the password, new session. */
struct attempt {
	struct http_request *http;
	struct ctx *c;
	const struct sign_in_in *in;
	struct user_account user;
	bool known, right, is_off;
	time_ms locked_until;   /* past now: the account is locked */
	struct sign_in_outcome outcome;
	struct write_request write;
	struct readers *readers;
	sem_t *passwords;
};

/* A user that does not exist costs as much time as one that does. */
static const char *const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

int session_find_company(struct ctx *c, const char *code)
{
	size_t n;
	if (!text_empty(code)) {
		struct tenant_by_code_row *rows;
		TRY(tenant_by_code(c, code, &rows, &n));
		if (n)
			c->tenant = rows[0].tenant;
	} else {
		struct tenants_first_row *rows;
		TRY(tenants_first(c, &rows, &n));
		if (n == 1)
			c->tenant = rows[0].tenant;
	}
	return 0;
}

static int find_tenant_of(struct ctx *c, void *arg)
{
	return session_find_company(c, ((struct attempt *)arg)->in->tenant);
}

static int find_user(struct ctx *c, void *arg)
{
	struct attempt *t = arg;
	struct user_account *rows;
	size_t n;
	TRY(user_by_account(c, t->in->account, &rows, &n));
	t->known = n && !rows[0].archived_at && *rows[0].password;
	if (t->known)
		t->user = rows[0];
	return 0;
}

/* Counts the failure, or signs in, or tells the next step: failures are forgotten only by whoever has shown everything. Each refusal is
 * an event; what was typed as an account is not kept, for it may be a password. The row is read again: another attempt may have locked
 * it meanwhile. */
static int decide(struct ctx *c, void *arg)
{
	struct attempt *t = arg;
	struct user_account user;
	if (!t->known)
		return event_add(c, "user.sign_in_refused", "user", 0, "{\"why\":\"unknown\"}");
	TRY(user_account_row_get(c, t->user.id, &user));
	t->locked_until = user.locked_until;
	if (t->locked_until > c->now)
		return event_add(c, "user.sign_in_refused", "user", user.id, "{\"why\":\"locked\"}");
	t->is_off = t->right && !sign_in_by_password(c, &user);
	if (t->is_off)
		return event_add(c, "user.sign_in_refused", "user", user.id, "{\"why\":\"password\"}");
	return t->right ? sign_in_go_on(c, user.id, SHOWN_ONE, &t->outcome) : sign_in_failure(c, &user);
}

void session_reply(struct http_request *r, struct ctx *c, const char *cookie, const char *body)
{
	struct http_pair header = { "Set-Cookie", session_cookie(r->arena, STAFF_COOKIE, cookie, setting_ms(c, SETTING_SIGN_IN_LIFE), r->is_https) };
	http_reply(r, &(struct http_reply){ .status = 201, .type = "application/json", .headers = &header, .header_count = 1,
	                                    .body = { (const uint8_t *)body, strlen(body) } });
}

void session_reply_outcome(struct http_request *r, struct ctx *c, const struct sign_in_outcome *outcome)
{
	if (outcome->next == NEXT_NOTHING)
		return session_reply(r, c, outcome->cookie, "{\"ok\":true}");
	const char *body = arena_format(r->arena, "{\"next\":\"%s\",\"ticket\":\"%s\"}", outcome->next == NEXT_CODE ? "code" : "enrol", outcome->ticket);
	http_reply_json(r, 200, body, strlen(body));
}

static void reply_code(struct attempt *t, int code)
{
	if (!t->c->error->code)
		t->c->error->code = code;
	http_reply_error(t->http, t->c->error);
}

static void decided(struct ctx *c, void *arg, int result)
{
	struct attempt *t = arg;
	t->c->error = c->error;
	if (result < 0)
		return reply_code(t, result);
	if (t->locked_until > t->c->now)
		return reply_code(t, sign_in_check_lock(t->c, &(struct user_account){ .locked_until = t->locked_until }));
	if (!t->right || t->is_off)
		return reply_code(t, t->right ? ERR_PASSWORD_OFF : ERR_SIGN_IN_FAILED);
	session_reply_outcome(t->http, c, &t->outcome);
}

static void check_password(void *arg)
{
	struct attempt *t = arg;
	int r = readers_run(t->readers, t->c, find_tenant_of, t);
	if (r == 0 && t->c->tenant)
		r = readers_run(t->readers, t->c, find_user, t);
	if (r < 0)
		return reply_code(t, r);
	while (sem_wait(t->passwords) != 0)
		;
	t->right = password_verify(t->known ? t->user.password : nobody, t->in->password) && t->known;
	sem_post(t->passwords);
	if (!t->c->tenant)
		return reply_code(t, ERR_SIGN_IN_FAILED);       /* of no company: in nobody's audit */
	t->write = (struct write_request){ .run = decide, .done = decided, .arg = t, .queue = QUEUE_PEOPLE, .ctx = *t->c };
	r = writer_submit(t->c->services->writer, &t->write);
	if (r < 0)
		reply_code(t, r);
}

void session_sign_in(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct attempt *t = ARENA_NEW(c->arena, struct attempt);
	*t = (struct attempt){ .http = r, .c = c };
	int result = api_limit(k, SETTING_RATE_SIGN_IN);
	if (result == 0)
		result = call_read_input(k);
	t->in = k->in;
	t->readers = api_readers(k);
	t->passwords = api_passwords(k);
	if (result == 0)
		result = pool_submit(api_pool(k), check_password, t);
	if (result < 0)
		reply_code(t, result);
}

const char *session_cookie(struct arena *a, const char *name, const char *value, int64_t life_ms, bool secure)
{
	return arena_format(a, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s", name, value, (long long)(life_ms / SECOND_MS), secure ? "; Secure" : "");
}

static int sign_out(struct ctx *c, const void *in, void *out)
{
	if (!c->auth->session_id)
		return 0;
	TRY(session_end(c, c->auth->session_id));
	TRY(duty_left(c, c->auth->user_id));
	return event_add(c, "user.signed_out", "user", c->auth->user_id, "{}");
}

/* Who I am, for the frame of the console. */
static int who_am_i(struct ctx *c, const void *in, void *out)
{
	struct user_account user;
	struct role role;
	struct tenant tenant;
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	TRY(tenant_row_get(c, &tenant));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"user\":{\"id\":\"%lld\",\"name\":", (long long)user.id);
	json_text(&t, user.name);
	text_append(&t, ",\"account\":");
	json_text(&t, user.account);
	text_format(&t, ",\"lang\":\"%s\",\"theme\":\"%s\",\"team_id\":\"%lld\",\"version\":%lld,\"role_ids\":[\"%lld\"],\"role\":", user.lang, user.theme,
	            (long long)user.team_id, (long long)user.version, (long long)user.role_id);
	json_text(&t, role.name);
	text_format(&t, ",\"scope\":\"%s\",\"idle_minutes\":%lld},\"tenant\":{\"id\":\"%lld\",\"code\":", role.scope,
	            (long long)(sign_in_idle_ms(c, role.idle_minutes) / MINUTE_MS), (long long)tenant.tenant);
	json_text(&t, tenant.code);
	text_append(&t, ",\"name\":");
	json_text(&t, tenant.name);
	text_format(&t, ",\"zone_minutes\":%lld,\"demo\":%s,\"service_phone\":", (long long)tenant.zone_minutes, tenant.demo ? "true" : "false");
	json_text(&t, tenant.service_phone);
	text_format(&t, ",\"logo\":\"%lld\"", (long long)tenant.logo_id);
	text_append(&t, "},\"permissions\":[");
	for (size_t i = 0; i < c->auth->permission_count; i++) {
		text_append(&t, i ? "," : "");
		json_text(&t, c->auth->permissions[i]);
	}
	text_append(&t, "],\"withheld\":[");
	for (size_t i = 0; security_rights[i] && duties_apart(c); i++) {
		text_append(&t, i ? "," : "");
		json_text(&t, security_rights[i]);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route session_routes[] = {
	ROUTE(POST, "/api/v1/session", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &sign_in_shape, .raw = session_sign_in,
	      .zh = "员工登录", .en = "Sign in"),
	ROUTE(GET, "/api/v1/session", FOR_STAFF, POOL, .out = &raw_shape, .run = who_am_i, .zh = "当前员工", .en = "Who I am"),
	ROUTE(DELETE, "/api/v1/session", FOR_STAFF, WRITE, .flags = ROUTE_NO_KEY, .run = sign_out, .zh = "退出登录", .en = "Sign out"),
};
const size_t session_route_count = sizeof(session_routes) / sizeof(session_routes[0]);
