/* The server's own certificate: a PEM file with its chain and one with its key, read at start and again when they change on disk.
 *
 * It promises: no start with a pair that does not fit; a new pair serves from the next handshake on without a restart; one that cannot
 * be read or does not fit is said once in the log and the old one goes on. TLS 1.2 and 1.3, nothing older. */
#pragma once

#include <gnutls/abstract.h>

#include "base/error.h"
#include "base/log.h"

struct tls;

struct tls_options {
	const char *certificate, *key;          /* files */
	unsigned look_ms;                       /* how often they are looked at */
	struct log *log;
};

#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* ERR_INVALID, and *why says in words what is wrong with the pair. */
int tls_open(const struct tls_options *o, struct tls **out, const char **why) MUST_CHECK;
void tls_close(struct tls *t);                  /* accepts NULL; after the last handshake */

/* The pair of now, valid until tls_close(). */
void tls_pair(struct tls *t, gnutls_pcert_st **chain, unsigned *n, gnutls_privkey_t *key);

/* For whoever only looks: until when the certificate is good, in seconds of Unix; NULL, or what is wrong. */
const char *tls_judge(const char *certificate, const char *key, int64_t *until_s);

/* tls_front.c: takes encrypted connections and gives plain ones for them, in threads of its own. */
struct tls_front;

int tls_front_open(struct tls *tls, unsigned threads, struct tls_front **out) MUST_CHECK;       /* to be closed even when it fails */
/* The plain end for a connection that was accepted, whose descriptor belongs to the front from here on; −1: it is gone. */
int tls_front_take(struct tls_front *f, int fd);
void tls_front_close(struct tls_front *f);      /* accepts NULL; after everybody who has such ends, and before tls_close() */
