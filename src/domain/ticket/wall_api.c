/* The wall: what to steer in this hour, who has how much to do, what waits for whom and how long, and how the day goes. Sums of what the
 * reader's scope covers; whose role narrows tickets by conditions, or sees one's own alone, is told none, since a sum would count what such a
 * reader may not see. However many look at it, it is made once in a while (work.share). */
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/record/narrowing.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/ticket/queue_api.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/wall.h"

static bool sees_sums(struct ctx *c, struct wall_sight *s)
{
	const struct auth *a = c->auth;
	if (a && (a->scope == SCOPE_OWN || narrowing_bites(c, model_of(c, &ticket_record))))
		return false;
	bool all = !a || a->scope == SCOPE_ALL;
	*s = (struct wall_sight){ .everything = all, .me = a ? a->user_id : 0, .team = a && a->team_id ? a->team_id : -1, .region = -1 };
	if (a && a->scope == SCOPE_REGION && a->region_id)
		s->region = a->region_id;
	return true;
}

/* Figures of this hour --------------------------------------------------------------------------------------------------- */

static int write_figures(struct ctx *c, const struct wall_sight *s, const struct wall_open_row *groups, size_t n, struct text *t)
{
	struct wall_longest_row *longest;
	size_t found;
	int64_t unanswered = 0, late = 0, critical = 0, soon = 0, unowned = 0;
	for (size_t i = 0; i < n; i++) {
		unanswered += groups[i].unanswered;
		late += groups[i].late;
		critical += groups[i].critical;
		soon += groups[i].soon;
		unowned += groups[i].owner_id ? 0 : groups[i].open;
	}
	text_format(t, ",\"figures\":{\"waiting\":%lld,\"breached\":%lld,\"critical\":%lld,\"soon\":%lld,\"unowned\":%lld}", (long long)unanswered, (long long)late,
	            (long long)critical, (long long)soon, (long long)unowned);
	TRY(wall_longest(c, s->everything, s->me, s->team, s->region, &longest, &found));
	if (found)
		text_format(t, ",\"longest\":{\"ticket\":\"%lld\",\"since\":%lld}", (long long)longest[0].ticket_id, (long long)longest[0].waits_since);
	else
		text_append(t, ",\"longest\":null");
	return 0;
}

/* How many come due in each of the next sixty minutes. */
static int write_minutes(struct ctx *c, const struct wall_sight *s, struct text *t)
{
	struct wall_minutes_row *rows;
	int64_t by_minute[WALL_MINUTES] = { 0 };
	size_t n;
	TRY(wall_minutes(c, s->everything, s->me, s->team, s->region, c->now, c->now + HOUR_MS, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].minute < WALL_MINUTES)
			by_minute[rows[i].minute] = rows[i].n;
	text_append(t, ",\"minutes\":[");
	for (int i = 0; i < WALL_MINUTES; i++)
		text_format(t, "%s%lld", i ? "," : "", (long long)by_minute[i]);
	text_char(t, ']');
	return 0;
}

/* What is late, the longest first. */
static int write_worst(struct ctx *c, const struct wall_sight *s, struct text *t)
{
	struct wall_worst_row *rows;
	struct ticket ordered[WALL_WORST];
	const void *found[WALL_WORST];
	int64_t ids[WALL_WORST] = { 0 };
	size_t n = 0, seen = 0;
	if (may(c, model_of(c, &ticket_record)->read_right))
		TRY(wall_worst(c, s->everything, s->me, s->team, s->region, c->now, WALL_WORST, &rows, &n));
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].ticket_id;
	TRY(list_rows_in_order(c, &ticket_record, ids, n, found));
	for (size_t i = 0; i < n; i++)
		if (found[i])
			ordered[seen++] = *(const struct ticket *)found[i];
	text_append(t, ",\"worst\":");
	return record_json_list(c, &ticket_record, ordered, seen, t);
}

/* Whoever may see it is told the same as all who may see as much (core/shared.h). */
static int make(struct ctx *c, void *arg, struct text *t)
{
	struct wall_sight s;
	struct wall_open_row *groups;
	size_t n;
	bool sees = sees_sums(c, &s);
	text_format(t, "{\"now\":%lld,\"sums\":%s", (long long)c->now, sees ? "true" : "false");
	if (sees) {
		TRY(wall_open(c, s.everything, s.me, s.team, s.region, c->now, c->now + HOUR_MS, &groups, &n));
		TRY(write_figures(c, &s, groups, n, t));
		TRY(write_minutes(c, &s, t));
		TRY(write_worst(c, &s, t));
		TRY(wall_write_people(c, &s, groups, n, t));
		TRY(wall_write_teams(c, groups, n, t));
		TRY(wall_write_skills(c, &s, t));
		TRY(wall_write_hours(c, &s, t));
	}
	text_char(t, '}');
	return 0;
}

const struct shared_options wall_sharing = { .rows = 1, .ways = 64, .age = SHARED_BOTH_CLOCKS };

/* Conditions of a role may speak of who reads, so then the answer is hers alone. */
static int wall(struct ctx *c, const void *in, void *out)
{
	const struct auth *a = c->auth;
	const struct shared_question q = {
		.what = arena_format(c->arena, "wall %d %d", (int)c->actor_kind, (int)c->lang), .life_ms = setting_of(c, SETTING_WORK_SHARE),
		.who = a && (a->scope != SCOPE_ALL || a->narrowing) ? SHARED_BY_PERSON : SHARED_BY_ROLE,
	};
	return shared_answer(c, c->services->shared, &q, make, NULL, &((struct raw_out *)out)->raw);
}

const struct route wall_routes[] = {
	ROUTE(GET, "/api/v1/wall", "wall.read", POOL, .out = &raw_shape, .run = wall,
	      .zh = "主管大屏：当前数字、人员负荷、各队列与当天曲线", .en = "Wall: figures of this hour, load of people, queues, the day's curve"),
};
const size_t wall_route_count = sizeof(wall_routes) / sizeof(wall_routes[0]);
