/* sender: takes messages of the outbox to the outside. SMS go to one HTTP gateway (a small adapter speaks each provider's
 * language), mail by SMTP.
 *
 * A message has one id, the same in every attempt, so that a gateway can tell a repeated call from a new message. What the
 * other side refuses for good is failed at once; what may pass is tried again by the job. Without a channel a message is
 * held: it was never promised to anybody, and a code of last week must not arrive when a gateway is set up today. */
#pragma once

#include "core/notify/notify.h"
#include "db/job.h"

struct sender;
struct client;

struct sender_options {
	const char *sms_gateway, *sms_token;            /* POST {id, to, text, template}; NULL: no channel for SMS */
	const char *smtp, *smtp_user, *smtp_password;   /* "smtp://host:587"; NULL: no channel for mail */
	const char *mail_from;
	bool tls_if_offered;                            /* a relay inside the house; otherwise TLS is demanded */
	const char *outbound_allow;                     /* "10.0.0.0/8,192.168.1.5": inside addresses that may be contacted */
	struct log *log;
};

/* ERR_INVALID (logged why) for options that cannot be meant. */
int sender_open(struct arena *a, const struct sender_options *options, struct sender **out) MUST_CHECK;
void sender_close(struct sender *s);    /* accepts NULL; after jobs_close() */

/* A company's own way for SMS, before the server's gateway (services->sms_carrier; NULL: there is none). */
struct sms_parcel {
	int64_t id;
	const char *to, *text, *template;
	const char *words;              /* JSON of what the template was filled with; NULL: nothing */
	bool was_tried;                 /* an attempt before this one was cut off by the end of its process */
	void *way;                      /* the carrier's own, from load to send; NULL: the company has no way of its own */
};
/* What became of it: code "" when it was taken, with the other side's name for it; else why it never will be; UNSURE: nobody knows. */
struct sms_sent {
	const char *code, *serial;
	int64_t gateway;
};
#define SMS_UNSURE "unsure"
struct sms_carrier {
	int (*has)(struct ctx *c, bool *has) MUST_CHECK;
	int (*load)(struct ctx *c, struct sms_parcel *p) MUST_CHECK;
	/* In the pool. ERR_OUTBOUND: nothing was sent, later it may be. */
	int (*send)(struct ctx *c, const struct sms_parcel *p, struct sms_sent *out) MUST_CHECK;
};
/* A way that goes before SMS for people who can be told by it (services->notice_way): WeChat. */
struct notice_way {
	const char *channel;            /* of its rows in the outbox */
	/* Writer: *taken: it goes this way (notify_formed()), or else as it always went. */
	int (*take)(struct ctx *c, const struct notice *n, const struct notice_text *text, bool *taken) MUST_CHECK;
	int (*load)(struct ctx *c, const struct outbox *row, void **own) MUST_CHECK;
	/* In the pool; as sms_carrier.send, with was_tried. */
	int (*send)(struct ctx *c, const struct outbox *row, void *own, bool was_tried, struct sms_sent *out) MUST_CHECK;
	/* Writer: it never will be sent this way; `code` as send said, or of a report. *why: what the outbox shows, with the way that it took instead. */
	int (*refused)(struct ctx *c, const struct outbox *row, const char *code, const char **why) MUST_CHECK;
};
/* Whether a message of this company has a way there. */
int sender_carries(struct ctx *c, enum notice_channel channel, bool *has) MUST_CHECK;

/* The guarded client, for whatever else leaves the house; of NULL it is NULL, and every call by that is ERR_OUTBOUND. */
struct client *sender_client(struct sender *s);

/* Writer: one of which nobody knows whether it arrived goes once more. */
int outbox_send_again(struct ctx *c, int64_t id) MUST_CHECK;

/* Writer: the other side says what became of one; of one that is settled for good nothing changes. */
int outbox_reported(struct ctx *c, const struct outbox *row, bool arrived, const char *code) MUST_CHECK;

/* The job has the id of its outbox row. */
extern const struct job_kind outbox_send_job;
