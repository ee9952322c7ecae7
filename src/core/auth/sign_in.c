/* Sessions, tokens and signed links. */
#include "core/auth/sign_in.h"

#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/auth/rights.h"
#include "core/duty.h"
#include "core/identity/visitor.h"
#include "core/pii/keystore.h"
#include "core/record/narrowing.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/sign_in_sql.h"

enum { SECRET_CHARACTERS = 43 };        /* 32 bytes in base64url */

int password_check(struct ctx *c, const char *password, const char **arg)
{
	int64_t least = setting_of(c, SETTING_SIGN_IN_PASSWORD);
	size_t bytes = strlen(password), n = utf8_count(password);
	*arg = arena_format(c->arena, "%lld", (long long)((int64_t)n < least ? least : PASSWORD_MOST));
	if (!utf8_is_text(password, bytes) || strpbrk(password, "\r\n"))
		return ERR_FIELD_TYPE;
	return (int64_t)n < least ? ERR_FIELD_TOO_SHORT : n > PASSWORD_MOST ? ERR_FIELD_TOO_LONG : 0;
}

int secret_hash(struct ctx *c, const char *secret, struct bytes *out)
{
	if (strlen(secret) != SECRET_CHARACTERS)
		return ERR_NOT_SIGNED_IN;
	uint8_t *hash = arena_alloc(c->arena, 32);
	hash_sha256(secret, SECRET_CHARACTERS, hash);
	*out = (struct bytes){ hash, 32 };
	return 0;
}

static int hash_of(struct ctx *c, const char *secret, struct bytes *out)
{
	int r = secret_hash(c, secret, out);
	return r == 0 ? 0 : fail(c, r, NULL);
}

static enum lang lang_of(const char *word)
{
	return text_equal(word, "en") ? LANG_EN : LANG_ZH;
}

int64_t sign_in_idle_ms(const struct ctx *c, int64_t role_minutes)
{
	return role_minutes ? role_minutes * MINUTE_MS : setting_ms(c, SETTING_SIGN_IN_IDLE);
}

/* When somebody was last seen is stored at most every SESSION_TOUCH_MS: so nobody is put out before her time. */
static bool is_idle(const struct ctx *c, int64_t seen_at, int64_t role_minutes)
{
	return c->now - seen_at > sign_in_idle_ms(c, role_minutes) + SESSION_TOUCH_MS;
}

static int user_session(struct ctx *c, struct bytes hash, struct auth *auth)
{
	struct session_of_user_row *rows;
	size_t n;
	TRY(session_of_user(c, hash, &rows, &n));
	if (n == 0 || rows[0].expires_at <= c->now || (rows[0].needs_factor && !rows[0].second_factor))
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	c->tenant = rows[0].tenant;
	if (is_idle(c, rows[0].seen_at, rows[0].idle_minutes))
		return fail(c, ERR_SIGNED_OUT_IDLE, NULL);
	c->actor_kind = ACTOR_USER;
	c->actor_id = rows[0].actor_id;
	c->lang = lang_of(rows[0].lang);
	*auth = (struct auth){
		.session_id = rows[0].id, .seen_at = rows[0].seen_at, .user_id = rows[0].actor_id, .role_id = rows[0].role_id,
		.team_id = rows[0].team_id, .region_id = rows[0].region_id, .scope = scope_read(rows[0].scope),
	};
	TRY(narrowing_read(c, rows[0].conditions, &auth->narrowing));
	TRY(rights_read(c->services->rights, c->arena, rows[0].masks, &auth->masks, &auth->mask_count));
	return rights_read(c->services->rights, c->arena, rows[0].permissions, &auth->permissions, &auth->permission_count);
}

static int customer_session(struct ctx *c, struct bytes hash, struct auth *auth)
{
	struct session_of_customer_row *rows;
	size_t n;
	TRY(session_of_customer(c, hash, &rows, &n));
	if (n == 0 || rows[0].expires_at <= c->now)
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	c->tenant = rows[0].tenant;
	c->actor_kind = ACTOR_CUSTOMER;
	c->actor_id = rows[0].actor_id;
	*auth = (struct auth){ .session_id = rows[0].id, .customer_id = rows[0].actor_id, .ticket_id = rows[0].ticket_id, .scope = SCOPE_ALL };
	return 0;
}

