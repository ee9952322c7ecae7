/* The database, whichever engine: typed queries in, rows in the arena out.
 *
 * A `struct query` is written by tools/gen/sql.py from a .sql file (both dialects, shapes of parameters and row), a
 * `struct table` by tools/gen/schema.py. Code calls the generated typed functions; they end here. A connection belongs
 * to one thread at a time. Rows and texts live in the arena given. Errors: ERR_EXISTS (unique), ERR_FIELD_REFERENCE
 * (foreign key), ERR_DATABASE_FULL, ERR_DATABASE (lost, I/O), ERR_INTERNAL (anything else, which is a bug). */
#pragma once

#include "base/shape.h"
#include "db/ctx.h"

enum db_engine { DB_SQLITE, DB_POSTGRESQL };

enum query_flag {
	QUERY_HOT = 1,       /* one index, ≤ 100 rows, checked by EXPLAIN: may run on a loop's own connection (SQLite) */
	QUERY_WRITES = 2,
	QUERY_ALL_TENANTS = 4,   /* binds no tenant: stated in the .sql file with a reason */
	QUERY_KEPT = 8,          /* a row of one company by one or two numbers: kept while a writing transaction lasts (kept.h) */
	QUERY_INSERTS_ROW = 16,  /* adds one row, changes none */
};

struct query {
	const char *name;
	const char *sql[2];             /* by engine */
	const struct shape *in;         /* parameters, in order ?1 … / $1 …; NULL for none */
	const struct shape *row;        /* NULL for statements without rows */
	unsigned flags;
	uint32_t number;                /* index among all queries: the slot of its prepared statement */
	uint32_t table;                 /* number of the table it writes, or of the row it gets; 0: none, or more than one */
};

/* A table as the record engine sees it. Keys are (tenant, id) unless `key` says otherwise. */
struct table {
	const char *name;
	const struct shape *row;        /* every column, in schema order */
	const struct query *insert;     /* all columns */
	const struct query *get;        /* by tenant, id; NULL for tables without an id */
	const struct query *update;     /* all columns but key, WHERE tenant, id AND version = row.version; sets version + 1; NULL without version */
	const struct query *remove;     /* by tenant, id */
};

extern const struct query *const all_queries[];
extern const size_t query_count;
extern const struct table *const all_tables[];
extern const size_t table_count;

/* A DB_WRITER connection takes statements that write only inside of db_begin_write() … db_commit().
 * Opens a connection. url: a file path for SQLite, postgresql://… otherwise. */
enum db_role {
	DB_READER,
	DB_WRITER,
	DB_OWNER,       /* migrations: owner of the tables on PostgreSQL, foreign keys off on SQLite */
};
int db_open(const char *url, enum db_role role, struct log *log, struct db_conn **out) MUST_CHECK;
void db_close(struct db_conn *db);
enum db_engine db_engine_of(const struct db_conn *db);
uint64_t db_statements(const struct db_conn *db);        /* asked over it since it was opened; any thread may look */

/* `in` is a struct of q->in. Texts and blobs are only read during the call. */
int db_exec(struct db_conn *db, struct arena *a, const struct query *q, const void *in, int64_t *changed) MUST_CHECK;
/* Exactly one row into `row` (a struct of q->row); ERR_NOT_FOUND when there is none. */
int db_one(struct db_conn *db, struct arena *a, const struct query *q, const void *in, void *row) MUST_CHECK;
/* All rows, one after the other, in the arena. */
int db_many(struct db_conn *db, struct arena *a, const struct query *q, const void *in, void **rows, size_t *n) MUST_CHECK;

/* The same question for many: rows[i] and counts[i] answer in[i]. One round trip on PostgreSQL. */
int db_each(struct db_conn *db, struct arena *a, const struct query *q, const void *const *in, size_t n, void **rows, size_t *counts) MUST_CHECK;

/* A row that was read in another way: as if `q` had been asked for it (kept.h). */
void db_keep(struct db_conn *db, const struct query *q, const void *in, const void *row);

/* For the list engine only: SQL made from record definitions. Values by kind; text of SQL in the connection's dialect:
 * parameters are ?1 … on SQLite, $1::bigint (double precision, text, bytea) … on PostgreSQL. Names stand in double quotes
 * (PostgreSQL reserves some). The statement is cached by its text (bounded). */
struct db_value {
	enum kind kind;
	int64_t i;
	double real;
	struct bytes b;         /* text or bytes; p = NULL is NULL */
};
int db_list(struct db_conn *db, struct arena *a, const char *sql, const struct db_value *values, size_t value_count,
            const struct shape *row, void **rows, size_t *n) MUST_CHECK;

/* Transactions. The tenant is set for row-level security on PostgreSQL. */
int db_begin_read(struct db_conn *db, int64_t tenant) MUST_CHECK;     /* one snapshot */
int db_end_read(struct db_conn *db) MUST_CHECK;
int db_set_tenant(struct db_conn *db, int64_t tenant) MUST_CHECK;      /* PostgreSQL: SET LOCAL anxin.tenant; SQLite: nothing */
