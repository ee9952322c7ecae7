/* place: rows in an order of somebody's own, kept as numbers with room between them, so that moving one writes one.
 *
 * An order is asked for its next rows only where one is moved, so it may be of any length. Rows are ordered by (place, id); where two stand
 * at one place, or too near each other, those behind move up until there is room again. */
#pragma once

#include "core/record/record.h"

__extension__ typedef unsigned __int128 place_number;

struct placed {
	int64_t id;
	place_number at;
};

enum { PLACE_AHEAD = 64 };

struct place_order {
	void *self;
	place_number room;              /* between two rows of which one was put behind the other */
	/* The first PLACE_AHEAD rows behind (behind->at, behind->id), in order; `rows` holds as many. */
	int (*next)(struct ctx *c, const struct place_order *o, const struct placed *behind, struct placed *rows, size_t *n);
	int (*put)(struct ctx *c, const struct place_order *o, int64_t id, place_number at);
};

/* Puts row `id` behind `behind`, which is a row of the order or { 0, 0 }: first. *moved: how many rows were written, 0 where it stood there. */
int place_behind(struct ctx *c, const struct place_order *o, int64_t id, const struct placed *behind, size_t *moved) MUST_CHECK;

/* The same for a record with a member "place" and its rows that are not archived. after_id 0: first. ERR_NOT_FOUND unless the actor sees
 * row `id`; what `next` reads is the order. */
int record_place(struct ctx *c, const struct record *record, int (*next)(struct ctx *, const struct place_order *, const struct placed *, struct placed *, size_t *),
                 int64_t id, int64_t after_id) MUST_CHECK;
