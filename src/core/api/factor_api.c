/* A code is a try: a wrong one is counted although the answer is an error, so its handler succeeds and the error comes afterwards.
 * Secrets and recovery codes are never kept in a stored answer: none of these routes has an idempotency key. */
#include "core/api/factor_api.h"

#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/self_api.h"
#include "core/api/session_api.h"
#include "core/auth/second_factor.h"
#include "core/auth/sign_in.h"
#include "core/services.h"
#include "gen/second_factor_sql.h"
#include "gen/sign_in_sql.h"

struct code_in {
	const char *ticket, *code;
};
static const struct member ticket_members[] = { MEMBER(struct code_in, ticket, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100) };
static const struct shape ticket_shape = SHAPE("sign_in_ticket", struct code_in, ticket_members);
static const struct member step_members[] = {
	MEMBER(struct code_in, ticket, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100),
	MEMBER(struct code_in, code, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 20),
};
static const struct shape step_shape = SHAPE("sign_in_code", struct code_in, step_members);
static const struct member code_members[] = { MEMBER(struct code_in, code, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 20) };
static const struct shape code_shape = SHAPE("factor_code", struct code_in, code_members);

struct attempt;
typedef int attempt_run(struct ctx *c, struct attempt *t, struct user_account *user);

/* One try on its way: who it is, what it does in the writer, what came of it. */
struct attempt {
	struct http_request *http;
	struct ctx *c;
	const struct code_in *in;
	attempt_run *run;
	struct readers *readers;
	struct write_request write;
	enum sign_in_next next;         /* of the ticket */
	bool right;
	const char *cookie, *body;
};

static void refuse(struct attempt *t, int code)
{
	if (!t->c->error->code)
		t->c->error->code = code;
	http_reply_error(t->http, t->c->error);
}

static void answered(struct ctx *c, void *arg, int result)
{
	struct attempt *t = arg;
	t->c->error = c->error;
	if (result == 0 && !t->right) {
		fail_field(c, "code", ERR_CODE_WRONG, NULL);
		result = c->error->code;
	}
	if (result < 0)
		return refuse(t, result);
	if (t->cookie)
		return session_reply(t->http, c, t->cookie, t->body);
	http_reply_json(t->http, 200, t->body, strlen(t->body));
}

/* The row is read in the writer: another try may have locked it meanwhile. */
static int attempt_in_turn(struct ctx *c, void *arg)
{
	struct attempt *t = arg;
	struct user_account user;
	t->cookie = NULL;
	t->right = false;
	t->body = "{\"ok\":true}";
	if (t->in && t->in->ticket) {
		TRY(sign_in_ticket_open(c, t->in->ticket, &t->next, &user));
	} else {
		TRY(user_account_row_get(c, c->auth->user_id, &user));
	}
	TRY(sign_in_check_lock(c, &user));
	TRY(t->run(c, t, &user));
	return t->right ? 0 : sign_in_failure(c, &user);
}

static int find_company(struct ctx *c, void *arg)
{
	struct attempt *t = arg;
	struct user_account user;
	return sign_in_ticket_open(c, t->in->ticket, &t->next, &user);
}

static int submit(struct attempt *t)
{
	t->write = (struct write_request){ .run = attempt_in_turn, .done = answered, .arg = t, .queue = QUEUE_PEOPLE, .ctx = *t->c };
	return writer_submit(t->c->services->writer, &t->write);
}

static void start_with_ticket(void *arg)
{
	struct attempt *t = arg;
	int r = readers_run(t->readers, t->c, find_company, t);
	if (r == 0)
		r = submit(t);
	if (r < 0)
		refuse(t, r);
}

static void attempt(struct http_request *r, struct ctx *c, attempt_run *run)
{
	struct api_call *k = r->user;
	struct attempt *t = ARENA_NEW(c->arena, struct attempt);
	*t = (struct attempt){ .http = r, .c = c, .run = run, .readers = api_readers(k) };
	bool is_known = c->auth != NULL;
	/* A program that got hold of somebody's token changes nothing about how that person signs in. */
	int result = is_known ? require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL) : 0;
	if (result == 0)
		result = api_limit(k, SETTING_RATE_SIGN_IN);
	if (result == 0)
		result = call_read_input(k);
	t->in = k->in;
	if (result == 0)
		result = is_known ? submit(t) : pool_submit(api_pool(k), start_with_ticket, t);
	if (result < 0)
		refuse(t, result);
}

