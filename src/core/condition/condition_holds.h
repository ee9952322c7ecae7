/* Stored conditions at work on rows in memory: of rules, clock policies, measures. Their author had the right to write them, so they
 * are compiled with all rights and hold for everybody alike. */
#pragma once

#include "core/condition/condition_fields.h"

/* Compiled once, for many rows and threads; lives in the arena that it was compiled in. */
struct condition {
	const struct record_model *model;
	struct expr tree;
	const struct expr_program *program;     /* NULL: holds always */
	const struct expr_program *own;         /* what must hold of the row itself, whatever else: nothing further is read when it does not. NULL: nothing */
};

/* "" holds always. Faults as of condition_read(). */
int condition_compile(struct ctx *c, struct arena *a, const struct record_model *m, const char *text, struct condition *out) MUST_CHECK;

/* A row that conditions are asked about, with what it refers to, read once. */
enum { SUBJECT_MOST_ROWS = 16 };
struct subject {
	const struct record_model *model;
	const void *row;
	struct expr_env env;
	struct subject_row {
		const struct record_model *model;
		int64_t id;
		const void *row;                /* NULL: there is none */
	} others[SUBJECT_MOST_ROWS];
	size_t other_count;
};
/* Another row of that record may follow in `row`: the instant and what was read stay. */
int subject_of(struct ctx *c, const struct record_model *m, const void *row, struct subject *out) MUST_CHECK;
int condition_holds(struct ctx *c, const struct condition *k, struct subject *s, bool *holds) MUST_CHECK;

/* Checks the text of a field of a row that is being written, and puts its canonical form there. Faults name the field. */
int condition_store(struct ctx *c, const char *field, const char *record, const char **text) MUST_CHECK;
