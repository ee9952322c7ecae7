/* Sums in memory until they are written: a chunk of events touches few cells, each many times. */
#include <string.h>

#include "core/promise/promise_set.h"
#include "gen/promise_sql.h"

struct cell {
	struct promise_day key;         /* the sums in it are what is to be added */
	bool used;
};

struct promise_tally {
	struct arena *arena;
	struct cell *cells;
	size_t room, n;                 /* room: a power of two */
};

enum { FIRST_ROOM = 1024 };

struct promise_tally *promise_tally_new(struct arena *a)
{
	struct promise_tally *t = ARENA_NEW(a, struct promise_tally);
	t->arena = a;
	t->room = FIRST_ROOM;
	t->cells = ARENA_ARRAY(a, struct cell, t->room);
	return t;
}

bool promise_summed(enum promise_part slice, enum promise_part part)
{
	if (slice > PART_TEAM || (slice && slice == part))
		return false;
	return part != PART_AGENT || slice == PART_NONE || slice == PART_TEAM;
}

static size_t place(const struct promise_day *k)
{
	const int64_t parts[] = { k->promise_id, k->slice, k->slice_id, k->part, k->day, k->part_id };
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		h = (h ^ (uint64_t)parts[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(h ^ h >> 32);
}

static bool same(const struct promise_day *a, const struct promise_day *b)
{
	return a->promise_id == b->promise_id && a->slice == b->slice && a->slice_id == b->slice_id && a->part == b->part && a->day == b->day &&
	       a->part_id == b->part_id;
}

static struct cell *find(struct promise_tally *t, const struct promise_day *key)
{
	size_t i = place(key) & (t->room - 1);
	while (t->cells[i].used && !same(&t->cells[i].key, key))
		i = (i + 1) & (t->room - 1);
	return &t->cells[i];
}

static void grow(struct promise_tally *t)
{
	struct promise_tally old = *t;
	t->room *= 2;
	t->cells = ARENA_ARRAY(t->arena, struct cell, t->room);
	for (size_t i = 0; i < old.room; i++)
		if (old.cells[i].used)
			*find(t, &old.cells[i].key) = old.cells[i];
}

static void add(struct promise_tally *t, const struct promise_day *more)
{
	struct cell *cell = find(t, more);
	if (!cell->used) {
		if (t->n * 2 >= t->room) {
			grow(t);
			cell = find(t, more);
		}
		*cell = (struct cell){ .key = *more, .used = true };
		t->n++;
		return;
	}
	cell->key.cases += more->cases;
	cell->key.held += more->held;
	cell->key.total += more->total;
}

void promise_tally_case(struct promise_tally *t, const struct promise_case *k, int sign)
{
	const int64_t at[PART_COUNT] = {
		[PART_REGION] = k->region_id, [PART_PRODUCT] = k->product_id, [PART_TEAM] = k->team_id, [PART_AGENT] = k->agent_id, [PART_CHANNEL] = k->channel,
		[PART_SYMPTOM] = k->symptom_id,
	};
	for (int slice = PART_NONE; slice <= PART_TEAM; slice++)
		for (int part = PART_NONE; part < PART_COUNT; part++) {
			const struct promise_day more = {
				.tenant = k->tenant, .promise_id = k->promise_id, .slice = slice, .slice_id = at[slice], .part = part, .day = k->day, .part_id = at[part],
				.cases = sign, .held = sign * k->held, .total = sign * k->value,
			};
			if (promise_summed(slice, part))
				add(t, &more);
		}
}

int promise_tally_write(struct ctx *c, struct promise_tally *t)
{
	for (size_t i = 0; i < t->room; i++) {
		const struct promise_day *k = &t->cells[i].key;
		if (!t->cells[i].used || (!k->cases && !k->held && !k->total))
			continue;
		struct promise_day_add_in in = {
			.promise = k->promise_id, .slice = k->slice, .slice_id = k->slice_id, .part = k->part, .day = k->day, .part_id = k->part_id,
			.cases = k->cases, .held = k->held, .total = k->total,
		};
		TRY(promise_day_add(c, &in, NULL));
		if (k->cases < 0)
			TRY(promise_day_drop_empty(c, k->promise_id, k->slice, k->slice_id, k->part, k->day, k->part_id, NULL));
	}
	return 0;
}
