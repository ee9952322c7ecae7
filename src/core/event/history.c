/* Compares rows column by column through the fields of the record. */
#include "core/event/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "gen/schema.h"

static bool same_bytes(struct bytes a, struct bytes b)
{
	return a.n == b.n && !a.p == !b.p && (!a.p || !memcmp(a.p, b.p, a.n));
}

static bool same(const struct member *column, const void *old, const void *row)
{
	switch (type_kind(column->type)) {
	case KIND_INT:   return *member_int(column, (void *)old) == *member_int(column, (void *)row);
	case KIND_REAL:  return !memcmp(member_real(column, (void *)old), member_real(column, (void *)row), sizeof(double));
	case KIND_BYTES: return same_bytes(*member_bytes(column, (void *)old), *member_bytes(column, (void *)row));
	default:         return text_equal(*member_text(column, (void *)old), *member_text(column, (void *)row));
	}
}

int history_add(struct ctx *c, const struct record_model *m, const void *old, const void *row, const char *reason, const char **names)
{
	struct text fields = text_in(c->arena), list = text_in(c->arena);
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (same(m->column[i], old, row))
			continue;
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
	struct change change = {
		.tenant = c->tenant,
		.object = m->record->name,
		.object_id = *member_int(m->id, (void *)row),
		.version = *member_int(m->version, (void *)row),
		.at = c->now,
		.actor_kind = c->actor_kind,
		.actor_id = c->actor_id,
		.reason = reason ? reason : "",
		.fields = arena_format(c->arena, "{%s}", text_end(&fields)),
	};
	return change_row_insert(c, &change);
}

/* The ids that one change names for this field, from and to: "owner_id":["0","12"]. PostgreSQL puts spaces between. */
static size_t ids_of(const char *fields, const char *quoted, int64_t ids[static 2])
{
	const char *p = strstr(fields, quoted);
	size_t n = 0;
	p = p ? p + strlen(quoted) : "";
	p += strspn(p, ": ");
	if (*p++ != '[')
		return 0;
	for (; n < 2 && *(p += strspn(p, " ,\"")) >= '0' && *p <= '9'; n++)
		ids[n] = strtoll(p, (char **)&p, 10);
	return n;
}

static int write_titles_of(struct ctx *c, const struct field *f, const char *const *fields, size_t n, struct text *out)
{
	const char *quoted = arena_format(c->arena, "\"%s\"", f->name);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n * 2 + 1);
	struct titles titles;
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += ids_of(fields[i], quoted, ids + count);
	if (count == 0)
		return 0;
	TRY(record_titles(c, f->to, ids, count, &titles));
	text_format(out, "%s%s:{", out->p[out->n - 1] == '{' ? "" : ",", quoted);
	for (size_t i = 0; i < titles.n; i++) {
		text_format(out, "%s\"%lld\":", i ? "," : "", (long long)titles.at[i].id);
		json_text(out, titles.at[i].text);
	}
	text_char(out, '}');
	return 0;
}

int history_titles(struct ctx *c, const struct record_model *m, const char *const *fields, size_t n, struct text *out)
{
	text_char(out, '{');
	for (size_t i = 0; i < m->record->field_count; i++)
		if (m->record->fields[i].kind == FIELD_REF)
			TRY(write_titles_of(c, &m->record->fields[i], fields, n, out));
	text_char(out, '}');
	return 0;
}
