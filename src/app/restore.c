/* anxin restore: a backup and its keys become a data folder, or nothing does.
 *
 * Everything is checked before it counts: the hash of each file, the database's own integrity, migrations, the pair. Who was
 * erased after the backup is erased again. Only then the folder gets its name. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backup.h"
#include "base/crypto.h"
#include "core/pii/pii.h"
#include "core/upkeep.h"
#include "db/backup.h"
#include "gen/upkeep_sql.h"

enum { PATH_LENGTH = 200, MANIFEST_MOST = 1 << 30 };

struct restore {
	struct arena *arena;
	const char *from, *to;          /* backup; folder being filled */
	const char *db;                 /* where the data go: a file in `to`, or a PostgreSQL database without a company */
	const char *keys;
	struct log *log;
	int64_t files;
};

static int read_manifest(struct restore *r, char **text)
{
	const char *path = arena_format(r->arena, "%s/" BACKUP_MANIFEST, r->from);
	char hex[65];
	int64_t size;
	TRY(backup_hash(path, hex, &size));
	FILE *f = fopen(path, "re");
	if (!f || size > MANIFEST_MOST || size < 70) {
		if (f)
			fclose(f);
		return ERR_STATE;
	}
	*text = arena_alloc(r->arena, (size_t)size + 1);
	size_t n = fread(*text, 1, (size_t)size, f);
	fclose(f);
	const size_t end = sizeof("end \n") - 1 + 64;
	uint8_t hash[32];
	if (n != (size_t)size || memcmp(*text, BACKUP_HEAD "\n", sizeof(BACKUP_HEAD)) != 0 || strncmp(*text + n - end, "end ", 4) != 0)
		return ERR_STATE;
	hash_sha256(*text, n - end, hash);
	for (int i = 0; i < 32; i++) {
		char two[3];
		snprintf(two, sizeof(two), "%02x", hash[i]);
		if (memcmp(two, *text + n - end + 4 + i * 2, 2) != 0)
			return ERR_STATE;
	}
	(*text)[n - end] = 0;
	return 0;
}

/* A line of the manifest names the copy of the database or a file below files/, nothing else. */
static bool is_inside(const struct restore *r, const char *path)
{
	return !strcmp(path, backup_data_name(r->db)) || (!strncmp(path, "files/", 6) && !strstr(path, ".."));
}

static int copy_line(struct restore *r, const char *line)
{
	char hash[65], path[PATH_LENGTH + 1];
	long long size;
	if (sscanf(line, "%64s %18lld %200s", hash, &size, path) != 3 || strlen(hash) != 64 || !is_inside(r, path))
		return ERR_STATE;
	struct arena_mark mark = arena_mark(r->arena);
	const char *to = arena_format(r->arena, "%s/%s", r->to, path);
	int result = backup_make_folders(r->arena, to);
	if (result == 0)
		result = backup_copy_file(arena_format(r->arena, "%s/%s", r->from, path), to, hash);
	if (result < 0)
		backup_say("damaged or missing in the backup", path);
	arena_rewind(r->arena, mark);
	r->files++;
	return result;
}

static int copy_files(struct restore *r)
{
	char *text, *rest = NULL;
	int result = read_manifest(r, &text);
	if (result < 0) {
		backup_say("this is no backup, or its manifest is damaged", r->from);
		return result;
	}
	bool has_data = false;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strcmp(line, BACKUP_HEAD) || !strncmp(line, "time ", 5) || !strncmp(line, "pair ", 5))
			continue;
		has_data |= strstr(line, backup_data_name(r->db)) != NULL;
		TRY(copy_line(r, line));
	}
	return has_data ? 0 : ERR_STATE;
}

/* The dump itself is not needed once it is in the database. */
static int load_data(struct restore *r)
{
	const char *fault = "", *dump = arena_format(r->arena, "%s/%s", r->to, backup_data_name(r->db));
	struct migrate_report report;
	const struct migrations none = { .domains = "" };
	int result = db_migrate(r->db, &none, r->log, r->arena, &report);      /* the roles that the dump gives rights to */
	if (result == 0)
		result = postgresql_load(r->arena, r->db, dump, &fault);
	if (result < 0)
		backup_say("the database in the backup could not be put back", fault);
	return result < 0 ? result : unlink(dump) == 0 ? 0 : ERR_INTERNAL;
}

static int check_data(struct restore *r)
{
	const char *fault = "";
	if (backup_is_postgresql(r->db))
		return load_data(r);
	int result = sqlite_check(r->arena, r->db, &fault);
	if (result < 0)
		backup_say("the database in the backup is damaged", fault);
	return result;
}

/* Erasing again ---------------------------------------------------------------------------------------------------- */

