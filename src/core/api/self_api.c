/* What people set for themselves, and passwords.
 *
 * Passwords are checked and hashed in the pool, two at a time (19 MB each), and stored by the writer. A changed password
 * ends the person's other sessions. Nobody sets the password of somebody who holds a right that he lacks himself. */
#include <semaphore.h>

#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/api/self_api.h"
#include "core/auth/sign_in.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

static const struct choice langs[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { 0 } };
static const struct choice themes[] = { { "system", "跟随系统", "As the system" }, { "light", "浅色", "Light" }, { "dark", "深色", "Dark" }, { 0 } };

int user_in_reach(struct ctx *c, int64_t id, struct user_account *user)
{
	struct role role;
	const char *const *words;
	size_t count;
	TRY(record_get(c, registry_find(&c->services->registry, "user")->record, id, user));
	TRY(role_row_get(c, user->role_id, &role));
	TRY(permissions_read(c->arena, role.permissions, &words, &count));
	for (size_t i = 0; i < count; i++)
		TRY(require_permission(c, words[i]));
	return 0;
}

struct choose_in {
	const char *lang, *theme;
};
static const struct member choose_members[] = {
	MEMBER(struct choose_in, lang, code, .choices = langs),
	MEMBER(struct choose_in, theme, code, .choices = themes),
};
static const struct shape choose_shape = SHAPE("session_choose", struct choose_in, choose_members);

/* Taste, not data: it makes no version and no history. */
static int choose(struct ctx *c, const void *in, void *out)
{
	const struct choose_in *v = in;
	struct user_account user;
	int64_t n;
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	return user_choose(c, user.id, text_empty(v->lang) ? user.lang : v->lang, text_empty(v->theme) ? user.theme : v->theme, &n);
}

struct password_in {
	int64_t id;                     /* of the other */
	const char *old_password, *password;
};
static const struct member own_members[] = {
	MEMBER(struct password_in, old_password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
	MEMBER(struct password_in, password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
};
static const struct shape own_shape = SHAPE("password", struct password_in, own_members);
static const struct member other_members[] = {
	MEMBER(struct password_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct password_in, password, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = PASSWORD_MOST),
};
static const struct shape other_shape = SHAPE("user_password", struct password_in, other_members);

struct renewal {
	struct http_request *http;
	struct ctx *c;
	const struct password_in *in;
	struct user_account user;
	const char *hash;
	bool of_other;
	sem_t *passwords;
	struct readers *readers;
	struct write_request write;
};

static void refuse(struct renewal *n, int code)
{
	if (!n->c->error->code)
		n->c->error->code = code;
	http_reply_error(n->http, n->c->error);
}

static int find_person(struct ctx *c, void *arg)
{
	struct renewal *n = arg;
	return n->of_other ? user_in_reach(c, n->in->id, &n->user) : user_account_row_get(c, c->auth->user_id, &n->user);
}

static int store(struct ctx *c, void *arg)
{
	struct renewal *n = arg;
	int64_t changed;
	TRY(user_password(c, n->user.id, n->hash, c->now, &changed));
	TRY(session_end_others(c, ACTOR_USER, n->user.id, n->of_other ? 0 : c->auth->session_id, &changed));
	return event_add(c, "user.password_changed", "user", n->user.id, "{}");
}

static void stored(struct ctx *c, void *arg, int result)
{
	struct renewal *n = arg;
	static const char body[] = "{\"ok\":true}";
	n->c->error = c->error;
	if (result < 0)
		return refuse(n, result);
	http_reply_json(n->http, 200, body, sizeof(body) - 1);
}

static int verify_and_hash(struct renewal *n)
{
	bool right = n->of_other || (*n->user.password && password_verify(n->user.password, n->in->old_password));
	if (!right) {
		fail_field(n->c, "old_password", ERR_FIELD_INVALID, "");
		return n->c->error->code;
	}
	return password_hash(n->c->arena, n->in->password, &n->hash);
}

static void renew(void *arg)
{
	struct renewal *n = arg;
	int r = readers_run(n->readers, n->c, find_person, n);
	if (r < 0)
		return refuse(n, r);
	while (sem_wait(n->passwords) != 0)
		;
	r = verify_and_hash(n);
	sem_post(n->passwords);
	if (r == 0) {
		n->write = (struct write_request){ .run = store, .done = stored, .arg = n, .queue = QUEUE_PEOPLE, .ctx = *n->c };
		r = writer_submit(n->c->services->writer, &n->write);
	}
	if (r < 0)
		refuse(n, r);
}

static int check_new(struct ctx *c, const char *password)
{
	const char *arg;
	int r = password_check(c, password, &arg);
	if (r == 0)
		return 0;
	fail_field(c, "password", r, arg);
	return c->error->code;
}

static void password(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct renewal *n = ARENA_NEW(c->arena, struct renewal);
	*n = (struct renewal){ .http = r, .c = c, .of_other = r->route->in == &other_shape, .readers = api_readers(k), .passwords = api_passwords(k) };
	/* A program that got hold of the password would keep its person out. */
	int result = n->of_other ? 0 : require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL);
	if (result == 0)
		result = api_limit(k, SETTING_RATE_PASSWORD);
	if (result == 0)
		result = call_read_input(k);
	n->in = k->in;
	if (result == 0)
		result = check_new(c, n->in->password);
	if (result == 0)
		result = pool_submit(api_pool(k), renew, n);
	if (result < 0)
		refuse(n, result);
}

const struct route self_routes[] = {
	ROUTE(PATCH, "/api/v1/session", FOR_STAFF, WRITE, .body = BODY_JSON, .in = &choose_shape, .run = choose,
	      .zh = "自己的语言与外观", .en = "Own language and look"),
	ROUTE(POST, "/api/v1/session/password", FOR_STAFF, RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &own_shape, .raw = password,
	      .zh = "更改自己的密码", .en = "Change the own password"),
	ROUTE(POST, "/api/v1/user/{id}/password", "user.password", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &other_shape, .raw = password,
	      .zh = "员工：重设密码", .en = "User: set a password"),
};
const size_t self_route_count = sizeof(self_routes) / sizeof(self_routes[0]);
