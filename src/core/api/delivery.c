#include "core/api/delivery.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/pool.h"
#include "base/text.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/services.h"

enum { CALLBACK_BYTES = 16 };

struct callback_in {
	const char *callback;
};
static const struct member members[] = { MEMBER(struct callback_in, callback, code, .most = 64) };
const struct shape delivery_shape = SHAPE("delivery", struct callback_in, members);

const char *delivery_new_callback(struct arena *a)
{
	uint8_t bytes[CALLBACK_BYTES];
	crypto_random(bytes, sizeof(bytes));
	return hex(a, bytes, sizeof(bytes));
}

const char *delivery_callback(const struct delivery *d)
{
	const char *name = http_param(d->http, "callback");
	return name ? name : "";
}

const char *delivery_asked(const struct delivery *d, const char *name, size_t most)
{
	const char *value = http_query(d->http, name);
	return value && strlen(value) <= most ? value : NULL;
}

int delivery_check_time(const struct delivery *d, const char *timestamp, int64_t skew_ms)
{
	char *end;
	errno = 0;
	int64_t at = timestamp ? strtoll(timestamp, &end, 10) : -1;
	bool good = timestamp && *timestamp >= '0' && *timestamp <= '9' && !*end && !errno && at < INT64_MAX / SECOND_MS;
	int64_t apart = good ? llabs(d->c->now - at * SECOND_MS) : 0;
	return good && apart <= skew_ms ? 0 : fail(d->c, ERR_FORBIDDEN, NULL);
}

void delivery_refuse(struct delivery *d, int r)
{
	struct error *e = d->c->error;
	if (!e->code)
		e->code = r;
	http_reply_error(d->http, e);
}

static void done(struct ctx *c, void *arg, int result)
{
	struct delivery *d = arg;
	d->c->error = c->error;
	if (result < 0)
		return delivery_refuse(d, result);
	d->kind->done(d);
}

static void work(void *arg)
{
	struct delivery *d = arg;
	int r = readers_run(d->readers, d->c, d->kind->find, d);
	if (r == 0)
		r = d->kind->read(d);
	if (r == 0) {
		d->write = (struct write_request){ .run = d->kind->take, .done = done, .arg = d, .queue = QUEUE_PEOPLE, .ctx = *d->c };
		r = writer_submit(d->c->services->writer, &d->write);
	}
	if (r < 0)
		delivery_refuse(d, r);
}

void delivery_begin(struct http_request *r, struct ctx *c, const struct delivery_kind *kind)
{
	struct api_call *k = r->user;
	struct delivery *d = ARENA_NEW(c->arena, struct delivery);
	*d = (struct delivery){ .http = r, .c = c, .kind = kind, .readers = api_readers(k), .own = ARENA_ARRAY(c->arena, char, kind->own) };
	int result = r->body.n > kind->most * 1024 ? fail(c, ERR_TOO_LARGE, arena_format(c->arena, "%zu KB", kind->most)) : pool_submit(api_pool(k), work, d);
	if (result < 0)
		delivery_refuse(d, result);
}
