/* The head of a request: judged, decoded, routed and offered to dispatch, before a byte of the body is taken. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/http_private.h"
#include "net/site.h"

static enum MHD_Result feed(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	fence_header(arg, name, value ? value : "");
	return MHD_YES;
}

/* Reads what the fence let through. */
static enum fence_reason judge(struct exchange *x, const char *method, const char *target, const char *version)
{
	struct fence *f = &x->fence;
	const struct http_limits *l = &x->http->options.limits;
	fence_line(f, &l->head, method, target, x->target_n, version);
	if (target != x->target_at && !f->reason)
		f->reason = FENCE_LAYOUT;
	MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, feed, f);
	size_t head_n = MHD_get_connection_info(x->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
	enum fence_reason reason = fence_end(f, method, method + head_n);
	if (reason)
		return reason;
	if (url_read(x->r.arena, x->target, x->target_n, &x->url) < 0)
		return FENCE_TARGET;
	const char *cookie = f->field[HEADER_COOKIE];
	if (cookie && cookies_read(x->r.arena, cookie, x->cookies, &x->r.cookie_count) < 0)
		return FENCE_COOKIE;
	return FENCE_PASS;
}

/* Ids of others are taken when they cannot harm a log line or a header. */
static const char *request_id(struct exchange *x)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	const char *given = x->fence.reason ? NULL : x->fence.field[HEADER_REQUEST_ID];
	size_t n = given ? strlen(given) : 0;
	if (n >= 8 && n <= 64 && strspn(given, safe) == n)
		return arena_string_n(x->r.arena, given, n);
	/* a counter, stirred (splitmix64): never the same twice in one run, and unlike those of other runs */
	uint64_t v = x->http->id_seed + 0x9E3779B97F4A7C15 * ++x->http->next_id;
	v = (v ^ v >> 30) * 0xBF58476D1CE4E5B9;
	v = (v ^ v >> 27) * 0x94D049BB133111EB;
	v ^= v >> 31;
	char *id = arena_alloc(x->r.arena, 17);
	for (int i = 0; i < 16; i++)
		id[i] = "0123456789abcdef"[v >> (60 - 4 * i) & 15];
	return id;
}

/* The first of our languages that the header names; Chinese when it names none. */
static enum lang language(const char *accept)
{
	while (accept && *accept) {
		accept += strspn(accept, " ,");
		if (!strncasecmp(accept, "zh", 2))
			return LANG_ZH;
		if (!strncasecmp(accept, "en", 2))
			return LANG_EN;
		accept += strcspn(accept, ",");
	}
	return LANG_ZH;
}

bool http_is_proxy(const struct http *h, const struct ip_address *peer)
{
	for (size_t i = 0; i < h->options.proxy_count; i++)
		if (network_has(&h->options.proxies[i], peer))
			return true;
	return false;
}

static void fill(struct exchange *x, const char *method)
{
	struct http_request *r = &x->r;
	const struct http_options *o = &x->http->options;
	const char *const *field = x->fence.field;
	int m = http_method_of(method);
	r->method = m < 0 ? HTTP_GET : (enum http_method)m;
	r->path = x->url.path;
	r->query = x->url.query;
	r->query_count = x->url.query_count;
	r->cookies = x->cookies;
	r->content_length = x->fence.content_length;
	r->lang = language(x->fence.reason ? NULL : field[HEADER_ACCEPT_LANGUAGE]);
	r->request_id = request_id(x);
	r->remote = address_behind(&x->watched->peer, field[HEADER_FORWARDED_FOR], o->proxies, o->proxy_count);
	const char *scheme = field[HEADER_FORWARDED_PROTO];
	r->is_https = o->tls || (scheme && !strcasecmp(scheme, "https") && http_is_proxy(x->http, &x->watched->peer));
}

static bool origin_is_ours(const struct exchange *x, const char *origin)
{
	const char *host = x->fence.field[HEADER_HOST];
	const char *name = strstr(origin, "://");
	bool is_web = !strncmp(origin, "http://", 7) || !strncmp(origin, "https://", 8);
	if (host && name && is_web && !strcasecmp(name + 3, host))
		return true;
	for (const char *const *o = x->http->options.origins; o && *o; o++)
		if (!strcasecmp(*o, origin))
			return true;
	return false;
}

/* Other sites can make a browser send requests, with cookies. What changes something, and every WebSocket, must therefore
 * come from our own pages; a bearer token is proof enough, because no browser adds one by itself. Routes for pages elsewhere take no cookies,
 * and whoever answers them judges the origin. */
