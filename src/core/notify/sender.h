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

/* The guarded client, for whatever else leaves the house. */
struct client *sender_client(struct sender *s);

/* Whether there is a way for it; NULL has none. */
bool sender_has(const struct sender *s, enum notice_channel channel);

/* The job has the id of its outbox row. */
extern const struct job_kind outbox_send_job;
