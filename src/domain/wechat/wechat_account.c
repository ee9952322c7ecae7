/* Accounts as a record. Secret, token and key go in and never come out. */
#include "domain/wechat/wechat_private.h"

#include <string.h>

#include "base/json.h"
#include "channel/wechat/wechat_crypt.h"
#include "core/api/api.h"
#include "core/api/delivery.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "gen/wechat_sql.h"
#include "net/url.h"

enum { TOKEN_LEAST = 3, TOKEN_MOST = 32 };

static const struct choice kinds[] = { { "official", "公众号", "Official account" }, { "mini", "小程序", "Mini-program" }, { "kf", "微信客服", "WeCom customer service" }, { 0 } };
static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice modes[] = { { "safe", "安全模式", "Safe mode" }, { "compat", "兼容模式", "Compatible mode" }, { "plain", "明文模式", "Plain mode" }, { 0 } };
static const struct choice fallbacks[] = { { "sms", "改发短信", "By SMS" }, { "call", "建立回访任务", "A call-back task" }, { 0 } };

bool wechat_is_kf(const struct wechat_account *w)
{
	return text_equal(w->kind, "kf");
}

const char *wechat_channel(const struct wechat_account *w)
{
	return wechat_is_kf(w) ? "wecom" : "wechat";
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct wechat_account *w = row;
	if (!text_is_word(w->app_id, "_-"))
		fail_field(c, "app_id", ERR_FIELD_INVALID, ": wx0123456789abcdef");
	if (wechat_is_kf(w) && !text_is_word(w->open_kfid, "_-"))
		fail_field(c, "open_kfid", text_empty(w->open_kfid) ? ERR_FIELD_REQUIRED : ERR_FIELD_INVALID, ": wkAbc");
	if (wechat_is_kf(w) && !text_equal(w->mode, "safe"))
		fail_field(c, "mode", ERR_FIELD_CHOICE, "safe");
	if (w->api_url && *w->api_url && (!url_is_web(w->api_url, "?#@ ") || w->api_url[strlen(w->api_url) - 1] == '/'))
		fail_field(c, "api_url", ERR_FIELD_INVALID, ": https://wechat.example.cn");
	if (!old)
		w->callback = delivery_new_callback(c->arena);
	return c->error->code;
}

/* One is asked for as soon as there is somebody to ask. */
static int after(struct ctx *c, const void *old, const void *row)
{
	const struct wechat_account *w = row;
	bool works = text_equal(w->state, "on") && !w->archived_at && w->secret_at;
	return works ? wechat_token_want(c, w->id, TOKEN_ANY) : 0;
}

