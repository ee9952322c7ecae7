/* What the files of this folder know of one another. */
#pragma once

#include "channel/mail/mail_read.h"
#include "domain/conversation/conversation.h"
#include "domain/mail/mail.h"
#include "net/imap.h"

#include <yyjson.h>

/* A mailbox with what opens it. */
struct mail_opened {
	struct mail_account row;
	struct mail_box box;                    /* all zero: never read */
	const char *password;                   /* NULL: not set */
	const char *from_name;
};
/* It is on and can be opened. */
bool mail_works(const struct mail_account *a);
int mail_open(struct ctx *c, int64_t account, struct mail_opened *out) MUST_CHECK;
struct imap_server mail_imap_of(struct ctx *c, const struct mail_opened *k);
struct mail_server mail_smtp_of(struct ctx *c, const struct mail_opened *k);
/* "login", …; MAIL_FINE: "" */
const char *mail_trouble_name(enum mail_trouble t);
/* What to mend, in both languages; of a name that is none: what the other side said. */
void mail_trouble_words(const char *name, const char **zh, const char **en);
/* Of the route that sets a password. */
extern const struct shape mail_password_shape;
int mail_password_set(struct ctx *c, const void *in, void *out) MUST_CHECK;

/* Writer: the box is looked into now. */
int mail_fetch_want(struct ctx *c, int64_t account) MUST_CHECK;

/* Writer: one mail of a page, as mail_digest() wrote it. *taken: it became something. */
int mail_take(struct ctx *c, const struct mail_account *a, yyjson_val *mail, bool *taken) MUST_CHECK;

/* Pool: mail to JSON for mail_take(), its files in the store. plain: without files. */
int mail_digest(struct ctx *c, const struct mail_account *a, struct bytes raw, bool cut, bool plain, struct text *out) MUST_CHECK;

/* Names and addresses --------------------------------------------------------------------------------------------------- */

/* Bytes that are the Message-ID's name in mail_letter. */
struct bytes mail_name(struct ctx *c, const char *id);
/* What our own mails are marked with. */
int mail_mark(struct ctx *c, const char **mark) MUST_CHECK;
/* The id of a mail of ours, whole. */
int mail_own_id(struct ctx *c, const struct mail_account *a, int64_t letter, const char **id) MUST_CHECK;
/* user+token@domain, and the conversation of such an address; 0: none of ours. */
int mail_reply_address(struct ctx *c, const struct mail_account *a, int64_t conversation, const char **address) MUST_CHECK;
int mail_reply_of(struct ctx *c, const char *address, int64_t *conversation) MUST_CHECK;

/* What stands sealed in mail_letter.head. */
struct mail_head {
	const char *id, *from, *subject;
	struct list refs;                       /* of const char * */
};
int mail_head_seal(struct ctx *c, int64_t key, const struct mail_head *h, struct bytes *out) MUST_CHECK;
int mail_head_open(struct ctx *c, const struct mail_letter *l, struct mail_head *out) MUST_CHECK;

/* Writer: what waits in a conversation is looked at. */
int mail_gather(struct ctx *c, int64_t conversation, time_ms at) MUST_CHECK;
/* Writer: a mail of ours did not arrive; letters: what went along in it. */
int mail_bounced(struct ctx *c, const struct mail_letter *letters, size_t n, const char *why) MUST_CHECK;
int mail_write_letters(struct ctx *c, int64_t conversation, struct text *out) MUST_CHECK;

/* Waiting connections ---------------------------------------------------------------------------------------------------- */

/* One fetches at a time on this node; the connection that waits, or NULL. False: another does. */
bool mail_watch_take(struct mail_watch *w, int64_t tenant, int64_t account, struct imap **m);
/* m, which idles, or NULL for none: closed if there is no room. */
void mail_watch_give(struct mail_watch *w, int64_t tenant, int64_t account, struct imap *m);
