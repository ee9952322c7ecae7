/* Questions to record definitions that are ready: which record, which field, what a field is like. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/record.h"
#include "core/services.h"

bool field_is_sealed(const struct field *f)
{
	return f->kind >= FIELD_NAME;
}

bool field_has_lookup(const struct field *f)
{
	return f->search && (f->kind == FIELD_NAME || f->kind == FIELD_PHONE || f->kind == FIELD_EMAIL);
}

bool field_has_none(const struct field *f)
{
	return f->kind == FIELD_REF || f->kind == FIELD_DAY || f->kind == FIELD_TIME;
}

const struct record_model *registry_find(const struct registry *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (!strcmp(r->models[i].record->name, name))
			return &r->models[i];
	return NULL;
}

const struct record_model *model_of(struct ctx *c, const struct record *record)
{
	const struct registry *r = &c->services->registry;
	for (size_t i = 0; i < r->count; i++)
		if (r->models[i].record == record)
			return &r->models[i];
	fprintf(stderr, "record %s is not registered in app\n", record->name);
	abort();
}

size_t field_index(const struct record_model *m, const char *name)
{
	for (size_t i = 0; i < m->record->field_count; i++)
		if (!strcmp(m->record->fields[i].name, name))
			return i;
	return SIZE_MAX;
}
