/* One call on its way through the api: made at the head, gone when the reply is sent. Private to core/api. */
#pragma once

#include "base/setting.h"
#include "core/api/api.h"
#include "core/api/idempotency.h"
#include "db/writer.h"

struct api_call {
	struct api *api;
	struct http_request *http;
	struct ctx ctx;
	struct error error;
	struct auth auth;
	struct call call;
	const void *in;
	void *out;
	struct idempotent once;         /* once.key NULL: no key needed */
	struct write_request write;
	int status;
	const char *reply;              /* JSON, in the arena */
	size_t reply_n;
};

/* Fills a struct of the route's `in` shape, each member by name: from the JSON body, of a GET from the query, and from the path. */
int call_read_input(struct api_call *k) MUST_CHECK;
/* Runs the handler and writes its reply; for writes, under the idempotency key. */
int call_run(struct ctx *c, void *arg) MUST_CHECK;

/* For handlers: what the api owns. */
const struct route *api_routes(struct api_call *k, size_t *n);
struct readers *api_readers(struct api_call *k);
struct pool *api_pool(struct api_call *k);
void *api_passwords(struct api_call *k);        /* sem_t: how many passwords may be checked at once */
/* A limit of its own per address, and per company once that is known: so many at once, and so many a minute. ERR_RATE. */
int api_limit(struct api_call *k, enum setting_id per_minute) MUST_CHECK;
