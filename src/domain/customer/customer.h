/* customer: one person or company, one file; contacts, addresses and consents hang on it. */
#pragma once

#include "core/record/record.h"

extern const struct record customer_record, contact_record, address_record, consent_record;
