/* The sums of the wall as its page takes them: by person, by team, by product, by hour. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/wall.h"

enum { HOURS = 24, LOOK = 2 * WALL_PEOPLE };

static void write_name(struct text *t, const char *member, int64_t id, const struct titles *names)
{
	text_format(t, "\"%s\":\"%lld\",\"%s_name\":", member, (long long)id, member);
	json_text(t, titles_find(names, id));
}

/* People -------------------------------------------------------------------------------------------------------------- */

struct load {
	int64_t user, team, open, soon, late;
};

static int busiest_first(const void *a, const void *b)
{
	const struct load *x = a, *y = b;
	if (x->late != y->late)
		return x->late > y->late ? -1 : 1;
	if (x->open != y->open)
		return x->open > y->open ? -1 : 1;
	return x->user < y->user ? -1 : x->user > y->user;
}

/* Groups come sorted by person. */
static size_t sum_people(const struct wall_open_row *groups, size_t n, struct load *out)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!groups[i].owner_id)
			continue;
		if (!count || out[count - 1].user != groups[i].owner_id)
			out[count++] = (struct load){ .user = groups[i].owner_id };
		out[count - 1].open += groups[i].open;
		out[count - 1].soon += groups[i].soon;
		out[count - 1].late += groups[i].late;
	}
	qsort(out, count, sizeof(*out), busiest_first);
	return count;
}

static int by_user(const void *a, const void *b)
{
	const struct load *x = a, *y = b;
	return x->user < y->user ? -1 : x->user > y->user;
}

/* Those of the busiest who still work here, with their teams. */
static int keep_staff(struct ctx *c, struct load *people, size_t *n)
{
	struct wall_staff_row *rows;
	int64_t ids[LOOK] = { 0 };
	size_t found, kept = 0, looked = *n < LOOK ? *n : LOOK;
	for (size_t i = 0; i < looked; i++)
		ids[i] = people[i].user;
	TRY(wall_staff(c, ids, looked, &rows, &found));
	for (size_t i = 0; i < looked; i++) {
		const struct wall_staff_row *row = bsearch(&ids[i], rows, found, sizeof(*rows), by_user);
		if (!row)
			continue;
		people[kept] = people[i];
		people[kept++].team = row->team_id;
	}
	*n = kept;
	return 0;
}

/* Behind them those of the teams who have nothing to do. */
static int add_idle(struct ctx *c, const struct wall_sight *s, struct load *people, size_t *n)
{
	struct wall_members_row *rows;
	struct load busy[LOOK];
	size_t found, known = *n;
	memcpy(busy, people, known * sizeof(*busy));
	qsort(busy, known, sizeof(*busy), by_user);
	TRY(wall_members(c, s->everything, s->team, LOOK + WALL_PEOPLE + 1, &rows, &found));
	for (size_t i = 0; i < found && *n <= WALL_PEOPLE; i++)
		if (!bsearch(&(struct load){ .user = rows[i].id }, busy, known, sizeof(*busy), by_user))
			people[(*n)++] = (struct load){ .user = rows[i].id, .team = rows[i].team_id };
	return 0;
}

int wall_write_people(struct ctx *c, const struct wall_sight *s, const struct wall_open_row *groups, size_t group_count, struct text *t)
{
	struct load *people = ARENA_ARRAY(c->arena, struct load, group_count + LOOK + 1);
	struct titles names, teams;
	size_t n = sum_people(groups, group_count, people);
	TRY(keep_staff(c, people, &n));
	TRY(add_idle(c, s, people, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1), *of = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		ids[i] = people[i].user;
		of[i] = people[i].team;
	}
	TRY(record_titles(c, &user_record, ids, n, &names));
	TRY(record_titles(c, &team_record, of, n, &teams));
	text_append(t, ",\"people\":[");
	for (size_t i = 0; i < n && i < WALL_PEOPLE; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "user", people[i].user, &names);
		text_char(t, ',');
		write_name(t, "team", people[i].team, &teams);
		text_format(t, ",\"open\":%lld,\"soon\":%lld,\"late\":%lld}", (long long)people[i].open, (long long)people[i].soon, (long long)people[i].late);
	}
	text_format(t, "],\"people_more\":%s", n > WALL_PEOPLE ? "true" : "false");
	return 0;
}

/* Teams --------------------------------------------------------------------------------------------------------------- */

struct queue_sum {
	int64_t team, open, late, waiting;
	time_ms since;
};

static int by_team(const void *a, const void *b)
{
	const struct wall_open_row *x = *(const struct wall_open_row *const *)a, *y = *(const struct wall_open_row *const *)b;
	return x->team_id < y->team_id ? -1 : x->team_id > y->team_id;
}

