#include "core/record/place.h"

#include "core/auth/auth.h"
#include "core/services.h"

/* Of any order ----------------------------------------------------------------------------------------------------- */

/* The rows behind, one after the other, without the one that is being moved. */
struct walk {
	const struct place_order *order;
	struct placed behind, rows[PLACE_AHEAD];
	size_t at, n;
	bool ended;
	int64_t besides;
};

/* False at the end. */
static int step(struct ctx *c, struct walk *w, struct placed *row, bool *found)
{
	*found = false;
	while (!*found) {
		if (w->at == w->n) {
			if (w->ended)
				return 0;
			TRY(w->order->next(c, w->order, &w->behind, w->rows, &w->n));
			w->at = 0;
			w->ended = w->n < PLACE_AHEAD;
			if (w->n == 0)
				return 0;
			w->behind = w->rows[w->n - 1];
		}
		*row = w->rows[w->at++];
		*found = row->id != w->besides;
	}
	return 0;
}

struct moves {
	struct placed *at;
	size_t n, room;
};

static void note(struct ctx *c, struct moves *m, int64_t id, place_number at)
{
	ARENA_GROW(c->arena, m->at, m->n, m->room);
	m->at[m->n++] = (struct placed){ id, at };
}

/* All that has to move is known before anything is written: a row that has moved would be met again further on. */
static int make_room(struct ctx *c, struct walk *w, struct placed next, struct moves *m)
{
	place_number at = m->at[0].at;
	for (bool found = true; found && next.at <= at;) {
		at += w->order->room;
		note(c, m, next.id, at);
		TRY(step(c, w, &next, &found));
	}
	return 0;
}

static bool stands_there(const struct walk *w, int64_t id)
{
	return w->n && w->rows[0].id == id;
}

int place_behind(struct ctx *c, const struct place_order *o, int64_t id, const struct placed *behind, size_t *moved)
{
	struct walk *w = ARENA_NEW(c->arena, struct walk);
	*w = (struct walk){ .order = o, .behind = *behind, .besides = id };
	struct moves m = { 0 };
	struct placed next;
	bool found;
	*moved = 0;
	TRY(step(c, w, &next, &found));
	if (id == behind->id || stands_there(w, id))
		return 0;
	place_number gap = found ? next.at - behind->at : 2 * o->room, half = gap / 2 < o->room ? gap / 2 : o->room;
	if (half == 0) {
		note(c, &m, id, behind->at + o->room);
		TRY(make_room(c, w, next, &m));
	} else {
		note(c, &m, id, behind->id || !found ? behind->at + half : next.at - half);
	}
	for (size_t i = 0; i < m.n; i++)
		TRY(o->put(c, o, m.at[i].id, m.at[i].at));
	*moved = m.n;
	return 0;
}

/* Of a record with a member "place" --------------------------------------------------------------------------------- */

static int put(struct ctx *c, const struct place_order *o, int64_t id, place_number at)
{
	const struct record *record = o->self;
	const struct record_model *m = model_of(c, record);
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_get(c, record, id, row));
	void *old = arena_copy(c->arena, row, record->table->row->size);
	*member_int(m->column[field_index(m, "place")], row) = (int64_t)at;
	return record_update(c, record, old, row, arena_format(c->arena, "%s.changed", record->name), NULL, NULL);
}

static int look(struct ctx *c, const struct record *record, int64_t id, struct placed *out, bool *there)
{
	const struct record_model *m = model_of(c, record);
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_look(c, record, id, row, there));
	*there = *there && *member_int(m->archived_at, row) == 0;
	if (*there)
		*out = (struct placed){ id, (place_number)*member_int(m->column[field_index(m, "place")], row) };
	return 0;
}

int record_place(struct ctx *c, const struct record *record, int (*next)(struct ctx *, const struct place_order *, const struct placed *, struct placed *, size_t *),
                 int64_t id, int64_t after_id)
{
	const struct place_order o = { .self = (void *)record, .room = 1024, .next = next, .put = put };
	struct placed row, behind = { 0 };
	bool there;
	size_t moved;
	TRY(look(c, record, id, &row, &there));
	TRY(require(c, there, ERR_NOT_FOUND, NULL));
	if (after_id)
		TRY(look(c, record, after_id, &behind, &there));
	return there ? place_behind(c, &o, id, &behind, &moved) : fail_field(c, "after_id", ERR_FIELD_REFERENCE, NULL);
}
