/* Rows of a person, a page at a time. */
#include "core/pii/person.h"

#include <string.h>

#include "base/text.h"

const struct field *person_reference(const struct record_model *m, const char *object)
{
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (f->kind == FIELD_REF && !f->beside && f->to && !strcmp(f->to->name, object))
			return f;
	}
	return NULL;
}

int person_page(struct ctx *c, const struct record_model *m, const struct field *by, int64_t id, const char *after, int64_t archived, struct list_page *out)
{
	const struct list_query q = {
		.filter = arena_format(c->arena, "[[\"%s\",\"=\",\"%lld\"]]", by->name, (long long)id), .after = text_empty(after) ? NULL : after,
		.archived = archived, .limit = PERSON_ROWS,
	};
	return list_page(c, m->record, &q, out);
}
