/* Who did something, as JSON for timelines and histories. */
#pragma once

#include "core/record/record.h"

/* "user": the one word for each enum actor_kind, also in JSON, TypeScript and the texts of the pages. */
const char *actor_kind_name(int64_t kind);
/* Names of staff by id; ids as record_titles() takes them. */
int actor_titles(struct ctx *c, int64_t *ids, size_t n, struct titles *out) MUST_CHECK;
/* {"kind":"user","id":"…","name":"…"} */
void actor_json(struct text *t, int64_t kind, int64_t id, const struct titles *users);
