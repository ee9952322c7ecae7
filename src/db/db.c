/* The engine-neutral half of db.h and engine.h: opens connections, turns queries into runs, gathers rows, notes failures. */
#include "db/connection.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

static enum db_engine engine_of_url(const char *url)
{
	return !strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11) ? DB_POSTGRESQL : DB_SQLITE;
}

int db_open(const char *url, enum db_role role, struct log *log, struct db_conn **out)
{
	struct db_conn *db = calloc(1, sizeof(*db));
	if (!db || !(db->url = strdup(url)))
		abort();
	db->engine = engine_of_url(url);
	db->calls = db->engine == DB_SQLITE ? &sqlite_calls : &postgresql_calls;
	db->role = role;
	db->log = log;
	db->kept = role == DB_WRITER ? kept_new() : NULL;
	db->known = role == DB_WRITER && db->engine == DB_POSTGRESQL ? known_new() : NULL;
	int result = db->calls->open(db);
	if (result < 0) {
		db_close(db);
		return result;
	}
	*out = db;
	return 0;
}

void db_close(struct db_conn *db)
{
	if (!db)
		return;
	db->calls->close(db);
	kept_free(db->kept);
	known_free(db->known);
	free(db->url);
	free(db);
}

/* The transaction begins or ends. */
static void forget_all(struct db_conn *db)
{
	kept_forget_all(db->kept);
	known_forget_all(db->known);
}

int db_reopen(struct db_conn *db)
{
	forget_all(db);
	db->calls->close(db);
	db->failure = FAILURE_NONE;
	return db->calls->open(db);
}

enum db_engine db_engine_of(const struct db_conn *db)
{
	return db->engine;
}

enum failure db_failure(const struct db_conn *db)
{
	return db->failure;
}

const char *db_message(const struct db_conn *db)
{
	return db->message;
}

int db_failed(struct db_conn *db, enum failure failure, int code, const char *what, const char *message)
{
	db->failure = failure;
	snprintf(db->message, sizeof(db->message), "%s", message ? message : "");
	bool worth = code == ERR_INTERNAL || failure >= FAILURE_FULL;
	if (worth && db->log)
		log_write(db->log, LOG_ERROR, "database", "statement", what, "code", error_name(code), "message", db->message, NULL);
	return code;
}

/* Rows ------------------------------------------------------------------------------------------------------------- */

void *sink_next(struct sink *s)
{
	if (s->most && s->n == s->most)
		return NULL;
	if (s->n == s->room) {
		size_t room = s->room ? s->room * 4 : 1;        /* most queries find one row, and the arena zeroes what it gives */
		char *rows = arena_array(s->arena, room, s->shape->size);
		if (s->n)
			memcpy(rows, s->rows, s->n * s->shape->size);
		s->rows = rows;
		s->room = room;
	}
	return s->rows + s->n++ * s->shape->size;
}

static struct run run_of(const struct db_conn *db, const struct query *q, const void *in)
{
	return (struct run){ .name = q->name, .sql = q->sql[db->engine], .slot = q->number, .in = q->in, .in_row = in,
		             .all_tenants = (q->flags & QUERY_ALL_TENANTS) != 0 };
}

/* A writer's statement outside of a transaction would commit by itself. That can happen when a handler goes on after an error
 * that ended the transaction, so it is refused here, where nobody can forget it. */
static int before_write(struct db_conn *db, const struct query *q, const void *in)
{
	if (!(q->flags & QUERY_WRITES))
		return 0;
	kept_forget(db->kept, q, in);
	known_forget(db->known, db->tenant, q, in);
	if (db->role != DB_WRITER || db->calls->in_transaction(db))
		return 0;
	enum failure failure = db->failure > FAILURE_TRANSACTION ? db->failure : FAILURE_TRANSACTION;
	return db_failed(db, failure, ERR_DATABASE, q->name, "the transaction is gone");
}

static int ask(struct db_conn *db, struct arena *a, const struct run *r, struct sink *sink, int64_t *changed)
{
	atomic_fetch_add_explicit(&db->statements, 1, memory_order_relaxed);
	return db->calls->run(db, a, r, sink, changed);
}

uint64_t db_statements(const struct db_conn *db)
{
	return atomic_load_explicit(&db->statements, memory_order_relaxed);
}

int db_exec(struct db_conn *db, struct arena *a, const struct query *q, const void *in, int64_t *changed)
{
	struct run run = run_of(db, q, in);
	TRY(before_write(db, q, in));
	return ask(db, a, &run, NULL, changed);
}

int db_one(struct db_conn *db, struct arena *a, const struct query *q, const void *in, void *row)
{
	struct run run = run_of(db, q, in);
	struct sink sink = { .shape = q->row, .arena = a, .rows = row, .room = 1, .most = 1 };
	if (kept_find(db->kept, a, q, in, row))
		return 0;
	memset(row, 0, q->row->size);
	TRY(before_write(db, q, in));
	TRY(ask(db, a, &run, &sink, NULL));
	if (sink.n && db->calls->in_transaction(db))
		kept_put(db->kept, q, in, row);
	return sink.n ? 0 : ERR_NOT_FOUND;
}

