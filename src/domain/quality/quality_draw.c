/* Which results a person looks at beside the worst: of each agent some a week, by a seed, so that the same draw can be made again. */
#include "domain/quality/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/condition/condition_fields.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/quality_sql.h"

struct candidate {
	uint64_t rank;
	int64_t id, agent;
	bool free;              /* nobody looks at it yet */
	bool counted;           /* drawn for the share */
};

static uint64_t rank_of(struct ctx *c, const char *seed, int64_t id)
{
	uint8_t hash[32];
	uint64_t rank;
	const char *text = arena_format(c->arena, "%s/%lld", seed, (long long)id);
	hash_sha256(text, strlen(text), hash);
	memcpy(&rank, hash, sizeof(rank));
	return rank;
}

static int by_agent(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->agent != y->agent)
		return x->agent < y->agent ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Monday 00:00 of the week of that instant, on the company's clock. */
static int week_of(struct ctx *c, time_ms at, time_ms *monday, const char **seed)
{
	const struct zone *zone;
	char name[16];
	TRY(company_zone(c, c->arena, &zone));
	int64_t day = day_of(at + zone_offset(zone, at), 0);
	day -= calendar_weekday(day);
	*monday = zone_instant(zone, day * DAY_MS);
	day_format(day, name);
	*seed = arena_string(c->arena, name);
	return 0;
}

static int draw_one(struct ctx *c, int64_t id, const char *seed)
{
	struct quality old, q;
	TRY(quality_row_get(c, id, &old));
	q = old;
	q.state = "drawn";
	q.drawn_for = "share";
	return record_update(c, &quality_record, &old, &q, "quality.drawn", seed, NULL);
}

/* Fills up the share of each agent in the week of `at`. */
int quality_draw(struct ctx *c, time_ms at, int64_t *drawn)
{
	struct qualities_to_draw_row *rows;
	size_t n;
	time_ms monday;
	const char *seed;
	int64_t share = setting_of(c, SETTING_QUALITY_SAMPLE), of_agent = 0, agent = 0;
	*drawn = 0;
	TRY(week_of(c, at, &monday, &seed));
	TRY(qualities_to_draw(c, monday, monday + 7 * DAY_MS, &rows, &n));
	struct candidate *all = ARENA_ARRAY(c->arena, struct candidate, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct candidate){ rank_of(c, seed, rows[i].id), rows[i].id, rows[i].agent_id, text_equal(rows[i].state, "inspected"), text_equal(rows[i].drawn_for, "share") };
	qsort(all, n, sizeof(*all), by_agent);
	for (size_t i = 0; i < n; i++) {
		if (all[i].agent != agent) {
			agent = all[i].agent;
			of_agent = 0;
			for (size_t k = i; k < n && all[k].agent == agent; k++)
				of_agent += all[k].counted;
		}
		if (!all[i].free || of_agent >= share)
			continue;
		TRY(draw_one(c, all[i].id, seed));
		of_agent++;
		++*drawn;
	}
	return 0;
}

/* In the morning: yesterday's week, so that on Monday the last one is filled up. */
static int run(struct ctx *c, const struct job *job, const char *answer)
{
	int64_t drawn;
	return quality_draw(c, c->now - DAY_MS, &drawn);
}

const struct job_kind quality_draw_job = { .name = "quality.draw", .run = run };

int quality_draw_next(struct ctx *c, time_ms *out)
{
	enum { MORNING = 6 };
	const struct zone *zone;
	TRY(company_zone(c, c->arena, &zone));
	int64_t day = day_of(c->now + zone_offset(zone, c->now), 0);
	*out = zone_instant(zone, (day + 1) * DAY_MS + MORNING * HOUR_MS);
	return 0;
}
