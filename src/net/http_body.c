/* Bodies: taken up to their limit, or thrown away after a refusal. */
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "net/http_private.h"

enum { SMALL_BODY = 64 * 1024, THROW_MOST = 256 * 1024, LINGER_MS = 2000 };

/* The answer is written to the socket, because libmicrohttpd takes none in the middle of a body and would first read all of
 * it. Nothing of this exchange was sent before, so the bytes are in order. */
enum MHD_Result refuse_now(struct exchange *x)
{
	struct arena *a = x->r.arena;
	size_t n;
	const char *json = http_error_json(a, &x->refused, x->r.lang, x->r.request_id, &n);
	int fd = MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	x->status = error_status(x->refused.code);
	const char *head = arena_format(a,
		"HTTP/1.1 %d Refused\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n"
		"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: %s\r\n%s%s%sContent-Length: %zu\r\n\r\n",
		x->status, x->r.request_id, x->status == 405 ? "Allow: " : "",
		x->status == 405 ? http_methods_text(a, x->match.allowed) : "", x->status == 405 ? "\r\n" : "", n);
	const char *all = arena_format(a, "%s%s", head, x->r.method == HTTP_HEAD ? "" : json);
	/* a client that does not read loses the text, not more */
	ssize_t sent = send(fd, all, strlen(all), MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
	x->response_n = sent > 0 ? (size_t)sent : 0;
	x->step = STEP_LINGER;
	watch_within(x->watched, LINGER_MS);
	return x->fence.reason ? MHD_NO : MHD_YES;
}

enum MHD_Result exchange_refuse(struct exchange *x, int code, const char *arg)
{
	if (!x->refused.code)
		(void)!error_set(&x->refused, x->r.arena, code, arg);
	bool has_large_body = x->fence.is_chunked || x->r.content_length > SMALL_BODY;
	if (x->fence.reason || has_large_body)
		return refuse_now(x);
	return MHD_YES;
}

static enum MHD_Result throw_away(struct exchange *x, size_t *n)
{
	x->thrown += *n;
	*n = 0;
	if (x->thrown <= THROW_MOST)
		return MHD_YES;
	return x->step == STEP_LINGER ? MHD_NO : refuse_now(x);
}

/* Room for n more bytes, counted against what all bodies together may hold. */
static bool body_grow(struct exchange *x, size_t n)
{
	struct http *h = x->http;
	size_t needed = x->body_n + n;
	if (needed <= x->body_room)
		return true;
	size_t room = x->body_room ? x->body_room * 2 : 4096;
	/* a declared length is believed up to a point: claiming costs the client nothing */
	if (!x->body_room && x->r.content_length > 4096)
		room = x->r.content_length < SMALL_BODY ? (size_t)x->r.content_length : SMALL_BODY;
	while (room < needed)
		room *= 2;
	int64_t more = (int64_t)(room - x->body_room), held = atomic_fetch_add(&h->metrics.bodies, more) + more;
	if ((size_t)held > h->options.limits.bodies_most) {
		h->metrics.bodies -= more;
		return false;
	}
	uint8_t *p = arena_alloc(x->r.arena, room);
	if (x->body_n)
		memcpy(p, x->body, x->body_n);
	x->body = p;
	x->body_room = room;
	return true;
}

static int body_keep(struct exchange *x, const char *p, size_t n)
{
	if (x->body_n + n > x->r.body_most) {
		x->http->metrics.refused[REFUSED_TOO_LARGE]++;
		x->why = refused_name(REFUSED_TOO_LARGE);
		return error_set(&x->refused, x->r.arena, ERR_TOO_LARGE, arena_format(x->r.arena, "%zu", x->r.body_most));
	}
	if (x->r.sink) {
		int result = x->r.sink(&x->r, p, n);
		if (result < 0)
			return error_set(&x->refused, x->r.arena, result, NULL);
	} else if (body_grow(x, n)) {
		memcpy(x->body + x->body_n, p, n);
	} else {
		x->http->metrics.refused[REFUSED_BUSY]++;
		x->why = refused_name(REFUSED_BUSY);
		return error_set(&x->refused, x->r.arena, ERR_BUSY, NULL);
	}
	x->body_n += n;
	return 0;
}

enum MHD_Result body_take(struct exchange *x, const char *p, size_t *n)
{
	if (!x->refused.code && body_keep(x, p, *n) == 0) {
		*n = 0;
		return MHD_YES;
	}
	return throw_away(x, n);
}

/* Whether pages of other origins may ask something under this path. */
static bool is_for_foreigners(const struct exchange *x)
{
	struct route_match m;
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if ((x->match.allowed >> i & 1) && router_find(x->http->router, (enum http_method)i, x->url.segments, x->url.segment_count, &m) == 0 && (m.route->flags & ROUTE_FOREIGN))
			return true;
	return false;
}

/* A browser asks before a page of another origin sends anything (the Fetch standard's preflight). */
static void answer_options(struct exchange *x)
{
	const struct http_options *o = &x->http->options;
	const char *origin = x->fence.field[HEADER_ORIGIN], *allowed = http_methods_text(x->r.arena, x->match.allowed);
	const struct http_pair headers[] = {
		{ "Allow", allowed }, { "Access-Control-Allow-Methods", allowed },
		{ "Access-Control-Allow-Headers", "authorization, content-type, upload-offset, accept-language" }, { "Access-Control-Max-Age", "600" },
	};
	if (origin && o->knows_origin && is_for_foreigners(x)) {
		x->r.origin = origin;
		x->r.is_foreign_ok = o->knows_origin(o->arg, &x->r, origin);
	}
	http_reply(&x->r, &(struct http_reply){ .status = 204, .headers = headers, .header_count = x->r.is_foreign_ok ? 4 : 1 });
}

void body_end(struct exchange *x)
{
	const struct http_options *o = &x->http->options;
	x->http->waiting++;
	x->r.body = (struct bytes){ .p = x->body, .n = x->r.sink ? 0 : x->body_n };
	if (x->refused.code) {
		http_reply_error(&x->r, &x->refused);
		return;
	}
	if (x->match.route) {
		o->handle(o->arg, &x->r);
		return;
	}
	if (x->r.method == HTTP_OPTIONS) {
		answer_options(x);
		return;
	}
	reply_static(x);
}
