/* History: what differs between two states of a row, kept for people to read. Sealed fields appear as changed, never in clear. */
#pragma once

#include "core/record/record.h"

/* Writes a change row (version of `row`) when fields differ. *names gets a JSON array of the changed fields ("[]": none). */
int history_add(struct ctx *c, const struct record_model *m, const void *old, const void *row, const char *reason, const char **names) MUST_CHECK;
