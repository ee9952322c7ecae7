/* The link holds a random secret in its fragment, which no server and no proxy logs; kept is its hash. A new invitation of the same
 * person makes the one before worthless, and so does the end of its time, its use, or taking it back. */
#include "domain/org/invitation.h"

#include "core/api/self_api.h"
#include "core/auth/sign_in.h"
#include "core/notify/notify.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "gen/invitation_sql.h"

static const struct choice states[] = {
	{ "open", "待接受", "Waiting", "dashed" }, { "accepted", "已接受", "Accepted", "tick" },
	{ "revoked", "已撤回", "Taken back", "dash" }, { "expired", "已过期", "Expired", "dash" }, { 0 },
};

static const struct field fields[] = {
	REF   (invitation, user_id,    L("员工", "Person"), .to = &user_record, .index = true),
	CHOICE(invitation, state,      L("状态", "State"), .of = states, .initial = "open"),
	TIME  (invitation, expires_at, L("有效期至", "Valid until")),
	TIME  (invitation, ended_at,   L("结束时间", "Ended at")),
	REF   (invitation, created_by, L("邀请人", "Invited by"), .to = &user_record),
};

/* Time alone ends one, and nothing is written then. */
static int show_expired(struct ctx *c, void *row)
{
	struct invitation *i = row;
	if (text_equal(i->state, "open") && i->expires_at <= c->now)
		i->state = "expired";
	return 0;
}

const struct record invitation_record = {
	.name = "invitation", .label = L("邀请", "Invitation"), .plural = "Invitations", .table = &table_invitation, FIELDS(fields), .title = { "user_id" },
	.read_only = true, .no_import = true, .show = show_expired,
};

int invitation_end(struct ctx *c, struct invitation *row, const char *state)
{
	struct invitation old = *row;
	row->state = state;
	row->ended_at = c->now;
	return record_update(c, &invitation_record, &old, row, arena_format(c->arena, "invitation.%s", state), NULL, "{}");
}

int invitation_open(struct ctx *c, const char *secret, struct invitation *row, struct user_account *user)
{
	struct bytes hash;
	struct invitation_by_token_row *found;
	size_t n = 0;
	if (secret_hash(c, secret, &hash) == 0)
		TRY(invitation_by_token(c, hash, &found, &n));
	if (n == 0)
		return fail(c, ERR_LINK_EXPIRED, NULL);
	if (found[0].tenant != c->tenant)
		TRY(db_set_tenant(c->db, found[0].tenant));
	c->tenant = found[0].tenant;
	TRY(invitation_row_get(c, found[0].id, row));
	TRY(user_account_row_get(c, row->user_id, user));
	bool holds = text_equal(row->state, "open") && row->expires_at > c->now && !user->archived_at;
	return holds ? 0 : fail(c, ERR_LINK_EXPIRED, NULL);
}

static int send_mail(struct ctx *c, const struct user_account *user, const char *email, const char *secret)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	const struct notice_word words[] = {
		{ "company", tenant.name }, { "name", user->name }, { "account", user->account },
		{ "hours", arena_format(c->arena, "%lld", (long long)setting_of(c, SETTING_SIGN_IN_INVITATION)) },
		{ "link", arena_format(c->arena, "%s/invite#%s", c->services->public_url, secret) },
	};
	return notify(c, &(struct notice){
		.channel = NOTICE_MAIL, .template = "staff_invited", .key = user->key, .address = email, .lang = text_equal(user->lang, "en") ? LANG_EN : LANG_ZH,
		.object = "user", .object_id = user->id, .words = words, .word_count = sizeof(words) / sizeof(words[0]),
	});
}

/* Her address in clear; whoever may invite her sees only that there is one. */
static int mail_of(struct ctx *c, const struct user_account *user, const char **email)
{
	TRY(pii_open(c, user->key, "user_account.email", user->email, email));
	if (!text_empty(*email))
		return 0;
	fail_field(c, "email", ERR_FIELD_REQUIRED, NULL);
	return c->error->code;
}

static int end_open_ones(struct ctx *c, int64_t user_id)
{
	struct invitation *rows;
	size_t n;
	TRY(invitations_open_of(c, user_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(invitation_end(c, &rows[i], "revoked"));
	return 0;
}

/* The same right that sets a password: nobody invites, and so reaches the account of, somebody who may do more than he. */
static int invite(struct ctx *c, const void *in, void *out)
{
	const struct id_in *v = in;
	struct user_account user;
	struct invitation row = { .tenant = c->tenant, .id = new_id(c), .state = "open", .created_by = c->auth->user_id };
	const char *email, *secret;
	TRY(user_in_reach(c, v->id, &user));
	TRY(require(c, user.archived_at == 0, ERR_STATE, NULL));
	TRY(require(c, user.id != c->auth->user_id, ERR_OWN_RIGHTS, NULL));
	TRY(mail_of(c, &user, &email));
	TRY(end_open_ones(c, user.id));
	TRY(secret_new(c, &secret, &row.token_hash));
	row.user_id = user.id;
	row.expires_at = c->now + setting_ms(c, SETTING_SIGN_IN_INVITATION);
	TRY(record_insert(c, &invitation_record, &row));
	TRY(send_mail(c, &user, email, secret));
	struct text t = text_in(c->arena);
	TRY(record_json(c, &invitation_record, &row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct revoke_in {
	int64_t id, version;
};
static const struct member revoke_members[] = {
	MEMBER(struct revoke_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct revoke_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape revoke_shape = SHAPE("invitation_revoke", struct revoke_in, revoke_members);

static int revoke(struct ctx *c, const void *in, void *out)
{
	const struct revoke_in *v = in;
	struct invitation row;
	TRY(record_get(c, &invitation_record, v->id, &row));
	if (row.version != v->version)
		return record_conflict(c, &invitation_record, &row);
	TRY(require(c, text_equal(row.state, "open"), ERR_STATE, NULL));
	TRY(invitation_end(c, &row, "revoked"));
	struct text t = text_in(c->arena);
	TRY(record_json(c, &invitation_record, &row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route invitation_routes[] = {
	ROUTE(POST, "/api/v1/user/{id}/invite", "user.invite", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &id_shape, .out = &raw_shape, .run = invite,
	      .zh = "员工：发送邀请", .en = "User: send an invitation"),
	ROUTE(POST, "/api/v1/invitation/{id}/revoke", "user.invite", WRITE, .body = BODY_JSON, .in = &revoke_shape, .out = &raw_shape, .run = revoke, .arg = &invitation_record,
	      .zh = "邀请：撤回", .en = "Invitation: take back"),
};
const size_t invitation_route_count = sizeof(invitation_routes) / sizeof(invitation_routes[0]);
