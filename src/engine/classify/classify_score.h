/* How well a question fits a text: what classify.c decides from. */
#pragma once

#include "engine/classify/classify_private.h"

/* One score for each question of the model: above 0 it is likelier than not. direction NULL: by words alone. */
void classify_scores(const struct classify_model *m, const float *direction, const struct terms *terms, float *out);
/* Cosine to the nearest phrasing of the question. */
float classify_nearest(const struct classify_model *m, size_t question, const float *direction);
/* True when one of its phrasings is just this text. */
bool classify_says(const struct classify_model *m, size_t question, uint64_t hash);
