#include "core/record/place.h"

#include "core/auth/auth.h"
#include "core/services.h"

enum { ROOM = 1024 };

static int put(struct ctx *c, const struct record *record, int64_t id, int64_t place)
{
	const struct record_model *m = model_of(c, record);
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_get(c, record, id, row));
	void *old = arena_copy(c->arena, row, record->table->row->size);
	*member_int(m->column[field_index(m, "place")], row) = place;
	return record_update(c, record, old, row, arena_format(c->arena, "%s.changed", record->name), NULL, NULL);
}

static size_t find(const struct placed *rows, size_t n, int64_t id)
{
	size_t i = 0;
	while (i < n && rows[i].id != id)
		i++;
	return i;
}

int record_place(struct ctx *c, const struct record *record, const struct placed *rows, size_t n, int64_t id, int64_t after_id)
{
	size_t from = find(rows, n, id), after = find(rows, n, after_id);
	TRY(require(c, from < n, ERR_NOT_FOUND, NULL));
	if (after_id && after == n)
		return fail_field(c, "after_id", ERR_FIELD_REFERENCE, NULL), c->error->code;
	size_t next = after_id ? after + 1 : 0;
	if (next == from)
		next++;
	if (id == after_id || (after_id ? from == after + 1 : from == 0))
		return 0;       /* it stands there */
	int64_t low = after_id ? rows[after].place : 0, place = low + ROOM;
	if (next < n && rows[next].place - low >= 2)
		place = low + (rows[next].place - low) / 2;
	TRY(put(c, record, id, place));
	for (size_t i = next; i < n && rows[i].place <= place; i++) {
		if (i == from)
			continue;
		place += ROOM;
		TRY(put(c, record, rows[i].id, place));
	}
	return 0;
}
