/* Inside of the PostgreSQL engine: the pipeline, its queue and its prepared statements (postgresql_pipe.c). */
#pragma once

#include <libpq-fe.h>

#include "db/connection.h"

enum { PG_TEXT_SLOTS = 64, PG_QUEUE_MOST = 160, PG_PIPE_MOST = 2 * PG_QUEUE_MOST + 16, PG_RELEASED_MOST = 8 };

#define SCOPE_UNKNOWN INT64_C(-1)   /* tenant and role must be set before the next statement */
#define SCOPE_ALL INT64_C(-2)       /* role of background work: all tenants */

enum prepared { PREPARED_NOT, PREPARED_SENT, PREPARED_DONE };

struct pg_text_slot {
	char *sql;
	uint64_t used;
	uint64_t name;                  /* statements are called l1, l2, … */
	uint8_t prepared;
};

/* What an answer still to be read belongs to. */
struct pg_sent {
	const char *name;
	uint8_t *prepared;              /* a PREPARE: what to set; NULL for a run */
	struct sink *sink;              /* where its rows go, when several statements are read together */
};

struct postgresql {
	PGconn *conn;
	uint8_t *prepared;              /* enum prepared by query number */
	struct pg_text_slot by_text[PG_TEXT_SLOTS];
	uint64_t clock;
	struct pg_sent sent[PG_PIPE_MOST];
	size_t sent_count;
	size_t released[PG_RELEASED_MOST];      /* where requests end that were released without waiting: so many statements lie before */
	size_t released_count;
	int64_t scope;
	uint64_t transactions, look_at;
	bool begun;                     /* a BEGIN is queued and unread */
	bool in_transaction;            /* as of the last answer */
	struct arena *arena;            /* of our own statements */
	char tag[32];                   /* command tag of the last answer */
};

/* Sends the statement (and PREPARE before its first use) without waiting. */
int pg_queue(struct db_conn *db, struct arena *a, const struct run *r);
size_t pg_queued(const struct db_conn *db);
/* Reads all answers; rows and count are those of the last statement. Fails with the first failure. */
int pg_finish(struct db_conn *db, const char *name, struct sink *sink, int64_t *changed);
/* Reads whatever is still unread. */
int pg_drain(struct db_conn *db);

bool pg_in_transaction(const struct db_conn *db);
void pg_note_transaction(struct postgresql *p);
int pg_judge(struct db_conn *db, const PGresult *result, const char *name);   /* 0 or the failure of this answer */
int pg_lost(struct db_conn *db, const char *name);

/* Binary values (postgresql_value.c). */
struct pg_values {
	int count;
	const char *const *values;
	const int *lengths, *formats;
};
struct pg_values pg_values_of(struct arena *a, const struct run *r);
int pg_read_row(struct arena *a, const PGresult *result, int at, const struct shape *shape, void *row);
