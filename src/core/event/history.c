/* Compares rows column by column through the fields of the record. */
#include "core/event/history.h"

#include <string.h>

#include "base/json.h"
#include "core/audit/audit.h"
#include "core/custom/custom.h"
#include "core/tag/tag.h"
#include "gen/schema.h"

static bool same_bytes(struct bytes a, struct bytes b)
{
	return a.n == b.n && !a.p == !b.p && (!a.p || !memcmp(a.p, b.p, a.n));
}

static bool same(const struct member *column, const void *old, const void *row)
{
	switch (type_kind(column->type)) {
	case KIND_INT:   return *member_int(column, (void *)old) == *member_int(column, (void *)row);
	case KIND_REAL:  return *member_real(column, (void *)old) == *member_real(column, (void *)row);
	case KIND_BYTES: return same_bytes(*member_bytes(column, (void *)old), *member_bytes(column, (void *)row));
	default:         return text_equal(*member_text(column, (void *)old), *member_text(column, (void *)row));
	}
}

/* Ids may differ where people see the same: a tag that another stands for. */
static int add_tags(struct ctx *c, const struct member *column, const void *old, const void *row, struct text *list, struct text *fields)
{
	struct text names = text_in(c->arena);
	bool alike;
	TRY(tags_differences(c, *member_text(column, (void *)old), *member_text(column, (void *)row), &names, &alike));
	if (alike)
		return 0;
	text_format(list, "%s\"%s\"", list->n ? "," : "", column->name);
	text_format(fields, "%s\"%s\":%s", fields->n ? "," : "", column->name, text_end(&names));
	return 0;
}

int history_put(struct ctx *c, const char *object, int64_t object_id, int64_t version, const char *reason, const char *fields)
{
	struct change change = {
		.tenant = c->tenant, .object = object, .object_id = object_id, .version = version, .at = c->now, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
		.reason = reason ? reason : "", .fields = fields,
	};
	TRY(audit_mark_change(c, &change));
	return change_row_insert(c, &change);
}

int history_add(struct ctx *c, const struct record_model *m, const void *old, const void *row, const char *reason, const char **names)
{
	struct text fields = text_in(c->arena), list = text_in(c->arena);
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (f->quiet || same(m->column[i], old, row))
			continue;
		if (f->kind == FIELD_CUSTOM) {
			custom_differences(c->arena, *member_text(m->column[i], (void *)old), *member_text(m->column[i], (void *)row), &list, &fields);
			continue;
		}
		if (f->kind == FIELD_TAGS) {
			TRY(add_tags(c, m->column[i], old, row, &list, &fields));
			continue;
		}
		text_format(&list, "%s\"%s\"", list.n ? "," : "", f->name);
		text_format(&fields, "%s\"%s\":", fields.n ? "," : "", f->name);
		if (field_is_sealed(f) || type_kind(m->column[i]->type) == KIND_BYTES) {
			text_append(&fields, "null");
			continue;
		}
		text_char(&fields, '[');
		json_member(&fields, m->column[i], old);
		text_char(&fields, ',');
		json_member(&fields, m->column[i], row);
		text_char(&fields, ']');
	}
	*names = arena_format(c->arena, "[%s]", text_end(&list));
	if (!list.n)
		return 0;
	return history_put(c, m->record->name, *member_int(m->id, (void *)row), *member_int(m->version, (void *)row), reason,
	                   arena_format(c->arena, "{%s}", text_end(&fields)));
}
