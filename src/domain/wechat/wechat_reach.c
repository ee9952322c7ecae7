/* What an agent sees beside the box: how many messages are left, until when, what happens then; and what became of what was said. And what the
 * administrator asks: whether an account works, in words. */
#include <string.h>

#include "base/json.h"
#include "channel/wechat/wechat_crypt.h"
#include "core/api/api.h"
#include "core/api/trial.h"
#include "core/auth/auth.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"

/* Beside the box ------------------------------------------------------------------------------------------------------------ */

/* What happens to what is said now. */
static int fallback_of(struct ctx *c, const struct conversation *k, const struct wechat_account *w, const char **out)
{
	struct customer customer;
	TRY(customer_row_get(c, k->customer_id, &customer));
	bool sms;
	TRY(sender_carries(c, NOTICE_SMS, &sms));
	sms &= text_equal(w->fallback, "sms") && customer.phone.p;
	*out = sms ? "sms" : "call";
	return 0;
}

/* A text and its files are one message: it is as far as the piece that somebody has to look at, else as the slowest. */
static size_t weight_of(const char *state)
{
	static const char *const order[] = { "unsure", "failed", "call", "sms", "sending", "waiting", "sent" };
	size_t i = 0;
	while (i < sizeof(order) / sizeof(order[0]) && !text_equal(order[i], state))
		i++;
	return i;
}

static int states(struct ctx *c, const struct conversation *k, struct reach_state **out, size_t *n)
{
	struct wechat_out *rows;
	size_t pieces;
	TRY(wechat_out_of(c, k->id, &rows, &pieces));
	*out = ARENA_ARRAY(c->arena, struct reach_state, pieces + 1);
	*n = 0;
	for (size_t i = 0; i < pieces; i++) {           /* those of one message lie together */
		struct reach_state *last = *n ? &(*out)[*n - 1] : NULL;
		const struct reach_state piece = { .no = rows[i].no, .state = rows[i].state, .code = rows[i].code };
		if (!last || last->no != piece.no)
			(*out)[(*n)++] = piece;
		else if (weight_of(piece.state) < weight_of(last->state))
			*last = piece;
	}
	return 0;
}

static int limits(struct ctx *c, const struct conversation *k, struct text *t)
{
	struct wechat_window w;
	struct wechat_account account;
	const char *fallback;
	TRY(wechat_window_get(c, k->identity_id, &w));
	if (!w.account_id)
		return 0;
	TRY(wechat_account_row_get(c, w.account_id, &account));
	TRY(fallback_of(c, k, &account, &fallback));
	text_append(t, ",\"account\":");
	json_text(t, account.title);
	text_format(t, ",\"left\":%lld,\"most\":%lld,\"until\":%lld,\"open\":%s,\"following\":%s,\"fallback\":\"%s\",\"session\":%lld", (long long)(wechat_window_is_open(c, &w) ? w.units : 0), (long long)w.most, (long long)w.until,
	            wechat_window_is_open(c, &w) ? "true" : "false", w.is_following ? "true" : "false", fallback, (long long)(wechat_is_kf(&account) ? w.session : 0));
	return 0;
}

static int repeat(struct ctx *c, const struct conversation *k, int64_t no)
{
	struct wechat_out *rows;
	size_t n;
	size_t again = 0;
	TRY(wechat_outs_of_message(c, k->id, no, &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	for (size_t i = 0; i < n; i++) {
		bool unsure = text_equal(rows[i].state, "unsure");
		TRY(unsure ? wechat_out_mark(c, rows[i].id, "waiting", 0, NULL) : 0);
		again += unsure;
	}
	TRY(require(c, again > 0, ERR_STATE, NULL));
	TRY(reach_tell(c, k->id, no, "waiting"));
	return wechat_gather(c, rows[0].identity_id, c->now);
}

const struct reach wechat_reach = { .channel = "wechat", .send = wechat_queue, .states = states, .limits = limits, .repeat = repeat };
const struct reach wecom_reach = { .channel = "wecom", .send = wechat_queue, .states = states, .limits = limits, .repeat = repeat };

/* Whether an account works ------------------------------------------------------------------------------------------------- */

static int load(struct ctx *c, void *trial)
{
	struct trial *t = trial;
	struct wechat_account row;
	TRY(record_get(c, &wechat_account_record, t->id, &row));
	return wechat_open(c, t->id, t->own);
}

static void check_set(struct trial *t, const struct wechat_opened *k)
{
	bool kf = wechat_is_kf(&k->row), plain = text_equal(k->row.mode, "plain");
	if (!text_equal(k->row.state, "on"))
		trial_say(t, false, "账号处于停用状态，微信推送来的消息不会接收", "The account is off: what WeChat delivers is not taken");
	if (!k->secret)
		trial_say(t, false, kf ? "还没有填写 Secret" : "还没有填写 AppSecret", "The secret is not set");
	if (!k->token)
		trial_say(t, false, "还没有填写 Token，收不到消息", "The token is not set: nothing can be received");
	if (!plain && !k->aes_key)
		trial_say(t, false, "还没有填写 EncodingAESKey，收不到加密消息", "The EncodingAESKey is not set: encrypted messages cannot be read");
	if (k->token && (plain || k->aes_key))
		trial_say(t, true, "接收消息的 Token 和密钥已填写；请把回调地址填到微信后台并点“提交”，微信会当场验证", "Token and key for receiving are set; enter the address in the console of WeChat, which verifies it on the spot");
}

static void check_api(struct trial *t, const struct wechat_opened *k)
{
	struct ctx *c = t->c;
	struct wechat_answer said;
	const char *token, *zh, *en;
	int64_t seconds;
	if (!k->secret)
		return;
	int r = wechat_token_ask(c, k, TOKEN_ANY, &token, &seconds, &said);
	if (r < 0) {
		const char *why = c->error->arg ? c->error->arg : "";
		zh = r == ERR_OUTBOUND_REFUSED ? "不允许访问这个接口地址，请让运维人员把它加入 outbound-allow" : arena_format(c->arena, "连不上接口：%s。请检查服务器能否访问外网", why);
		en = r == ERR_OUTBOUND_REFUSED ? "This server may not call that address: ask the operator to add it to outbound-allow" : arena_format(c->arena, "The API cannot be reached: %s", why);
		error_clear(c->error);
		return trial_say(t, false, zh, en);
	}
	if (said.verdict == WECHAT_OK)
		return trial_say(t, true, "AppID 和密钥正确，可以发送消息", "The AppID and its secret are right: messages can be sent");
	zh = wechat_code_words(said.code, LANG_ZH);
	en = wechat_code_words(said.code, LANG_EN);
	trial_say(t, false, arena_format(c->arena, "%s（errcode %lld）", *zh ? zh : said.message, (long long)said.code), arena_format(c->arena, "%s (errcode %lld)", *en ? en : said.message, (long long)said.code));
}

static void check(struct trial *t)
{
	check_set(t, t->own);
	check_api(t, t->own);
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	static const struct trial_kind kind = { .own = sizeof(struct wechat_opened), .load = load, .check = check };
	trial_begin(r, c, &kind);
}

const struct route wechat_reach_routes[] = {
	ROUTE(POST, "/api/v1/wechat_account/{id}/try", "wechat_account.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &id_shape, .raw = raw_try,
	      .zh = "微信账号：测试", .en = "WeChat account: try it"),
};
const size_t wechat_reach_route_count = sizeof(wechat_reach_routes) / sizeof(wechat_reach_routes[0]);