int auth_by_session(struct ctx *c, const char *cookie, enum actor_kind kind, struct auth *auth)
{
	struct bytes hash;
	TRY(hash_of(c, cookie, &hash));
	return kind == ACTOR_CUSTOMER ? customer_session(c, hash, auth) : user_session(c, hash, auth);
}

/* What both the token and its person hold. */
static int narrow(struct ctx *c, const char *json, struct auth *auth)
{
	const char *const *scopes;
	size_t n;
	TRY(permissions_read(c->arena, json, &scopes, &n));
	struct ctx person = *c;
	person.auth = auth;
	person.actor_kind = ACTOR_USER;
	const char **kept = ARENA_ARRAY(c->arena, const char *, n + 1);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (may(&person, scopes[i]))
			kept[count++] = scopes[i];
	auth->permissions = kept;
	auth->permission_count = count;
	return 0;
}

int auth_by_token(struct ctx *c, const char *bearer, struct auth *auth)
{
	struct bytes hash;
	struct token_owner_row *rows;
	size_t n;
	TRY(hash_of(c, bearer, &hash));
	TRY(token_owner(c, hash, &rows, &n));
	if (n == 0 || rows[0].expires_at <= c->now)
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	c->tenant = rows[0].tenant;
	c->actor_kind = ACTOR_TOKEN;
	c->actor_id = rows[0].id;
	*auth = (struct auth){
		.user_id = rows[0].user_id, .role_id = rows[0].role_id, .team_id = rows[0].team_id, .region_id = rows[0].region_id,
		.scope = scope_read(rows[0].scope),
	};
	TRY(narrowing_read(c, rows[0].conditions, &auth->narrowing));
	TRY(rights_read(c->services->rights, c->arena, rows[0].masks, &auth->masks, &auth->mask_count));
	TRY(rights_read(c->services->rights, c->arena, rows[0].permissions, &auth->permissions, &auth->permission_count));
	return narrow(c, rows[0].scopes, auth);
}

static int rights_of(struct ctx *c, const struct user_account *user, const struct role *role, struct auth *auth)
{
	auth->role_id = user->role_id;
	auth->team_id = user->team_id;
	auth->region_id = user->region_id;
	auth->scope = scope_read(role->scope);
	TRY(narrowing_read(c, role->conditions, &auth->narrowing));
	TRY(permissions_read(c->arena, role->masks, &auth->masks, &auth->mask_count));
	return permissions_read(c->arena, role->permissions, &auth->permissions, &auth->permission_count);
}

