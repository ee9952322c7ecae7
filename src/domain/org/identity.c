/* Identities. Issuer and subject make one; of both only a hash under a secret of the company's own is kept, for a subject may be a name. */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/org/invitation.h"
#include "domain/org/org.h"
#include "domain/org/provider.h"
#include "gen/provider_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

enum { ACCOUNT_MOST = 32, ACCOUNT_TRIES = 50, NAME_MOST = 100 };

static int subject_of(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, struct bytes *out)
{
	struct key key;
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	const char *text = arena_format(c->arena, "%s\n%s", p->issuer, who->subject);
	TRY(tenant_secret(c, "identity", &key));
	hmac_sha256(&key, text, strlen(text), hash);
	crypto_wipe(&key, sizeof(key));
	*out = (struct bytes){ hash, HASH_SIZE };
	return 0;
}

static int refuse(struct identity_outcome *out, int code)
{
	out->refusal = code;
	return 0;
}

/* The domain counts only where the provider says that it has seen to the address. */
static bool may_come(const struct sign_in_provider *p, const struct oidc_identity *who)
{
	const char *at = who->email ? strrchr(who->email, '@') : NULL;
	if (text_empty(p->domains))
		return true;
	size_t n = at ? strlen(at + 1) : 0;
	for (const char *word = p->domains; n && who->email_verified && *word; word += strspn(word, " ")) {
		size_t m = strcspn(word, " ");
		if (m == n && !strncasecmp(word, at + 1, n))
			return true;
		word += m;
	}
	return false;
}

static int add(struct ctx *c, const struct sign_in_provider *p, struct bytes subject, int64_t user_id)
{
	struct sign_in_identity row = {
		.tenant = c->tenant, .id = new_id(c), .user_id = user_id, .provider_id = p->id, .subject = subject, .used_at = c->now, .created_at = c->now, .version = 1,
	};
	TRY(sign_in_identity_row_insert(c, &row));
	return event_add(c, "user.identity_linked", "user", user_id, arena_format(c->arena, "{\"provider_id\":\"%lld\"}", (long long)p->id));
}

/* People that are made ---------------------------------------------------------------------------------------------------- */

/* What comes before the @ of a name there, as far as it may stand in an account. */
static const char *account_of(struct ctx *c, const struct oidc_identity *who)
{
	const char *from = who->account ? who->account : who->email ? who->email : "";
	char *account = arena_alloc(c->arena, ACCOUNT_MOST + 1);
	size_t n = 0;
	for (; *from && *from != '@' && n < ACCOUNT_MOST; from++)
		if (isalnum((unsigned char)*from) || strchr("._-", *from))
			account[n++] = (char)tolower((unsigned char)*from);
	return n >= 2 ? account : "user";
}

static int free_account(struct ctx *c, const struct oidc_identity *who, const char **account)
{
	const char *wanted = account_of(c, who);
	*account = wanted;
	for (int i = 2; i <= ACCOUNT_TRIES; i++) {
		struct user_account *rows;
		size_t n;
		TRY(user_by_account(c, *account, &rows, &n));
		if (n == 0)
			return 0;
		*account = arena_format(c->arena, "%s%d", wanted, i);
	}
	return fail(c, ERR_FIELD_TAKEN, wanted);
}

static int make_person(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, struct user_account *user)
{
	const struct record_model *m = model_of(c, &user_record);
	struct ctx all = ctx_as_system(c);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t account = field_index(m, "account"), name = field_index(m, "name"), role = field_index(m, "role_id"), email = field_index(m, "email");
	uint64_t present = UINT64_C(1) << account | UINT64_C(1) << name | UINT64_C(1) << role;
	TRY(free_account(c, who, &slots[account].text));
	slots[name].text = who->name && utf8_count(who->name) <= NAME_MOST ? who->name : slots[account].text;
	slots[role].i = p->role_id;
	if (who->email && who->email_verified) {
		slots[email].text = who->email;
		present |= UINT64_C(1) << email;
	}
	return record_create(&all, &user_record, slots, present, user);
}

/* What becomes of an identity --------------------------------------------------------------------------------------------- */

static int enter(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, int64_t user_id, struct identity_outcome *out)
{
	bool two = who->second_factor && text_equal(p->factor, "provider");
	return sign_in_go_on(c, user_id, two ? SHOWN_TWO : SHOWN_ONE, &out->signed_in);
}

int identity_sign_in(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, struct identity_outcome *out)
{
	struct sign_in_identity *rows;
	struct user_account user;
	struct bytes subject;
	size_t n;
	int64_t marked;
	if (!may_come(p, who))
		return refuse(out, ERR_IDENTITY_DOMAIN);
	TRY(subject_of(c, p, who, &subject));
	TRY(identity_by_subject(c, subject, &rows, &n));
	if (n == 0 && !p->makes_people)
		return refuse(out, ERR_IDENTITY_UNKNOWN);
	if (n == 0) {
		TRY(make_person(c, p, who, &user));
		TRY(add(c, p, subject, user.id));
		return enter(c, p, who, user.id, out);
	}
	TRY(user_account_row_get(c, rows[0].user_id, &user));
	if (user.archived_at)
		return refuse(out, ERR_IDENTITY_UNKNOWN);
	if (user.locked_until > c->now) {
		out->arg = arena_format(c->arena, "%lld", (long long)((user.locked_until - c->now) / SECOND_MS + 1));
		return refuse(out, ERR_LOCKED_OUT);
	}
	TRY(identity_used(c, rows[0].id, c->now, &marked));
	return enter(c, p, who, user.id, out);
}