/* Answers ------------------------------------------------------------------------------------------------------------ */

static const char *offer_json(struct arena *a, const struct factor_offer *offer)
{
	struct text t = text_in(a);
	text_append(&t, "{\"secret\":");
	json_text(&t, offer->secret);
	text_append(&t, ",\"uri\":");
	json_text(&t, offer->uri);
	text_append(&t, ",\"svg\":");
	json_text(&t, offer->svg);
	text_char(&t, '}');
	return text_end(&t);
}

static const char *codes_json(struct arena *a, const char *const *codes)
{
	struct text t = text_in(a);
	for (int i = 0; i < RECOVERY_CODES; i++)
		text_format(&t, "%s\"%s\"", i ? "," : "{\"recovery_codes\":[", codes[i]);
	text_append(&t, "]}");
	return text_end(&t);
}

/* Signing in --------------------------------------------------------------------------------------------------------- */

/* From here on she acts herself. */
static void act_as(struct ctx *c, const struct user_account *user)
{
	c->actor_kind = ACTOR_USER;
	c->actor_id = user->id;
}

/* The code of her factor, or the first one of a factor that she has just set up because her role demands it. */
static int step(struct ctx *c, struct attempt *t, struct user_account *user)
{
	const char **codes = NULL;
	act_as(c, user);
	if (t->next == NEXT_CODE)
		TRY(factor_check(c, user, t->in->code, &t->right));
	else
		TRY(factor_confirm(c, user, t->in->code, &t->right, &codes));
	if (!t->right)
		return 0;
	if (codes)
		t->body = codes_json(c->arena, codes);
	return sign_in_complete(c, user, t->next, &t->cookie);
}

static int offer_before(struct ctx *c, struct attempt *t, struct user_account *user)
{
	struct factor_offer offer;
	TRY(require(c, t->next == NEXT_ENROL, ERR_STATE, NULL));
	act_as(c, user);
	TRY(factor_offer(c, user, &offer));
	t->right = true;
	t->body = offer_json(c->arena, &offer);
	return 0;
}

static void raw_step(struct http_request *r, struct ctx *c)
{
	attempt(r, c, step);
}

static void raw_offer_before(struct http_request *r, struct ctx *c)
{
	attempt(r, c, offer_before);
}

/* Oneself ------------------------------------------------------------------------------------------------------------ */

static int show(struct ctx *c, const void *in, void *out)
{
	struct user_account user;
	struct role role;
	int64_t left;
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	TRY(recovery_left(c, user.id, &left));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"on\":%s,\"since\":%lld,\"required\":%s,\"codes_left\":%lld}", user.factor_at ? "true" : "false",
	                                            (long long)user.factor_at, role.second_factor ? "true" : "false", (long long)left);
	return 0;
}

static int offer(struct ctx *c, const void *in, void *out)
{
	struct user_account user;
	struct factor_offer made;
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	TRY(require(c, user.factor_at == 0, ERR_STATE, NULL));  /* a present one is taken away first, which needs its code */
	TRY(factor_offer(c, &user, &made));
	((struct raw_out *)out)->raw = offer_json(c->arena, &made);
	return 0;
}

/* Sessions that were opened without it end, but for the one that has just shown it. */
static int confirm(struct ctx *c, struct attempt *t, struct user_account *user)
{
	const char **codes = NULL;
	int64_t n;
	TRY(require(c, user->factor_at == 0, ERR_STATE, NULL));
	TRY(factor_confirm(c, user, t->in->code, &t->right, &codes));
	if (!t->right)
		return 0;
	t->body = codes_json(c->arena, codes);
	TRY(session_proved(c, c->auth->session_id, &n));
	return session_end_others(c, ACTOR_USER, user->id, c->auth->session_id, &n);
}

