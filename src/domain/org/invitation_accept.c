/* Whoever holds a link: what it is for, and the password that it lets her set. The hash is made in the pool, stored by the writer;
 * then she signs in like anybody else, with a second factor where her role demands one. */
#include <semaphore.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/session_api.h"
#include "core/auth/sign_in.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/org/invitation.h"
#include "gen/sign_in_sql.h"

struct accept_in {
	const char *token, *password;
};
static const struct member token_members[] = { MEMBER(struct accept_in, token, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100) };
static const struct shape token_shape = SHAPE("invitation_token", struct accept_in, token_members);
static const struct member accept_members[] = {
	MEMBER(struct accept_in, token, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100),
	MEMBER(struct accept_in, password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
};
static const struct shape accept_shape = SHAPE("invitation_accept", struct accept_in, accept_members);

static int show(struct ctx *c, const void *in, void *out)
{
	const struct accept_in *v = in;
	struct invitation row;
	struct user_account user;
	struct tenant tenant;
	TRY(invitation_open(c, v->token, &row, &user));
	TRY(tenant_row_get(c, &tenant));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"company\":");
	json_text(&t, tenant.name);
	text_append(&t, ",\"company_code\":");
	json_text(&t, tenant.code);
	text_append(&t, ",\"name\":");
	json_text(&t, user.name);
	text_append(&t, ",\"account\":");
	json_text(&t, user.account);
	text_format(&t, ",\"expires_at\":%lld,\"password_length\":%lld}", (long long)row.expires_at, (long long)setting_of(c, SETTING_SIGN_IN_PASSWORD));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* One acceptance on its way. */
struct acceptance {
	struct http_request *http;
	struct ctx *c;
	const struct accept_in *in;
	const char *hash;
	struct sign_in_outcome outcome;
	sem_t *passwords;
	struct readers *readers;
	struct write_request write;
};

static void refuse(struct acceptance *a, int code)
{
	if (!a->c->error->code)
		a->c->error->code = code;
	http_reply_error(a->http, a->c->error);
}

/* The link is judged again in the writer: of two who use it at once the first sets the password. */
static int store(struct ctx *c, void *arg)
{
	struct acceptance *a = arg;
	struct invitation row;
	struct user_account user;
	int64_t n;
	TRY(invitation_open(c, a->in->token, &row, &user));
	c->actor_kind = ACTOR_USER;
	c->actor_id = user.id;
	TRY(user_password(c, user.id, a->hash, c->now, &n));
	TRY(session_end_all(c, ACTOR_USER, user.id));
	TRY(invitation_end(c, &row, "accepted"));
	TRY(event_add(c, "user.password_changed", "user", user.id, "{}"));
	return sign_in_go_on(c, user.id, SHOWN_ONE, &a->outcome);
}

static void stored(struct ctx *c, void *arg, int result)
{
	struct acceptance *a = arg;
	a->c->error = c->error;
	if (result < 0)
		return refuse(a, result);
	session_reply_outcome(a->http, c, &a->outcome);
}

static int find(struct ctx *c, void *arg)
{
	struct acceptance *a = arg;
	struct invitation row;
	struct user_account user;
	const char *bound;
	TRY(invitation_open(c, a->in->token, &row, &user));
	TRY(require(c, sign_in_by_password(c, &user), ERR_PASSWORD_OFF, NULL));
	int r = password_check(c, a->in->password, &bound);
	if (r == 0)
		return 0;
	fail_field(c, "password", r, bound);
	return c->error->code;
}

static void hash_and_store(void *arg)
{
	struct acceptance *a = arg;
	int r = readers_run(a->readers, a->c, find, a);
	if (r < 0)
		return refuse(a, r);
	while (sem_wait(a->passwords) != 0)
		;
	r = password_hash(a->c->arena, a->in->password, &a->hash);
	sem_post(a->passwords);
	if (r == 0) {
		a->write = (struct write_request){ .run = store, .done = stored, .arg = a, .queue = QUEUE_PEOPLE, .ctx = *a->c };
		r = writer_submit(a->c->services->writer, &a->write);
	}
	if (r < 0)
		refuse(a, r);
}

static void accept_link(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct acceptance *a = ARENA_NEW(c->arena, struct acceptance);
	*a = (struct acceptance){ .http = r, .c = c, .readers = api_readers(k), .passwords = api_passwords(k) };
	int result = api_limit(k, SETTING_RATE_SIGN_IN);
	if (result == 0)
		result = call_read_input(k);
	a->in = k->in;
	if (result == 0)
		result = pool_submit(api_pool(k), hash_and_store, a);
	if (result < 0)
		refuse(a, result);
}

const struct route invitation_accept_routes[] = {
	ROUTE(POST, "/api/v1/session/invitation", FOR_ANYBODY, POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &token_shape, .out = &raw_shape, .run = show,
	      .zh = "查看邀请", .en = "What an invitation is for"),
	ROUTE(POST, "/api/v1/session/invitation/accept", FOR_ANYBODY, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &accept_shape, .raw = accept_link,
	      .zh = "接受邀请，设置密码", .en = "Accept an invitation and set a password"),
};
const size_t invitation_accept_route_count = sizeof(invitation_accept_routes) / sizeof(invitation_accept_routes[0]);
