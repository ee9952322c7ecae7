/* Words that a model may not say, in the folded form of model_points.h. Pure. */
#pragma once

#include "channel/model/model_check.h"
#include "channel/model/model_points.h"

/* MODEL_FINE, MODEL_FAULT_PROMISE, _DEED, _REQUEST (of what `sources` does not say), or _LINK. */
enum model_fault model_words_check(struct arena *a, struct points answer, struct points sources);
bool model_has_link(struct arena *a, struct points answer);
