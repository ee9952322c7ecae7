/* Reading connections, handed out one at a time: a loop or pool thread takes one, uses it, gives it back. */
#pragma once

#include "db/db.h"

struct readers;

/* Opens `count` connections at once, so that a bad URL fails at start. */
int readers_open(const char *url, size_t count, struct log *log, struct readers **out) MUST_CHECK;
void readers_close(struct readers *r);

/* Waits for a free connection; a broken one is opened anew. ERR_DATABASE when that fails. */
int readers_take(struct readers *r, struct db_conn **db) MUST_CHECK;
void readers_give(struct readers *r, struct db_conn *db);

/* Statements that were asked over all of them. */
uint64_t readers_statements(const struct readers *r);

/* Runs fn(c) with c->db on one snapshot of c->tenant. */
int readers_run(struct readers *r, struct ctx *c, int (*fn)(struct ctx *c, void *arg), void *arg) MUST_CHECK;
