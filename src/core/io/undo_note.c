/* Notes of what an import writes, and the old values in them. */
#include "core/io/undo.h"

#include <math.h>
#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/io/undo_private.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "db/writer.h"

#define CONTEXT "import_mark.sealed"

/* Every write sets these anew. */
static bool follows(const struct member *column)
{
	static const char *const names[] = { "tenant", "id", "version", "created_at", "updated_at" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(column->name, names[i]))
			return true;
	return false;
}

/* A sealed value is kept as it lies in the row, under the same key. */
static struct member plainest(const struct member *column)
{
	static const enum type types[] = { [KIND_INT] = TYPE_i64, [KIND_REAL] = TYPE_real, [KIND_TEXT] = TYPE_text, [KIND_BYTES] = TYPE_bytes };
	return (struct member){ .name = column->name, .type = types[type_kind(column->type)], .offset = column->offset, .flags = MEMBER_NULLABLE, .most = VALUE_MOST };
}

static bool differs(const struct member *column, const void *old, const void *row)
{
	void *a = (void *)old, *b = (void *)row;
	struct bytes x, y;
	switch (type_kind(column->type)) {
	case KIND_INT:   return *member_int(column, a) != *member_int(column, b);
	case KIND_REAL:  return memcmp(member_real(column, a), member_real(column, b), sizeof(double)) != 0;
	case KIND_BYTES:
		x = *member_bytes(column, a);
		y = *member_bytes(column, b);
		return x.n != y.n || !x.p != !y.p || (x.p && memcmp(x.p, y.p, x.n) != 0);
	default:         return !text_equal(*member_text(column, a), *member_text(column, b));
	}
}

/* {"note":"…"}: what the columns held that are different now. */
static const char *old_values(struct ctx *c, const struct record_model *m, const void *old, const void *row)
{
	const struct shape *all = m->record->table->row;
	struct member *members = ARENA_ARRAY(c->arena, struct member, all->count);
	struct shape some = { .name = all->name, .size = all->size, .members = members };
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < all->count; i++)
		if (!follows(&all->members[i]) && differs(&all->members[i], old, row))
			members[some.count++] = plainest(&all->members[i]);
	json_write(&t, &some, old);
	return text_end(&t);
}

static int put(struct ctx *c, struct import_mark *mark)
{
	mark->tenant = c->tenant;
	mark->import_id = c->notes->import_id;
	mark->row_no = c->notes->row_no;
	mark->place = id_next(&c->services->ids, clock_now(c->services->clock));
	mark->state = mark->by_record = "";
	c->notes->n++;
	return import_mark_row_insert(c, mark);
}

/* A tag is a word that anybody may have taken up since: it stays. */
int undo_note(struct ctx *c, const struct record_model *m, const void *old, const void *row)
{
	if (!c->notes || m->record == &tag_record)
		return 0;
	void *was = (void *)old, *is = (void *)row;
	struct import_mark mark = {
		.record = m->record->name, .object_id = *member_int(m->id, is), .was_version = old ? *member_int(m->version, was) : 0,
		.version = *member_int(m->version, is), .plain = "",
	};
	if (!old)
		return put(c, &mark);
	mark.key = m->key ? *member_int(m->key, is) : 0;
	const char *values = old_values(c, m, old, row);
	if (mark.key)
		TRY(pii_seal(c, mark.key, CONTEXT, values, &mark.sealed));
	else
		mark.plain = values;
	return put(c, &mark);
}

int undo_note_brought(struct ctx *c, const struct record *target, int64_t id)
{
	return c->notes ? put(c, &(struct import_mark){ .record = target->name, .object_id = id, .version = 1, .plain = "" }) : 0;
}

/* Read again ---------------------------------------------------------------------------------------------------------------- */

/* The columns that these values are of. */
static bool columns_of(struct ctx *c, const struct record_model *m, const char *values, struct shape *out)
{
	const struct shape *all = m->record->table->row;
	struct member *members = ARENA_ARRAY(c->arena, struct member, all->count);
	yyjson_doc *doc = yyjson_read(values, strlen(values), 0);
	size_t i, n;
	yyjson_val *name, *value;
	bool fits = yyjson_is_obj(yyjson_doc_get_root(doc));
	*out = (struct shape){ .name = all->name, .size = all->size, .members = members };
	yyjson_obj_foreach(yyjson_doc_get_root(doc), i, n, name, value) {
		const struct member *column = shape_member(all, yyjson_get_str(name));
		fits = fits && column && out->count < all->count;
		if (fits)
			members[out->count++] = plainest(column);
	}
	yyjson_doc_free(doc);
	return fits;
}

static void copy_value(const struct member *column, void *from, void *to)
{
	switch (type_kind(column->type)) {
	case KIND_INT:   *member_int(column, to) = *member_int(column, from); break;
	case KIND_REAL:  *member_real(column, to) = *member_real(column, from); break;
	case KIND_BYTES: *member_bytes(column, to) = *member_bytes(column, from); break;
	default:         *member_text(column, to) = *member_text(column, from);
	}
}

int undo_values(struct ctx *c, const struct record_model *m, const struct import_mark *mark, void *row, size_t *n)
{
	const char *values = mark->plain;
	struct shape columns;
	struct error error = { 0 };
	if (mark->key)
		TRY(pii_open(c, mark->key, CONTEXT, mark->sealed, &values));
	if (!values || !columns_of(c, m, values, &columns))
		return fail(c, ERR_INTERNAL, NULL);
	void *was = arena_alloc(c->arena, columns.size);
	TRY(json_read(c->arena, &columns, values, strlen(values), was, NULL, &error));
	for (size_t i = 0; i < columns.count; i++)
		copy_value(&columns.members[i], was, row);
	*n = columns.count;
	return 0;
}
