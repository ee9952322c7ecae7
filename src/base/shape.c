/* Look-ups in type table and shapes. */
#include "base/shape.h"

#include <string.h>

static const struct {
	const char *name;
	enum kind kind;
	const char *json, *format;
} types[TYPE_COUNT] = {
#define TYPE(name, kind, sqlite, postgresql, check, json, format) { #name, KIND_##kind, json, format },
#include "types.def"
#undef TYPE
	{ "shape", KIND_SHAPE, "object", "" },
	{ "list", KIND_LIST, "array", "" },
	{ "raw", KIND_TEXT, "object", "" },
};

enum kind type_kind(enum type type)
{
	return types[type].kind;
}

const char *type_name(enum type type)
{
	return types[type].name;
}

const char *type_json(enum type type)
{
	return types[type].json;
}

const char *type_format(enum type type)
{
	return types[type].format;
}

const struct member *shape_member(const struct shape *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->members[i].name, name))
			return &s->members[i];
	return NULL;
}

const struct choice *choice_find(const struct choice *choices, const char *value)
{
	for (; choices && choices->value; choices++)
		if (!strcmp(choices->value, value))
			return choices;
	return NULL;
}
