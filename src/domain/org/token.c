/* Tokens of programs: made by a person, never more than that person may do, shown once. Using one: core/auth/sign_in.c. */
#include "domain/org/org.h"

#include "core/auth/sign_in.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/schema.h"

static int token_before(struct ctx *c, const void *old, void *row)
{
	return rights_check(c, "scopes", &((struct api_token *)row)->scopes);
}

static const struct field token_fields[] = {
	CODE(api_token, name,       L("名称", "Name"), .required = true, .most = 60),
	JSON(api_token, scopes,     L("权限", "Permissions"), .initial = "[]"),
	REF (api_token, user_id,    L("所属员工", "Person"), .to = &user_record, .system = true),
	TIME(api_token, expires_at, L("有效期至", "Valid until"), .system = true),
};

const struct record token_record = {
	.name = "api_token", .label = L("接口令牌", "API token"), .plural = "API tokens", .table = &table_api_token, FIELDS(token_fields), .title = { "name" },
	.owner = "user_id", .before = token_before, .no_create = true, .no_import = true,
};

struct token_in {
	const char *name;
	struct list scopes;
	int64_t days;
};
static const struct member in_members[] = {
	MEMBER(struct token_in, name, code, .flags = MEMBER_REQUIRED, .most = 60),
	MEMBER(struct token_in, scopes, list, .item = TYPE_code, .flags = MEMBER_REQUIRED, .most = 200),
	MEMBER(struct token_in, days, count, .most = 3650),
};
static const struct shape in_shape = SHAPE("api_token_new", struct token_in, in_members);

struct token_out {
	int64_t id, expires_at;
	const char *token;
};
static const struct member out_members[] = {
	MEMBER(struct token_out, id, id), MEMBER(struct token_out, token, text), MEMBER(struct token_out, expires_at, time_ms),
};
static const struct shape out_shape = SHAPE("api_token_made", struct token_out, out_members);

/* How long it may live: what was asked for, or what the company gives; never more than the company allows. */
static int life_of(struct ctx *c, const struct token_in *order, int64_t *days)
{
	int64_t most = setting_of(c, SETTING_TOKEN_LIFE_MOST), usual = setting_of(c, SETTING_TOKEN_LIFE);
	*days = order->days ? order->days : usual < most ? usual : most;
	if (*days <= most)
		return 0;
	fail_field(c, "days", ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%lld", (long long)most));
	return c->error->code;
}

/* A token makes no tokens: it would outlive its own end. */
static int create(struct ctx *c, const void *in, void *out)
{
	const struct token_in *order = in;
	struct token_out *made = out;
	int64_t days;
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	TRY(life_of(c, order, &days));
	struct api_token row = {
		.tenant = c->tenant, .id = new_id(c), .name = order->name, .scopes = permissions_write(c->arena, order->scopes.at, order->scopes.n), .user_id = c->auth->user_id,
		.expires_at = c->now + days * DAY_MS,
	};
	TRY(secret_new(c, &made->token, &row.token_hash));
	TRY(record_insert(c, &token_record, &row));
	made->id = row.id;
	made->expires_at = row.expires_at;
	return 0;
}

const struct route org_routes[] = {
	ROUTE(POST, "/api/v1/api_token", "api_token.create", WRITE, .body = BODY_JSON, .in = &in_shape, .out = &out_shape, .run = create, .flags = ROUTE_CREATED | ROUTE_NO_KEY,
	      .zh = "接口令牌：新建（令牌只显示这一次）", .en = "API token: make one (shown this once)"),
};
const size_t org_route_count = sizeof(org_routes) / sizeof(org_routes[0]);
