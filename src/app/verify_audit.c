/* anxin verify-audit: walks the audit of each company on one snapshot, while the server serves. Changes nothing. Exit code: 0 nothing
 * is wrong, 1 rows are named that were changed, removed or inserted, 2 it could not be looked at. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/backup.h"
#include "core/audit/audit_verify.h"
#include "core/services.h"
#include "db/migrate.h"
#include "gen/audit_sql.h"

enum { LINE_MOST = 1024, HEADS_MOST = 100000, CANNOT_LOOK = 2 };

struct looking {
	struct arena *arena;
	const struct app_options *o;
	struct clock clock;
	struct log log;
	struct services services;
	struct audit_head *heads;
	size_t head_count, head_room;
	const char *company;
	int64_t faults;
};

/* Heads ------------------------------------------------------------------------------------------------------------------ */

static int add_head(struct looking *l, const char *path, const char *line, size_t n)
{
	if (l->head_count == HEADS_MOST)
		return backup_say("more heads than can be compared", path);
	ARENA_GROW(l->arena, l->heads, l->head_count, l->head_room);
	if (audit_head_read(l->arena, line, n, &l->heads[l->head_count]) < 0)
		return backup_say("a line is no head of an audit", path);
	l->head_count++;
	return 0;
}

static int read_heads(struct looking *l, const char *path)
{
	FILE *f = fopen(path, "re");
	if (!f)
		return backup_say("heads cannot be read", path);
	char line[LINE_MOST];
	int r = 0;
	while (r == 0 && fgets(line, sizeof(line), f)) {
		size_t n = strcspn(line, "\r\n");
		if (n > 0)
			r = add_head(l, path, line, n);
	}
	fclose(f);
	return r;
}

/* Those beside the data, those of --audit-heads and those named. */
static int gather_heads(struct looking *l, int argc, char **argv)
{
	const char *folder = arena_format(l->arena, "%s/audit", l->o->data);
	DIR *d = opendir(folder);
	int r = 0;
	for (struct dirent *e; r == 0 && d && (e = readdir(d));) {
		size_t n = strlen(e->d_name);
		if (n > 5 && !strcmp(e->d_name + n - 5, ".head"))
			r = read_heads(l, arena_format(l->arena, "%s/%s", folder, e->d_name));
	}
	if (d)
		closedir(d);
	if (r == 0 && l->o->audit_heads && access(l->o->audit_heads, F_OK) == 0)
		r = read_heads(l, l->o->audit_heads);
	for (int i = 0; r == 0 && i < argc; i++)
		r = read_heads(l, argv[i]);
	return r;
}

/* Companies -------------------------------------------------------------------------------------------------------------- */

static void say_fault(void *arg, const struct audit_fault *fault)
{
	static const char *const words[] = {
		[FAULT_CHANGED] = "changed", [FAULT_REMOVED] = "removed", [FAULT_INSERTED] = "inserted",
		[FAULT_LINK] = "does not fit what it covers", [FAULT_SIGNATURE] = "signed by somebody else",
		[FAULT_CUT] = "the end was cut off or written anew: this head, kept elsewhere, is not in the chain",
	};
	const struct looking *l = arg;
	printf("%s: %s %s: %s\n", l->company, fault->table, fault->row, words[fault->kind]);
}

static int look_at(struct looking *l, struct ctx *c, int64_t tenant, const char *code)
{
	struct audit_report report;
	const struct audit_check check = { .heads = l->heads, .head_count = l->head_count, .fault = say_fault, .arg = l };
	l->company = code;
	c->tenant = tenant;
	TRY(db_set_tenant(c->db, tenant));
	TRY(audit_verify(c, &check, &report));
	l->faults += report.faults;
	printf("%s: %lld events, %lld changes, %lld readings, %lld links, %lld heads kept elsewhere: %s", code, (long long)report.events,
	       (long long)report.changes, (long long)report.readings, (long long)report.links, (long long)report.heads,
	       report.faults ? "NOT whole" : "whole");
	printf("; %lld from before the audit, %lld not chained yet\n", (long long)report.unproved, (long long)report.unchained);
	return 0;
}

static int look_at_all(struct looking *l, struct db_conn *db)
{
	struct audit_companies_row *all;
	struct error error = { 0 };
	struct ctx c = { .arena = l->arena, .db = db, .now = clock_now(&l->clock), .request_id = "verify-audit", .error = &error, .log = &l->log,
		         .services = &l->services };
	size_t n;
	if (db_migrate_check(db, &data_migrations, l->arena) < 0)
		return ERR_STATE;
	TRY(db_begin_read(db, 0));
	int r = audit_companies(&c, &all, &n);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = look_at(l, &c, all[i].tenant, all[i].code);
	int end = db_end_read(db);
	return r < 0 ? r : end;
}

static int look(struct looking *l)
{
	const struct keystore_options keys = {
		.url = l->o->keys, .master_path = arena_format(l->arena, "%s/master.key", l->o->data), .policy = MASTER_NEEDED,
		.clock = &l->clock, .log = &l->log,
	};
	struct db_conn *db;
	TRY(keystore_open(&keys, &l->services.keys));
	TRY(db_open(l->o->db, DB_READER, &l->log, &db));
	int r = look_at_all(l, db);
	db_close(db);
	return r;
}

int command_verify_audit(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct looking l = { .arena = a, .o = options };
	clock_system(&l.clock);
	log_init(&l.log, 2, options->log_level, &l.clock);
	if (access(options->data, R_OK) < 0 || (!backup_is_postgresql(options->db) && access(options->db, R_OK) < 0)) {
		backup_say("there are no data", options->data);
		return CANNOT_LOOK;
	}
	if (gather_heads(&l, argc, argv) != 0)
		return CANNOT_LOOK;
	l.services = (struct services){ .clock = &l.clock, .log = &l.log, .audit = audit_new() };
	int r = look(&l);
	if (r < 0)
		backup_say("the audit could not be looked at", error_name(r));
	if (l.services.keys)
		keystore_close(l.services.keys);
	audit_free(l.services.audit);
	return r < 0 ? CANNOT_LOOK : l.faults > 0;
}
