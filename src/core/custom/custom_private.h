/* Inside of custom fields. */
#pragma once

#include <string.h>
#include <yyjson.h>

#include "base/text.h"

/* The object that a row holds; NULL stands for none. */
static inline yyjson_doc *custom_doc(const char *object)
{
	return text_empty(object) ? NULL : yyjson_read(object, strlen(object), 0);
}
