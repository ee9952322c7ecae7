/* Inside of conditions: what a program is made of. */
#pragma once

#include "engine/expr/expr_private.h"

enum step_code {
	STEP_SPAN,              /* an integer in one of the spans */
	STEP_BETWEEN,           /* the difference of two integers in a span */
	STEP_REAL,
	STEP_REAL_PRESENT,
	STEP_CODE,              /* one of the texts, byte by byte */
	STEP_FOLD,              /* the same without the case of ASCII letters */
	STEP_CODE_CONTAINS,
	STEP_FOLD_CONTAINS,
	STEP_CODE_STARTS,
	STEP_FOLD_STARTS,
	STEP_TEXT_PRESENT,
	STEP_SET_ANY,
	STEP_SET_ALL,
	STEP_SET_PRESENT,
};

/* Where arrows end. */
enum { STEP_HOLDS = UINT16_MAX, STEP_FAILS = UINT16_MAX - 1 };

struct step {
	uint8_t code;
	uint8_t op;             /* STEP_REAL */
	uint8_t none, other_none;
	uint8_t row, other_row; /* row: the set's number for STEP_SET_… */
	uint16_t count;         /* of spans or texts */
	uint16_t yes, no;       /* the next step */
	uint32_t first;         /* of spans, texts or reals */
	uint32_t offset, other_offset;
};

struct expr_program {
	struct step *steps;
	const struct expr_node **nodes;         /* of each step, for binding */
	size_t step_count, span_count, text_count, real_count;
	const char **texts;
	double *reals;
	uint16_t start;
};

struct expr_bound {
	const struct expr_program *program;
	struct span spans[];
};
