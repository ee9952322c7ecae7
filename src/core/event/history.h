/* History: what differs between two states of a row, kept for people to read. Sealed fields appear as changed, never in clear. */
#pragma once

#include "core/record/record.h"

/* Writes a change row (version of `row`) when fields differ. *names gets a JSON array of the changed fields ("[]": none). */
int history_add(struct ctx *c, const struct record_model *m, const void *old, const void *row, const char *reason, const char **names) MUST_CHECK;

/* The same for what is no row of a record: `fields` is {"name":["old","new"]}. */
int history_put(struct ctx *c, const char *object, int64_t object_id, int64_t version, const char *reason, const char *fields) MUST_CHECK;

/* {"owner_id":{"12":"林晓"}}: what the ids are called that these changes name, as far as the reader may know; `fields` are
 * those of change rows. */
int history_titles(struct ctx *c, const struct record_model *m, const char *const *fields, size_t n, struct text *out) MUST_CHECK;
