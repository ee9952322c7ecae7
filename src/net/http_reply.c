/* Replies: built in the handler's thread, queued in the loop. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "net/http_private.h"
#include "net/site.h"

const char *http_param(const struct http_request *r, const char *name)
{
	return pair_find(r->params, r->param_count, name);
}

const char *http_query(const struct http_request *r, const char *name)
{
	return pair_find(r->query, r->query_count, name);
}

const char *http_cookie(const struct http_request *r, const char *name)
{
	return pair_find(r->cookies, r->cookie_count, name);
}

const char *http_header(const struct http_request *r, enum fence_field field)
{
	return ((const struct exchange *)r)->fence.field[field];
}

void exchange_log(struct exchange *x, int64_t us)
{
	struct log *log = x->http->options.log;
	const struct route *route = x->match.route;
	enum log_level level = x->status >= 500 ? LOG_WARN : x->status >= 400 ? LOG_INFO : LOG_DEBUG;
	char status[16], took[24], remote[ADDRESS_TEXT];
	if (level < log->least || (level == LOG_DEBUG && route && route->flags & ROUTE_QUIET))
		return;
	snprintf(status, sizeof(status), "%d", x->status);
	snprintf(took, sizeof(took), "%lld", (long long)us);
	address_format(&x->r.remote, remote);
	/* the route, not the path: paths and queries may hold tokens */
	log_write(log, level, "request", "request", x->r.request_id, "method", http_method_name(x->r.method),
	          "route", route ? route->path : NULL, "status", status, "us", took, "why", x->why, "remote", remote, NULL);
}

