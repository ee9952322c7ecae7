/* Taking back: the history of the row says what its fields were. */
#include "core/action/action.h"

#include <string.h>
#include <yyjson.h>

#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/services.h"
#include "gen/action_sql.h"

/* null of a column that holds no NULL is its nothing: 0. */
static void settle_none(const struct member *column, void *row)
{
	if (type_kind(column->type) == KIND_INT && !(column->flags & MEMBER_NULLABLE) && *member_int(column, row) == NULL_INT)
		*member_int(column, row) = 0;
}

/* One column as the history keeps it, into the row. */
static int put_back(struct ctx *c, const struct record_model *m, size_t field, const char *json, void *row)
{
	struct member column = *m->column[field];
	struct shape one = { .name = "undo", .size = m->record->table->row->size, .members = &column, .count = 1 };
	const char *body = arena_format(c->arena, "{\"%s\":%s}", column.name, json);
	void *scratch = arena_alloc(c->arena, one.size);
	column.flags |= MEMBER_NULLABLE;
	column.flags &= ~(unsigned)MEMBER_REQUIRED;
	column.least = column.most = 0;
	TRY(json_read(c->arena, &one, body, strlen(body), scratch, NULL, c->error));
	settle_none(m->column[field], scratch);
	memcpy((char *)row + column.offset, (char *)scratch + column.offset, type_kind(column.type) == KIND_BYTES ? sizeof(struct bytes) : sizeof(int64_t));
	return 0;
}

static int put_back_all(struct ctx *c, const struct record_model *m, yyjson_val *fields, void *row)
{
	yyjson_val *key;
	yyjson_obj_iter iter = yyjson_obj_iter_with(fields);
	while ((key = yyjson_obj_iter_next(&iter))) {
		yyjson_val *was = yyjson_arr_get(yyjson_obj_iter_get_val(key), 0);
		size_t i = field_index(m, yyjson_get_str(key));
		if (was && m->custom_field != SIZE_MAX && custom_is_name(yyjson_get_str(key))) {
			const char **object = member_text(m->column[m->custom_field], row);
			*object = custom_put_back(c->arena, yyjson_get_str(key), json_value(c->arena, was), *object);
			continue;
		}
		if (was && i == m->tags_field && i != SIZE_MAX) {
			*member_text(m->column[i], row) = json_value(c->arena, was);    /* names, as a row has them until it is written */
			continue;
		}
		if (!was || i == SIZE_MAX)
			return fail(c, ERR_STATE, NULL);        /* a sealed value: nobody keeps what it was */
		TRY(put_back(c, m, i, json_value(c->arena, was), row));
	}
	return 0;
}

static int rewind_row(struct ctx *c, const struct record_model *m, int64_t id, int64_t before, int64_t after, void *row)
{
	struct changes_between_row *changes;
	size_t n;
	TRY(changes_between(c, m->record->name, id, before, after, &changes, &n));
	for (size_t i = 0; i < n; i++) {
		yyjson_doc *doc = yyjson_read(changes[i].fields, strlen(changes[i].fields), 0);
		int r = put_back_all(c, m, yyjson_doc_get_root(doc), row);
		yyjson_doc_free(doc);
		TRY(r);
	}
	return 0;
}

/* [["task","123"]]: archived, unless somebody has worked on it since. */
static int archive_made(struct ctx *c, const char *made)
{
	yyjson_doc *doc = yyjson_read(made, strlen(made), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *one;
	size_t i, n;
	int r = 0;
	yyjson_arr_foreach(list, i, n, one) {
		const char *name = yyjson_get_str(yyjson_arr_get(one, 0)), *no = yyjson_get_str(yyjson_arr_get(one, 1));
		const struct record_model *m = name ? registry_find(&c->services->registry, name) : NULL;
		int64_t id;
		if (!m || !no || id_parse(no, &id) < 0)
			continue;
		void *row = arena_alloc(c->arena, m->record->table->row->size);
		r = record_archive(c, m->record, id, 1, ARCHIVE, row);
		if (r < 0)
			break;
	}
	yyjson_doc_free(doc);
	return r;
}

int actions_undo(struct ctx *c, const struct record_model *m, int64_t id, int64_t version_before, int64_t version_after, const char *made)
{
	const struct record *record = m->record;
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_get(c, record, id, row));
	if (*member_int(m->version, row) != version_after)
		return record_conflict(c, record, row);
	TRY(archive_made(c, made));
	if (version_before == version_after)
		return 0;
	void *old = arena_copy(c->arena, row, record->table->row->size);
	TRY(rewind_row(c, m, id, version_before, version_after, row));
	return record_update(c, record, old, row, arena_format(c->arena, "%s.undone", record->name), NULL, NULL);
}
