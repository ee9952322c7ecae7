/* The context of one request or job: what every function of the server is handed.
 *
 * It lives from the first header to the reply. Handlers touch its transaction and its arena, nothing else; what must
 * happen outside (wake-ups, files, caches) goes through after_commit(). core and app hang their services behind
 * `services`, which lower layers never open. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

struct db_conn;
struct batch;
struct auth;
struct services;
struct call;
struct undo_notes;

enum actor_kind { ACTOR_SYSTEM, ACTOR_USER, ACTOR_CUSTOMER, ACTOR_TOKEN, ACTOR_BOT };

struct ctx {
	struct arena *arena;
	struct db_conn *db;             /* this request's transaction (writer) or connection (reader) */
	struct batch *batch;            /* the writer's batch; NULL outside the writer */
	int64_t tenant;
	enum actor_kind actor_kind;
	int64_t actor_id;               /* user, customer or token; 0 for the system */
	time_ms now;                    /* one instant for the whole request */
	enum lang lang;
	const char *request_id;
	struct error *error;
	struct log *log;
	const struct auth *auth;        /* rights and scope of the actor (core) */
	struct services *services;      /* core's services */
	struct undo_notes *notes;       /* where an import notes what it writes (core/io/undo.h); NULL elsewhere */
	const struct call *call;        /* the API call this belongs to (core/api); NULL elsewhere */
};

/* Notes and returns a failure: `return fail(c, ERR_STATE, NULL);` */
static inline MUST_CHECK int fail(struct ctx *c, int code, const char *arg)
{
	return error_set(c->error, c->arena, code, arg);
}

/* Notes a failure of one field; go on checking the others, then `return c->error->code`. */
static inline int fail_field(struct ctx *c, const char *field, int code, const char *arg)
{
	return error_field(c->error, c->arena, field, code, arg);
}
