/* The nightly backup: on from the first start, one for the whole installation however many nodes there are, because it is a job. It names
 * the next one in its own transaction, whether it went well or not. The newest few are kept; `anxin doctor` tells their age. */
#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/job_sql.h"
#include "gen/upkeep_sql.h"

enum { ATTEMPTS = 3, RETRY_MS = 5 * MINUTE_MS };

/* Old backups -------------------------------------------------------------------------------------------------------- */

struct kept {
	const char *name;
	bool complete;
};

/* anxin-20261122T023000Z, the form of backup_make(): by name is by time. */
static bool is_backup(const char *name)
{
	return !strncmp(name, "anxin-", 6) && strlen(name) == 22 && name[14] == 'T' && name[21] == 'Z';
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(((const struct kept *)b)->name, ((const struct kept *)a)->name);
}

static size_t list_backups(struct arena *a, const char *folder, struct kept *out, size_t most)
{
	size_t n = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *e; dir && n < most && (e = readdir(dir));) {
		struct stat is;
		if (is_backup(e->d_name))
			out[n++] = (struct kept){ arena_string(a, e->d_name), stat(arena_format(a, "%s/%s/" BACKUP_MANIFEST, folder, e->d_name), &is) == 0 };
	}
	if (dir)
		closedir(dir);
	qsort(out, n, sizeof(*out), newest_first);
	return n;
}

int backup_prune(struct arena *a, const char *folder, int64_t keep, int *removed)
{
	enum { MOST = 2000 };
	struct kept *all = ARENA_ARRAY(a, struct kept, MOST);
	size_t n = list_backups(a, folder, all, MOST);
	int64_t complete = 0;
	*removed = 0;
	for (size_t i = 0; i < n; i++) {
		complete += all[i].complete;
		if (complete < keep || (complete == keep && all[i].complete))
			continue;
		TRY(backup_remove(arena_format(a, "%s/%s", folder, all[i].name)));
		(*removed)++;
	}
	return 0;
}

/* The job ------------------------------------------------------------------------------------------------------------ */

static int plan(struct ctx *c)
{
	int64_t hour = setting_of(c, SETTING_BACKUP_HOUR) * HOUR_MS - (int64_t)CHINA_MINUTES * MINUTE_MS;
	int64_t day = day_of(c->now, CHINA_MINUTES);
	day += day * DAY_MS + hour <= c->now;
	return job_add(c, new_id(c), nightly_job.name, day * DAY_MS + hour, arena_format(c->arena, "day %lld", (long long)day), NULL);
}

static int make(struct ctx *c, struct app *app)
{
	const char *above = backup_folder(c->arena, &app->o), *folder = "", *keys;
	int64_t keep = setting_of(c, SETTING_BACKUP_KEEP);
	int removed;
	TRY(backup_make(c->arena, &app->o, &app->clock, above, &folder, &keys));
	TRY(backup_prune(c->arena, above, keep, &removed));
	log_write(c->log, LOG_INFO, "backup made", "folder", folder, NULL);
	return 0;
}

/* A copy that takes longer than a job's lease is not begun a second time beside itself. */
static int call_backup(struct ctx *c, const struct job *job, const char **answer)
{
	struct app *app = c->services->app;
	if (setting_of(c, SETTING_BACKUP_KEEP) == 0)
		return 0;
	if (atomic_exchange(&app->backing_up, true))
		return fail(c, ERR_BUSY, NULL);
	int r = make(c, app);
	atomic_store(&app->backing_up, false);
	return r < 0 ? fail(c, r, NULL) : 0;
}

static int backed_up(struct ctx *c, const struct job *job, const char *answer)
{
	return plan(c);
}

static int died(struct ctx *c, const struct job *job)
{
	log_write(c->log, LOG_ERROR, "the nightly backup failed", "error", job->last_error, NULL);
	return plan(c);
}

const struct job_kind nightly_job = { .name = "backup.nightly", .run = backed_up, .call = call_backup, .died = died, .attempts_most = ATTEMPTS, .first_pause_ms = RETRY_MS };

static int ensure(struct ctx *c, void *arg)
{
	struct jobs_to_come_row row;
	TRY(jobs_to_come(c, nightly_job.name, &row));
	return row.n ? 0 : plan(c);
}

int nightly_begin(struct ctx *c)
{
	struct upkeep_tenants_row *rows;
	size_t n;
	TRY(upkeep_tenants(c, &rows, &n));
	return n > 1 ? 0 : ensure(c, NULL);
}

static int first_company(struct ctx *c, void *arg)
{
	struct upkeep_tenants_row *rows;
	size_t n;
	TRY(upkeep_tenants(c, &rows, &n));
	*(int64_t *)arg = n ? rows[0].tenant : 0;
	return 0;
}

int nightly_start(struct app *app)
{
	int64_t tenant;
	TRY(app_read(app, 0, first_company, &tenant));
	return tenant ? app_write(app, tenant, ensure, NULL) : 0;
}
