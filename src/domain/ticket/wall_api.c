/* The wall: who has how much to do, what waits for whom and how long, and how the day goes. Sums of what the reader's scope covers; whose role
 * narrows tickets by conditions, or sees one's own alone, is told none, since a sum would count what such a reader may not see. */
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/record/narrowing.h"
#include "core/services.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/queue_api.h"
#include "domain/ticket/ticket.h"
#include "gen/schema.h"
#include "gen/wall_sql.h"

enum { PEOPLE_MOST = 200, GROUPS_MOST = 100, HOURS = 24 };

struct sight {
	int64_t everything, me, team, region;
};

static bool sees_sums(struct ctx *c, struct sight *s)
{
	const struct auth *a = c->auth;
	if (a && (a->scope == SCOPE_OWN || narrowing_bites(c, model_of(c, &ticket_record))))
		return false;
	bool all = !a || a->scope == SCOPE_ALL;
	*s = (struct sight){ .everything = all, .me = a ? a->user_id : 0, .team = a && a->team_id ? a->team_id : -1, .region = -1 };
	if (a && a->scope == SCOPE_REGION && a->region_id)
		s->region = a->region_id;
	return true;
}

static void write_name(struct text *t, const char *member, int64_t id, const struct titles *names)
{
	text_format(t, "\"%s\":\"%lld\",\"%s_name\":", member, (long long)id, member);
	json_text(t, titles_find(names, id));
}

static int write_people(struct ctx *c, const struct sight *s, struct text *t)
{
	struct wall_people_row *rows;
	struct titles people, teams;
	size_t n;
	TRY(wall_people(c, &(struct wall_people_in){ .everything = s->everything, .me = s->me, .team = s->team, .region = s->region, .now = c->now,
	                  .soon = c->now + HOUR_MS, .most = PEOPLE_MOST + 1 }, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1), *of = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		ids[i] = rows[i].id;
		of[i] = rows[i].team_id;
	}
	TRY(record_titles(c, &user_record, ids, n, &people));
	TRY(record_titles(c, &team_record, of, n, &teams));
	text_append(t, ",\"people\":[");
	for (size_t i = 0; i < n && i < PEOPLE_MOST; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "user", rows[i].id, &people);
		text_char(t, ',');
		write_name(t, "team", rows[i].team_id, &teams);
		text_format(t, ",\"open\":%lld,\"soon\":%lld,\"late\":%lld}", (long long)rows[i].open, (long long)rows[i].soon, (long long)rows[i].late);
	}
	text_format(t, "],\"people_more\":%s", n > PEOPLE_MOST ? "true" : "false");
	return 0;
}

static int write_teams(struct ctx *c, const struct sight *s, struct text *t)
{
	struct wall_teams_row *rows;
	struct titles names;
	size_t n;
	TRY(wall_teams(c, s->everything, s->me, s->team, s->region, c->now, GROUPS_MOST + 1, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].team_id;
	TRY(record_titles(c, &team_record, ids, n, &names));
	text_append(t, ",\"teams\":[");
	for (size_t i = 0; i < n && i < GROUPS_MOST; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "team", rows[i].team_id, &names);
		text_format(t, ",\"open\":%lld,\"late\":%lld,\"waiting\":%lld,\"since\":%lld}", (long long)rows[i].open, (long long)rows[i].late, (long long)rows[i].waiting,
		            (long long)rows[i].since);
	}
	text_format(t, "],\"teams_more\":%s", n > GROUPS_MOST ? "true" : "false");
	return 0;
}

static int write_skills(struct ctx *c, const struct sight *s, struct text *t)
{
	struct wall_skills_row *rows;
	struct titles names;
	size_t n;
	TRY(wall_skills(c, s->everything, s->me, s->team, s->region, GROUPS_MOST + 1, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].product_id;
	TRY(record_titles(c, &product_record, ids, n, &names));
	text_append(t, ",\"skills\":[");
	for (size_t i = 0; i < n && i < GROUPS_MOST; i++) {
		text_append(t, i ? ",{" : "{");
		write_name(t, "product", rows[i].product_id, &names);
		text_format(t, ",\"waiting\":%lld,\"since\":%lld}", (long long)rows[i].waiting, (long long)rows[i].since);
	}
	text_format(t, "],\"skills_more\":%s", n > GROUPS_MOST ? "true" : "false");
	return 0;
}

/* [[received, solved], …]: the hours of the company's day up to this one. */
static int write_hours(struct ctx *c, const struct sight *s, struct text *t)
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

static int wall(struct ctx *c, const void *in, void *out)
{
	struct sight s;
	struct text t = text_in(c->arena);
	bool sees = sees_sums(c, &s);
	text_format(&t, "{\"now\":%lld,\"sums\":%s", (long long)c->now, sees ? "true" : "false");
	if (sees) {
		TRY(write_people(c, &s, &t));
		TRY(write_teams(c, &s, &t));
		TRY(write_skills(c, &s, &t));
		TRY(write_hours(c, &s, &t));
	}
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route wall_routes[] = {
	ROUTE(GET, "/api/v1/wall", "wall.read", POOL, .out = &raw_shape, .run = wall, .zh = "主管大屏：人员负荷、各队列与当天曲线", .en = "Wall: load of people, queues, the day's curve"),
};
const size_t wall_route_count = sizeof(wall_routes) / sizeof(wall_routes[0]);
