/* What the files of the HTTP front share: the server, and an exchange (a request with what is needed to answer it). */
#pragma once

#include <microhttpd.h>
#include <pthread.h>

#include "net/http.h"
#include "net/url.h"
#include "net/watch.h"

struct http {
	struct arena *arena;
	struct http_options options;
	struct MHD_Daemon *daemon;
	struct router *router;
	struct watch *watch;
	struct http_metrics metrics;
	pthread_t acceptor;
	int stop_fd;                    /* wakes the acceptor for its end */
	_Atomic bool is_stopping;
	_Atomic uint64_t next_id;       /* request ids */
	uint64_t id_seed;
	_Atomic int running;            /* requests between head and end of reply */
	_Atomic int waiting;            /* requests given to a handler and not yet answered */
};

enum step {
	STEP_HEAD,      /* nothing seen but the target */
	STEP_BODY,
	STEP_HANDLED,   /* the handler has it, or a reply is queued */
	STEP_LINGER,    /* refused on the socket itself; what still comes is thrown away, then the connection is closed */
};

/* Who came first, the loop that suspends or the thread that replies. */
enum reply_state { REPLY_NONE, REPLY_SUSPENDED, REPLY_READY };

struct exchange {
	struct http_request r;          /* first: a request pointer is an exchange pointer */
	struct http *http;
	struct MHD_Connection *mhd;
	struct watched *watched;
	struct fence fence;
	struct url url;
	struct http_pair cookies[URL_COOKIES];
	struct route_match match;
	const char *target;             /* copy, as received */
	const char *target_at;          /* where libmicrohttpd holds it */
	size_t target_n;
	enum step step;
	bool is_dispatched;             /* `done` is owed */
	const char *why;                /* of a refusal by net, for the log */
	struct error refused;           /* code ≠ 0: answer this when the body has gone by */
	size_t thrown;                  /* bytes of a refused body */
	uint8_t *body;
	size_t body_n, body_room;
	_Atomic int state;              /* enum reply_state */
	int status;
	struct MHD_Response *response;
	bool is_shared;                 /* the response is the site's */
	size_t response_n;
	http_upgraded *upgraded;
	void *upgraded_arg;
};

static inline struct exchange *exchange_of(struct http_request *r) { return (struct exchange *)r; }

/* accept.c: connections come between these two; the socket stays open. */
int acceptor_start(struct http *h) MUST_CHECK;
void acceptor_stop(struct http *h);

/* http_head.c: whether this peer may say for whom it asks. */
bool http_is_proxy(const struct http *h, const struct ip_address *peer);
/* Judges the head, finds the route, asks dispatch. */
enum MHD_Result head_take(struct exchange *x, const char *method, const char *target, const char *version);

/* http_body.c */
enum MHD_Result body_take(struct exchange *x, const char *p, size_t *n);
void body_end(struct exchange *x);
/* Refuses: with a normal reply after a small body has gone by, else on the socket at once, closing. */
enum MHD_Result exchange_refuse(struct exchange *x, int code, const char *arg);
enum MHD_Result refuse_now(struct exchange *x);

/* http_reply.c */
enum MHD_Result reply_queue(struct exchange *x);
void reply_static(struct exchange *x);
/* One line a request, when it is over: refusals and failures always, the rest at the level of debugging. */
void exchange_log(struct exchange *x, int64_t us);
