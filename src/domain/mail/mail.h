/* mail: people who write by e-mail, and the company's answers to them (docs/adr/0053).
 *
 * A mailbox is read by IMAP; what is new becomes messages in the transaction that moves the mark of how far it was read, so a mail is there once
 * whatever is killed. Which conversation it belongs to is known by what only a receiver of ours can have: the id of a mail of ours, or a signed
 * address; never by what a subject says. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "domain/conversation/conversation.h"
#include "net/route.h"

struct mail_watch;

extern const struct record mail_account_record;
extern const struct route mail_routes[];
extern const size_t mail_route_count;
extern const struct reach mail_reach;
extern const struct job_kind mail_fetch_job, mail_gather_job, mail_send_job;

/* Holds the connections on which servers say that something has come; services->mail_watch. One thread for all of them. */
int mail_watch_open(struct services *services, const struct clock *clock, struct log *log, struct mail_watch **out) MUST_CHECK;
void mail_watch_stop(struct mail_watch *w);     /* before jobs_close(): nothing waits any more. Both accept NULL */
void mail_watch_close(struct mail_watch *w);    /* after it */
