/* Whom a notice reaches. */
#include "core/notify/tell.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "core/demo/demo.h"
#include "core/duty.h"
#include "core/notify/holders.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/staff_sql.h"

static int choose_present(struct ctx *c, struct receivers *r)
{
	return duty_choose(c, r->at, &r->n);
}

int receivers_present(struct ctx *c, struct receivers *all)
{
	struct receivers there = { ARENA_ARRAY(c->arena, int64_t, all->n + 1), all->n };
	if (all->n)
		memcpy(there.at, all->at, all->n * sizeof(*all->at));
	TRY(choose_present(c, &there));
	if (there.n)
		*all = there;
	return 0;
}

static int owner_there(struct ctx *c, int64_t owner, struct receivers *out)
{
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, 1), 1 };
	out->at[0] = owner;
	return choose_present(c, out);
}

static int team_there(struct ctx *c, int64_t team, struct receivers *out)
{
	struct people_of_team_row *rows;
	size_t n;
	TRY(people_of_team(c, team, &rows, &n));
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, n + 1), n };
	for (size_t i = 0; i < n; i++)
		out->at[i] = rows[i].id;
	return choose_present(c, out);
}

static int supervisors(struct ctx *c, const struct record_model *m, const void *row, struct receivers *out)
{
	struct holders all;
	bool named;
	TRY(supervisors_of(c, m, row, &all, &named));
	*out = (struct receivers){ ARENA_ARRAY(c->arena, int64_t, all.n + 1), all.n };
	for (size_t i = 0; i < all.n; i++)
		out->at[i] = all.at[i].id;
	return receivers_present(c, out);
}

int receivers_of(struct ctx *c, const struct record_model *m, const void *row, const char *to, struct receivers *out)
{
	struct scope_place place = scope_place_of(m, row);
	*out = (struct receivers){ 0 };
	if (text_equal(to, "owner") && place.owner)
		TRY(owner_there(c, place.owner, out));
	if (!out->n && !text_equal(to, "supervisor") && place.team)
		TRY(team_there(c, place.team, out));
	return out->n ? 0 : supervisors(c, m, row, out);
}

int tell_all(struct ctx *c, const struct receivers *who, const struct receivers *told, const struct staff_notice *n)
{
	for (size_t i = 0; i < who->n; i++)
		if (!told || !id_among(told->at, told->n, who->at[i]))
			TRY(notify_staff(c, who->at[i], n));
	return 0;
}

int tell(struct ctx *c, const struct record_model *m, const void *row, const char *to, const struct staff_notice *n)
{
	struct receivers who;
	bool invented;
	TRY(demo_is(c, n->object_id, &invented));
	if (invented)
		return 0;
	TRY(receivers_of(c, m, row, to, &who));
	return tell_all(c, &who, NULL, n);
}
