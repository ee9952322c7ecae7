/* anxin doctor: looks at a data folder and says line by line what is well and what is not. Changes nothing of the company's;
 * works while the server serves. Exit code: 0 all well, 1 something to see to, 2 something is bad. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "app/checks.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/backup.h"
#include "db/migrate.h"

struct doctor {
	struct arena *arena;
	const struct app_options *o;
	struct clock clock;
	struct log log;
	enum check_state worst;
};

static void say(struct doctor *d, enum check_state state, const char *what, const char *detail)
{
	static const char *const words[] = { "ok  ", "warn", "bad " };
	printf("%s  %s: %s\n", words[state], what, detail);
	if (state > d->worst)
		d->worst = state;
}

static void tell(struct doctor *d, struct check look)
{
	if (look.code)
		say(d, look.state, look.code, look.en);
}

static struct checker checker(const struct doctor *d)
{
	return (struct checker){ .arena = d->arena, .o = d->o, .now = clock_now(&d->clock) };
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
		say(d, CHECK_BAD, "master key", "missing; without it no personal data can be read");
	else if (is.st_mode & 077)
		say(d, CHECK_BAD, "master key", "others may read it: chmod 600 master.key");
	else
		say(d, CHECK_WELL, "master key", "readable by its owner only; keep a copy of it away from the backups");
}

static void look_at_integrity(struct doctor *d)
{
	const char *fault = "";
	if (!is_sqlite(d))
		return;
	if (sqlite_check(d->arena, d->o->db, &fault) < 0)
		say(d, CHECK_BAD, "database", fault);
	else
		say(d, CHECK_WELL, "database", "whole, and every reference holds");
}

static int look_at_pair(struct doctor *d, struct ctx *c)
{
	struct services services = { .clock = &d->clock, .log = &d->log };
	const struct keystore_options options = {
		.url = d->o->keys, .master_path = arena_format(d->arena, "%s/master.key", d->o->data), .policy = MASTER_NEEDED,
		.clock = &d->clock, .log = &d->log,
	};
	if (keystore_open(&options, &services.keys) < 0) {
		say(d, CHECK_BAD, "keys", "the key store does not open with this master key");
		return 0;
	}
	c->services = &services;
	bool pair = pii_pair_check(c) == 0;
	say(d, pair ? CHECK_WELL : CHECK_BAD, "keys", pair ? "data and keys are a pair" : "data and keys are not of the same company: restore the right ones");
	keystore_close(services.keys);
	c->services = NULL;
	return 0;
}

static int look_at_work(struct doctor *d, struct ctx *c)
{
	const struct checker k = checker(d);
	struct check look;
	TRY(check_followers(&k, c, &look));
	tell(d, look);
	TRY(check_jobs(&k, c, &look));
	tell(d, look);
	TRY(check_escalations(&k, c, false, &look));
	tell(d, look);
	return 0;
}

static int look_inside(struct doctor *d)
{
	struct db_conn *db;
	struct error error = { 0 };
	struct ctx c = { .arena = d->arena, .now = clock_now(&d->clock), .request_id = "doctor", .error = &error, .log = &d->log };
	if (db_open(d->o->db, DB_READER, &d->log, &db) < 0) {
		say(d, CHECK_BAD, "database", "cannot be opened");
		return 0;
	}
	c.db = db;
	bool current = db_migrate_check(db, &data_migrations, d->arena) == 0;
	say(d, current ? CHECK_WELL : CHECK_WARN, "migrations", current ? "up to date" : "not those of this program: `anxin migrate`, or the newer program");
	int r = current ? look_at_pair(d, &c) : 0;
	if (r == 0 && current)
		r = look_at_work(d, &c);
	db_close(db);
	if (r < 0)
		say(d, CHECK_BAD, "database", error_name(r));
	return 0;
}

int command_doctor(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct doctor d = { .arena = a, .o = options };
	clock_system(&d.clock);
	log_init(&d.log, 2, options->log_level, &d.clock);
	if (argc > 1 || access(options->data, R_OK) < 0 || (is_sqlite(&d) && access(options->db, R_OK) < 0)) {
		say(&d, CHECK_BAD, "data", argc > 1 ? "anxin doctor --data DIR [BACKUPS]" : "there are none in this folder");
		return d.worst;
	}
	look_at_master(&d);
	const struct checker k = checker(&d);
	tell(&d, check_audit(&k));
	tell(&d, check_certificate(&k));
	tell(&d, check_space(&k));
	tell(&d, check_reserve(&k));
	look_at_integrity(&d);
	int r = look_inside(&d);
	tell(&d, check_backups(&k, argc ? argv[0] : backup_folder(a, options)));
	return r < 0 ? CHECK_BAD : (int)d.worst;
}
