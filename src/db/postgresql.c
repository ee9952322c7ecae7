/* PostgreSQL: one connection in pipeline mode, prepared statements, binary values.
 *
 * A statement whose outcome nobody waits for, SAVEPOINT, and the tenant's setting are only queued; the next call that needs
 * an answer sends them all and reads all answers, so a request of ten inserts costs one round trip. The first failure of
 * a queue is the failure of the call that reads it; the server skips what follows it. */
#include "db/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum own_statement { OWN_BEGIN_WRITE, OWN_BEGIN_READ, OWN_LOCK, OWN_SCOPE, OWN_SAVEPOINT, OWN_RELEASE, OWN_ROLLBACK_TO, OWN_COMMIT,
	             OWN_ROLLBACK, OWN_COUNT };
static const char *const own_sql[OWN_COUNT] = {
	[OWN_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED",
	[OWN_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	[OWN_LOCK] = ("SELECT pg_advisory_xact_lock(" LOCKS ", $1::bigint::integer)"),       /* notify.c looks who holds it */
	[OWN_SCOPE] = "SELECT set_config('anxin.tenant', $1::text, true), set_config('role', $2::text, true)",
	[OWN_SAVEPOINT] = "SAVEPOINT request",
	[OWN_RELEASE] = "RELEASE SAVEPOINT request",
	[OWN_ROLLBACK_TO] = "ROLLBACK TO SAVEPOINT request",
	[OWN_COMMIT] = "COMMIT",
	[OWN_ROLLBACK] = "ROLLBACK",
};

/* Opening ---------------------------------------------------------------------------------------------------------- */

/* Settings of a session. The application is never the owner of the tables: row-level security holds for it. */
static const char session[] =
	"SET search_path = anxin; SET client_min_messages = error; SET timezone = 'UTC'; SET bytea_output = hex;"
	"SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;";

/* A plan made while its table was small reads a whole company for one row, and stays until the server analyses the table, a
 * minute or more later: a new company's first import would be over by then. So the writers have small tables that have doubled
 * analysed after 32, 256, 2,048 … transactions, which also ends the plans of all connections. Large ones the server sees to. */
enum { FIRST_LOOK = 32, LOOK_STEP = 8 };
static const char analyse_young[] =
	"RESET ROLE; DO $$ DECLARE young regclass; BEGIN IF pg_try_advisory_xact_lock(" LOCKS ", 2000) THEN"
	" FOR young IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'anxin'::regnamespace AND c.relkind = 'r'"
	" AND pg_relation_size(c.oid) BETWEEN 2 * 8192 * greatest(c.relpages, 1) AND 64 * 1024 * 1024 ORDER BY c.oid"
	" LOOP EXECUTE 'ANALYZE ' || young; END LOOP; END IF; END $$; SET ROLE anxin_app";

/* A server that cannot be reached is a failure within seconds, not minutes; the URI may say otherwise. */
static PGconn *connect_to(const char *url)
{
	const char *const names[] = { "connect_timeout", "tcp_user_timeout", "fallback_application_name", "dbname", NULL };
	const char *const values[] = { "5", "15000", "anxin", url, NULL };
	return PQconnectdbParams(names, values, 1);
}

static void quiet(void *arg, const char *message)
{
}

static int pg_script(struct db_conn *db, const char *sql)
{
	struct postgresql *p = db->of_engine;
	TRY(pg_drain(db));
	if (!PQexitPipelineMode(p->conn))
		return pg_lost(db, "script");
	PGresult *result = PQexec(p->conn, sql);
	int code = pg_judge(db, result, "script");
	PQclear(result);
	pg_note_transaction(p);
	p->scope = SCOPE_UNKNOWN;
	if (PQstatus(p->conn) == CONNECTION_OK && !PQenterPipelineMode(p->conn))
		return pg_lost(db, "script");
	return code;
}

static int pg_open(struct db_conn *db)
{
	struct postgresql *p = db->of_engine = calloc(1, sizeof(*p));
	size_t slots = query_count + OWN_COUNT;
	if (!p || !(p->prepared = calloc(slots, 1)))
		abort();
	p->scope = SCOPE_UNKNOWN;
	p->look_at = FIRST_LOOK;
	p->arena = arena_new();
	p->conn = connect_to(db->url);
	if (PQstatus(p->conn) != CONNECTION_OK)
		return pg_lost(db, "open");
	PQsetNoticeProcessor(p->conn, quiet, NULL);
	if (!PQenterPipelineMode(p->conn))
		return pg_lost(db, "open");
	TRY(pg_script(db, session));
	return db->role == DB_OWNER ? 0 : pg_script(db, "SET ROLE anxin_app");
}

static void pg_close(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	if (!p)
		return;
	PQfinish(p->conn);
	for (size_t i = 0; i < PG_TEXT_SLOTS; i++)
		free(p->by_text[i].sql);
	arena_free(p->arena);
	free(p->prepared);
	free(p);
	db->of_engine = NULL;
}

/* Statements of our own -------------------------------------------------------------------------------------------- */

static struct run own(enum own_statement what, const struct db_value *values, size_t count)
{
	return (struct run){ .name = own_sql[what], .sql = own_sql[what], .slot = (int64_t)query_count + what,
		             .values = values, .value_count = count };
}

static int queue_own(struct db_conn *db, enum own_statement what)
{
	struct run r = own(what, NULL, 0);
	return pg_queue(db, NULL, &r);
}

static struct db_value text_value(const char *s)
{
	return (struct db_value){ .kind = KIND_TEXT, .b = { .p = (const uint8_t *)s, .n = strlen(s) } };
}

/* Sets tenant and role for the statements that follow, unless they stand. They end with the transaction, and outside of
 * one with the pipeline's next synchronisation. */
static int queue_scope(struct db_conn *db, const struct run *r)
{
	struct postgresql *p = db->of_engine;
	int64_t want = r->all_tenants ? SCOPE_ALL : db->tenant;
	if (db->role == DB_OWNER || (p->scope == want && pg_in_transaction(db)))
		return 0;
	char tenant[24];
	snprintf(tenant, sizeof(tenant), "%lld", (long long)(want < 0 ? 0 : want));
	struct db_value values[] = { text_value(tenant), text_value(r->all_tenants ? "anxin_all" : "anxin_app") };
	struct run scope = own(OWN_SCOPE, values, 2);
	struct arena_mark mark = arena_mark(p->arena);
	int code = pg_queue(db, p->arena, &scope);
	arena_rewind(p->arena, mark);
	p->scope = want;
	return code;
}

static int pg_run(struct db_conn *db, struct arena *a, const struct run *r, struct sink *sink, int64_t *changed)
{
	TRY(queue_scope(db, r));
	TRY(pg_queue(db, a, r));
	if (!sink && !changed && pg_in_transaction(db) && pg_queued(db) < PG_QUEUE_MOST)
		return 0;
	return pg_finish(db, r->name, sink, changed);
}

/* Nothing of another request is unread meanwhile, so a failure is of these. */
static int pg_run_each(struct db_conn *db, struct arena *a, const struct run *runs, struct sink *sinks, size_t n)
{
	struct postgresql *p = db->of_engine;
	TRY(pg_drain(db));
	for (size_t i = 0; i < n; i++) {
		if (pg_queued(db) >= PG_QUEUE_MOST)
			TRY(pg_drain(db));
		TRY(queue_scope(db, &runs[i]));
		TRY(pg_queue(db, a, &runs[i]));
		p->sent[p->sent_count - 1].sink = &sinks[i];
	}
	return pg_drain(db);
}

/* Transactions ----------------------------------------------------------------------------------------------------- */

/* What cannot be analysed stays as it was; only a lost connection is news. */
static int look_at_tables(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	if (db->role != DB_WRITER || ++p->transactions != p->look_at)
		return 0;
	p->look_at *= LOOK_STEP;
	if (pg_script(db, analyse_young) < 0 && db->failure >= FAILURE_LOST)
		return ERR_DATABASE;
	db->failure = FAILURE_NONE;
	return 0;
}

static int pg_begin_write(struct db_conn *db, int lane)
{
	struct postgresql *p = db->of_engine;
	TRY(pg_drain(db));
	TRY(look_at_tables(db));
	p->scope = SCOPE_UNKNOWN;
	TRY(queue_own(db, OWN_BEGIN_WRITE));
	struct db_value value = { .kind = KIND_INT, .i = lane };
	struct run lock = own(OWN_LOCK, &value, 1);
	arena_reset(p->arena);
	TRY(pg_queue(db, p->arena, &lock));
	return pg_finish(db, "begin", NULL, NULL);
}

static int pg_begin_read(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	TRY(pg_drain(db));
	p->scope = SCOPE_UNKNOWN;
	TRY(queue_own(db, OWN_BEGIN_READ));
	p->begun = true;
	return 0;
}

static int pg_savepoint(struct db_conn *db)
{
	return queue_own(db, OWN_SAVEPOINT);
}

/* Few requests may be unread at a time: when one of them fails they all run again. */
static int pg_release(struct db_conn *db, bool waits)
{
	struct postgresql *p = db->of_engine;
	TRY(queue_own(db, OWN_RELEASE));
	if (waits || p->released_count == PG_RELEASED_MOST || PQflush(p->conn) < 0)
		return pg_finish(db, "release", NULL, NULL);
	p->released[p->released_count++] = p->sent_count;
	return 0;
}

/* What is queued and unread belongs to what is undone: its failure is no news. */
static int pg_rollback_to(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	if (pg_drain(db) < 0 && (db->failure >= FAILURE_LOST || db->failed_back))
		return ERR_DATABASE;
	p->scope = SCOPE_UNKNOWN;
	TRY(queue_own(db, OWN_ROLLBACK_TO));
	TRY(queue_own(db, OWN_RELEASE));
	return pg_finish(db, "rollback to", NULL, NULL);
}

/* COMMIT of a failed transaction answers ROLLBACK: nothing was stored. */
static int pg_commit(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	TRY(queue_own(db, OWN_COMMIT));
	p->scope = SCOPE_UNKNOWN;
	TRY(pg_finish(db, "commit", NULL, NULL));
	if (strcmp(p->tag, "COMMIT"))
		return db_failed(db, FAILURE_TRANSACTION, ERR_DATABASE, "commit", "the transaction had failed before");
	return 0;
}

static void pg_rollback(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	if (!p || PQstatus(p->conn) != CONNECTION_OK)
		return;
	int ignored = pg_drain(db);
	p->scope = SCOPE_UNKNOWN;
	if (ignored < 0 && db->failure >= FAILURE_LOST)
		return;
	if (pg_in_transaction(db) && queue_own(db, OWN_ROLLBACK) == 0)
		ignored = pg_finish(db, "rollback", NULL, NULL);
	(void)ignored;
}

const struct engine_calls postgresql_calls = {
	.open = pg_open,
	.close = pg_close,
	.run = pg_run,
	.run_each = pg_run_each,
	.begin_write = pg_begin_write,
	.begin_read = pg_begin_read,
	.savepoint = pg_savepoint,
	.release = pg_release,
	.rollback_to = pg_rollback_to,
	.commit = pg_commit,
	.rollback = pg_rollback,
	.in_transaction = pg_in_transaction,
	.script = pg_script,
};
