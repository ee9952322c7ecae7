/* Conditions (engine/expr) over records: which fields the actor may name, and what the words of a condition stand for now. */
#pragma once

#include "core/custom/custom.h"
#include "core/record/record.h"
#include "engine/expr/expr_run.h"

/* Characters of a condition that lists take and views keep: escaped for a URL it fits the head of a request. */
enum { CONDITION_MOST = 1000 };

/* The fields of a record that the actor may name, with those of the records it refers to and the actor may read. */
int condition_fields(struct ctx *c, const struct record_model *m, const struct expr_record **out) MUST_CHECK;

/* What a condition makes of a field: "number", "real", "flag", "time", "day", "id", "choice", "code", "text" or "sealed"; NULL: it may
 * not be named. */
const char *condition_type(const struct field *f);

/* Reads and checks a text. What is wrong is noted in `faults` alone; root NULL: it could not even be read. */
int condition_look(struct ctx *c, const struct record_model *m, const char *text, struct expr *out, struct expr_faults *faults) MUST_CHECK;
/* The same for whoever goes on with it; faults name "member[N]", N being the character at which it is wrong. */
int condition_read(struct ctx *c, const struct record_model *m, const char *member, const char *text, struct expr *out) MUST_CHECK;

/* The company's zone, in `a`. Asks the database for the company. */
int company_zone(struct ctx *c, struct arena *a, const struct zone **out) MUST_CHECK;

/* Now, the company's zone, the actor. */
int condition_env(struct ctx *c, struct expr_env *out) MUST_CHECK;

/* What a field of a condition is made of (its `self`). */
struct condition_source {
	const struct record_model *model;
	const struct field *field;      /* NULL: id, created_at, updated_at */
	const struct custom *custom;    /* the field is one that the company defines; else NULL */
};
static inline const struct condition_source *condition_source(const struct expr_field *f) { return f->self; }

/* The rows of a condition as expr_holds() wants them: behind each whose custom fields are asked for lie their values. */
void condition_cells(struct arena *a, const struct expr *e, const void **rows);
