/* Calling the API of WeChat and WeCom. Bodies are UTF-8 as it stands; tokens travel in the query, so no address is logged. */
#include "domain/wechat/wechat_private.h"

#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "net/client.h"
#include "net/url.h"

enum { REPLY_MOST = 1 << 20 };

static const char *base_of(const struct wechat_account *w)
{
	if (!text_empty(w->api_url))
		return w->api_url;
	return wechat_is_kf(w) ? "https://qyapi.weixin.qq.com" : "https://api.weixin.qq.com";
}

int wechat_call(struct ctx *c, const struct wechat_opened *k, const struct wechat_call *q, struct client_reply *reply, bool *left)
{
	struct text url = text_in(c->arena);
	const struct http_pair type = { "Content-Type", q->type ? q->type : "application/json; charset=utf-8" };
	*left = false;
	text_format(&url, "%s%s", base_of(&k->row), q->path);
	if (k->access) {
		text_append(&url, "?access_token=");
		url_encode(&url, k->access);
	}
	if (q->query)
		text_format(&url, "%s%s", k->access ? "&" : "?", q->query);
	int r = client_send(sender_client(c->services->sender), c->arena, &(struct client_request){
		.method = q->body ? "POST" : "GET", .url = text_end(&url), .headers = &type, .header_count = q->body ? 1 : 0,
		.body = { (const uint8_t *)q->body, q->body ? (q->body_n ? q->body_n : strlen(q->body)) : 0 },
		.timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME), .reply_most = q->reply_most ? q->reply_most : REPLY_MOST,
	}, reply, c->error);
	*left = r < 0 ? reply->left : true;
	return r;
}

enum { BAD_GATEWAY = 502, GATEWAY_TIMEOUT = 504 };

/* A token that is none any more is renewed. A page of a proxy in between, one that got no answer in time, or an answer that was cut: what was asked may have
 * been done. Any other 5xx says that it was not. */
int wechat_ask(struct ctx *c, const struct wechat_opened *k, const struct wechat_call *q, struct wechat_answer *answer, struct client_reply *reply, bool *left)
{
	TRY(wechat_call(c, k, q, reply, left));
	if (reply->status == BAD_GATEWAY || reply->status == GATEWAY_TIMEOUT)
		return fail(c, ERR_OUTBOUND, arena_format(c->arena, "HTTP %d", reply->status));
	if (reply->status >= 500 || reply->status == 429) {
		*answer = (struct wechat_answer){ .code = -1, .verdict = WECHAT_BUSY, .message = arena_format(c->arena, "HTTP %d", reply->status) };
		return 0;
	}
	int r = wechat_answer_read(c->arena, (const char *)reply->body.p, reply->body.n, answer);
	if (r < 0)
		return fail(c, r, arena_format(c->arena, "HTTP %d", reply->status));
	return answer->verdict == WECHAT_TOKEN && k->access ? wechat_token_refresh(c, k->row.id) : 0;
}

/* The token ------------------------------------------------------------------------------------------------------------ */

static int read_token(struct ctx *c, const struct client_reply *reply, const char **token, int64_t *seconds)
{
	yyjson_doc *doc = yyjson_read((const char *)reply->body.p, reply->body.n, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc);
	*token = arena_string(c->arena, yyjson_get_str(yyjson_obj_get(root, "access_token")));
	*seconds = yyjson_get_sint(yyjson_obj_get(root, "expires_in"));
	yyjson_doc_free(doc);
	return text_empty(*token) || *seconds <= 0 ? fail(c, ERR_OUTBOUND, "access_token") : 0;
}

int wechat_token_ask(struct ctx *c, const struct wechat_opened *k, enum wechat_force force, const char **token, int64_t *seconds, struct wechat_answer *answer)
{
	struct wechat_opened bare = *k;
	struct text t = text_in(c->arena);
	struct client_reply reply;
	bool left;
	bare.access = NULL;
	if (wechat_is_kf(&k->row)) {
		text_append(&t, "corpid=");
		url_encode(&t, k->row.app_id);
		text_append(&t, "&corpsecret=");
		url_encode(&t, k->secret ? k->secret : "");
		TRY(wechat_ask(c, &bare, &(struct wechat_call){ .path = "/cgi-bin/gettoken", .query = text_end(&t) }, answer, &reply, &left));
	} else {
		text_append(&t, "{\"grant_type\":\"client_credential\",\"appid\":");
		json_text(&t, k->row.app_id);
		text_append(&t, ",\"secret\":");
		json_text(&t, k->secret ? k->secret : "");
		text_format(&t, ",\"force_refresh\":%s}", force == TOKEN_NEW ? "true" : "false");
		TRY(wechat_ask(c, &bare, &(struct wechat_call){ .path = "/cgi-bin/stable_token", .body = text_end(&t) }, answer, &reply, &left));
	}
	return answer->verdict == WECHAT_OK ? read_token(c, &reply, token, seconds) : 0;
}
