/* How a form comes about, for the files of core/form. */
#pragma once

#include "core/definition/definition.h"
#include "core/form/form.h"

struct report_form;

/* All that a company with this pack could ask, before it says anything. Made once. */
const struct form *form_base(const struct pack *pack);
/* One more way to ask of one thing: entries of `more` that `list` has not, off. */
void form_add_off(yyjson_mut_doc *doc, yyjson_mut_val *list, yyjson_val *more, const char *key);
yyjson_mut_val *form_mut_part(yyjson_mut_val *list, const char *key, const char *name);

/* The base of row's pack with the row over it; faults name its members: "scenes[2].fields[0].label.zh". */
int form_read(struct ctx *c, struct arena *a, const struct report_form *row, struct form *out) MUST_CHECK;
/* Own questions keep the type that tickets hold answers of. `known` of any form of the company. */
int form_check_known(struct ctx *c, const struct report_form *row, const char *known) MUST_CHECK;
/* `known` with what this form brings besides, in c->arena. */
const char *form_remember(struct ctx *c, const struct form *f, const char *known);
/* *f with what forms in force before held, off. */
void form_add_known(struct arena *a, struct form *f, const struct report_form *rows, size_t n);

/* ,"changes":[{"scene":"repair","label":{…},"what":"shown",…}] */
void form_write_changes(struct ctx *c, const struct form *was, const struct form *now, struct text *out);
