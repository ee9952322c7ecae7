/* Gateways as a record. The secret goes in and never comes out. */
#include "domain/sms/sms_private.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/delivery.h"
#include "core/api/trial.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/sms_sql.h"
#include "net/url.h"

static const struct choice kinds[] = { { "aliyun", "阿里云短信", "Aliyun SMS" }, { "tencent", "腾讯云短信", "Tencent Cloud SMS" }, { "generic", "自有网关", "A gateway of your own" }, { 0 } };
static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };

static bool is_web(const char *url)
{
	return url_is_web(url, "#@ \"") && url[strlen(url) - 1] != '/';
}

static void check_templates(struct ctx *c, const struct sms_gateway *g)
{
	size_t line = sms_template_fault(c->arena, g->templates);
	if (line)
		fail_field(c, "templates", ERR_FIELD_INVALID, arena_format(c->arena, c->lang == LANG_EN ? ": line %zu; ticket_received = SMS_1234567 no,name" : "：第 %zu 行；正确写法 ticket_received = SMS_1234567 no,name", line));
}

/* One that is off may still be incomplete. */
static void check_complete(struct ctx *c, const struct sms_gateway *g)
{
	bool own = text_equal(g->kind, "generic");
	const struct {
		const char *name, *value;
		bool asked;
	} all[] = { { "api_url", g->api_url, own }, { "sign_name", g->sign_name, !own }, { "access_id", g->access_id, !own }, { "app_id", g->app_id, text_equal(g->kind, "tencent") } };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].asked && text_empty(all[i].value))
			fail_field(c, all[i].name, ERR_FIELD_REQUIRED, NULL);
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct sms_gateway *g = row;
	if (!text_empty(g->api_url) && !is_web(g->api_url))
		fail_field(c, "api_url", ERR_FIELD_INVALID, ": https://sms.example.cn/send");
	if (text_equal(g->state, "on"))
		check_complete(c, g);
	check_templates(c, g);
	if (!old)
		g->callback = delivery_new_callback(c->arena);
	return c->error->code;
}

