/* anxin doctor: looks at a data folder and says line by line what is well and what is not. Changes nothing of the company's;
 * works while the server serves. Exit code: 0 all well, 1 something to see to, 2 something is bad. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "app/backup.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/backup.h"
#include "db/migrate.h"
#include "db/reserve.h"
#include "net/tls.h"
#include "gen/doctor_sql.h"
#include "gen/job_sql.h"

enum state { WELL, WARN, BAD };
enum { AUDIT_HEAD_AGE_H = 2 };   /* one an hour, and one more try */

struct doctor {
	struct arena *arena;
	const struct app_options *o;
	struct clock clock;
	struct log log;
	enum state worst;
};

static void say(struct doctor *d, enum state state, const char *what, const char *detail)
{
	static const char *const words[] = { "ok  ", "warn", "bad " };
	printf("%s  %s: %s\n", words[state], what, detail);
	if (state > d->worst)
		d->worst = state;
}

static int64_t limit(const struct doctor *d, enum setting_id id)
{
	return d->o->settings->values.at[id];
}

static bool is_sqlite(const struct doctor *d)
{
	return !strstr(d->o->db, "://");
}

static void look_at_master(struct doctor *d)
{
	struct stat is;
	const char *path = arena_format(d->arena, "%s/master.key", d->o->data);
	if (stat(path, &is) < 0)
		say(d, BAD, "master key", "missing; without it no personal data can be read");
	else if (is.st_mode & 077)
		say(d, BAD, "master key", "others may read it: chmod 600 master.key");
	else
		say(d, WELL, "master key", "readable by its owner only; keep a copy of it away from the backups");
}

/* Heads of the audit that lie with the data tell nothing about whoever holds the data. */
static void look_at_audit(struct doctor *d)
{
	struct stat is;
	const char *path = d->o->audit_heads;
	if (!path)
		return say(d, d->o->audit_url ? WELL : WARN, "audit", d->o->audit_url ? "its heads are sent every hour" : "its heads are kept nowhere else: --audit-heads, --audit-url");
	if (stat(path, &is) < 0)
		return say(d, WARN, "audit", arena_format(d->arena, "no head has come to %s yet", path));
	long long hours = (clock_now(&d->clock) - (time_ms)is.st_mtime * 1000) / HOUR_MS;
	say(d, hours > AUDIT_HEAD_AGE_H ? WARN : WELL, "audit", arena_format(d->arena, "the newest head elsewhere is %lld hours old", hours));
}

static void look_at_certificate(struct doctor *d)
{
	enum { LOW_DAYS = 21 };         /* what is renewed by itself is renewed with thirty left */
	int64_t until_s = 0;
	if (!d->o->tls_key)
		return;
	const char *why = tls_judge(d->o->tls_certificate, d->o->tls_key, &until_s);
	if (why)
		return say(d, BAD, "certificate", why);
	long long days = (until_s - clock_now(&d->clock) / 1000) / (24 * 3600);
	bool over = until_s * 1000 <= clock_now(&d->clock);
	say(d, over ? BAD : days < LOW_DAYS ? WARN : WELL, "certificate", over ? "it has ended" : arena_format(d->arena, "good for %lld more days, and the key is its own", days));
}

static void look_at_space(struct doctor *d)
{
	struct statvfs is;
	if (statvfs(d->o->data, &is) < 0)
		return say(d, BAD, "disk", "the data folder cannot be looked at");
	int64_t bytes = (int64_t)(is.f_bavail * is.f_frsize);
	enum state state = bytes < limit(d, SETTING_DOCTOR_SPACE_BAD) ? BAD : bytes < limit(d, SETTING_DOCTOR_SPACE_LOW) ? WARN : WELL;
	say(d, state, "disk", arena_format(d->arena, "%lld MB free", (long long)(bytes >> 20)));
}

static void look_at_reserve(struct doctor *d)
{
	struct stat is;
	if (!is_sqlite(d))
		return;
	bool there = stat(arena_format(d->arena, "%s/reserve", d->o->data), &is) == 0 && is.st_size >= RESERVE_SIZE;
	say(d, there ? WELL : WARN, "reserve", there ? "there" : "not there: the disk was full, or the server has not run yet");
}

static void look_at_integrity(struct doctor *d)
{
	const char *fault = "";
	if (!is_sqlite(d))
		return;
	if (sqlite_check(d->arena, d->o->db, &fault) < 0)
		say(d, BAD, "database", fault);
	else
		say(d, WELL, "database", "whole, and every reference holds");
}

