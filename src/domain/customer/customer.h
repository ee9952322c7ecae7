/* customer: one person or company, one file; contacts, addresses and consents hang on it. */
#pragma once

#include "core/record/record.h"

/* The customer that this one is part of now: itself, or what it was merged into. */
struct customer;
int customer_current(struct ctx *c, struct customer *row) MUST_CHECK;

extern const struct record customer_record, contact_record, address_record, consent_record;

/* What customers may allow. */
extern const struct choice consent_purposes[];
