/* Masks: what may be shown of a sealed value to whoever did not ask for it with a purpose. Pure functions. */
#pragma once

#include "base/arena.h"

enum mask_kind { MASK_PHONE, MASK_NAME, MASK_EMAIL, MASK_ADDRESS, MASK_SERIAL, MASK_ALL };

/* 138****5678 · 王* or 王女士 when written so · l***@example.com · street without its numbers · ********5678 · ****
 * NULL and "" give themselves. Short values show less, never more. */
const char *mask(struct arena *a, enum mask_kind kind, const char *text);

/* Kind by name: phone, name, email, address, serial; anything else MASK_ALL. */
enum mask_kind mask_kind_of(const char *name);