/* What every reply of the API says: no sniffing, no caching, no framing, nothing to run. */
static const struct http_pair always[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

/* A form's Origin is sent to the same site only when the page names itself there. */
static const struct http_pair always_of_page[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

static bool value_is_safe(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7F)
			return false;
	return true;
}

static bool add_headers(struct exchange *x, struct MHD_Response *m, const struct http_reply *reply)
{
	bool has_caching = false;
	for (size_t i = 0; i < reply->header_count; i++) {
		const struct http_pair *p = &reply->headers[i];
		has_caching |= !strcmp(p->name, "Cache-Control");
		if (!value_is_safe(p->value) || MHD_add_response_header(m, p->name, p->value) == MHD_NO)
			return false;
	}
	bool good = !reply->type || MHD_add_response_header(m, "Content-Type", reply->type);
	const struct http_pair *fixed = reply->is_page ? always_of_page : always;
	_Static_assert(sizeof(always) == sizeof(always_of_page), "the same headers, for another kind of reader");
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		good &= MHD_add_response_header(m, fixed[i].name, fixed[i].value);
	if (!has_caching)
		good &= MHD_add_response_header(m, "Cache-Control", "no-store");
	good &= MHD_add_response_header(m, "X-Request-Id", x->r.request_id);
	if (x->r.origin)
		good &= MHD_add_response_header(m, "Vary", "Origin");
	if (x->r.origin && x->r.is_foreign_ok)
		good &= value_is_safe(x->r.origin) && MHD_add_response_header(m, "Access-Control-Allow-Origin", x->r.origin) &&
		        MHD_add_response_header(m, "Access-Control-Expose-Headers", "Retry-After");
	if (x->http->options.tls && x->http->options.hsts_s > 0)
		good &= MHD_add_response_header(m, "Strict-Transport-Security", arena_format(x->r.arena, "max-age=%lld", (long long)x->http->options.hsts_s));
	if (x->http->is_stopping)
		good &= MHD_add_response_header(m, "Connection", "close");
	return good;
}

/* From here on the loop owns the exchange; this thread must not touch it after the exchange of states. */
static void ready(struct exchange *x, struct MHD_Response *m, int status, size_t n)
{
	struct http *h = x->http;
	struct MHD_Connection *connection = x->mhd;
	x->response = m;
	x->status = status;
	x->response_n = n;
	if (atomic_exchange(&x->state, REPLY_READY) == REPLY_SUSPENDED)
		MHD_resume_connection(connection);
	h->waiting--;
}

static void send_response(struct exchange *x, struct MHD_Response *m, const struct http_reply *reply, size_t n)
{
	if (m && add_headers(x, m, reply)) {
		ready(x, m, reply->status, n);
		return;
	}
	if (m)
		MHD_destroy_response(m);
	x->why = "reply cannot be built";
	m = MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
	ready(x, m, 500, 0);
}

void http_reply(struct http_request *r, const struct http_reply *reply)
{
	void *p = (void *)(uintptr_t)reply->body.p;
	struct MHD_Response *m = MHD_create_response_from_buffer(reply->body.n, p, MHD_RESPMEM_PERSISTENT);
	send_response(exchange_of(r), m, reply, reply->body.n);
}

void http_reply_file(struct http_request *r, const struct http_reply *reply, int fd, uint64_t offset, uint64_t n)
{
	struct MHD_Response *m = MHD_create_response_from_fd_at_offset64(n, fd, offset);
	if (!m)
		close(fd);
	send_response(exchange_of(r), m, reply, n);
}

void http_reply_json(struct http_request *r, int status, const char *json, size_t n)
{
	http_reply(r, &(struct http_reply){ .status = status, .type = "application/json; charset=utf-8",
	                                    .body = { (const uint8_t *)json, n } });
}

static void append_fault(struct text *t, int code, enum lang lang, const char *arg)
{
	text_append(t, "\"code\":");
	json_text(t, error_name(code));
	text_append(t, ",\"message\":");
	json_text(t, error_text(code, lang, arg, t->arena));
}

const char *http_error_json(struct arena *a, const struct error *e, enum lang lang, const char *request_id, size_t *n)
{
	struct text t = text_in(a);
	text_append(&t, "{\"error\":{");
	append_fault(&t, e->code, lang, e->arg);
	if (e->arg && error_status(e->code) < 500) {
		text_append(&t, ",\"arg\":"); /* for programs: the id of the open ticket, the challenge to solve */
		json_text(&t, e->arg);
	}
	if (e->fields) {
		text_append(&t, ",\"field\":");
		json_text(&t, e->fields->field);
		text_append(&t, ",\"fields\":[");
	}
	for (const struct field_error *f = e->fields; f; f = f->next) {
		text_append(&t, f == e->fields ? "{\"field\":" : ",{\"field\":");
		json_text(&t, f->field);
		text_char(&t, ',');
		append_fault(&t, f->code, lang, f->arg);
		text_char(&t, '}');
	}
	if (e->fields)
		text_char(&t, ']');
	text_append(&t, ",\"request_id\":");
	json_text(&t, request_id);
	text_char(&t, '}');
	if (e->current) {
		text_append(&t, ",\"current\":");
		text_append(&t, e->current);
	}
	text_char(&t, '}');
	*n = t.n;
	return t.p;
}

void http_reply_error(struct http_request *r, const struct error *e)
{
	struct exchange *x = exchange_of(r);
	size_t n, headers = 0;
	const char *json = http_error_json(r->arena, e, r->lang, r->request_id, &n);
	struct http_pair header[2];
	int status = error_status(e->code);
	if (status == 405)
		header[headers++] = (struct http_pair){ "Allow", http_methods_text(r->arena, x->match.allowed) };
	if (status == 503 || status == 507)
		header[headers++] = (struct http_pair){ "Retry-After", "2" };
	if (status == 429 && e->arg)
		header[headers++] = (struct http_pair){ "Retry-After", e->arg };
	http_reply(r, &(struct http_reply){ .status = status, .type = "application/json; charset=utf-8", .headers = header,
	                                    .header_count = headers, .body = { (const uint8_t *)json, n } });
}

void http_reply_code(struct http_request *r, int code, const char *arg)
{
	struct error e = { .code = code, .arg = arg };
	http_reply_error(r, &e);
}

void reply_static(struct exchange *x)
{
	size_t n;
	int status;
	struct MHD_Response *m = site_find(x->http->options.site, x->r.path, x->fence.field[HEADER_ACCEPT_ENCODING],
	                                   x->fence.field[HEADER_IF_NONE_MATCH], &status, &n);
	if (!m) {
		http_reply_code(&x->r, ERR_NOT_FOUND, NULL);
		return;
	}
	x->is_shared = true;
	ready(x, m, status, n);
}

enum MHD_Result reply_queue(struct exchange *x)
{
	const struct http_limits *l = &x->http->options.limits;
	if (!x->response)
		return MHD_NO;
	watch_within(x->watched, l->body_ms + (int64_t)(x->response_n * 1000 / l->slowest_bytes_s));
	enum MHD_Result result = MHD_queue_response(x->mhd, (unsigned)x->status, x->response);
	if (!x->is_shared)
		MHD_destroy_response(x->response);
	x->response = NULL;
	return result;
}

/* The socket is doubled and libmicrohttpd lets go of its own at once: so an upgraded connection costs none of its memory. */
static void on_upgrade(void *arg, struct MHD_Connection *connection, void *context, const char *extra, size_t extra_n,
                       MHD_socket fd, struct MHD_UpgradeResponseHandle *handle)
{
	struct exchange *x = arg;
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (own >= 0) {
		fcntl(own, F_SETFL, fcntl(own, F_GETFL) | O_NONBLOCK);
		x->upgraded(x->upgraded_arg, own, extra, extra_n);
		x->upgraded = NULL;
	}
	MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}

void http_upgrade(struct http_request *r, const struct http_pair *headers, size_t header_count, http_upgraded *taken, void *arg)
{
	struct exchange *x = exchange_of(r);
	x->upgraded = taken;
	x->upgraded_arg = arg;
	struct MHD_Response *m = MHD_create_response_for_upgrade(on_upgrade, x);
	bool good = m != NULL;
	for (size_t i = 0; good && i < header_count; i++)
		good = value_is_safe(headers[i].value) && MHD_add_response_header(m, headers[i].name, headers[i].value);
	if (good) {
		ready(x, m, 101, 0);
		return;
	}
	if (m)
		MHD_destroy_response(m);
	http_reply_code(r, ERR_INTERNAL, NULL);
}
