/* Sessions, tokens and signed links. */
#include "core/auth/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/auth/rights.h"
#include "core/pii/keystore.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/sign_in_sql.h"
#include "gen/schema.h"

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

static int hash_of(struct ctx *c, const char *secret, struct bytes *out)
{
	if (strlen(secret) != SECRET_CHARACTERS)
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	uint8_t *hash = arena_alloc(c->arena, 32);
	hash_sha256(secret, SECRET_CHARACTERS, hash);
	*out = (struct bytes){ hash, 32 };
	return 0;
}

static enum lang lang_of(const char *word)
{
	return text_equal(word, "en") ? LANG_EN : LANG_ZH;
}

static int user_session(struct ctx *c, struct bytes hash, struct auth *auth)
{
	struct session_of_user_row *rows;
	size_t n;
	TRY(session_of_user(c, hash, &rows, &n));
	if (n == 0 || rows[0].expires_at <= c->now)
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	c->tenant = rows[0].tenant;
	c->actor_kind = ACTOR_USER;
	c->actor_id = rows[0].actor_id;
	c->lang = lang_of(rows[0].lang);
	*auth = (struct auth){
		.session_id = rows[0].id, .user_id = rows[0].actor_id, .role_id = rows[0].role_id,
		.team_id = rows[0].team_id, .region_id = rows[0].region_id, .scope = scope_read(rows[0].scope),
	};
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
	struct ctx person = { .auth = auth, .actor_kind = ACTOR_USER };
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
	TRY(rights_read(c->services->rights, c->arena, rows[0].permissions, &auth->permissions, &auth->permission_count));
	return narrow(c, rows[0].scopes, auth);
}

/* Archived or locked people are nobody, and so are their tokens. */
static int person_again(struct ctx *c, struct auth *auth)
{
	struct user_account user;
	struct role role;
	TRY(user_account_row_get(c, auth->user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	if (user.archived_at || user.locked_until > c->now)
		return ERR_NOT_FOUND;
	auth->role_id = user.role_id;
	auth->team_id = user.team_id;
	auth->region_id = user.region_id;
	auth->scope = scope_read(role.scope);
	return permissions_read(c->arena, role.permissions, &auth->permissions, &auth->permission_count);
}

static int rights_now(struct ctx *c, struct auth *auth)
{
	if (c->actor_kind == ACTOR_TOKEN) {
		struct api_token token;
		TRY(api_token_row_get(c, c->actor_id, &token));
		if (token.archived_at || token.expires_at <= c->now)
			return ERR_NOT_FOUND;
		TRY(person_again(c, auth));
		return narrow(c, token.scopes, auth);
	}
	struct session session;
	TRY(session_row_get(c, auth->session_id, &session));
	if (session.expires_at <= c->now)
		return ERR_NOT_FOUND;
	return c->actor_kind == ACTOR_USER ? person_again(c, auth) : 0;
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

int session_create(struct ctx *c, enum actor_kind kind, int64_t actor_id, int64_t ticket_id, int64_t life_ms, const char **cookie)
{
	struct bytes hash;
	TRY(secret_new(c, cookie, &hash));
	struct session row = {
		.tenant = c->tenant, .id = new_id(c), .token_hash = hash, .actor_kind = kind, .actor_id = actor_id,
		.ticket_id = ticket_id, .created_at = c->now, .seen_at = c->now, .expires_at = c->now + life_ms,
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

enum { LINK_BYTES = 32, LINK_MAC = 16 };

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

int link_sign(struct ctx *c, const struct signed_link *link, const char **text)
{
	uint8_t raw[LINK_BYTES + 32];
	struct key key;
	TRY(tenant_secret(c, "links", &key));
	put_int(raw, link->tenant);
	put_int(raw + 8, link->customer_id);
	put_int(raw + 16, link->ticket_id);
	put_int(raw + 24, link->expires_at);
	hmac_sha256(&key, raw, LINK_BYTES, raw + LINK_BYTES);
	crypto_wipe(&key, sizeof(key));
	*text = base64url(c->arena, raw, LINK_BYTES + LINK_MAC);
	return 0;
}

int link_open(struct ctx *c, const char *text, struct signed_link *out)
{
	struct bytes raw;
	uint8_t mac[32];
	struct key key;
	if (strlen(text) > 100 || base64url_read(c->arena, text, &raw) < 0 || raw.n != LINK_BYTES + LINK_MAC)
		return fail(c, ERR_LINK_EXPIRED, NULL);
	int64_t named = get_int(raw.p);         /* only says whose key to ask; nothing is believed before the HMAC holds */
	if (named != c->tenant && named > 0)    /* whoever comes with a link is of no company yet */
		TRY(db_set_tenant(c->db, named));
	c->tenant = named;
	int r = named > 0 ? tenant_secret(c, "links", &key) : ERR_NOT_FOUND;
	if (r == ERR_NOT_FOUND)
		return fail(c, ERR_LINK_EXPIRED, NULL);
	TRY(r);
	hmac_sha256(&key, raw.p, LINK_BYTES, mac);
	crypto_wipe(&key, sizeof(key));
	if (!crypto_equal(mac, raw.p + LINK_BYTES, LINK_MAC))
		return fail(c, ERR_LINK_EXPIRED, NULL);
	*out = (struct signed_link){ get_int(raw.p), get_int(raw.p + 8), get_int(raw.p + 16), get_int(raw.p + 24) };
	return out->expires_at > c->now ? 0 : fail(c, ERR_LINK_EXPIRED, NULL);
}
