/* The changes of one object, newest first, as every page of history shows them. */
#pragma once

#include "core/record/record.h"

/* {"titles":{"owner_id":{"12":"林晓"}},"items":[{"version","at","actor","reason","fields"}]}; m NULL: its fields name nobody. */
int history_json(struct ctx *c, const char *object, int64_t id, const struct record_model *m, struct text *out) MUST_CHECK;
