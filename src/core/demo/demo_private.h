#pragma once

#include "core/demo/demo.h"

/* Writer. */
int demo_mark_as(struct ctx *c, const struct record_model *m, int64_t id) MUST_CHECK;

enum { DEMO_REFERERS_MOST = 1000 };

struct demo_referers {
	int64_t ids[DEMO_REFERERS_MOST];
	size_t n;
	bool unknown;   /* there may be more, of the company's own */
};

/* Rows that refer to this one, it itself left out; any: one of them is enough. */
int demo_referers(struct ctx *c, const struct record_model *m, int64_t id, bool any, struct demo_referers *out) MUST_CHECK;
