/* Who did something, as JSON for timelines and histories. */
#pragma once

#include "core/record/record.h"

/* Names of staff by id; ids as record_titles() takes them. */
int actor_titles(struct ctx *c, int64_t *ids, size_t n, struct titles *out) MUST_CHECK;
/* {"kind":"user","id":"…","name":"…"} */
void actor_json(struct text *t, int64_t kind, int64_t id, const struct titles *users);
