/* The HTTP front: libmicrohttpd with one epoll loop per core.
 *
 * A request passes in three steps: `dispatch` after the head (who is it, may he; a refusal costs no body), the body (limited,
 * kept or handed to a sink), `handle` (answer now, or later from any thread). net knows no tables and no users.
 * It promises: only well-formed requests arrive; a reply is sent exactly once; `done` is the last touch of a request.
 * TLS it does if it is given a certificate; HTTP/2 a proxy in front does. */
#pragma once

#include <stdbool.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "net/address.h"
#include "net/fence.h"
#include "net/metrics.h"
#include "net/route.h"

struct http;
struct site;
struct tls_front;

enum { REQUEST_ID_TEXT = 72 };

/* One request. Upper layers read it and may set what stands under "set by dispatch". Lives until `done` returns. */
struct http_request {
	struct arena *arena;                    /* of this request; used by one thread at a time */
	enum http_method method;
	const struct route *route;
	size_t route_index;
	const char *path;                       /* decoded */
	const struct http_pair *params, *query, *cookies;
	size_t param_count, query_count, cookie_count;
	int64_t content_length;                 /* −1 when chunked or none */
	struct bytes body;                      /* complete at `handle`, unless a sink took it */
	struct ip_address remote;                  /* behind trusted proxies */
	bool is_https;                          /* by itself, or as a trusted proxy says */
	const char *request_id;
	int64_t started_ns;                     /* monotonic */
	const char *origin;                     /* of a page elsewhere that asks (ROUTE_FOREIGN alone): dispatch refuses it, or sets is_foreign_ok; NULL: none */

	/* set by dispatch */
	enum lang lang;                         /* from Accept-Language at first */
	void *user;                             /* the upper layer's */
	size_t body_most;                       /* the class's limit at first */
	bool is_foreign_ok;                     /* the page of `origin` may read the answer */
	int (*sink)(struct http_request *r, const void *p, size_t n);  /* takes the body piece by piece; a negative result refuses */
};

const char *http_param(const struct http_request *r, const char *name);    /* NULL when absent, as with all of these */
const char *http_query(const struct http_request *r, const char *name);
const char *http_cookie(const struct http_request *r, const char *name);
const char *http_header(const struct http_request *r, enum fence_field field);

struct http_limits {
	struct fence_limits head;
	size_t body_most[BODY_CLASS_COUNT];
	size_t bodies_most;             /* bytes of all bodies held at once; past it 503 */
	unsigned connections;           /* open at once */
	unsigned connections_per_ip;    /* trusted proxies are not counted */
	unsigned head_ms;               /* a new connection must have sent its first head by then */
	unsigned idle_ms;               /* the same for the next head on a kept connection */
	unsigned body_ms;               /* a body must be complete in this, plus size ÷ slowest rate; replies likewise */
	unsigned slowest_bytes_s;
};

struct http_options {
	int listen_fd;                  /* from http_listen() */
	unsigned threads;               /* 0: one per core */
	const struct route *routes;
	size_t route_count;
	struct http_limits limits;
	const char *const *origins;     /* further allowed origins, NULL-ended; the own host is always allowed */
	const struct network *proxies;  /* trusted */
	size_t proxy_count;
	struct tls_front *tls;          /* NULL: without */
	int64_t hsts_s;                 /* with it: browsers ask by https alone for so long; 0: it is not said */
	const struct site *site;        /* static files, or NULL */
	struct log *log;
	/* After the head of a routed request: 0, or an error code (r->arena, `e` to note details). May not reply. */
	int (*dispatch)(void *arg, struct http_request *r, struct error *e);
	/* After the body: exactly one http_reply…() or http_upgrade() must follow, from any thread. */
	void (*handle)(void *arg, struct http_request *r);
	/* After reply or loss of the connection; called for every request that dispatch saw. */
	void (*done)(void *arg, struct http_request *r);
	/* Whether a page of this origin may ask at all (a browser's question before the request, on the loop): one look-up. NULL: none may. */
	bool (*knows_origin)(void *arg, struct http_request *r, const char *origin);
	void *arg;
};

void http_limits_of(const struct setting_values *v, struct http_limits *l);

int http_start(const struct http_options *o, struct http **out) MUST_CHECK;
/* Stops accepting, lets running requests end for at most drain_ms, closes. Every handler must still answer. */
void http_stop(struct http *h, unsigned drain_ms);
const struct http_metrics *http_metrics(const struct http *h);

/* A listening TCP socket: the one systemd or a predecessor handed over (LISTEN_FDS), else a new one. The address may be
 * IPv4 or IPv6. Negative: ERR_INTERNAL, errno says why. */
int http_listen(const char *address, uint16_t port) MUST_CHECK;
uint16_t http_listen_port(int fd);

/* Replies ------------------------------------------------------------------------------------------------------ */

struct http_reply {
	int status;
	const char *type;                       /* Content-Type; NULL when there is no body */
	const struct http_pair *headers;        /* further ones; a value with control characters makes the reply a 500 */
	size_t header_count;
	bool is_page;                           /* HTML made here: it may load style, script, pictures and videos of ours, and send forms to us */
	struct bytes body;                      /* in the request's arena, or living at least as long */
};

void http_reply(struct http_request *r, const struct http_reply *reply);
void http_reply_json(struct http_request *r, int status, const char *json, size_t n);
/* {"error":{…}} in r->lang with fields and request id. */
void http_reply_error(struct http_request *r, const struct error *e);
void http_reply_code(struct http_request *r, int code, const char *arg);
/* n bytes of a file from `offset`; the file is closed when sent. The body of `reply` is ignored. */
void http_reply_file(struct http_request *r, const struct http_reply *reply, int fd, uint64_t offset, uint64_t n);

/* Answers 101 and hands the socket over, on the loop's thread: non-blocking, owned by the receiver; `extra` are bytes that
 * came after the head. Called exactly once: with fd −1 when the connection was lost before. */
typedef void http_upgraded(void *arg, int fd, const void *extra, size_t extra_n);
void http_upgrade(struct http_request *r, const struct http_pair *headers, size_t header_count, http_upgraded *taken, void *arg);

/* The error body alone, for upper layers that embed it. */
const char *http_error_json(struct arena *a, const struct error *e, enum lang lang, const char *request_id, size_t *n);
