/* Migrations: forward-only numbered steps, made by tools/gen from schema/ and schema/keys/ and kept in the program.
 *
 * Promises: a step is applied whole or not at all; a database that holds steps this program does not know, or other ones
 * under the same number, is refused; foreign keys hold and no row is lost at the end of each step. */
#pragma once

#include "db/db.h"

struct migration {
	int number;
	const char *name;
	const char *sum;                        /* SHA-256 of its statements for both engines */
	const char *const *rows_change;         /* tables whose number of rows it may change; ended by NULL */
	const char *sql[2];                     /* by engine */
};

struct migrations {
	const struct migration *steps;
	size_t count;
	const char *domains;                    /* PostgreSQL's types: made again when missing */
	const char *statistics;                 /* what SQLite is to believe of its indexes: set anew each time */
};

extern const struct migrations data_migrations, key_migrations;

struct migrate_report {
	int from, to;                           /* 0: an empty database */
	size_t applied;
	const char *fault;                      /* what was refused, in English, for the operator; NULL after success */
};

/* Brings the database of this URL up to date. ERR_STATE with report->fault when it is refused. Texts in the arena. */
int db_migrate(const char *url, const struct migrations *set, struct log *log, struct arena *a, struct migrate_report *report) MUST_CHECK;

/* 0 when the database has exactly these steps, ERR_STATE otherwise: for serve, which never migrates by itself. */
int db_migrate_check(struct db_conn *db, const struct migrations *set, struct arena *a) MUST_CHECK;
