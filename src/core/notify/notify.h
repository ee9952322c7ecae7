/* notify: messages to customers and staff. A message is written to the outbox in the transaction of its cause; a job sends
 * it (SMS through one generic HTTP gateway, mail by SMTP), with a stable id so that a repeated call is seen as one.
 * Where no channel is set up
 * the row is held and nothing is sent. Texts come from templates.def in the receiver's language. Address and text are sealed with the receiver's key. */
#pragma once

#include "core/record/record.h"

struct outbox;

enum notice_channel { NOTICE_SMS, NOTICE_MAIL };

/* A word of the template: {name} becomes value. */
struct notice_word {
	const char *name, *value;
};

struct notice {
	enum notice_channel channel;
	const char *template;           /* "ticket_received" */
	int64_t key;                    /* the receiver's */
	const char *address;            /* phone or e-mail, clear */
	enum lang lang;
	const char *object;             /* what it is about */
	int64_t object_id;
	const struct notice_word *words;
	size_t word_count;
	int64_t id;                     /* of the row, from new_id(); 0: whichever */
};

/* The outbox as staff see it; the words of a message, with its code or link, only in a demo company. */
extern const struct record outbox_record;

/* Writer: the same for a text of the caller's own; its template is no more than a name. html may be NULL. */
struct notice_text {
	const char *subject, *text, *html;
};
int notify_text(struct ctx *c, const struct notice *n, const struct notice_text *text) MUST_CHECK;

/* What becomes of messages about an object is told to whoever has a line here (services->outbox_ends, NULL-ended): "sent", "failed", "held", or "unsure". */
struct outbox_end {
	const char *object;
	int (*settled)(struct ctx *c, const struct outbox *row, const char *state, const char *why);
};

/* Writer: one outbox row and, where its channel is set up, the job that sends it. */
int notify(struct ctx *c, const struct notice *n) MUST_CHECK;