int identity_link(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, int64_t user_id, struct identity_outcome *out)
{
	struct sign_in_identity *rows;
	struct bytes subject;
	size_t n;
	if (!may_come(p, who))
		return refuse(out, ERR_IDENTITY_DOMAIN);
	TRY(subject_of(c, p, who, &subject));
	TRY(identity_by_subject(c, subject, &rows, &n));
	if (n)
		return rows[0].user_id == user_id ? 0 : refuse(out, ERR_IDENTITY_TAKEN);
	return add(c, p, subject, user_id);
}

int identity_accept(struct ctx *c, const struct sign_in_provider *p, const struct oidc_identity *who, int64_t invitation_id, struct identity_outcome *out)
{
	struct invitation row;
	struct user_account user;
	TRY(invitation_row_get(c, invitation_id, &row));
	TRY(user_account_row_get(c, row.user_id, &user));
	if (!text_equal(row.state, "open") || row.expires_at <= c->now || user.archived_at)
		return refuse(out, ERR_LINK_EXPIRED);
	TRY(identity_link(c, p, who, user.id, out));
	if (out->refusal)
		return 0;
	c->actor_kind = ACTOR_USER;
	c->actor_id = user.id;
	TRY(invitation_end(c, &row, "accepted"));
	return enter(c, p, who, user.id, out);
}

/* Seeing and removing them ------------------------------------------------------------------------------------------------ */

static int write_identities(struct ctx *c, int64_t user_id, struct raw_out *out)
{
	struct identities_of_row *rows;
	size_t n;
	TRY(identities_of(c, user_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(&t, "%s{\"id\":\"%lld\",\"since\":%lld,\"used_at\":%lld,\"provider\":", i ? "," : "", (long long)rows[i].id, (long long)rows[i].created_at,
		            (long long)rows[i].used_at);
		json_label(&t, rows[i].name, rows[i].name_en);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	out->raw = text_end(&t);
	return 0;
}

static int show_own(struct ctx *c, const void *in, void *out)
{
	return write_identities(c, c->auth->user_id, out);
}

static int show_other(struct ctx *c, const void *in, void *out)
{
	struct user_account user;
	TRY(record_get(c, &user_record, ((const struct id_in *)in)->id, &user));
	return write_identities(c, user.id, out);
}

struct remove_in {
	int64_t id, identity_id;
};
static const struct member own_members[] = { MEMBER(struct remove_in, identity_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape own_shape = SHAPE("own_identity_remove", struct remove_in, own_members);
static const struct member other_members[] = {
	MEMBER(struct remove_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct remove_in, identity_id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape other_shape = SHAPE("identity_remove", struct remove_in, other_members);

static int take_away(struct ctx *c, int64_t user_id, int64_t id)
{
	int64_t n;
	TRY(identity_remove(c, user_id, id, &n));
	TRY(require(c, n == 1, ERR_NOT_FOUND, NULL));
	return event_add(c, "user.identity_removed", "user", user_id, "{}");
}

/* A program that got hold of somebody's token changes nothing about how that person signs in. */
static int remove_own(struct ctx *c, const void *in, void *out)
{
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	return take_away(c, c->auth->user_id, ((const struct remove_in *)in)->identity_id);
}

static int remove_other(struct ctx *c, const void *in, void *out)
{
	const struct remove_in *v = in;
	struct user_account user;
	TRY(record_get(c, &user_record, v->id, &user));
	TRY(take_away(c, user.id, v->identity_id));
	return session_end_all(c, ACTOR_USER, user.id);
}

const struct route identity_routes[] = {
	ROUTE(GET, "/api/v1/session/identity", FOR_STAFF, POOL, .out = &raw_shape, .run = show_own, .zh = "自己关联的身份", .en = "The own linked identities"),
	ROUTE(POST, "/api/v1/session/identity/remove", FOR_STAFF, WRITE, .body = BODY_JSON, .in = &own_shape, .run = remove_own,
	      .zh = "取消自己关联的身份", .en = "Remove an own linked identity"),
	ROUTE(GET, "/api/v1/user/{id}/identity", "user.read", POOL, .in = &id_shape, .out = &raw_shape, .run = show_other,
	      .zh = "员工：关联的身份", .en = "User: linked identities"),
	ROUTE(POST, "/api/v1/user/{id}/identity/remove", "user.factor", WRITE, .body = BODY_JSON, .in = &other_shape, .run = remove_other,
	      .zh = "员工：取消关联的身份", .en = "User: remove a linked identity"),
};
const size_t identity_route_count = sizeof(identity_routes) / sizeof(identity_routes[0]);
