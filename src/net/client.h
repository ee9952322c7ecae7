/* Outbound HTTP: webhooks, gateways, whatever address a tenant typed in. Blocking: for the pool, never for a loop.
 *
 * The address that is really connected to is judged when its socket is opened, so no name, redirect or second look-up leads
 * to the inside: only public addresses and those of the operator's list pass. Limits on time, size, redirects; no proxy from
 * the environment, no cookies, no credentials in addresses; TLS is always verified. Not for files or streams. */
#pragma once

#include "base/error.h"
#include "base/log.h"
#include "net/address.h"
#include "net/route.h"

struct client;

struct client_options {
	struct log *log;
	const struct network *allowed;          /* inside addresses that the operator permits */
	size_t allowed_count;
	const char *user_agent;
	const char *authorities;                /* PEM file; NULL: the system's */
	const char *const *resolve;             /* "host:port:address,address" instead of the name server, NULL-ended; for tests */
};

struct client_request {
	const char *method;                     /* "GET", "POST", … */
	const char *url;                        /* http or https */
	const struct http_pair *headers;
	size_t header_count;
	struct bytes body;                      /* p NULL: none */
	unsigned timeout_ms;                    /* of the whole; 0: the default of outbound.time */
	size_t reply_most;                      /* bytes of body; 0: 1 MB */
	unsigned redirects;                     /* followed for GET only; to another host without the headers, never from https to http */
};

struct client_reply {
	int status;
	const char *type;                       /* Content-Type, or NULL */
	struct bytes body;
	char address[ADDRESS_TEXT];             /* that answered */
	bool left;                              /* of a failure: the request went out, so the other side may have done what it asks */
};

int client_open(const struct client_options *o, struct client **out) MUST_CHECK;
void client_close(struct client *c);            /* accepts NULL */

/* 0 with any status of the other side; ERR_OUTBOUND_REFUSED for an address that must not be contacted (or no address at
 * all), ERR_OUTBOUND with the reason when nothing useful came back. */
int client_send(struct client *c, struct arena *a, const struct client_request *q, struct client_reply *out,
                struct error *e) MUST_CHECK;
