/* Turns a short text into 384 numbers that lie near those of texts which mean the same (multilingual-e5-small in four bits).
 *
 * Pure: the model is memory that somebody else mapped and keeps until embed_close(). Calls may run on many threads at once; one call
 * uses one core, some 8 ms and 0.5 ms for each character, so it belongs in the pool. docs/adr/0048 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { EMBED_SIZE = 384, EMBED_MOST_BYTES = 1200 };

struct embed;

/* False where the processor lacks what the model was compiled for: then words alone must do. */
bool embed_is_possible(void);
/* ERR_STATE when it is not possible here or the memory holds no such model. */
int embed_open(struct arena *a, const void *model, size_t n, struct embed **out) MUST_CHECK;
void embed_close(struct embed *e);              /* what the model's library holds; accepts NULL */

/* A vector of length 1. Text past EMBED_MOST_BYTES is not looked at. */
void embed_text(struct embed *e, const char *text, float out[static EMBED_SIZE]);
