/* What the customer is told about a ticket, with a signed link to its progress page. */
#pragma once

#include "gen/schema.h"

/* Puts the message of `template` into the outbox, to the ticket's contact phone or else the customer's. None without a phone. */
int ticket_notify(struct ctx *c, const struct ticket *t, const char *template) MUST_CHECK;
