/* Where WeChat and WeCom deliver. A delivery is committed before it is acknowledged; theirs is tried again after five seconds, so nothing that takes
 * longer than a commit happens here. Whatever is wrong with it, a stranger learns the same. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "channel/wechat/wechat_crypt.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"

enum { ECHO_MOST = 2000, WORD_MOST = 64 };

struct delivery {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	struct wechat_opened k;
	const char *aes;                /* that decrypted it: the answer uses it, too */
	struct wechat_message m;
	const char *reply;
	struct write_request write;
};

static void answer(struct delivery *d, int status, const char *text, const char *type)
{
	http_reply(d->http, &(struct http_reply){ .status = status, .type = type, .body = { (const uint8_t *)text, strlen(text) } });
}

static void refuse(struct delivery *d, int r)
{
	struct error *e = d->c->error;
	if (!e->code)
		e->code = r;
	http_reply_error(d->http, e);
}

static const char *asked(const struct delivery *d, const char *name)
{
	const char *value = http_query(d->http, name);
	return value && strlen(value) <= WORD_MOST ? value : NULL;
}

/* Who, and whether it is theirs ----------------------------------------------------------------------------------------- */

/* An account that is off takes nothing, and says so as one that does not exist. */
static int find(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	struct wechat_by_callback_row *rows;
	size_t n;
	const char *name = http_param(d->http, "callback");
	TRY(wechat_by_callback(c, name ? name : "", &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(wechat_open(c, rows[0].id, &d->k));
	bool takes = text_equal(d->k.row.state, "on") && !d->k.row.archived_at && d->k.token;
	return takes ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

/* Signed within so many minutes of now. */
static int check_time(const struct delivery *d)
{
	const char *text = asked(d, "timestamp");
	char *end;
	errno = 0;
	int64_t at = text ? strtoll(text, &end, 10) : -1;
	bool good = text && *text >= '0' && *text <= '9' && !*end && !errno && at < INT64_MAX / SECOND_MS;
	int64_t apart = good ? llabs(d->c->now - at * SECOND_MS) : 0;
	return good && apart <= setting_ms(d->c, SETTING_WECHAT_SKEW) ? 0 : fail(d->c, ERR_FORBIDDEN, NULL);
}

static int check_signature(const struct delivery *d, const char *given, const char *encrypted)
{
	const struct wechat_signed s = { d->k.token, asked(d, "timestamp"), asked(d, "nonce"), encrypted };
	return wechat_signature_holds(&s, given) ? 0 : fail(d->c, ERR_FORBIDDEN, NULL);
}

/* By the key in force or the one before it. */
static int decrypt(struct delivery *d, const char *encrypted, struct bytes *out)
{
	const char *const keys[] = { d->k.aes_key, d->k.aes_before };
	for (size_t i = 0; i < 2; i++) {
		struct key key;
		if (!keys[i] || wechat_key_read(keys[i], &key) < 0)
			continue;
		int r = wechat_decrypt(d->c->arena, &key, d->k.row.app_id, encrypted, out);
		crypto_wipe(&key, sizeof(key));
		d->aes = keys[i];
		if (r == 0)
			return 0;
	}
	return fail(d->c, ERR_FORBIDDEN, NULL);
}

/* The address is being set up: they want to see that we know the token. 微信客服 encrypts even this. */
static int verify(struct delivery *d, const char **echo)
{
	struct bytes plain;
	const char *given = http_query(d->http, "echostr");
	if (!given || strlen(given) > ECHO_MOST)
		return fail(d->c, ERR_BAD_REQUEST, ": echostr");
	TRY(check_time(d));
	if (!wechat_is_kf(&d->k.row)) {
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
	struct wechat_fields f;
	if (wechat_fields_read(d->c->arena, text, n, &f) < 0 || wechat_message_of(d->c->arena, &f, &d->m) < 0)
		return fail(d->c, ERR_BAD_REQUEST, "");
	return 0;
}

/* Safe mode takes what is encrypted and nothing else: a plain one is signed by the token alone, which says nothing of what stands in it. */
static int read_delivery(struct delivery *d)
{
	struct wechat_fields f;
	struct bytes plain, body = d->http->body;
	TRY(check_time(d));
	if (wechat_fields_read(d->c->arena, (const char *)body.p, body.n, &f) < 0)
		return fail(d->c, ERR_BAD_REQUEST, "");
	const char *encrypted = wechat_field(&f, "Encrypt");
	if (*encrypted && !text_equal(d->k.row.mode, "plain")) {
		TRY(check_signature(d, asked(d, "msg_signature"), encrypted));
		TRY(decrypt(d, encrypted, &plain));
		return read_plain(d, (const char *)plain.p, plain.n);
	}
	if (text_equal(d->k.row.mode, "safe"))
		return fail(d->c, ERR_FORBIDDEN, NULL);
	TRY(check_signature(d, asked(d, "signature"), NULL));
	return read_plain(d, (const char *)body.p, body.n);
}

static int arrive(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	return wechat_arrive(c, &d->k.row, &d->m, &d->reply);
}

/* From and to change places; in safe mode signed and sealed as theirs was. */
static const char *passive(struct delivery *d)
{
	struct arena *a = d->c->arena;
	struct key key;
	uint8_t random[WECHAT_RANDOM];
	char signature[WECHAT_SIGNATURE_TEXT];
	const char *at = arena_format(a, "%lld", (long long)(d->c->now / SECOND_MS));
	const struct wechat_field fields[] = { { "ToUserName", d->m.from }, { "FromUserName", d->m.to }, { "CreateTime", at }, { "MsgType", "text" }, { "Content", d->reply } };
	const char *xml = wechat_xml(a, fields, sizeof(fields) / sizeof(fields[0]));
	if (!d->aes || wechat_key_read(d->aes, &key) < 0)
		return xml;
	crypto_random(random, sizeof(random));
	const char *sealed = wechat_encrypt(a, &key, d->k.row.app_id, random, xml, strlen(xml)), *nonce = hex(a, random, 8);
	crypto_wipe(&key, sizeof(key));
	wechat_sign(&(struct wechat_signed){ d->k.token, at, nonce, sealed }, signature);
	const struct wechat_field outer[] = { { "Encrypt", sealed }, { "MsgSignature", arena_string(a, signature) }, { "TimeStamp", at }, { "Nonce", nonce } };
	return wechat_xml(a, outer, sizeof(outer) / sizeof(outer[0]));
}

static void done(struct ctx *c, void *arg, int result)
{
	struct delivery *d = arg;
	d->c->error = c->error;
	if (result < 0)
		return refuse(d, result);
	if (d->reply)
		return answer(d, 200, passive(d), "text/xml; charset=utf-8");
	answer(d, 200, "success", "text/plain; charset=utf-8");
}

static void work(void *arg)
{
	struct delivery *d = arg;
	const char *echo;
	int r = readers_run(d->readers, d->c, find, d);
	if (r == 0 && d->http->method == HTTP_GET) {
		r = verify(d, &echo);
		return r < 0 ? refuse(d, r) : answer(d, 200, echo, "text/plain; charset=utf-8");
	}
	if (r == 0)
		r = read_delivery(d);
	if (r == 0) {
		d->write = (struct write_request){ .run = arrive, .done = done, .arg = d, .queue = QUEUE_PEOPLE, .ctx = *d->c };
		r = writer_submit(d->c->services->writer, &d->write);
	}
	if (r < 0)
		refuse(d, r);
}

static void take(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct delivery *d = ARENA_NEW(c->arena, struct delivery);
	*d = (struct delivery){ .http = r, .c = c, .readers = api_readers(k) };
	int result = r->body.n > WECHAT_DELIVERY_MOST ? fail(c, ERR_TOO_LARGE, "256 KB") : pool_submit(api_pool(k), work, d);
	if (result < 0)
		refuse(d, result);
}

struct callback_in {
	const char *callback;
};
static const struct member callback_members[] = { MEMBER(struct callback_in, callback, code, .most = 64) };
static const struct shape callback_shape = SHAPE("wechat_callback", struct callback_in, callback_members);

const struct route wechat_callback_routes[] = {
	ROUTE(GET, "/api/v1/wechat/{callback}", FOR_ANYBODY, RAW, .in = &callback_shape, .raw = take, .zh = "微信、企业微信：验证回调地址", .en = "WeChat and WeCom verify the address of the callback"),
	ROUTE(POST, "/api/v1/wechat/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &callback_shape, .raw = take,
	      .zh = "微信、企业微信：推送消息与事件", .en = "WeChat and WeCom deliver messages and events"),
};
const size_t wechat_callback_route_count = sizeof(wechat_callback_routes) / sizeof(wechat_callback_routes[0]);
