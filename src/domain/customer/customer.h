/* customer: one person or company, one file; contacts, addresses and consents hang on it. */
#pragma once

#include "core/record/record.h"

/* The customer that this one is part of now: itself, or what it was merged into. */
struct customer;
int customer_current(struct ctx *c, struct customer *row) MUST_CHECK;
/* Writer: the file `from` goes into `into`, as by hand, because it was shown that both are one person: told on both, taken back like any merge. */
int customer_take_over(struct ctx *c, int64_t into, int64_t from, const char *reason) MUST_CHECK;

extern const struct record customer_record, contact_record, address_record, consent_record;

/* What customers may allow. */
extern const struct choice consent_purposes[];
