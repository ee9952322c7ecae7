/* Where WeChat and WeCom deliver. A delivery is committed before it is acknowledged; theirs is tried again after five seconds, so nothing that takes
 * longer than a commit happens here. Whatever is wrong with it, a stranger learns the same. */
#include <string.h>

#include "channel/wechat/wechat_crypt.h"
#include "core/api/delivery.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"

enum { ECHO_MOST = 2000, WORD_MOST = 64 };

struct brought {
	struct wechat_opened k;
	const char *aes;                /* that decrypted it: the answer uses it, too */
	struct wechat_message m;
	const char *reply;
};

static void answer(struct delivery *d, int status, const char *text, const char *type)
{
	http_reply(d->http, &(struct http_reply){ .status = status, .type = type, .body = { (const uint8_t *)text, strlen(text) } });
}

static const char *asked(const struct delivery *d, const char *name)
{
	return delivery_asked(d, name, WORD_MOST);
}

/* Who, and whether it is theirs ----------------------------------------------------------------------------------------- */

/* An account that is off takes nothing, and says so as one that does not exist. */
static int find(struct ctx *c, void *delivery)
{
	struct delivery *d = delivery;
	struct brought *b = d->own;
	struct wechat_by_callback_row *rows;
	size_t n;
	TRY(wechat_by_callback(c, delivery_callback(d), &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(wechat_open(c, rows[0].id, &b->k));
	bool takes = text_equal(b->k.row.state, "on") && !b->k.row.archived_at && b->k.token;
	return takes ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static int check_time(const struct delivery *d)
{
	return delivery_check_time(d, asked(d, "timestamp"), setting_ms(d->c, SETTING_WECHAT_SKEW));
}

static int check_signature(const struct delivery *d, const char *given, const char *encrypted)
{
	const struct brought *b = d->own;
	const struct wechat_signed s = { b->k.token, asked(d, "timestamp"), asked(d, "nonce"), encrypted };
	return wechat_signature_holds(&s, given) ? 0 : fail(d->c, ERR_FORBIDDEN, NULL);
}

/* By the key in force or the one before it. */
static int decrypt(struct delivery *d, const char *encrypted, struct bytes *out)
{
	struct brought *b = d->own;
	const char *const keys[] = { b->k.aes_key, b->k.aes_before };
	for (size_t i = 0; i < 2; i++) {
		struct key key;
		if (!keys[i] || wechat_key_read(keys[i], &key) < 0)
			continue;
		int r = wechat_decrypt(d->c->arena, &key, b->k.row.app_id, encrypted, out);
		crypto_wipe(&key, sizeof(key));
		b->aes = keys[i];
		if (r == 0)
			return 0;
	}
	return fail(d->c, ERR_FORBIDDEN, NULL);
}

/* The address is being set up: they want to see that we know the token. 微信客服 encrypts even this. */
static int verify(struct delivery *d, const char **echo)
{
	const struct brought *b = d->own;
	struct bytes plain;
	const char *given = http_query(d->http, "echostr");
	if (!given || strlen(given) > ECHO_MOST)
		return fail(d->c, ERR_BAD_REQUEST, ": echostr");
	TRY(check_time(d));
	if (!wechat_is_kf(&b->k.row)) {
		TRY(check_signature(d, asked(d, "signature"), NULL));
		*echo = given;
		return 0;
	}
	TRY(check_signature(d, asked(d, "msg_signature"), given));
	TRY(decrypt(d, given, &plain));
	*echo = (const char *)plain.p;
	return 0;
}

/* What was delivered ---------------------------------------------------------------------------------------------------- */

static int read_plain(struct delivery *d, const char *text, size_t n)
{
	struct brought *b = d->own;
	struct wechat_fields f;
	if (wechat_fields_read(d->c->arena, text, n, &f) < 0 || wechat_message_of(d->c->arena, &f, &b->m) < 0)
		return fail(d->c, ERR_BAD_REQUEST, "");
	return 0;
}

/* Safe mode takes what is encrypted and nothing else: a plain one is signed by the token alone, which says nothing of what stands in it. */
static int read_delivery(struct delivery *d)
{
	const struct brought *b = d->own;
	struct wechat_fields f;
	struct bytes plain, body = d->http->body;
	TRY(check_time(d));
	if (wechat_fields_read(d->c->arena, (const char *)body.p, body.n, &f) < 0)
		return fail(d->c, ERR_BAD_REQUEST, "");
	const char *encrypted = wechat_field(&f, "Encrypt");
	if (*encrypted && !text_equal(b->k.row.mode, "plain")) {
		TRY(check_signature(d, asked(d, "msg_signature"), encrypted));
		TRY(decrypt(d, encrypted, &plain));
		return read_plain(d, (const char *)plain.p, plain.n);
	}
	if (text_equal(b->k.row.mode, "safe"))
		return fail(d->c, ERR_FORBIDDEN, NULL);
	TRY(check_signature(d, asked(d, "signature"), NULL));
	return read_plain(d, (const char *)body.p, body.n);
}

static int arrive(struct ctx *c, void *delivery)
{
	struct brought *b = ((struct delivery *)delivery)->own;
	return wechat_arrive(c, &b->k.row, &b->m, &b->reply);
}

/* From and to change places; in safe mode signed and sealed as theirs was. */
static const char *passive(struct delivery *d)
{
	const struct brought *b = d->own;
	struct arena *a = d->c->arena;
	struct key key;
	uint8_t random[WECHAT_RANDOM];
	char signature[WECHAT_SIGNATURE_TEXT];
	const char *at = arena_format(a, "%lld", (long long)(d->c->now / SECOND_MS));
	const struct wechat_field fields[] = { { "ToUserName", b->m.from }, { "FromUserName", b->m.to }, { "CreateTime", at }, { "MsgType", "text" }, { "Content", b->reply } };
	const char *xml = wechat_xml(a, fields, sizeof(fields) / sizeof(fields[0]));
	if (!b->aes || wechat_key_read(b->aes, &key) < 0)
		return xml;
	crypto_random(random, sizeof(random));
	const char *sealed = wechat_encrypt(a, &key, b->k.row.app_id, random, xml, strlen(xml)), *nonce = hex(a, random, 8);
	crypto_wipe(&key, sizeof(key));
	wechat_sign(&(struct wechat_signed){ b->k.token, at, nonce, sealed }, signature);
	const struct wechat_field outer[] = { { "Encrypt", sealed }, { "MsgSignature", arena_string(a, signature) }, { "TimeStamp", at }, { "Nonce", nonce } };
	return wechat_xml(a, outer, sizeof(outer) / sizeof(outer[0]));
}

static void done(struct delivery *d)
{
	const struct brought *b = d->own;
	if (b->reply)
		return answer(d, 200, passive(d), "text/xml; charset=utf-8");
	answer(d, 200, "success", "text/plain; charset=utf-8");
}

static int look(struct delivery *d)
{
	const char *echo;
	if (d->http->method != HTTP_GET)
		return read_delivery(d);
	TRY(verify(d, &echo));
	answer(d, 200, echo, "text/plain; charset=utf-8");
	return DELIVERY_ANSWERED;
}

static void take(struct http_request *r, struct ctx *c)
{
	static const struct delivery_kind kind = { .own = sizeof(struct brought), .most = WECHAT_DELIVERY_MOST / 1024, .find = find, .read = look, .take = arrive, .done = done };
	delivery_begin(r, c, &kind);
}

const struct route wechat_callback_routes[] = {
	ROUTE(GET, "/api/v1/wechat/{callback}", FOR_ANYBODY, RAW, .in = &delivery_shape, .raw = take, .zh = "微信、企业微信：验证回调地址", .en = "WeChat and WeCom verify the address of the callback"),
	ROUTE(POST, "/api/v1/wechat/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &delivery_shape, .raw = take,
	      .zh = "微信、企业微信：推送消息与事件", .en = "WeChat and WeCom deliver messages and events"),
};
const size_t wechat_callback_route_count = sizeof(wechat_callback_routes) / sizeof(wechat_callback_routes[0]);
