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
	/* For a way that knows people by another name than a number (services->notice_way): whom it is for, what it is about as it stands now, and
	 * the company's own template that it was written from (0: none). customer_id 0: to this address and nowhere else. */
	int64_t customer_id, template_id;
	const void *row;
};

/* The outbox as staff see it; the words of a message, with its code or link, only in a demo company. */
extern const struct record outbox_record;

/* Writer: the same for a text of the caller's own; its template is no more than a name. html may be NULL. */
struct notice_text {
	const char *subject, *text, *html;
};
int notify_text(struct ctx *c, const struct notice *n, const struct notice_text *text) MUST_CHECK;

/* Writer: the same by another way, handed over as `form`, which the way alone reads. The text is what goes instead when it is refused. */
struct notice_form {
	const char *channel, *form;
	int64_t identity_id, gateway_id;
};
int notify_formed(struct ctx *c, const struct notice *n, const struct notice_text *text, const struct notice_form *form) MUST_CHECK;

/* Writer: a message that its way refused goes on by another, with the same words; address NULL: its own. */
int outbox_goes_on(struct ctx *c, const struct outbox *row, enum notice_channel channel, const char *address) MUST_CHECK;

/* What becomes of messages about an object is told to whoever has a line here (services->outbox_ends, NULL-ended): "sent", "failed", "held", or "unsure". */
struct outbox_end {
	const char *object;
	int (*settled)(struct ctx *c, const struct outbox *row, const char *state, const char *why);
};

/* Writer: one outbox row and, where its channel is set up, the job that sends it. */
int notify(struct ctx *c, const struct notice *n) MUST_CHECK;
