/* place: rows in an order of somebody's own, kept as numbers with room between them, so that moving one writes one. */
#pragma once

#include "core/record/record.h"

struct placed {
	int64_t id, place;
};

/* Puts row `id` behind row `after_id` (0: first). `rows`: all of the order, as they stand, by (place, id); their record has a member "place".
 * Where there is no room, those that come next move up until there is. ERR_NOT_FOUND when `id` is not among them. */
int record_place(struct ctx *c, const struct record *record, const struct placed *rows, size_t n, int64_t id, int64_t after_id) MUST_CHECK;
