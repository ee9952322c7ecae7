/* Routes: which path and method means which handler, and who may call it.
 *
 * core and domain bring rows; net only finds them. A row says everything that is needed before the body is read:
 * permission, size of the body, kind of work. ROUTE() does not compile without a permission. Literal segments win over
 * {names}. HEAD is answered by the GET row. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/shape.h"

struct ctx;
struct http_request;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHOD_COUNT };

/* Where the handler runs. */
enum route_kind {
	ROUTE_HOT,      /* a few index look-ups: on the loop itself */
	ROUTE_POOL,     /* other reads, on the pool */
	ROUTE_WRITE,    /* on the tenant's lane of the writer */
	ROUTE_RAW,      /* gets the request and answers it itself: files, exports, log-in */
	ROUTE_STREAM,   /* WebSocket */
};

/* How large a body may be; the sizes are settings (http_options.body_most). DELIVERY: as large as JSON, in whatever form another server writes it. */
enum body_class { BODY_NONE, BODY_JSON, BODY_PART, BODY_DELIVERY, BODY_CLASS_COUNT };

enum route_flag {
	ROUTE_CREATED       = 1,   /* success is 201 */
	ROUTE_NO_KEY        = 2,   /* an unsafe method that needs no Idempotency-Key */
	ROUTE_QUIET         = 4,   /* no line in the access log (health checks, metrics) */
	ROUTE_FOREIGN       = 8,   /* pages of other origins may ask; the upper layer says which (http_request.origin) */
};

/* in: members filled from path, query and body (by name); out: written as JSON. Either may be NULL in the row. */
typedef int route_run(struct ctx *c, const void *in, void *out);
typedef void route_raw(struct http_request *r, struct ctx *c);

struct route {
	enum http_method method;
	const char *path;               /* "/api/v1/ticket/{id}/action/{action}" */
	const char *permission;         /* core's name for the right, or its word for "anybody" */
	enum route_kind kind;
	enum body_class body;
	uint32_t flags;
	const struct shape *in, *out;
	route_run *run;
	route_raw *raw;                 /* ROUTE_RAW, ROUTE_STREAM */
	const void *arg;                /* the record or flow this row belongs to; core's */
	const char *zh, *en;            /* one line for the API's description */
};

/* ROUTE(GET, "/api/v1/ticket/{id}", "ticket.read", HOT, .run = …): the permission is a literal and not empty. */
#define ROUTE(verb, route_path, right, work, ...)                                                        \
	{                                                                                                \
		.method = HTTP_##verb, .path = "" route_path,                                            \
		.permission = ("" right) + 0 * sizeof(struct {                                           \
			_Static_assert(sizeof("" right) > 1, "a route needs a permission");              \
			int unused;                                                                      \
		}),                                                                                      \
		.kind = ROUTE_##work, __VA_ARGS__                                                        \
	}

enum { ROUTE_PARAMS = 6 };

/* A name and its value, as path parameters, queries, cookies and headers have them. */
struct http_pair {
	const char *name;
	const char *value;
};

struct router;

/* Builds the tree in the arena. Refuses rows without permission or path, two rows for the same path and method, and
 * parameters of different names at the same place: ERR_INTERNAL, *fault names the row. */
int router_build(struct arena *a, const struct route *routes, size_t count, struct router **out, const char **fault) MUST_CHECK;

struct route_match {
	const struct route *route;
	size_t index;                               /* of the row in the table */
	struct http_pair params[ROUTE_PARAMS];      /* values point into `segments` */
	size_t param_count;
	unsigned allowed;                           /* bit per http_method that the path knows */
};

/* segments: decoded parts of the path. ERR_NOT_FOUND, or ERR_METHOD with `allowed`. */
int router_find(const struct router *r, enum http_method method, const char *const *segments, size_t count,
                struct route_match *out) MUST_CHECK;

const char *http_method_name(enum http_method m);
int http_method_of(const char *name);               /* −1 for any other word; case matters */
/* "GET, HEAD, OPTIONS" from bits. */
const char *http_methods_text(struct arena *a, unsigned allowed);
