/* Whatever refers to a person: found through the references of the record definitions, so that a record that comes later is in it. */
#pragma once

#include "core/list/list.h"

/* The field by which rows of this record refer to such a person, or NULL. */
const struct field *person_reference(const struct record_model *m, const char *object);
enum { PERSON_ROWS = 10 };
/* A page of at most PERSON_ROWS rows of hers, by that field; archived 1: of those that are archived. */
int person_page(struct ctx *c, const struct record_model *m, const struct field *by, int64_t id, const char *after, int64_t archived, struct list_page *out) MUST_CHECK;
