/* Inside of src/db: what a connection is made of, and the calls that each engine fills in. */
#pragma once

#include "db/engine.h"
#include "db/kept.h"
#include "db/known.h"

/* One statement to run: SQL with its cache slot and its parameters, as a struct with shape or as values. */
struct run {
	const char *name;               /* for the log */
	const char *sql;
	int64_t slot;                   /* number of the query; -1: cached by text */
	const struct shape *in;
	const void *in_row;
	const struct db_value *values;  /* when in is NULL */
	size_t value_count;
	bool all_tenants;
};

/* Where rows go. Grows in the arena; most = 1 writes into the caller's struct. */
struct sink {
	const struct shape *shape;
	struct arena *arena;
	char *rows;
	size_t n, room, most;
};

void *sink_next(struct sink *s);        /* place for one more row, zeroed; NULL when there are `most` already */

struct engine_calls {
	int (*open)(struct db_conn *db);
	void (*close)(struct db_conn *db);
	/* sink NULL: no rows wanted. changed NULL: nobody waits for the outcome. */
	int (*run)(struct db_conn *db, struct arena *a, const struct run *r, struct sink *sink, int64_t *changed);
	/* Questions, each with its sink, in one round trip where there are any. NULL: one after the other is as good. */
	int (*run_each)(struct db_conn *db, struct arena *a, const struct run *runs, struct sink *sinks, size_t n);
	int (*begin_write)(struct db_conn *db, int lane);
	int (*begin_read)(struct db_conn *db);
	int (*savepoint)(struct db_conn *db);
	int (*release)(struct db_conn *db, bool waits);
	int (*rollback_to)(struct db_conn *db);
	int (*commit)(struct db_conn *db);
	void (*rollback)(struct db_conn *db);
	bool (*in_transaction)(const struct db_conn *db);
	int (*script)(struct db_conn *db, const char *sql);
};

extern const struct engine_calls sqlite_calls, postgresql_calls;

struct db_conn {
	const struct engine_calls *calls;
	enum db_engine engine;
	enum db_role role;
	char *url;
	struct log *log;
	int64_t tenant;                 /* what the next statements work for; 0 none */
	enum failure failure;
	_Atomic uint64_t statements;    /* asked since it was made */
	unsigned failed_back;           /* how many requests before the running one it was of, released without waiting */
	char message[240];
	struct kept *kept;              /* of a DB_WRITER, else NULL */
	struct known *known;            /* of a DB_WRITER on PostgreSQL, else NULL */
	void *of_engine;                /* struct sqlite or struct postgresql */
};

/* Notes a failure and returns its code. Bugs and lost databases are logged here, once; 409s are not. */
int db_failed(struct db_conn *db, enum failure failure, int code, const char *what, const char *message);

/* Parameter i of a run. A list (IN …) becomes text: between these brackets for numbers, JSON for words. */
struct db_value run_value(struct arena *a, const struct run *r, size_t i, const char brackets[2]);

static inline size_t run_values(const struct run *r) { return r->in ? r->in->count : r->value_count; }
