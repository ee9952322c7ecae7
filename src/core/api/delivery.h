/* delivery: what a system outside of the house brings to POST …/{callback}, the last part being the name of an account of ours. Whose it is is looked up in
 * a reader, whether it is theirs is judged in the pool, and it is committed before it is acknowledged. Whatever is wrong with one, a stranger learns the same. */
#pragma once

#include "core/api/api.h"
#include "db/writer.h"
#include "net/route.h"

struct delivery {
	struct http_request *http;
	struct ctx *c;
	void *own;                      /* the caller's, zeroed */
	const struct delivery_kind *kind;
	struct readers *readers;
	struct write_request write;
};

/* Of read(): it was answered, nothing is to be written. */
#define DELIVERY_ANSWERED 1

struct delivery_kind {
	size_t own;                     /* bytes */
	size_t most;                    /* of the body, in KB */
	int (*find)(struct ctx *c, void *delivery);     /* in a reader: sets c->tenant and the connection's */
	int (*read)(struct delivery *d);                /* in the pool */
	int (*take)(struct ctx *c, void *delivery);     /* writer */
	void (*done)(struct delivery *d);               /* after the commit: answers */
};

/* For .raw of a route whose .in is delivery_shape. */
void delivery_begin(struct http_request *r, struct ctx *c, const struct delivery_kind *kind);
extern const struct shape delivery_shape;

/* A new name for an account, 16 random bytes in hexadecimal: nobody guesses it. */
const char *delivery_new_callback(struct arena *a);
/* The name at the end of the address. */
const char *delivery_callback(const struct delivery *d);
/* A value of the query of at most so many bytes; NULL: there is none. */
const char *delivery_asked(const struct delivery *d, const char *name, size_t most);
/* ERR_FORBIDDEN unless `timestamp`, in seconds, is within so long of now. NULL: there is none. */
int delivery_check_time(const struct delivery *d, const char *timestamp, int64_t skew_ms) MUST_CHECK;
void delivery_refuse(struct delivery *d, int r);