static int renew(struct ctx *c, struct attempt *t, struct user_account *user)
{
	const char **codes;
	TRY(require(c, user->factor_at != 0, ERR_STATE, NULL));
	TRY(factor_check(c, user, t->in->code, &t->right));
	if (!t->right)
		return 0;
	TRY(recovery_renew(c, user->id, &codes));
	t->body = codes_json(c->arena, codes);
	return event_add(c, "user.recovery_renewed", "user", user->id, "{}");
}

static int take_away(struct ctx *c, struct attempt *t, struct user_account *user)
{
	struct role role;
	TRY(role_row_get(c, user->role_id, &role));
	TRY(require(c, user->factor_at != 0 && !role.second_factor, ERR_STATE, NULL));
	TRY(factor_check(c, user, t->in->code, &t->right));
	return t->right ? factor_remove(c, user, "user.factor_off", NULL) : 0;
}

static void raw_confirm(struct http_request *r, struct ctx *c)
{
	attempt(r, c, confirm);
}

static void raw_renew(struct http_request *r, struct ctx *c)
{
	attempt(r, c, renew);
}

static void raw_take_away(struct http_request *r, struct ctx *c)
{
	attempt(r, c, take_away);
}

/* An administrator --------------------------------------------------------------------------------------------------- */

struct reset_in {
	int64_t id;
	const char *reason;
};
static const struct member reset_members[] = {
	MEMBER(struct reset_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct reset_in, reason, code, .flags = MEMBER_REQUIRED, .least = 2, .most = 200),
};
static const struct shape reset_shape = SHAPE("factor_reset", struct reset_in, reset_members);

/* The factor alone lets nobody in: whoever can set no password may reset anybody's, so that a security officer can. */
static int find_person(struct ctx *c, int64_t id, struct user_account *user)
{
	if (may(c, "user.password") || may(c, "user.invite"))
		return user_in_reach(c, id, user);
	return record_get(c, registry_find(&c->services->registry, "user")->record, id, user);
}

/* For somebody who lost her phone and her recovery codes. With the password alone she can sign in again: so her sessions end, and
 * nobody does it to somebody who holds more than he does. */
static int reset(struct ctx *c, const void *in, void *out)
{
	const struct reset_in *v = in;
	struct user_account user;
	TRY(find_person(c, v->id, &user));
	TRY(require(c, user.factor_at != 0, ERR_STATE, NULL));
	TRY(require(c, user.id != c->auth->user_id, ERR_OWN_RIGHTS, NULL));
	TRY(factor_remove(c, &user, "user.factor_reset", v->reason));
	return session_end_all(c, ACTOR_USER, user.id);
}

const struct route factor_routes[] = {
	ROUTE(POST, "/api/v1/session/code", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &step_shape, .raw = raw_step,
	      .zh = "登录第二步：验证码", .en = "Second step of signing in: the code"),
	ROUTE(POST, "/api/v1/session/enrol", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &ticket_shape, .raw = raw_offer_before,
	      .zh = "登录第二步：设置两步验证", .en = "Second step of signing in: set up a second factor"),
	ROUTE(GET, "/api/v1/session/factor", FOR_STAFF, POOL, .out = &raw_shape, .run = show, .zh = "自己的两步验证", .en = "The own second factor"),
	ROUTE(POST, "/api/v1/session/factor", FOR_STAFF, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .out = &raw_shape, .run = offer,
	      .zh = "开始设置两步验证", .en = "Begin to set up a second factor"),
	ROUTE(POST, "/api/v1/session/factor/confirm", FOR_STAFF, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &code_shape, .raw = raw_confirm,
	      .zh = "启用两步验证", .en = "Confirm the second factor"),
	ROUTE(POST, "/api/v1/session/factor/recovery", FOR_STAFF, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &code_shape, .raw = raw_renew,
	      .zh = "重新生成恢复码", .en = "New recovery codes"),
	ROUTE(POST, "/api/v1/session/factor/remove", FOR_STAFF, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &code_shape, .raw = raw_take_away,
	      .zh = "停用两步验证", .en = "Take the second factor away"),
	ROUTE(POST, "/api/v1/user/{id}/factor/reset", "user.factor", WRITE, .body = BODY_JSON, .in = &reset_shape, .run = reset,
	      .zh = "员工：重置两步验证", .en = "User: reset the second factor"),
};
const size_t factor_route_count = sizeof(factor_routes) / sizeof(factor_routes[0]);
