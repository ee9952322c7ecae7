/* Providers as a record. The secret goes in and never comes out. */
#include "domain/org/provider.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/session_api.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "gen/provider_sql.h"
#include "gen/schema.h"

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice factors[] = {
	{ "own", "本系统的两步验证", "Ours" }, { "provider", "认可身份服务的两步验证", "The provider's counts" }, { 0 },
};

/* "example.cn example.com": small letters, digits, dots and hyphens. */
static bool are_domains(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.- ")] == 0;
}

/* Whoever may set one up lets people in, so it needs the right of security, too; and the role for new people must be his to give. */
static int provider_before(struct ctx *c, const void *old, void *row)
{
	const struct sign_in_provider *was = old;
	struct sign_in_provider *p = row;
	TRY(require_permission(c, "setting.security"));
	if (!oidc_is_address(p->issuer))
		fail_field(c, "issuer", ERR_FIELD_INVALID, "");
	if (!text_empty(p->domains) && !are_domains(p->domains))
		fail_field(c, "domains", ERR_FIELD_INVALID, "");
	if (p->makes_people && !p->role_id)
		fail_field(c, "role_id", ERR_FIELD_REQUIRED, NULL);
	bool new_role = p->role_id && (!was || was->role_id != p->role_id), gives = p->role_id && p->makes_people && text_equal(p->state, "on") && !p->archived_at;
	if (new_role || gives)
		TRY(role_may_be_given(c, p->role_id));
	return c->error->code;
}

static const struct field provider_fields[] = {
	CODE  (sign_in_provider, name,      L("按钮文字", "Text of the button"), .required = true, .most = 40),
	CODE  (sign_in_provider, name_en,   L("按钮文字（英文）", "The same in English"), .most = 40),
	CODE  (sign_in_provider, issuer,    L("签发者地址", "Issuer"), .required = true, .fixed = true, .most = 300),
	CODE  (sign_in_provider, client_id, L("客户端编号", "Client id"), .required = true, .most = 200),
	TIME  (sign_in_provider, secret_at, L("客户端密钥自", "Client secret since"), .system = true),
	CHOICE(sign_in_provider, state,     L("状态", "State"), .of = states, .initial = "off"),
	CODE  (sign_in_provider, domains,   L("允许的邮箱域名", "Mail domains that may sign in"), .most = 500),
	FLAG  (sign_in_provider, makes_people, L("首次登录时建立员工", "New people become staff"), .initial = "0"),
	REF   (sign_in_provider, role_id,   L("新员工的角色", "Role of new people"), .to = &role_record),
	CHOICE(sign_in_provider, factor,    L("两步验证", "Second factor"), .of = factors, .initial = "own"),
};

const struct record provider_record = {
	.name = "sign_in_provider", .label = L("统一身份登录", "Identity provider"), .plural = "Identity providers", .table = &table_sign_in_provider,
	FIELDS(provider_fields), .title = { "name" }, .no_import = true, .before = provider_before,
};

struct secret_in {
	int64_t id;
	const char *secret;
};
static const struct member secret_members[] = {
	MEMBER(struct secret_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct secret_in, secret, code, .flags = MEMBER_SECRET, .most = 500),
};
static const struct shape secret_shape = SHAPE("provider_secret", struct secret_in, secret_members);

/* None takes it away: a client that proves itself by PKCE alone. */
static int set_secret(struct ctx *c, const void *in, void *out)
{
	const struct secret_in *v = in;
	struct sign_in_provider p;
	struct bytes sealed = { 0 };
	int64_t n;
	TRY(require_permission(c, "setting.security"));
	TRY(record_get(c, &provider_record, v->id, &p));
	if (!text_empty(v->secret))
		TRY(pii_seal(c, p.key, "sign_in_provider.secret", v->secret, &sealed));
	TRY(provider_secret_set(c, p.id, sealed, sealed.p ? c->now : 0, &n));
	return event_add(c, "sign_in_provider.secret_changed", "sign_in_provider", p.id, "{}");
}

struct company_in {
	const char *tenant;
};
static const struct member company_members[] = { MEMBER(struct company_in, tenant, code, .most = 40) };
static const struct shape company_shape = SHAPE("sign_in_company", struct company_in, company_members);

/* What the sign-in page of a company offers: as much as anybody sees there. A company that does not exist offers passwords alone. */
static int offered(struct ctx *c, const void *in, void *out)
{
	struct providers_on_row *rows = NULL;
	size_t n = 0;
	int64_t before = c->tenant;
	TRY(session_find_company(c, ((const struct company_in *)in)->tenant));
	if (c->tenant && c->tenant != before)
		TRY(db_set_tenant(c->db, c->tenant));
	if (c->tenant)
		TRY(providers_on(c, &rows, &n));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"passwords\":\"%s\",\"providers\":[", c->tenant && setting_of(c, SETTING_SIGN_IN_PASSWORDS) ? "emergency" : "everybody");
	for (size_t i = 0; i < n; i++) {
		text_format(&t, "%s{\"id\":\"%lld\",\"name\":", i ? "," : "", (long long)rows[i].id);
		json_label(&t, rows[i].name, rows[i].name_en);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route provider_routes[] = {
	ROUTE(POST, "/api/v1/sign_in_provider/{id}/secret", "sign_in_provider.change", WRITE, .body = BODY_JSON, .in = &secret_shape, .run = set_secret,
	      .zh = "统一身份登录：设置客户端密钥", .en = "Identity provider: set the client secret"),
	ROUTE(GET, "/api/v1/session/provider", FOR_ANYBODY, POOL, .in = &company_shape, .out = &raw_shape, .run = offered,
	      .zh = "登录页可用的登录方式", .en = "Ways to sign in that a company offers"),
};
const size_t provider_route_count = sizeof(provider_routes) / sizeof(provider_routes[0]);