static const struct field fields[] = {
	CODE  (sms_gateway, title,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CHOICE(sms_gateway, kind,      L("服务商", "Vendor"), .of = kinds, .initial = "aliyun", .fixed = true),
	CHOICE(sms_gateway, state,     L("状态", "State"), .of = states, .initial = "off"),
	CODE  (sms_gateway, sign_name, L("短信签名", "Signature"), .most = 40),
	CODE  (sms_gateway, access_id, L("AccessKey ID / SecretId", "AccessKey ID or SecretId"), .most = 100, .hidden = true),
	CODE  (sms_gateway, app_id,    L("SmsSdkAppId", "SmsSdkAppId"), .most = 40, .hidden = true),
	CODE  (sms_gateway, region,    L("地域", "Region"), .most = 40, .hidden = true),
	CODE  (sms_gateway, api_url,   L("接口地址", "Address of the API"), .most = 100, .hidden = true),
	TEXT  (sms_gateway, templates, L("模板对应", "Templates"), .most = 4000, .hidden = true),
	CODE  (sms_gateway, callback,  L("回调编号", "Name of the callback"), .system = true, .hidden = true),
	TIME  (sms_gateway, secret_at, L("密钥设置时间", "Secret since"), .system = true, .hidden = true),
};

const struct record sms_gateway_record = {
	.name = "sms_gateway", .label = L("短信网关", "SMS gateway"), .plural = "SMS gateways", .table = &table_sms_gateway, FIELDS(fields), .title = { "title" },
	.no_import = true, .before = before,
};

int sms_open(struct ctx *c, int64_t gateway, struct sms_opened *out)
{
	*out = (struct sms_opened){ 0 };
	TRY(sms_gateway_row_get(c, gateway, &out->row));
	return pii_open(c, out->row.key, "sms_gateway.secret", out->row.secret, &out->secret);
}

/* Routes ------------------------------------------------------------------------------------------------------------------- */

struct secret_in {
	int64_t id;
	const char *secret;
};
static const struct member secret_members[] = { MEMBER(struct secret_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct secret_in, secret, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100) };
static const struct shape secret_shape = SHAPE("sms_secret", struct secret_in, secret_members);

static int set_secret(struct ctx *c, const void *in, void *out)
{
	const struct secret_in *v = in;
	struct sms_gateway g;
	struct bytes sealed;
	TRY(record_get(c, &sms_gateway_record, v->id, &g));
	if (text_empty(v->secret))
		return fail_field(c, "secret", ERR_FIELD_REQUIRED, NULL);
	TRY(pii_seal(c, g.key, "sms_gateway.secret", v->secret, &sealed));
	TRY(sms_secret_put(c, g.id, sealed, c->now, NULL));
	return event_add(c, "sms_gateway.secret_changed", "sms_gateway", g.id, "{}");
}

/* Trying it: an SMS to whoever asks ------------------------------------------------------------------------------------------ */

struct gateway_trial {
	struct sms_opened k;
	const char *phone;
};

static int load_trial(struct ctx *c, void *trial)
{
	struct trial *t = trial;
	struct gateway_trial *own = t->own;
	struct user_account user;
	struct sms_gateway row;
	TRY(record_get(c, &sms_gateway_record, t->id, &row));
	TRY(sms_open(c, t->id, &own->k));
	if (!c->auth->user_id)
		return 0;
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	return pii_open(c, user.key, "user_account.phone", user.phone, &own->phone);
}

static void say_code(struct trial *t, const char *code)
{
	const char *zh = sms_code_words(code, LANG_ZH), *en = sms_code_words(code, LANG_EN);
	trial_say(t, false, arena_format(t->c->arena, "%s（%s）", *zh ? zh : "服务商拒绝了这条短信", code), arena_format(t->c->arena, "%s (%s)", *en ? en : "The vendor refused this message", code));
}

static void check(struct trial *t)
{
	struct ctx *c = t->c;
	const struct gateway_trial *g = t->own;
	struct sms_sent sent;
	bool own = text_equal(g->k.row.kind, "generic");
	if (!text_equal(g->k.row.state, "on"))
		trial_say(t, false, "网关处于停用状态，平时的短信不会从这里发出", "The gateway is off: nothing goes by it but this try");
	if (!own && !g->k.secret)
		return trial_say(t, false, "还没有填写密钥", "The secret is not set");
	if (text_empty(g->phone))
		return trial_say(t, false, "您的员工资料里没有手机号，无法发送测试短信", "Your own file has no mobile number to send a test to");
	const struct sms_parcel p = { .id = new_id(c), .to = g->phone, .text = c->lang == LANG_EN ? "A test of the SMS gateway" : "短信网关测试", .template = "try" };
	int r = sms_send(c, &g->k, &p, &sent);
	if (r == ERR_OUTBOUND_REFUSED || r == ERR_OUTBOUND) {
		const char *why = c->error->arg ? c->error->arg : "", *zh = sms_code_words(r == ERR_OUTBOUND_REFUSED ? "outbound_refused" : why, LANG_ZH), *en = sms_code_words(r == ERR_OUTBOUND_REFUSED ? "outbound_refused" : why, LANG_EN);
		error_clear(c->error);
		return trial_say(t, false, *zh ? zh : arena_format(c->arena, "连不上短信网关：%s", why), *en ? en : arena_format(c->arena, "The gateway cannot be reached: %s", why));
	}
	if (r < 0)
		return say_code(t, error_name(r));
	if (text_equal(sent.code, SMS_UNSURE))
		return trial_say(t, false, "短信网关没有回应，不确定是否发出", "The gateway did not answer: it may have sent the message or not");
	if (!text_empty(sent.code))
		return say_code(t, sent.code);
	trial_say(t, true, arena_format(c->arena, "测试短信已交给服务商，请查看手机（尾号 %s）", g->phone + (strlen(g->phone) > 4 ? strlen(g->phone) - 4 : 0)), "The vendor has taken a test message: look at your mobile phone");
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	static const struct trial_kind kind = { .own = sizeof(struct gateway_trial), .load = load_trial, .check = check };
	trial_begin(r, c, &kind);
}

const struct route sms_gateway_routes[] = {
	ROUTE(POST, "/api/v1/sms_gateway/{id}/secret", "sms_gateway.change", WRITE, .body = BODY_JSON, .in = &secret_shape, .run = set_secret,
	      .zh = "短信网关：设置密钥", .en = "SMS gateway: set its secret"),
	ROUTE(POST, "/api/v1/sms_gateway/{id}/try", "sms_gateway.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &id_shape, .raw = raw_try,
	      .zh = "短信网关：给自己发一条测试短信", .en = "SMS gateway: send a test to oneself"),
};
const size_t sms_gateway_route_count = sizeof(sms_gateway_routes) / sizeof(sms_gateway_routes[0]);
