/* One row a day of how the system was, each morning after the night's work: what was looked at goes through the answer of the job's call, so that
 * nobody in the writer waits for a disk. */
#include "app/health.h"

#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "core/upkeep.h"
#include "gen/health_sql.h"
#include "gen/job_sql.h"

enum { MORNING_H = 6, ATTEMPTS = 3 };

static const struct member day_members[] = {
	MEMBER(struct health_day, backup_hours, count, .flags = MEMBER_NULLABLE), MEMBER(struct health_day, free_mb, count, .flags = MEMBER_NULLABLE),
	MEMBER(struct health_day, behind, count), MEMBER(struct health_day, warned, count), MEMBER(struct health_day, failed, count),
};
static const struct shape day_shape = SHAPE("health_look", struct health_day, day_members);

static int look(struct ctx *c, void *arg)
{
	struct health_day *day = arg;
	struct check looks[SYSTEM_LOOKS];
	size_t n;
	TRY(system_looks(c, looks, &n));
	*day = (struct health_day){ .backup_hours = NULL_INT, .free_mb = NULL_INT };
	for (size_t i = 0; i < n; i++) {
		day->warned += looks[i].state == CHECK_WARN;
		day->failed += looks[i].state == CHECK_BAD;
		if (!strcmp(looks[i].code, "backup"))
			day->backup_hours = looks[i].amount;
		if (!strcmp(looks[i].code, "disk"))
			day->free_mb = looks[i].amount;
		if (!strcmp(looks[i].code, "followers"))
			day->behind = looks[i].amount;
	}
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct health_day day;
	struct text t = text_in(c->arena);
	TRY(readers_run(c->services->readers, c, look, &day));
	json_write(&t, &day_shape, &day);
	*answer = text_end(&t);
	return 0;
}

static int plan(struct ctx *c)
{
	int64_t day = day_of(c->now, CHINA_MINUTES) + 1;
	time_ms at = day * DAY_MS + MORNING_H * HOUR_MS - (int64_t)CHINA_MINUTES * MINUTE_MS + c->tenant % 3600 * SECOND_MS;
	return job_add(c, new_id(c), health_job.name, at, arena_format(c->arena, "day %lld", (long long)day), NULL);
}

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct health_day day;
	struct error error = { 0 };
	int64_t today = day_of(c->now, CHINA_MINUTES);
	TRY(json_read(c->arena, &day_shape, answer, strlen(answer), &day, NULL, &error));
	day.day = today;
	TRY(health_days_drop(c, today - HEALTH_DAYS + 1, today, NULL));
	TRY(health_day_row_insert(c, &day));
	return plan(c);
}

static int died(struct ctx *c, const struct job *job)
{
	return plan(c);
}

const struct job_kind health_job = { .name = "health.day", .run = keep, .call = call, .died = died, .attempts_most = ATTEMPTS };

/* The first one at once: a new company has its first day. */
int health_begin(struct ctx *c)
{
	struct jobs_to_come_row row;
	TRY(jobs_to_come(c, health_job.name, &row));
	return row.n ? 0 : job_add(c, new_id(c), health_job.name, c->now, "first", NULL);
}

static int ensure(struct ctx *c, void *arg)
{
	return health_begin(c);
}

int health_start(struct app *app)
{
	return upkeep_each_company(&app->services, &app->clock, ensure, NULL);
}

static void write_known(struct text *t, const char *name, int64_t n)
{
	const char *value = n == NULL_INT ? "null" : arena_format(t->arena, "%lld", (long long)n);
	text_format(t, ",\"%s\":%s", name, value);
}

int health_days(struct ctx *c, struct text *t)
{
	struct health_kept_row *rows;
	size_t n;
	TRY(health_kept(c, HEALTH_DAYS, &rows, &n));
	for (size_t i = n; i-- > 0;) {
		text_format(t, "%s{\"at\":%lld", i + 1 < n ? "," : "", (long long)(rows[i].day * DAY_MS - (int64_t)CHINA_MINUTES * MINUTE_MS));
		write_known(t, "backup_hours", rows[i].backup_hours);
		write_known(t, "free_mb", rows[i].free_mb);
		text_format(t, ",\"behind\":%lld,\"warned\":%lld,\"failed\":%lld}", (long long)rows[i].behind, (long long)rows[i].warned, (long long)rows[i].failed);
	}
	return 0;
}
