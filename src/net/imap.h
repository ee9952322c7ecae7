/* A mailbox over IMAP (RFC 3501, IDLE: RFC 2177): what is new, a mail's bytes, waiting for more. Nothing in the box is changed by it.
 *
 * libcurl connects, secures, signs in, through the guard of all that leaves the house; the few commands are spoken here. All but imap_socket() and
 * imap_heard() block, with a limit of time and of bytes on each command: for the pool. After any error only imap_close() may follow. */
#pragma once

#include "net/imap_line.h"
#include "net/mail.h"

struct imap;

struct imap_server {
	const char *url;                        /* "imap://host:143", "imaps://host:993" */
	const char *user, *password;
	enum mail_tls tls;
	unsigned timeout_ms;                    /* how long it may say nothing; a whole command lasts eight times that at most */
};

/* ERR_OUTBOUND with the other side's words, ERR_OUTBOUND_REFUSED; *trouble says which step it was. */
int imap_open(struct client *c, struct arena *a, const struct imap_server *server, struct imap **out, enum mail_trouble *trouble, struct error *e) MUST_CHECK;
void imap_close(struct imap *m);                /* accepts NULL */

struct imap_box {
	int64_t validity, next, count;          /* next: the UID that the next mail gets, at least */
	bool idles;                             /* the server can say when something comes */
};
/* For reading only. ERR_OUTBOUND when there is no such folder. */
int imap_select(struct imap *m, struct arena *a, const char *folder, struct imap_box *out, struct error *e) MUST_CHECK;
/* Mails with UIDs from..to, in order, at most `most` of them. */
int imap_list(struct imap *m, struct arena *a, int64_t from, int64_t to, struct imap_item *items, size_t most, size_t *n, struct error *e) MUST_CHECK;
/* The first `most` bytes of a mail. ERR_NOT_FOUND: it is not there any more. */
int imap_body(struct imap *m, struct arena *a, int64_t uid, size_t most, struct bytes *out, struct error *e) MUST_CHECK;

/* From here until imap_idle_end() the server speaks by itself. */
int imap_idle(struct imap *m, struct arena *a, struct error *e) MUST_CHECK;
int imap_idle_end(struct imap *m, struct arena *a, struct error *e) MUST_CHECK;
int imap_socket(const struct imap *m);
/* Never blocks. IMAP_LOST: the connection is of no use any more. */
enum imap_heard { IMAP_NOTHING, IMAP_NEWS, IMAP_LOST };
enum imap_heard imap_heard(struct imap *m);
