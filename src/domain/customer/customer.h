/* customer: one person or company, one file; contacts, addresses and consents hang on it. */
#pragma once

#include "core/record/record.h"

/* The customer that this one is part of now: itself, or what it was merged into. */
struct customer;
int customer_current(struct ctx *c, struct customer *row) MUST_CHECK;
/* Writer: the file `from` goes into `into`, as by hand, because it was shown that both are one person: told on both, taken back like any merge. */
int customer_take_over(struct ctx *c, int64_t into, int64_t from, const char *reason) MUST_CHECK;

/* Somebody who was never here: a file of the kind visitor. called: what stands for a name. lang: in which she writes; NULL: that of the record's default. */
struct newcomer {
	const char *called, *channel, *lang;
};
int customer_of_newcomer(struct ctx *c, const struct newcomer *in, struct customer *row) MUST_CHECK;
/* Writer: whose name this is in the channel. A name that nobody has gets a file, and is kept, for answers go by it. *is_new may be NULL. */
struct identity;
int customer_by_name(struct ctx *c, const char *name, const struct newcomer *in, struct identity *who, bool *is_new) MUST_CHECK;

extern const struct record customer_record, contact_record, address_record, consent_record;

/* What customers may allow. */
extern const struct choice consent_purposes[];
