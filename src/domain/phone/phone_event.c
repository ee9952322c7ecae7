/* Where a telephone system tells of its calls: POST …?id=&timestamp=&signature= with a JSON body. Whatever is wrong with a delivery, a stranger learns the same;
 * what is acknowledged is committed. */
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/api/delivery.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/phone/phone_private.h"
#include "gen/phone_sql.h"

enum { DELIVERY_MOST = 16, WORD_MOST = 100, SIGNATURE_TEXT = 64 };

static const struct choice events[] = { { "ringing" }, { "answered" }, { "transferred" }, { "hung_up" }, { "missed" }, { "recorded" }, { 0 } };
static const struct choice directions[] = { { "in" }, { "out" }, { 0 } };

static const struct member members[] = {
	MEMBER(struct phone_said, call, code, .flags = MEMBER_REQUIRED, .most = 100), MEMBER(struct phone_said, event, code, .flags = MEMBER_REQUIRED, .choices = events), MEMBER(struct phone_said, at, time_ms),
	MEMBER(struct phone_said, direction, code, .choices = directions), MEMBER(struct phone_said, caller, code, .most = 40), MEMBER(struct phone_said, called, code, .most = 40),
	MEMBER(struct phone_said, extension, code, .most = 20), MEMBER(struct phone_said, recording, code, .most = 1000), MEMBER(struct phone_said, ref, id),
};
static const struct shape said_shape = SHAPE("phone_event", struct phone_said, members);

struct brought {
	struct phone_opened k;
	struct phone_said said;
};

static int find(struct ctx *c, void *delivery)
{
	struct delivery *d = delivery;
	struct brought *b = d->own;
	struct phone_by_callback_row *rows;
	size_t n;
	TRY(phone_by_callback(c, delivery_callback(d), &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(phone_open(c, rows[0].id, &b->k));
	bool takes = text_equal(b->k.row.state, "on") && !b->k.row.archived_at && b->k.secret;
	return takes ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static int check_signature(struct delivery *d)
{
	struct ctx *c = d->c;
	struct brought *b = d->own;
	const char *stamp = delivery_asked(d, "timestamp", WORD_MOST), *name = delivery_asked(d, "id", WORD_MOST), *given = delivery_asked(d, "signature", SIGNATURE_TEXT);
	TRY(delivery_check_time(d, stamp, setting_ms(c, SETTING_PHONE_SKEW)));
	TRY(require(c, !text_empty(name) && given && strlen(given) == SIGNATURE_TEXT, ERR_FORBIDDEN, NULL));
	b->said.name = name;
	return crypto_equal(given, phone_sign(c->arena, b->k.secret, stamp, name, d->http->body), SIGNATURE_TEXT) ? 0 : fail(c, ERR_FORBIDDEN, NULL);
}

static int read_event(struct delivery *d)
{
	struct ctx *c = d->c;
	struct brought *b = d->own;
	struct bytes body = d->http->body;
	TRY(check_signature(d));
	const char *name = b->said.name;
	TRY(json_read(c->arena, &said_shape, (const char *)body.p, body.n, &b->said, NULL, c->error));
	b->said.name = name;
	return 0;
}

static int take(struct ctx *c, void *delivery)
{
	struct brought *b = ((struct delivery *)delivery)->own;
	return phone_take(c, &b->k.row, &b->said);
}

static void done(struct delivery *d)
{
	http_reply_json(d->http, 200, "{}", 2);
}

static void arrive(struct http_request *r, struct ctx *c)
{
	static const struct delivery_kind kind = { .own = sizeof(struct brought), .most = DELIVERY_MOST, .find = find, .read = read_event, .take = take, .done = done };
	delivery_begin(r, c, &kind);
}

const struct route phone_event_routes[] = {
	ROUTE(POST, "/api/v1/phone/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &delivery_shape, .raw = arrive,
	      .zh = "话务系统：推送通话事件", .en = "A telephone system tells of its calls"),
};
const size_t phone_event_route_count = sizeof(phone_event_routes) / sizeof(phone_event_routes[0]);