static int worst_first(const void *a, const void *b)
{
	const struct queue_sum *x = a, *y = b;
	if (x->late != y->late)
		return x->late > y->late ? -1 : 1;
	if (x->waiting != y->waiting)
		return x->waiting > y->waiting ? -1 : 1;
	if (x->open != y->open)
		return x->open > y->open ? -1 : 1;
	return x->team < y->team ? -1 : x->team > y->team;
}

static size_t sum_teams(struct ctx *c, const struct wall_open_row *groups, size_t n, struct queue_sum *out)
{
	const struct wall_open_row **sorted = ARENA_ARRAY(c->arena, const struct wall_open_row *, n + 1);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &groups[i];
	qsort(sorted, n, sizeof(*sorted), by_team);
	for (size_t i = 0; i < n; i++) {
		if (!count || out[count - 1].team != sorted[i]->team_id)
			out[count++] = (struct queue_sum){ .team = sorted[i]->team_id };
		out[count - 1].open += sorted[i]->open;
		out[count - 1].late += sorted[i]->late;
		if (sorted[i]->owner_id)
			continue;
		out[count - 1].waiting += sorted[i]->open;
		out[count - 1].since = sorted[i]->since;
	}
	qsort(out, count, sizeof(*out), worst_first);
	return count;
}

int wall_write_teams(struct ctx *c, const struct wall_open_row *groups, size_t group_count, struct text *t)
{
	struct queue_sum *teams = ARENA_ARRAY(c->arena, struct queue_sum, group_count + 1);
	struct titles names;
	size_t all = sum_teams(c, groups, group_count, teams), n = all < WALL_GROUPS ? all : WALL_GROUPS;
	int64_t ids[WALL_GROUPS] = { 0 };
	for (size_t i = 0; i < n; i++)
		ids[i] = teams[i].team;
	TRY(record_titles(c, &team_record, ids, n, &names));
	text_append(t, ",\"teams\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "team", teams[i].team, &names);
		text_format(t, ",\"open\":%lld,\"late\":%lld,\"waiting\":%lld,\"since\":%lld}", (long long)teams[i].open, (long long)teams[i].late, (long long)teams[i].waiting,
		            (long long)teams[i].since);
	}
	text_format(t, "],\"teams_more\":%s", all > n ? "true" : "false");
	return 0;
}

/* Products, hours ------------------------------------------------------------------------------------------------------ */

int wall_write_skills(struct ctx *c, const struct wall_sight *s, struct text *t)
{
	struct wall_skills_row *rows;
	struct titles names;
	size_t n;
	TRY(wall_skills(c, s->everything, s->me, s->team, s->region, WALL_GROUPS + 1, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].product_id;
	TRY(record_titles(c, &product_record, ids, n, &names));
	text_append(t, ",\"skills\":[");
	for (size_t i = 0; i < n && i < WALL_GROUPS; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "product", rows[i].product_id, &names);
		text_format(t, ",\"waiting\":%lld,\"since\":%lld}", (long long)rows[i].waiting, (long long)rows[i].since);
	}
	text_format(t, "],\"skills_more\":%s", n > WALL_GROUPS ? "true" : "false");
	return 0;
}

/* [[received, solved], …]: the hours of the company's day up to this one. */
int wall_write_hours(struct ctx *c, const struct wall_sight *s, struct text *t)
{
	struct wall_received_row *received;
	struct wall_solved_row *solved;
	struct tenant tenant;
	int64_t by_hour[HOURS][2] = { 0 };
	size_t n;
	TRY(tenant_row_get(c, &tenant));
	time_ms zone = tenant.zone_minutes * MINUTE_MS, from = (c->now + zone) / DAY_MS * DAY_MS - zone;
	TRY(wall_received(c, s->everything, s->me, s->team, s->region, from, &received, &n));
	for (size_t i = 0; i < n; i++)
		if (received[i].hour < HOURS)
			by_hour[received[i].hour][0] = received[i].n;
	TRY(wall_solved(c, s->everything, s->me, s->team, s->region, from, &solved, &n));
	for (size_t i = 0; i < n; i++)
		if (solved[i].hour < HOURS)
			by_hour[solved[i].hour][1] = solved[i].n;
	text_append(t, ",\"hours\":[");
	for (int i = 0; i <= (int)((c->now - from) / HOUR_MS) && i < HOURS; i++)
		text_format(t, "%s[%lld,%lld]", i ? "," : "", (long long)by_hour[i][0], (long long)by_hour[i][1]);
	text_char(t, ']');
	return 0;
}
