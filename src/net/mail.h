/* Mail: composed as MIME, sent by SMTP. Blocking: for the pool.
 *
 * Whatever a name, subject or text holds, it cannot add a header or a recipient: addresses are checked strictly, everything
 * else is encoded, control characters are refused. */
#pragma once

#include "base/clock.h"
#include "net/client.h"

enum { MAIL_RECIPIENTS = 50 };

struct mail {
	const char *from, *from_name;           /* name may be NULL */
	const char *const *to;                  /* addresses, NULL-ended */
	const char *reply_to;                   /* or NULL */
	const char *subject;
	const char *text;
	const char *html;                       /* or NULL */
	const char *id;                         /* of the Message-ID before the @: the same again for a repeated attempt */
	const char *in_reply_to;                /* a whole message id without <>, or NULL */
};

struct mail_server {
	const char *url;                        /* "smtp://host:587" or "smtps://host" */
	const char *user, *password;            /* NULL: none */
	enum mail_tls { MAIL_TLS_REQUIRED, MAIL_TLS_IF_OFFERED } tls;
	unsigned timeout_ms;                    /* 0: the default of outbound.mail_time */
};

/* ERR_FIELD_EMAIL, ERR_ENCODING, ERR_FIELD_REQUIRED, noted by field. */
int mail_compose(struct arena *a, const struct mail *m, time_ms now, struct bytes *out, struct error *e) MUST_CHECK;
int mail_send(struct client *c, struct arena *a, const struct mail_server *server, const struct mail *m, time_ms now,
              struct error *e) MUST_CHECK;

/* RFC 5321 addr-spec as people have it: ASCII, no quotes, no comments, at most 254 characters. */
int mail_address_check(const char *address) MUST_CHECK;
