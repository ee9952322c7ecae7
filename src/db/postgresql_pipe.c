/* The pipeline to PostgreSQL: sends without waiting, reads all answers at a synchronisation, tells failures apart. */
#include "db/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Failures --------------------------------------------------------------------------------------------------------- */

/* By SQLSTATE: the first line whose letters match. */
static const struct {
	const char *state;
	int code;
	enum failure failure;
} meanings[] = {
	{ "23505", ERR_EXISTS,          FAILURE_STATEMENT },
	{ "23503", ERR_FIELD_REFERENCE, FAILURE_STATEMENT },
	{ "53100", ERR_DATABASE_FULL,   FAILURE_FULL },
	{ "53200", ERR_NO_MEMORY,       FAILURE_TRANSACTION },
	{ "53",    ERR_BUSY,            FAILURE_TRANSACTION },
	{ "40",    ERR_BUSY,            FAILURE_TRANSACTION },     /* serialization, deadlock */
	{ "55P03", ERR_BUSY,            FAILURE_TRANSACTION },     /* lock not available */
	{ "57014", ERR_BUSY,            FAILURE_TRANSACTION },     /* cancelled */
	{ "25P02", ERR_DATABASE,        FAILURE_TRANSACTION },     /* in a failed transaction */
	{ "25006", ERR_DATABASE,        FAILURE_LOST },            /* read-only: this node is no longer the leader */
	{ "57P",   ERR_DATABASE,        FAILURE_LOST },
	{ "08",    ERR_DATABASE,        FAILURE_LOST },
	{ "58",    ERR_DATABASE,        FAILURE_LOST },            /* its disk fails: it recovers by itself */
	{ "",      ERR_INTERNAL,        FAILURE_STATEMENT },
};

int pg_lost(struct db_conn *db, const char *name)
{
	struct postgresql *p = db->of_engine;
	p->sent_count = p->released_count = 0;
	return db_failed(db, FAILURE_LOST, ERR_DATABASE, name, PQerrorMessage(p->conn));
}

/* Class 22 quotes the value at fault, which may be personal: only its code goes on. */
int pg_judge(struct db_conn *db, const PGresult *result, const char *name)
{
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
		return 0;
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	if (!state)
		return pg_lost(db, name);
	const char *text = strncmp(state, "22", 2) ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : "a value is out of range";
	char message[200];
	snprintf(message, sizeof(message), "%s %s", state, text ? text : "");
	size_t i = 0;
	while (strncmp(state, meanings[i].state, strlen(meanings[i].state)))
		i++;
	return db_failed(db, meanings[i].failure, meanings[i].code, name, message);
}

/* Sending ---------------------------------------------------------------------------------------------------------- */

static void sent(struct postgresql *p, const char *name, uint8_t *prepared)
{
	p->sent[p->sent_count++] = (struct pg_sent){ .name = name, .prepared = prepared };
}

size_t pg_queued(const struct db_conn *db)
{
	return ((const struct postgresql *)db->of_engine)->sent_count;
}

/* The slot of a statement known by its text only. The one unused longest makes room, once its PREPARE is answered. */
static struct pg_text_slot *text_slot(struct postgresql *p, const char *sql)
{
	struct pg_text_slot *oldest = &p->by_text[0];
	for (struct pg_text_slot *s = p->by_text; s < p->by_text + PG_TEXT_SLOTS; s++) {
		if (s->sql && !strcmp(s->sql, sql)) {
			s->used = ++p->clock;
			return s;
		}
		if (s->used < oldest->used)
			oldest = s;
	}
	free(oldest->sql);
	oldest->sql = strdup(sql);
	if (!oldest->sql)
		abort();
	oldest->used = oldest->name = ++p->clock;
	oldest->prepared = PREPARED_NOT;
	return oldest;
}

/* The server's copy of a dropped statement goes as well. */
static int drop_old(struct db_conn *db, const struct pg_text_slot *s, uint64_t name_before)
{
	struct postgresql *p = db->of_engine;
	char sql[48];
	if (!name_before || name_before == s->name)
		return 0;
	snprintf(sql, sizeof(sql), "DEALLOCATE l%llu", (unsigned long long)name_before);
	if (!PQsendQueryParams(p->conn, sql, 0, NULL, NULL, NULL, NULL, 1))
		return pg_lost(db, "deallocate");
	sent(p, "deallocate", NULL);
	return 0;
}

static int name_of(struct db_conn *db, const struct run *r, char name[static 24], uint8_t **prepared)
{
	struct postgresql *p = db->of_engine;
	if (r->slot >= 0) {
		snprintf(name, 24, "q%lld", (long long)r->slot);
		*prepared = &p->prepared[r->slot];
		return 0;
	}
	uint64_t before[PG_TEXT_SLOTS];
	for (size_t i = 0; i < PG_TEXT_SLOTS; i++)
		before[i] = p->by_text[i].prepared == PREPARED_DONE ? p->by_text[i].name : 0;
	struct pg_text_slot *s = text_slot(p, r->sql);
	TRY(drop_old(db, s, before[s - p->by_text]));
	snprintf(name, 24, "l%llu", (unsigned long long)s->name);
	*prepared = &s->prepared;
	return 0;
}

