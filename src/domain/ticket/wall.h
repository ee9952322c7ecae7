/* wall: sums over open work, of what a reader's scope covers (docs/adr/0033). */
#pragma once

#include "core/shared.h"
#include "gen/schema.h"
#include "gen/wall_sql.h"

struct wall_sight {
	int64_t everything, me, team, region;
};
enum { WALL_PEOPLE = 200, WALL_GROUPS = 100, WALL_WORST = 20, WALL_MINUTES = 60 };

extern const struct shared_options wall_sharing;        /* how the place of shared walls is opened */

/* Members of the answer, each with a comma before it. */
int wall_write_people(struct ctx *c, const struct wall_sight *s, const struct wall_open_row *groups, size_t n, struct text *t) MUST_CHECK;
int wall_write_teams(struct ctx *c, const struct wall_open_row *groups, size_t n, struct text *t) MUST_CHECK;
int wall_write_skills(struct ctx *c, const struct wall_sight *s, struct text *t) MUST_CHECK;
int wall_write_hours(struct ctx *c, const struct wall_sight *s, struct text *t) MUST_CHECK;