/* Archived or locked people are nobody, and so are their tokens. */
static int person_again(struct ctx *c, struct auth *auth, const struct session *session)
{
	struct user_account user;
	struct role role;
	TRY(user_account_row_get(c, auth->user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	if (user.archived_at || user.locked_until > c->now)
		return ERR_NOT_FOUND;
	if (session && ((role.second_factor && !session->second_factor) || is_idle(c, session->seen_at, role.idle_minutes)))
		return ERR_NOT_FOUND;
	return rights_of(c, &user, &role, auth);
}

int auth_by_person(struct ctx *c, int64_t user_id, struct auth *auth)
{
	struct user_account user;
	struct role role;
	TRY(user_account_row_get(c, user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	if (user.archived_at)
		return ERR_NOT_FOUND;
	*auth = (struct auth){ .user_id = user_id };
	c->actor_kind = ACTOR_USER;
	c->actor_id = user_id;
	c->lang = lang_of(user.lang);
	return rights_of(c, &user, &role, auth);
}

static int rights_now(struct ctx *c, struct auth *auth)
{
	if (c->actor_kind == ACTOR_TOKEN) {
		struct api_token token;
		TRY(api_token_row_get(c, c->actor_id, &token));
		if (token.archived_at || token.expires_at <= c->now)
			return ERR_NOT_FOUND;
		TRY(person_again(c, auth, NULL));
		return narrow(c, token.scopes, auth);
	}
	struct session session;
	if (auth->visitor)
		return visitor_again(c, auth);
	TRY(session_row_get(c, auth->session_id, &session));
	if (session.expires_at <= c->now)
		return ERR_NOT_FOUND;
	return c->actor_kind == ACTOR_USER ? person_again(c, auth, &session) : 0;
}

int auth_again(struct ctx *c, struct auth *auth)
{
	int r = rights_now(c, auth);
	return r == ERR_NOT_FOUND ? fail(c, ERR_NOT_SIGNED_IN, NULL) : r;
}

int secret_new(struct ctx *c, const char **secret, struct bytes *hash)
{
	uint8_t random[TOKEN_SIZE];
	crypto_random(random, sizeof(random));
	*secret = base64url(c->arena, random, sizeof(random));
	return hash_of(c, *secret, hash);
}

int session_create(struct ctx *c, const struct session_new *n, const char **cookie)
{
	struct bytes hash;
	TRY(secret_new(c, cookie, &hash));
	struct session row = {
		.tenant = c->tenant, .id = new_id(c), .token_hash = hash, .actor_kind = n->kind, .actor_id = n->actor_id,
		.ticket_id = n->ticket_id, .created_at = c->now, .seen_at = c->now, .expires_at = c->now + n->life_ms, .second_factor = n->second_factor,
	};
	return session_row_insert(c, &row);
}

int session_end(struct ctx *c, int64_t session_id)
{
	int64_t n;
	return session_delete(c, session_id, &n);
}

int session_end_all(struct ctx *c, enum actor_kind kind, int64_t actor_id)
{
	int64_t n;
	return session_delete_actor(c, kind, actor_id, &n);
}

enum { SIGNED_MAC = 16 };

static void put_int(uint8_t *p, int64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get_int(const uint8_t *p)
{
	uint64_t v = 0;
	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

int tenant_secret(struct ctx *c, const char *label, struct key *out)
{
	struct tenant tenant;
	struct key key;
	TRY(tenant_row_get(c, &tenant));
	TRY(keystore_key(c->services->keys, c->arena, tenant.key, &key));
	key_derive(&key, label, out);
	crypto_wipe(&key, sizeof(key));
	return 0;
}

int numbers_sign(struct ctx *c, const char *use, const int64_t *numbers, size_t n, const char **text)
{
	uint8_t raw[8 * SIGNED_NUMBERS + 32];
	struct key key;
	TRY(tenant_secret(c, use, &key));
	for (size_t i = 0; i < n; i++)
		put_int(raw + 8 * i, numbers[i]);
	hmac_sha256(&key, raw, 8 * n, raw + 8 * n);
	crypto_wipe(&key, sizeof(key));
	*text = base64url(c->arena, raw, 8 * n + SIGNED_MAC);
	return 0;
}

int numbers_open(struct ctx *c, const char *use, const char *text, int refusal, int64_t *numbers, size_t n)
{
	struct bytes raw;
	uint8_t mac[32];
	struct key key;
	if (strlen(text) > 100 || base64url_read(c->arena, text, &raw) < 0 || raw.n != 8 * n + SIGNED_MAC)
		return fail(c, refusal, NULL);
	for (size_t i = 0; i < n; i++)
		numbers[i] = get_int(raw.p + 8 * i);
	int64_t named = numbers[0];             /* only says whose key to ask; nothing is believed before the HMAC holds */
	if (c->tenant && named != c->tenant)
		return fail(c, refusal, NULL);
	if (!c->tenant && named > 0)            /* whoever comes with a link is of no company yet */
		TRY(db_set_tenant(c->db, named));
	c->tenant = named;
	int r = named > 0 ? tenant_secret(c, use, &key) : ERR_NOT_FOUND;
	if (r == ERR_NOT_FOUND)
		return fail(c, refusal, NULL);
	TRY(r);
	hmac_sha256(&key, raw.p, 8 * n, mac);
	crypto_wipe(&key, sizeof(key));
	return crypto_equal(mac, raw.p + 8 * n, SIGNED_MAC) ? 0 : fail(c, refusal, NULL);
}

int link_sign(struct ctx *c, const struct signed_link *link, const char **text)
{
	return numbers_sign(c, "links", (const int64_t[4]){ link->tenant, link->customer_id, link->ticket_id, link->expires_at }, 4, text);
}

int link_open(struct ctx *c, const char *text, struct signed_link *out)
{
	int64_t n[4];
	TRY(numbers_open(c, "links", text, ERR_LINK_EXPIRED, n, 4));
	*out = (struct signed_link){ n[0], n[1], n[2], n[3] };
	return out->expires_at > c->now ? 0 : fail(c, ERR_LINK_EXPIRED, NULL);
}

/* Signing in in steps ------------------------------------------------------------------------------------------------ */

int sign_in_ticket(struct ctx *c, const struct user_account *user, enum sign_in_next next, const char **text)
{
	return numbers_sign(c, "sign in", (const int64_t[4]){ c->tenant, user->id, next, c->now }, 4, text);
}

int sign_in_ticket_open(struct ctx *c, const char *text, enum sign_in_next *next, struct user_account *user)
{
	int64_t n[4];
	TRY(numbers_open(c, "sign in", text, ERR_SIGN_IN_EXPIRED, n, 4));
	*next = (enum sign_in_next)n[2];
	int r = n[3] + setting_ms(c, SETTING_SIGN_IN_STEP) > c->now ? user_account_row_get(c, n[1], user) : ERR_NOT_FOUND;
	if (r != 0 && r != ERR_NOT_FOUND)
		return r;
	/* A password that was set meanwhile, or a factor that came or went, makes it void. */
	bool holds = r == 0 && !user->archived_at && user->password_at <= n[3] && (user->factor_at != 0) == (*next == NEXT_CODE);
	return holds ? 0 : fail(c, ERR_SIGN_IN_EXPIRED, NULL);
}

int sign_in_check_lock(struct ctx *c, const struct user_account *user)
{
	if (user->locked_until <= c->now)
		return 0;
	int64_t seconds = (user->locked_until - c->now) / SECOND_MS + 1;
	return fail(c, ERR_LOCKED_OUT, arena_format(c->arena, "%lld", (long long)seconds));
}

/* Wrong passwords and codes lock for a while that doubles with every further one. */
static int64_t lock_for(const struct ctx *c, int64_t failures)
{
	int64_t past = failures - setting_of(c, SETTING_SIGN_IN_FAILURES), most = setting_ms(c, SETTING_SIGN_IN_LOCK_MOST);
	if (past < 0)
		return 0;
	int64_t lock = setting_ms(c, SETTING_SIGN_IN_LOCK_FIRST) << (past > 20 ? 20 : past);
	return lock > most ? most : lock;
}

int sign_in_failure(struct ctx *c, const struct user_account *user)
{
	int64_t failures = user->failures + 1, lock = lock_for(c, failures), n;
	TRY(user_failed(c, user->id, failures, lock ? c->now + lock : 0, &n));
	return event_add(c, lock ? "user.locked" : "user.sign_in_failed", "user", user->id, "{}");
}

static bool passwords_off(const struct ctx *c)
{
	return setting_of(c, SETTING_SIGN_IN_PASSWORDS) != 0;
}

bool sign_in_by_password(const struct ctx *c, const struct user_account *user)
{
	return user->emergency || !passwords_off(c);
}

/* A handful at most: each is a door of its own. */
int emergency_check(struct ctx *c)
{
	struct emergency_accounts_row *rows;
	size_t n;
	TRY(emergency_accounts(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct auth held = { 0 };
		struct ctx person = { .auth = &held, .services = c->services, .tenant = c->tenant };
		TRY(permissions_read(c->arena, rows[i].permissions, &held.permissions, &held.permission_count));
		if (may(&person, "setting.security"))
			return 0;
	}
	return fail(c, ERR_EMERGENCY_NEEDED, NULL);
}

int emergency_stays(struct ctx *c)
{
	return passwords_off(c) ? emergency_check(c) : 0;
}

int sign_in_go_on(struct ctx *c, int64_t user_id, enum sign_in_shown shown, struct sign_in_outcome *out)
{
	struct user_account user;
	struct role role;
	TRY(user_account_row_get(c, user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	if (shown == SHOWN_TWO) {
		out->next = NEXT_NOTHING;
		return sign_in_complete(c, &user, NEXT_CODE, &out->cookie);
	}
	out->next = user.factor_at ? NEXT_CODE : role.second_factor ? NEXT_ENROL : NEXT_NOTHING;
	if (out->next != NEXT_NOTHING)
		return sign_in_ticket(c, &user, out->next, &out->ticket);
	return sign_in_complete(c, &user, NEXT_NOTHING, &out->cookie);
}

int sign_in_complete(struct ctx *c, const struct user_account *user, enum sign_in_next passed, const char **cookie)
{
	int64_t n;
	TRY(user_signed_in(c, user->id, c->now, &n));
	TRY(session_create(c, &(struct session_new){ .kind = ACTOR_USER, .actor_id = user->id, .life_ms = setting_ms(c, SETTING_SIGN_IN_LIFE),
	                                             .second_factor = passed != NEXT_NOTHING }, cookie));
	c->actor_kind = ACTOR_USER;     /* from here on it is known who asks */
	c->actor_id = user->id;
	TRY(duty_came(c, user->id));
	return event_add(c, "user.signed_in", "user", user->id, "{}");
}
