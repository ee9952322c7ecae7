/* What core offers to every request beyond its transaction: made once in app, read-only afterwards. */
#pragma once

#include "base/id.h"
#include "core/action/action.h"
#include "core/record/record.h"

struct keystore;
struct writer;
struct http_client;
struct file_store;
struct limits;
struct stream;
struct importer;
struct followers;
struct sender;
struct readers;
struct mail_watch;
struct rights;
struct settings;
struct audit;
struct audit_elsewhere;
struct definitions;
struct promise_source;
struct outbox_end;
struct reach;
struct sms_carrier;
struct notice_way;
struct oidc;
struct duty_service;
struct retention_kind;
struct understanding;
struct learning;

struct services {
	struct registry registry;
	struct registry targets;                /* of imports alone (record.h: bring) */
	struct action_kinds actions;
	struct id_maker ids;
	struct keystore *keys;
	struct writer *writer;
	struct http_client *client;
	struct file_store *files;
	struct stream *stream;
	struct importer *importer;
	struct followers *followers;
	struct sender *sender;                  /* NULL: messages are held in the outbox */
	const struct sms_carrier *sms_carrier;  /* a company's own way for SMS; NULL: the server's gateway alone */
	const struct notice_way *notice_way;    /* goes before SMS for who can be told by it; NULL: there is none */
	const struct outbox_end *const *outbox_ends;     /* who hears what became of a message, NULL-ended; NULL: nobody */
	const struct reach *const *reaches;     /* channels that carry answers out, NULL-ended; NULL: none */
	int (*setting_chosen)(struct ctx *c, int id);   /* a company chose another value; NULL: nobody waits for it */
	struct readers *readers;
	struct oidc *oidc;                      /* identity providers; NULL with no sender */
	struct shared *shared, *counts;         /* answers that many ask for, and what their lists count; NULL: each is made anew */
	struct rights *rights;                  /* NULL: roles are read anew each time */
	struct audit *audit;                    /* NULL: keys of the audit are derived each time */
	const struct audit_elsewhere *audit_elsewhere;  /* where heads of the audit go every hour; NULL: nowhere */
	struct settings *settings;              /* NULL: every setting has its default */
	struct definitions *definitions;        /* NULL: compiled anew each time */
	const struct observer *const *observers;        /* of records, NULL-ended; NULL: none */
	const struct promise_source *const *promise_sources;    /* objects that promises are measured on, NULL-ended; NULL: none */
	const struct retention_kind *const *retention;          /* what goes by age, NULL-ended; NULL: nothing */
	const char *data;                       /* URL of the data, for what needs a connection of its own */
	struct log *log;
	const struct clock *clock;
	const char *openapi;                    /* the API's description */
	const char *key_copies;                 /* folder of the key store's daily copies; NULL: others make them */
	const char *public_url;                 /* "https://service.example.cn", for links */
	bool demo_outbox;                       /* codes and links may be read in the outbox */
	/* Whether the customer who asks may read a file because of what holds it. */
	bool (*customer_reads)(struct ctx *c, const char *object, int64_t object_id, int64_t file_id);
	struct understanding *understanding;    /* of questions (core/understand); NULL: there is none here */
	struct learning *learning;              /* of what companies ask otherwise (domain/knowledge); NULL: nothing learns here */
	const struct duty_service *duty;        /* who is there (core/duty.h); NULL: everybody, always */
	struct mail_watch *mail_watch;          /* mailboxes that wait for news; NULL: they are looked into now and then */
	void *app;                              /* app's own */
};

static inline int64_t new_id(struct ctx *c)
{
	return id_next(&c->services->ids, c->now);
}
