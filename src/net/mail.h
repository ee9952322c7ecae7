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
	enum mail_tls { MAIL_TLS_REQUIRED, MAIL_TLS_IF_OFFERED, MAIL_TLS_NEVER } tls;
	unsigned timeout_ms;                    /* 0: the default of outbound.mail_time */
};

/* ERR_FIELD_EMAIL, ERR_ENCODING, ERR_FIELD_REQUIRED, noted by field. */
int mail_compose(struct arena *a, const struct mail *m, time_ms now, struct bytes *out, struct error *e) MUST_CHECK;
int mail_send(struct client *c, struct arena *a, const struct mail_server *server, const struct mail *m, time_ms now,
              struct error *e) MUST_CHECK;

/* A mail that somebody else composed, to one receiver. What came of it beyond 0 or an error: */
enum mail_trouble { MAIL_FINE, MAIL_ADDRESS_REFUSED, MAIL_NO_HOST, MAIL_NO_CONNECTION, MAIL_NO_TLS, MAIL_BAD_CERTIFICATE, MAIL_NO_LOGIN, MAIL_ANSWERED_NO };
struct mail_outcome {
	enum mail_trouble trouble;
	int code;                               /* the last answer of SMTP, 0: none */
};
int mail_send_bytes(struct client *c, struct arena *a, const struct mail_server *server, const char *from, const char *to, struct bytes mail,
                    struct mail_outcome *out, struct error *e) MUST_CHECK;
/* Whether the server takes us: connected, secured, signed in, nothing sent. */
int mail_try(struct client *c, struct arena *a, const struct mail_server *server, struct mail_outcome *out, struct error *e) MUST_CHECK;

/* For whoever composes: encoded words (RFC 2047), the lines From and Date, base64 in lines of 76 (RFC 2045 §6.8), a text with the heads of its part. */
struct text;
void mail_append_from(struct text *t, const char *name, const char *address);
void mail_append_base64(struct text *t, const void *body, size_t n);
void mail_append_part(struct text *t, const char *type, const char *body);
void mail_append_words(struct text *t, const char *s);
void mail_append_date(struct text *t, time_ms now);

/* RFC 5321 addr-spec as people have it: ASCII, no quotes, no comments, at most 254 characters. */
int mail_address_check(const char *address) MUST_CHECK;
