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

bool field_is_empty(const struct record_model *m, size_t field, const void *row)
{
	const struct member *column = m->column[field];
	int64_t n;
	switch (type_kind(column->type)) {
	case KIND_INT:   n = *member_int(column, (void *)row); return n == NULL_INT || (n == 0 && field_has_none(&m->record->fields[field]));
	case KIND_TEXT:  return text_empty(*member_text(column, (void *)row));
	case KIND_BYTES: return member_bytes(column, (void *)row)->n == 0;
	default:         return false;
	}
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

const struct record_model *target_of(struct ctx *c, const char *name)
{
	return registry_find(&c->services->targets, name);
}

static size_t named(const struct record *r, const char *name, size_t n)
{
	for (size_t i = 0; i < r->field_count; i++)
		if (strlen(r->fields[i].name) == n && !memcmp(r->fields[i].name, name, n))
			return i;
	return SIZE_MAX;
}

bool field_path_read(const struct record *r, const char *name, struct field_path *out)
{
	size_t n = strcspn(name, ".");
	*out = (struct field_path){ .field = named(r, name, n), .inner = SIZE_MAX };
	if (out->field == SIZE_MAX)
		return false;
	out->end = &r->fields[out->field];
	if (!name[n])
		return true;
	out->of = out->end->to;
	out->inner = out->of ? named(out->of, name + n + 1, strlen(name + n + 1)) : SIZE_MAX;
	out->end = out->inner == SIZE_MAX ? NULL : &out->of->fields[out->inner];
	return out->end != NULL;
}

size_t field_index(const struct record_model *m, const char *name)
{
	return named(m->record, name, strlen(name));
}
