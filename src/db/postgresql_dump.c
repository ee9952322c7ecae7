/* PostgreSQL's own programs as children: pg_dump takes one snapshot while everybody goes on, pg_restore puts it back in one
 * transaction. They know every type and every version of the server; a copy of our own would have to learn them. */
#include <errno.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/backup.h"
#include "db/engine.h"

/* The connection goes to the child by environment: on a command line everybody could read its password. What stands first counts. NULL: the URL is
 * none. */
static char **environment_of(struct arena *a, const char *url)
{
	char *fault = NULL;
	size_t n = 0, ours = 0;
	PQconninfoOption *options = PQconninfoParse(url, &fault);
	PQfreemem(fault);
	if (!options)
		return NULL;
	for (PQconninfoOption *o = options; o->keyword; o++)
		ours++;
	while (environ[n])
		n++;
	char **all = ARENA_ARRAY(a, char *, ours + n + 1);
	size_t at = 0;
	for (PQconninfoOption *o = options; o->keyword; o++)
		if (o->val && o->envvar)
			all[at++] = arena_format(a, "%s=%s", o->envvar, o->val);
	PQconninfoFree(options);
	memcpy(all + at, environ, n * sizeof(*all));
	return all;
}

/* Runs it to its end; what it says goes to our standard error. Everything is ready before it is spawned: in a copy of a process with threads
 * a lock of the allocator may be held by a thread that is not there. */
static int run_child(struct arena *a, const char *url, const char *const *words, const char **fault)
{
	int status;
	pid_t pid;
	char **environment = environment_of(a, url);
	if (!environment)
		return ERR_DATABASE;
	int r = posix_spawnp(&pid, words[0], NULL, NULL, (char *const *)words, environment);
	if (r != 0) {
		*fault = r == ENOENT ? arena_format(a, "%s is not there: install PostgreSQL's client programs", words[0]) : arena_format(a, "%s could not be started", words[0]);
		return ERR_DATABASE;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ERR_INTERNAL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	*fault = !WIFEXITED(status) ? arena_format(a, "%s was ended by signal %d", words[0], WTERMSIG(status)) :
		arena_format(a, "%s ended with code %d", words[0], WEXITSTATUS(status));
	return ERR_DATABASE;
}

/* The policies stay on, under the role that sees all companies: the login itself need not be more than an ordinary owner. */
int postgresql_dump(struct arena *a, const char *url, const char *path, const char **fault)
{
	const char *const words[] = { "pg_dump", "--format=custom", "--compress=1", "--schema=anxin", "--role=anxin_all", "--enable-row-security",
	                              "--no-owner", "--lock-wait-timeout=60000", "--file", path, NULL };
	return run_child(a, url, words, fault);
}

/* References are made last, so what comes back without a complaint refers to nothing that is missing. */
int postgresql_load(struct arena *a, const char *url, const char *path, const char **fault)
{
	const char *base = NULL;
	char *why = NULL;
	PQconninfoOption *options = PQconninfoParse(url, &why);
	PQfreemem(why);
	for (PQconninfoOption *o = options; o && o->keyword; o++)
		if (!strcmp(o->keyword, "dbname") && o->val)
			base = arena_string(a, o->val);
	PQconninfoFree(options);
	if (!base) {
		*fault = "the URL names no database";
		return ERR_DATABASE;
	}
	const char *const words[] = { "pg_restore", "--dbname", base, "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
	                              path, NULL };
	return run_child(a, url, words, fault);
}

static int as_owner(const char *url, struct log *log, const char *sql)
{
	struct db_conn *db;
	TRY(db_open(url, DB_OWNER, log, &db));
	int r = db_script(db, sql);
	if (r < 0)
		log_write(log, LOG_ERROR, "refused by the database", "why", db_message(db), NULL);
	db_close(db);
	return r;
}

int postgresql_require_empty(const char *url, struct log *log)
{
	return as_owner(url, log, "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'anxin') THEN"
	                          " RAISE EXCEPTION 'the database holds a company already'; END IF; END $$");
}

int postgresql_clear(const char *url, struct log *log)
{
	return as_owner(url, log, "DROP SCHEMA IF EXISTS anxin CASCADE");
}