/* The newest complete backup in data/backups or the folder given. */
static void look_at_backups(struct doctor *d, const char *folder)
{
	time_ms newest = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		struct stat is;
		const char *path = arena_format(d->arena, "%s/%s/" BACKUP_MANIFEST, folder, e->d_name);
		if (!strncmp(e->d_name, "anxin-", 6) && stat(path, &is) == 0 && (time_ms)is.st_mtime * 1000 > newest)
			newest = (time_ms)is.st_mtime * 1000;
	}
	if (dir)
		closedir(dir);
	if (!newest)
		return say(d, WARN, "backup", arena_format(d->arena, "none in %s", folder));
	long long hours = (clock_now(&d->clock) - newest) / HOUR_MS;
	say(d, hours > limit(d, SETTING_DOCTOR_BACKUP_AGE) ? WARN : WELL, "backup", arena_format(d->arena, "the newest is %lld hours old", hours));
}

static int look_at_jobs(struct doctor *d, struct ctx *c)
{
	struct job_counts_row *rows;
	size_t n;
	bool any = false;
	TRY(job_counts(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].state, "dead"))
			continue;
		say(d, WARN, "jobs", arena_format(d->arena, "%lld of kind %s have been given up", (long long)rows[i].amount, rows[i].kind));
		any = true;
	}
	if (!any)
		say(d, WELL, "jobs", "none has been given up");
	return 0;
}

static int look_at_followers(struct doctor *d, struct ctx *c)
{
	struct doctor_lags_row *rows;
	size_t n;
	TRY(doctor_lags(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].behind > limit(d, SETTING_DOCTOR_LAG) || i + 1 == n)    /* the furthest behind comes first */
			say(d, rows[i].behind > limit(d, SETTING_DOCTOR_LAG) ? WARN : WELL, "followers",
			    arena_format(d->arena, "%s is %lld events behind", rows[i].name, (long long)rows[i].behind));
	return 0;
}

static int look_at_pair(struct doctor *d, struct ctx *c)
{
	struct services services = { .clock = &d->clock, .log = &d->log };
	const struct keystore_options options = {
		.url = d->o->keys, .master_path = arena_format(d->arena, "%s/master.key", d->o->data), .policy = MASTER_NEEDED,
		.clock = &d->clock, .log = &d->log,
	};
	if (keystore_open(&options, &services.keys) < 0) {
		say(d, BAD, "keys", "the key store does not open with this master key");
		return 0;
	}
	c->services = &services;
	bool pair = pii_pair_check(c) == 0;
	say(d, pair ? WELL : BAD, "keys", pair ? "data and keys are a pair" : "data and keys are not of the same company: restore the right ones");
	keystore_close(services.keys);
	c->services = NULL;
	return 0;
}

static int look_inside(struct doctor *d)
{
	struct db_conn *db;
	struct error error = { 0 };
	struct ctx c = { .arena = d->arena, .now = clock_now(&d->clock), .request_id = "doctor", .error = &error, .log = &d->log };
	if (db_open(d->o->db, DB_READER, &d->log, &db) < 0) {
		say(d, BAD, "database", "cannot be opened");
		return 0;
	}
	c.db = db;
	bool current = db_migrate_check(db, &data_migrations, d->arena) == 0;
	say(d, current ? WELL : WARN, "migrations", current ? "up to date" : "not those of this program: `anxin migrate`, or the newer program");
	int r = current ? look_at_pair(d, &c) : 0;
	if (r == 0 && current)
		r = look_at_followers(d, &c);
	if (r == 0 && current)
		r = look_at_jobs(d, &c);
	db_close(db);
	if (r < 0)
		say(d, BAD, "database", error_name(r));
	return 0;
}

int command_doctor(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct doctor d = { .arena = a, .o = options };
	clock_system(&d.clock);
	log_init(&d.log, 2, options->log_level, &d.clock);
	if (argc > 1 || access(options->data, R_OK) < 0 || (is_sqlite(&d) && access(options->db, R_OK) < 0)) {
		say(&d, BAD, "data", argc > 1 ? "anxin doctor --data DIR [BACKUPS]" : "there are none in this folder");
		return d.worst;
	}
	look_at_master(&d);
	look_at_audit(&d);
	look_at_certificate(&d);
	look_at_space(&d);
	look_at_reserve(&d);
	look_at_integrity(&d);
	int r = look_inside(&d);
	look_at_backups(&d, argc ? argv[0] : backup_folder(a, options));
	return r < 0 ? BAD : (int)d.worst;
}
