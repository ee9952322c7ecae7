/* Conditions for editors: from text to tree and back, with what is wrong and where. */
#pragma once

#include "core/api/api.h"

extern const struct shape condition_check_shape, condition_checked_shape;
/* POST /{record}/condition/check. Faults are part of the answer: somebody who is still writing has made no mistake yet. */
int condition_check(struct ctx *c, const void *in, void *out) MUST_CHECK;
