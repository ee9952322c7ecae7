/* Actions on several rows at once, and taking them back: POST /{record}/act, /{record}/undo. */
#pragma once

#include "core/api/api.h"

extern const struct shape act_shape, act_done_shape, undo_shape;
int act_on_rows(struct ctx *c, const void *in, void *out) MUST_CHECK;
int act_undo(struct ctx *c, const void *in, void *out) MUST_CHECK;
