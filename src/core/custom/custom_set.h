/* What a company has defined, compiled. */
#pragma once

#include "core/custom/custom.h"
#include "core/definition/definition.h"

struct custom_set {
	struct definition_set base;
	struct custom *fields;          /* in order */
	struct custom *by_record;       /* the same, those of one record together */
	size_t count;
};

/* One definition, into `a`. Faults as of its fields. */
struct custom_field;
int custom_ready(struct ctx *c, struct arena *a, const struct custom_field *row, struct custom *out) MUST_CHECK;
