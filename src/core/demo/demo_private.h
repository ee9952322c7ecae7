#pragma once

#include "core/demo/demo.h"
#include "core/removal/removal.h"

/* Writer. */
int demo_mark_as(struct ctx *c, const struct record_model *m, int64_t id) MUST_CHECK;

/* Rows that refer to this one, it itself left out; any: one of them is enough. */
int demo_referers(struct ctx *c, const struct record_model *m, int64_t id, bool any, struct referers *out) MUST_CHECK;
