/* Where a telephone system tells of its calls: POST …?id=&timestamp=&signature= with a JSON body. Whatever is wrong with a delivery, a stranger learns the same;
 * what is acknowledged is committed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/phone/phone_private.h"
#include "gen/phone_sql.h"

enum { DELIVERY_MOST = 16 * 1024, WORD_MOST = 100, SIGNATURE_TEXT = 64 };

static const struct choice events[] = { { "ringing" }, { "answered" }, { "transferred" }, { "hung_up" }, { "missed" }, { "recorded" }, { 0 } };
static const struct choice directions[] = { { "in" }, { "out" }, { 0 } };

static const struct member members[] = {
	MEMBER(struct phone_said, call, code, .flags = MEMBER_REQUIRED, .most = 100), MEMBER(struct phone_said, event, code, .flags = MEMBER_REQUIRED, .choices = events), MEMBER(struct phone_said, at, time_ms),
	MEMBER(struct phone_said, direction, code, .choices = directions), MEMBER(struct phone_said, caller, code, .most = 40), MEMBER(struct phone_said, called, code, .most = 40),
	MEMBER(struct phone_said, extension, code, .most = 20), MEMBER(struct phone_said, recording, code, .most = 1000), MEMBER(struct phone_said, ref, id),
};
static const struct shape said_shape = SHAPE("phone_event", struct phone_said, members);

struct delivery {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	struct phone_opened k;
	struct phone_said said;
	struct write_request write;
};

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
	return value && *value && strlen(value) <= WORD_MOST ? value : NULL;
}

static int find(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	struct phone_by_callback_row *rows;
	size_t n;
	const char *name = http_param(d->http, "callback");
	TRY(phone_by_callback(c, name ? name : "", &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->tenant = rows[0].tenant;
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(phone_open(c, rows[0].id, &d->k));
	bool takes = text_equal(d->k.row.state, "on") && !d->k.row.archived_at && d->k.secret;
	return takes ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static int check_signature(struct delivery *d)
{
	struct ctx *c = d->c;
	const char *stamp = asked(d, "timestamp"), *name = asked(d, "id"), *given = asked(d, "signature");
	char *end = NULL;
	errno = 0;
	int64_t at = stamp ? strtoll(stamp, &end, 10) : -1;
	bool good = stamp && name && given && strlen(given) == SIGNATURE_TEXT && *stamp >= '0' && *stamp <= '9' && !*end && !errno && at < INT64_MAX / SECOND_MS;
	if (!good || llabs(c->now - at * SECOND_MS) > setting_ms(c, SETTING_PHONE_SKEW))
		return fail(c, ERR_FORBIDDEN, NULL);
	d->said.name = name;
	return crypto_equal(given, phone_sign(c->arena, d->k.secret, stamp, name, d->http->body), SIGNATURE_TEXT) ? 0 : fail(c, ERR_FORBIDDEN, NULL);
}

static int read_body(struct delivery *d)
{
	struct ctx *c = d->c;
	const char *name = d->said.name;
	struct bytes body = d->http->body;
	TRY(json_read(c->arena, &said_shape, (const char *)body.p, body.n, &d->said, NULL, c->error));
	d->said.name = name;
	return 0;
}

static int take(struct ctx *c, void *arg)
{
	struct delivery *d = arg;
	return phone_take(c, &d->k.row, &d->said);
}

static void done(struct ctx *c, void *arg, int result)
{
	struct delivery *d = arg;
	d->c->error = c->error;
	if (result < 0)
		return refuse(d, result);
	http_reply_json(d->http, 200, "{}", 2);
}

static void work(void *arg)
{
	struct delivery *d = arg;
	int r = readers_run(d->readers, d->c, find, d);
	if (r == 0)
		r = check_signature(d);
	if (r == 0)
		r = read_body(d);
	if (r == 0) {
		d->write = (struct write_request){ .run = take, .done = done, .arg = d, .queue = QUEUE_PEOPLE, .ctx = *d->c };
		r = writer_submit(d->c->services->writer, &d->write);
	}
	if (r < 0)
		refuse(d, r);
}

static void arrive(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct delivery *d = ARENA_NEW(c->arena, struct delivery);
	*d = (struct delivery){ .http = r, .c = c, .readers = api_readers(k) };
	int result = r->body.n > DELIVERY_MOST ? fail(c, ERR_TOO_LARGE, "16 KB") : pool_submit(api_pool(k), work, d);
	if (result < 0)
		refuse(d, result);
}

struct callback_in {
	const char *callback;
};
static const struct member callback_members[] = { MEMBER(struct callback_in, callback, code, .most = 64) };
static const struct shape callback_shape = SHAPE("phone_callback", struct callback_in, callback_members);

const struct route phone_event_routes[] = {
	ROUTE(POST, "/api/v1/phone/{callback}", FOR_ANYBODY, RAW, .body = BODY_DELIVERY, .flags = ROUTE_NO_KEY, .in = &callback_shape, .raw = arrive,
	      .zh = "话务系统：推送通话事件", .en = "A telephone system tells of its calls"),
};
const size_t phone_event_route_count = sizeof(phone_event_routes) / sizeof(phone_event_routes[0]);
