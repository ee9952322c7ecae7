/* api: from an HTTP request to a handler and back, the same way for every route.
 *
 * Head: rate limit, who is it (session cookie, API token, none), may he (the row's permission). Body: read through the
 * row's `in` shape. Then the handler runs where the row says: here, in the pool on a snapshot, or in the tenant's lane of
 * the writer with its Idempotency-Key. What it returns is written through `out`; what it notes in ctx->error becomes the
 * error reply. Handlers see struct ctx and their own structs, nothing of HTTP. */
#pragma once

#include "core/auth/auth.h"
#include "core/record/record.h"
#include "net/http.h"

/* Words that stand in a route's permission besides "object.verb". */
#define FOR_ANYBODY  "anybody"          /* no sign-in */
#define FOR_STAFF    "staff"            /* any signed-in member of staff or token */
#define FOR_CUSTOMER "customer"         /* any signed-in customer */
#define FOR_VISITOR  "visitor"          /* whoever has a visitor's token of a company (identity/visitor.h), from pages of that company */
#define FOR_OPERATOR "operator"         /* whoever runs the server, by the token that it was started with: for what concerns all companies */

/* What a handler may know of its call, through ctx->call. */
struct call {
	const struct route *route;
	struct http_request *http;
	const struct record *record;    /* generic record routes */
};

/* Reply that the handler has written itself, as JSON: shape raw_shape. */
struct raw_out {
	const char *raw;
};
extern const struct shape raw_shape;

/* {"id"} from the path; {"id","version","reason"}. */
struct id_in {
	int64_t id;
};
extern const struct shape id_shape;

struct readers;
struct pool;

struct api_options {
	const struct route *routes;             /* all rows: generic ones of records and flows, and those of domains */
	size_t route_count;
	struct services *services;
	struct readers *readers;
	struct pool *pool;
	struct log *log;
	const struct clock *clock;
	const char *operator_token;             /* NULL: nobody is the operator */
};

struct api;
int api_open(struct arena *a, const struct api_options *options, struct api **out) MUST_CHECK;
void api_close(struct api *api);
/* For http_options. */
int api_dispatch(void *api, struct http_request *r, struct error *e);
void api_handle(void *api, struct http_request *r);
bool api_knows_origin(void *api, struct http_request *r, const char *origin);
void api_done(void *api, struct http_request *r);

/* Rows that every record and flow gives for free: list, count, get, create, change, archive, restore, history, reveal,
 * export, actions. In the arena; *n: how many. */
struct route *record_routes(struct arena *a, const struct registry *registry, size_t *n);