struct replay {
	struct arena *arena;
	int64_t *tenants, after, people;
	size_t count;
	bool more;
};

static int list_companies(struct ctx *c, void *arg)
{
	struct replay *p = arg;
	struct upkeep_tenants_row *rows;
	TRY(upkeep_tenants(c, &rows, &p->count));
	p->tenants = ARENA_ARRAY(p->arena, int64_t, p->count + 1);
	for (size_t i = 0; i < p->count; i++)
		p->tenants[i] = rows[i].tenant;
	return 0;
}

/* A re-run starts from where its first run did. */
static int replay_chunk(struct ctx *c, void *arg)
{
	struct replay *p = arg, now = *p;
	TRY(upkeep_replay(c, &now.after, &now.people, &now.more));
	*p = now;
	return 0;
}

static int replay_all(struct app *app, int64_t *people)
{
	struct replay p = { .arena = app->arena };
	TRY(app_read(app, 0, list_companies, &p));
	for (size_t i = 0; i < p.count; i++) {
		p.after = 0;
		do
			TRY(app_write(app, p.tenants[i], replay_chunk, &p));
		while (p.more);
	}
	*people = p.people;
	return 0;
}

/* Opening migrates, and refuses keys of other data. */
static int open_and_replay(struct restore *r, const struct app_options *options, int64_t *people)
{
	struct app_options o = *options;
	struct app *app;
	o.data = r->to;
	o.db = r->db;
	o.keys = r->keys;
	o.migrate = true;
	int result = app_open(&o, &app);
	if (result < 0) {
		backup_say("data and keys do not work together", error_name(result));
		return result;
	}
	result = replay_all(app, people);
	app_close(app);
	return result;
}

static int put_keys(struct restore *r, const char *keys, const char *master, struct log *log, const struct clock *clock)
{
	const struct keystore_options k = {
		.url = r->keys, .master_path = arena_format(r->arena, "%s/master.key", r->to),
		.policy = MASTER_NEEDED, .clock = clock, .log = log,
	};
	int result = backup_copy_file(master, k.master_path, NULL);
	if (result == 0)
		result = keystore_restore(&k, keys);
	if (result < 0)
		backup_say("the keys could not be put back", error_name(result));
	return result;
}

static int restore_all(struct restore *r, const struct app_options *options, const char *keys, const char *master, int64_t *people)
{
	struct clock clock;
	clock_system(&clock);
	TRY(copy_files(r));
	TRY(check_data(r));
	TRY(put_keys(r, keys, master, r->log, &clock));
	TRY(open_and_replay(r, options, people));
	return rename(r->to, options->data) == 0 ? 0 : ERR_INTERNAL;
}

/* Keys that live in a database of their own go back there; in a file they go into the new folder. */
static void choose_places(struct restore *r, const struct app_options *options)
{
	r->db = backup_is_postgresql(options->db) ? options->db : arena_format(r->arena, "%s/data.db", r->to);
	r->keys = backup_is_postgresql(options->keys) ? options->keys : arena_format(r->arena, "%s/keys.db", r->to);
}

int command_restore(const struct app_options *options, int argc, char **argv)
{
	if (argc != 3)
		return backup_say("anxin restore --data NEW [--db postgresql://…] BACKUP KEYS MASTER (KEYS: a key copy or a key store, MASTER: its master.key)", NULL);
	if (rmdir(options->data) < 0 && errno != ENOENT)
		return backup_say("a backup is restored into a new or empty folder only", options->data);
	struct clock clock;
	struct log log;
	ARENA_SCOPED a = arena_new();
	struct restore r = { .arena = a, .from = argv[0], .to = arena_format(a, "%s.partial", options->data), .log = &log };
	int64_t people = 0;
	clock_system(&clock);
	log_init(&log, 2, options->log_level, &clock);
	choose_places(&r, options);
	if (backup_is_postgresql(r.db) && postgresql_require_empty(r.db, &log) < 0)
		return backup_say("a backup is restored into a database without a company only", NULL);
	if (mkdir(r.to, 0700) < 0)
		return backup_say("cannot make the folder, or another restore left it", r.to);
	int result = restore_all(&r, options, argv[1], argv[2], &people);
	if (result < 0) {
		if (backup_remove(r.to) < 0)
			backup_say("what was half restored is still in the folder", r.to);
		if (backup_is_postgresql(r.db) && postgresql_clear(r.db, &log) < 0)
			backup_say("what was half restored is still in the database", NULL);
		return backup_say("nothing was restored", error_name(result));
	}
	printf("%lld files checked, %lld people erased again\n", (long long)r.files, (long long)people);
	return 0;
}