int db_each(struct db_conn *db, struct arena *a, const struct query *q, const void *const *in, size_t n, void **rows, size_t *counts)
{
	struct run *runs = ARENA_ARRAY(a, struct run, n + 1);
	struct sink *sinks = ARENA_ARRAY(a, struct sink, n + 1);
	for (size_t i = 0; i < n; i++) {
		runs[i] = run_of(db, q, in[i]);
		sinks[i] = (struct sink){ .shape = q->row, .arena = a };
		if (!db->calls->run_each)
			TRY(ask(db, a, &runs[i], &sinks[i], NULL));
	}
	if (db->calls->run_each) {
		atomic_fetch_add_explicit(&db->statements, n, memory_order_relaxed);
		TRY(db->calls->run_each(db, a, runs, sinks, n));
	}
	for (size_t i = 0; i < n; i++) {
		rows[i] = sinks[i].rows;
		counts[i] = sinks[i].n;
	}
	return 0;
}

void db_keep(struct db_conn *db, const struct query *q, const void *in, const void *row)
{
	if (db->calls->in_transaction(db))
		kept_put(db->kept, q, in, row);
}

int db_many(struct db_conn *db, struct arena *a, const struct query *q, const void *in, void **rows, size_t *n)
{
	struct run run = run_of(db, q, in);
	struct sink sink = { .shape = q->row, .arena = a };
	TRY(before_write(db, q, in));
	TRY(ask(db, a, &run, &sink, NULL));
	*rows = sink.rows;
	*n = sink.n;
	return 0;
}

int db_list(struct db_conn *db, struct arena *a, const char *sql, const struct db_value *values, size_t value_count,
            const struct shape *row, void **rows, size_t *n)
{
	struct run run = { .name = "list", .sql = sql, .slot = -1, .values = values, .value_count = value_count };
	struct sink sink = { .shape = row, .arena = a };
	TRY(ask(db, a, &run, &sink, NULL));
	*rows = sink.rows;
	*n = sink.n;
	return 0;
}

static const char *list_text(struct arena *a, const struct member *m, const struct list *list, const char brackets[2])
{
	struct text t = text_in(a);
	bool words = type_kind(m->item) == KIND_TEXT;
	text_char(&t, words ? '[' : brackets[0]);
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			text_char(&t, ',');
		if (words)
			json_text(&t, ((const char **)list->at)[i]);
		else
			text_int(&t, ((const int64_t *)list->at)[i]);
	}
	text_char(&t, words ? ']' : brackets[1]);
	return text_end(&t);
}

struct db_value run_value(struct arena *a, const struct run *r, size_t i, const char brackets[2])
{
	if (!r->in)
		return r->values[i];
	const struct member *m = &r->in->members[i];
	void *row = (void *)r->in_row;
	struct db_value v = { .kind = m->type == TYPE_list ? KIND_TEXT : type_kind(m->type) };
	const char *text = NULL;
	if (m->type == TYPE_list)
		text = list_text(a, m, (const struct list *)((char *)row + m->offset), brackets);
	else if (v.kind == KIND_INT)
		v.i = *member_int(m, row);
	else if (v.kind == KIND_REAL)
		v.real = *member_real(m, row);
	else if (v.kind == KIND_BYTES)
		v.b = *member_bytes(m, row);
	else
		text = *member_text(m, row);
	if (text)
		v.b = (struct bytes){ .p = (const uint8_t *)text, .n = strlen(text) };
	return v;
}

/* Transactions ----------------------------------------------------------------------------------------------------- */

int db_begin_read(struct db_conn *db, int64_t tenant)
{
	db->tenant = tenant;
	db->failure = FAILURE_NONE;
	forget_all(db);
	return db->calls->begin_read(db);
}

/* A statement that failed has told so itself; then the end of its transaction is no news. */
int db_end_read(struct db_conn *db)
{
	int code = db->calls->commit(db);
	forget_all(db);
	return db->failure == FAILURE_TRANSACTION && !db->calls->in_transaction(db) ? 0 : code;
}

int db_set_tenant(struct db_conn *db, int64_t tenant)
{
	db->tenant = tenant;
	return 0;
}

int db_begin_write(struct db_conn *db, int lane)
{
	db->tenant = 0;
	db->failure = FAILURE_NONE;
	db->failed_back = 0;
	forget_all(db);
	return db->calls->begin_write(db, lane);
}

int db_savepoint(struct db_conn *db)
{
	known_mark(db->known);
	return db->calls->savepoint(db);
}

int db_release(struct db_conn *db)
{
	return db->calls->release(db, true);
}

int db_release_later(struct db_conn *db)
{
	return db->calls->release(db, false);
}

unsigned db_failed_back(const struct db_conn *db)
{
	return db->failed_back;
}

int db_rollback_to(struct db_conn *db)
{
	kept_forget_all(db->kept);
	known_undo(db->known);
	return db->calls->rollback_to(db);
}

int db_commit(struct db_conn *db)
{
	forget_all(db);
	return db->calls->commit(db);
}

void db_rollback(struct db_conn *db)
{
	forget_all(db);
	db->calls->rollback(db);
}

bool db_in_transaction(const struct db_conn *db)
{
	return db->calls->in_transaction(db);
}

int db_script(struct db_conn *db, const char *sql)
{
	forget_all(db);
	return db->calls->script(db, sql);
}
