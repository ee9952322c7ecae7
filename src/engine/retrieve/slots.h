/* What a message names outright: product, model, error code and numbers. These limit what it can be about.
 *
 * Products, their words and models are the caller's table. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { SLOTS_MOST_PRODUCTS = 64 };

struct slot_product {
	const char *product;            /* as questions name it: air_conditioner */
	const char *const *words;       /* in normal form, such as 空调, 冷气机; a model is a word too */
	size_t word_count;
};

struct slots {
	uint64_t products;              /* bit i: product i of the table is named */
	const char *code;               /* e1, f0: in small letters; "" when none */
	const char *model;              /* in normal form, "" when none */
	const char *order, *serial;     /* in capitals, "" when none */
	const char *phone;              /* +8613812345678, "" when none */
};

/* `text` as typed, `normal` what normal_text() made of it. */
void slots_of(struct arena *a, const struct slot_product *products, size_t n, const char *text, const char *normal, struct slots *out);