int pg_queue(struct db_conn *db, struct arena *a, const struct run *r)
{
	struct postgresql *p = db->of_engine;
	char name[24];
	uint8_t *prepared;
	if (!p->conn || PQstatus(p->conn) != CONNECTION_OK)
		return pg_lost(db, r->name);
	if (p->sent_count > PG_PIPE_MOST - 4)
		TRY(pg_finish(db, r->name, NULL, NULL));
	TRY(name_of(db, r, name, &prepared));
	if (*prepared == PREPARED_NOT) {
		if (!PQsendPrepare(p->conn, name, r->sql, 0, NULL))
			return pg_lost(db, r->name);
		*prepared = PREPARED_SENT;
		sent(p, r->name, prepared);
	}
	struct pg_values v = { 0 };
	if (run_values(r))
		v = pg_values_of(a, r);
	if (!PQsendQueryPrepared(p->conn, name, v.count, v.values, v.lengths, v.formats, 1))
		return pg_lost(db, r->name);
	sent(p, r->name, NULL);
	return 0;
}

/* Reading ---------------------------------------------------------------------------------------------------------- */

bool pg_in_transaction(const struct db_conn *db)
{
	const struct postgresql *p = db->of_engine;
	return p && PQstatus(p->conn) == CONNECTION_OK && (p->begun || p->in_transaction);
}

void pg_note_transaction(struct postgresql *p)
{
	PGTransactionStatusType status = PQtransactionStatus(p->conn);
	p->begun = false;
	p->in_transaction = status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static int take_rows(struct db_conn *db, const PGresult *result, const char *name, struct sink *sink)
{
	int rows = PQntuples(result);
	if (PQnfields(result) != (int)sink->shape->count)
		return db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, name, "the shape has another number of columns");
	for (int at = 0; at < rows; at++) {
		void *row = sink_next(sink);
		if (!row)
			return db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, name, "more rows than one");
		if (pg_read_row(sink->arena, result, at, sink->shape, row) < 0)
			return db_failed(db, FAILURE_STATEMENT, ERR_INTERNAL, name, "a column has another type than its shape");
	}
	return 0;
}

/* One answer and the NULL that ends it. */
static int take_answer(struct db_conn *db, const struct pg_sent *of, struct sink *sink, int64_t *changed)
{
	struct postgresql *p = db->of_engine;
	PGresult *result = PQgetResult(p->conn);
	int code = 0;
	if (PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
		code = ERR_DATABASE;
	else
		code = pg_judge(db, result, of->name);
	if (of->prepared)
		*of->prepared = code ? PREPARED_NOT : PREPARED_DONE;
	if (!code && sink)
		code = take_rows(db, result, of->name, sink);
	if (!code && changed)
		*changed = strtoll(PQcmdTuples(result), NULL, 10);
	snprintf(p->tag, sizeof(p->tag), "%s", result ? PQcmdStatus(result) : "");
	PQclear(result);
	while (PQstatus(p->conn) == CONNECTION_OK && (result = PQgetResult(p->conn)))
		PQclear(result);
	return code;
}

/* How many requests before the running one statement i belongs to. */
static unsigned requests_back(const struct postgresql *p, size_t i)
{
	unsigned back = 0;
	for (size_t k = 0; k < p->released_count; k++)
		back += i < p->released[k];
	return back;
}

int pg_finish(struct db_conn *db, const char *name, struct sink *sink, int64_t *changed)
{
	struct postgresql *p = db->of_engine;
	if (!PQpipelineSync(p->conn))
		return pg_lost(db, name);
	int first = 0;
	size_t count = p->sent_count;
	unsigned back = 0;
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 == count;
		int code = take_answer(db, &p->sent[i], last && sink ? sink : p->sent[i].sink, last ? changed : NULL);
		if (PQstatus(p->conn) != CONNECTION_OK)
			return pg_lost(db, name);
		if (code && !first) {
			first = code;
			back = requests_back(p, i);
		}
	}
	p->sent_count = p->released_count = 0;
	PGresult *end = PQgetResult(p->conn);
	bool synchronised = PQresultStatus(end) == PGRES_PIPELINE_SYNC;
	PQclear(end);
	if (!synchronised)
		return pg_lost(db, name);
	pg_note_transaction(p);
	if (!back)
		return first;
	db->failed_back = back;
	return db_failed(db, FAILURE_TRANSACTION, ERR_DATABASE, name, "a statement of the request before failed");
}

int pg_drain(struct db_conn *db)
{
	struct postgresql *p = db->of_engine;
	if (!p->sent_count)
		return 0;
	return pg_finish(db, "drain", NULL, NULL);
}