static const struct field fields[] = {
	CODE  (wechat_account, title,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CHOICE(wechat_account, kind,      L("类型", "Kind"), .of = kinds, .initial = "official", .fixed = true),
	CHOICE(wechat_account, state,     L("状态", "State"), .of = states, .initial = "off"),
	CODE  (wechat_account, app_id,    L("AppID / 企业 ID", "AppID or CorpID"), .required = true, .fixed = true, .most = 64),
	CODE  (wechat_account, open_kfid, L("客服账号 ID", "Customer-service account"), .fixed = true, .most = 64, .hidden = true),
	CHOICE(wechat_account, mode,      L("消息加解密方式", "Encryption of messages"), .of = modes, .initial = "safe", .hidden = true),
	CODE  (wechat_account, api_url,   L("接口地址", "Address of the API"), .most = 100, .hidden = true),
	CODE  (wechat_account, callback,  L("回调编号", "Name of the callback"), .system = true, .hidden = true),
	COUNT (wechat_account, quota,     L("客户来消息后可发条数", "Messages after each of the customer's"), .least = 1, .most = 100, .initial = "5", .hidden = true),
	COUNT (wechat_account, window_hours, L("可回复时间（小时）", "Hours in which to answer"), .least = 1, .most = 168, .initial = "48", .hidden = true),
	CHOICE(wechat_account, fallback,  L("不能再发时", "When nothing more may be sent"), .of = fallbacks, .initial = "sms"),
	TEXT  (wechat_account, greeting,  L("欢迎语", "Welcome"), .most = 300, .hidden = true),
	REF   (wechat_account, team_id,   L("接待小组", "Team"), .to = &team_record),
	TIME  (wechat_account, secret_at, L("AppSecret 设置时间", "AppSecret since"), .system = true, .hidden = true),
	TIME  (wechat_account, token_at,  L("Token 设置时间", "Token since"), .system = true, .hidden = true),
	TIME  (wechat_account, aes_at,    L("EncodingAESKey 设置时间", "EncodingAESKey since"), .system = true, .hidden = true),
};

const struct record wechat_account_record = {
	.name = "wechat_account", .label = L("微信公众号 / 微信客服", "WeChat account"), .plural = "WeChat accounts", .table = &table_wechat_account, FIELDS(fields), .title = { "title" },
	.no_import = true, .before = before, .after = after,
};

/* Secrets ------------------------------------------------------------------------------------------------------------- */

struct secrets_in {
	int64_t id;
	const char *secret, *token, *aes_key;
};
static const struct member secrets_members[] = {
	MEMBER(struct secrets_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct secrets_in, secret, code, .flags = MEMBER_SECRET, .most = 100),
	MEMBER(struct secrets_in, token, code, .flags = MEMBER_SECRET, .most = 100), MEMBER(struct secrets_in, aes_key, code, .flags = MEMBER_SECRET, .most = 100),
};
static const struct shape secrets_shape = SHAPE("wechat_secrets", struct secrets_in, secrets_members);

static void check_secrets(struct ctx *c, const struct secrets_in *v)
{
	struct key key;
	size_t token = v->token ? strlen(v->token) : 0;
	if (!text_empty(v->secret) && !text_is_word(v->secret, "_-"))
		fail_field(c, "secret", ERR_FIELD_INVALID, "");
	if (token && (!text_is_word(v->token, "_-") || token < TOKEN_LEAST || token > TOKEN_MOST))
		fail_field(c, "token", ERR_FIELD_INVALID, ": 3–32, A–Z a–z 0–9");
	if (!text_empty(v->aes_key) && wechat_key_read(v->aes_key, &key) < 0)
		fail_field(c, "aes_key", ERR_FIELD_INVALID, ": 43, A–Z a–z 0–9");
	crypto_wipe(&key, sizeof(key));
}

/* What is left out stays as it is. */
static int set_secrets(struct ctx *c, const void *in, void *out)
{
	const struct secrets_in *v = in;
	struct wechat_account w;
	struct bytes sealed;
	TRY(record_get(c, &wechat_account_record, v->id, &w));
	check_secrets(c, v);
	if (c->error->code)
		return c->error->code;
	if (!text_empty(v->secret)) {
		TRY(pii_seal(c, w.key, "wechat_account.secret", v->secret, &sealed));
		TRY(wechat_secret_put(c, w.id, sealed, c->now, NULL));
		TRY(wechat_access_put(c, w.id, (struct bytes){ 0 }, 0, NULL));
		TRY(text_equal(w.state, "on") ? wechat_token_want(c, w.id, TOKEN_ANY) : 0);
	}
	if (!text_empty(v->token)) {
		TRY(pii_seal(c, w.key, "wechat_account.token", v->token, &sealed));
		TRY(wechat_token_put(c, w.id, sealed, c->now, NULL));
	}
	if (!text_empty(v->aes_key)) {
		TRY(pii_seal(c, w.key, "wechat_account.aes_key", v->aes_key, &sealed));
		TRY(wechat_aes_put(c, w.id, sealed, c->now, NULL));
	}
	return event_add(c, "wechat_account.secret_changed", "wechat_account", w.id, "{}");
}

int wechat_open(struct ctx *c, int64_t account, struct wechat_opened *out)
{
	struct wechat_access *access;
	size_t n;
	*out = (struct wechat_opened){ .cursor = "" };
	struct wechat_account *w = &out->row;
	TRY(wechat_account_row_get(c, account, w));
	TRY(wechat_access_of(c, account, &access, &n));
	TRY(pii_open(c, w->key, "wechat_account.secret", w->secret, &out->secret));
	TRY(pii_open(c, w->key, "wechat_account.token", w->token, &out->token));
	TRY(pii_open(c, w->key, "wechat_account.aes_key", w->aes_key, &out->aes_key));
	TRY(pii_open(c, w->key, "wechat_account.aes_key", w->aes_before, &out->aes_before));
	if (!n)
		return 0;
	out->cursor = access[0].cursor;
	out->access_until = access[0].until;
	return access[0].until > c->now ? pii_open(c, w->key, "wechat_access.token", access[0].token, &out->access) : 0;
}

const struct route wechat_account_routes[] = {
	ROUTE(POST, "/api/v1/wechat_account/{id}/secret", "wechat_account.change", WRITE, .body = BODY_JSON, .in = &secrets_shape, .run = set_secrets,
	      .zh = "微信账号：设置密钥", .en = "WeChat account: set its secrets"),
};
const size_t wechat_account_route_count = sizeof(wechat_account_routes) / sizeof(wechat_account_routes[0]);