static bool origin_is_allowed(struct exchange *x)
{
	const char *const *field = x->fence.field;
	const char *origin = field[HEADER_ORIGIN], *site = field[HEADER_SEC_FETCH_SITE];
	bool is_safe = x->r.method == HTTP_GET || x->r.method == HTTP_HEAD || x->r.method == HTTP_OPTIONS;
	if ((x->match.route->flags & ROUTE_FOREIGN) && origin && !origin_is_ours(x, origin)) {
		x->r.origin = origin;
		return true;
	}
	if ((is_safe && x->match.route->kind != ROUTE_STREAM) || field[HEADER_AUTHORIZATION])
		return true;
	if (origin)
		return origin_is_ours(x, origin);
	if (site)
		return !strcmp(site, "same-origin");
	return !field[HEADER_COOKIE];
}

static bool type_is(const char *type, const char *wanted)
{
	size_t n = strlen(wanted);
	return type && !strncasecmp(type, wanted, n) && (!type[n] || type[n] == ';' || type[n] == ' ');
}

/* JSON routes take JSON; no route takes what an HTML form of another site could send. */
static bool body_type_is_allowed(const struct exchange *x)
{
	const char *type = x->fence.field[HEADER_CONTENT_TYPE], *coding = x->fence.field[HEADER_CONTENT_ENCODING];
	if (x->r.content_length <= 0 && !x->fence.is_chunked)
		return true;
	if (coding && strcasecmp(coding, "identity"))
		return false;
	if (x->match.route->body == BODY_JSON)
		return type_is(type, "application/json");
	return !type_is(type, "multipart/form-data") && !type_is(type, "application/x-www-form-urlencoded") &&
	       !type_is(type, "text/plain");
}

static enum MHD_Result find_route(struct exchange *x)
{
	struct http *h = x->http;
	int result = router_find(h->router, x->r.method, x->url.segments, x->url.segment_count, &x->match);
	if (result == ERR_NOT_FOUND && h->options.site && site_claims(x->r.path)) {
		x->match.allowed = 1u << HTTP_GET | 1u << HTTP_HEAD | 1u << HTTP_OPTIONS;
		if (x->r.method == HTTP_GET || x->r.method == HTTP_HEAD)
			return MHD_YES;
		result = ERR_METHOD;
	}
	if (result == ERR_METHOD && x->r.method == HTTP_OPTIONS)
		return MHD_YES;
	if (result < 0)
		h->metrics.refused[REFUSED_NO_ROUTE]++;
	return result < 0 ? exchange_refuse(x, result, NULL) : MHD_YES;
}

static enum MHD_Result refuse_as(struct exchange *x, enum http_refused why, int code, const char *arg)
{
	x->http->metrics.refused[why]++;
	x->why = refused_name(why);
	return exchange_refuse(x, code, arg);
}

static enum MHD_Result offer(struct exchange *x)
{
	struct http *h = x->http;
	struct http_request *r = &x->r;
	r->route = x->match.route;
	r->route_index = x->match.index;
	r->params = x->match.params;
	r->param_count = x->match.param_count;
	r->body_most = h->options.limits.body_most[r->route->body];
	if (!origin_is_allowed(x))
		return refuse_as(x, REFUSED_ORIGIN, ERR_ORIGIN, NULL);
	if (!body_type_is_allowed(x))
		return refuse_as(x, REFUSED_MEDIA_TYPE, ERR_MEDIA_TYPE, NULL);
	x->is_dispatched = true;
	int result = h->options.dispatch ? h->options.dispatch(h->options.arg, r, &x->refused) : 0;
	if (result < 0)
		return exchange_refuse(x, result, x->refused.arg);
	if (r->content_length > 0 && (uint64_t)r->content_length > r->body_most)
		return refuse_as(x, REFUSED_TOO_LARGE, ERR_TOO_LARGE, arena_format(r->arena, "%zu", r->body_most));
	return MHD_YES;
}

static void set_body_deadline(struct exchange *x)
{
	const struct http_limits *l = &x->http->options.limits;
	int64_t n = x->fence.is_chunked ? (int64_t)x->r.body_most : x->r.content_length;
	watch_within(x->watched, l->body_ms + (n > 0 ? n * 1000 / l->slowest_bytes_s : 0));
}

enum MHD_Result head_take(struct exchange *x, const char *method, const char *target, const char *version)
{
	x->step = STEP_BODY;
	x->fence.reason = judge(x, method, target, version);
	fill(x, method);
	if (x->fence.reason) {
		x->http->metrics.fenced[x->fence.reason]++;
		x->why = fence_name(x->fence.reason);
		return exchange_refuse(x, fence_error(x->fence.reason), NULL);
	}
	enum MHD_Result result = find_route(x);
	if (result == MHD_YES && x->match.route)
		result = offer(x);
	if (x->step == STEP_BODY)
		set_body_deadline(x);
	return result;
}
