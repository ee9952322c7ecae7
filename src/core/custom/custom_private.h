/* Inside of custom fields. */
#pragma once

#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "base/text.h"

/* The object that a row holds; NULL stands for none. */
static inline yyjson_doc *custom_doc(const char *object)
{
	return text_empty(object) ? NULL : yyjson_read(object, strlen(object), 0);
}

/* Writes such an object into an empty text; value: JSON. */
static inline void custom_add(struct text *t, const char *name, const char *value)
{
	text_append(t, t->n ? "," : "{");
	json_text(t, name);
	text_char(t, ':');
	text_append(t, value);
}
static inline const char *custom_end(struct text *t)
{
	text_append(t, t->n ? "}" : "{}");
	return text_end(t);
}
