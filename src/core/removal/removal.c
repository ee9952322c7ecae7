/* A row and what hangs on it that is no record: look-ups, search document, files, messages, notices, clocks, merges, keys, words of its history. */
#include "core/removal/removal.h"

#include "core/pii/scrub.h"
#include "core/promise/promise.h"
#include "core/services.h"
#include "gen/removal_sql.h"

/* What hangs on a row and is no record -------------------------------------------------------------------------------------- */

static int drop_clocks(struct ctx *c, const char *object, int64_t id)
{
	TRY(removal_clock_events_drop(c, object, id, NULL));
	return removal_clocks_drop(c, object, id, NULL);
}

static int drop_merges(struct ctx *c, const char *object, int64_t id)
{
	TRY(removal_merge_parts_drop(c, object, id, NULL));
	TRY(removal_merges_drop_winner(c, object, id, NULL));
	return removal_merges_drop_loser(c, object, id, NULL);
}

/* '0' follows '/': all keys that begin with object and id. */
static int drop_looks(struct ctx *c, const char *object, int64_t id)
{
	return removal_jobs_drop(c, promise_look_job.name, arena_format(c->arena, "%s/%lld/", object, (long long)id), arena_format(c->arena, "%s/%lld0", object, (long long)id), NULL);
}

static int drop_traces(struct ctx *c, const struct record_model *m, int64_t id)
{
	const char *object = m->record->name;
	struct scrub_counts counts = { 0 };
	TRY(scrub_traces(c, m, id, &counts));
	TRY(removal_notices_drop(c, object, id, NULL));
	TRY(removal_watchers_drop(c, object, id, NULL));
	TRY(drop_clocks(c, object, id));
	TRY(drop_merges(c, object, id));
	TRY(drop_looks(c, object, id));
	return removal_keys_drop(c, object, id, NULL);        /* nothing names them any more: the store's daily job takes them */
}

/* Rows --------------------------------------------------------------------------------------------------------------------- */

int removal_take(struct ctx *c, const struct record_model *m, int64_t id)
{
	const struct table *table = m->record->table;
	struct { int64_t tenant, id; } key = { c->tenant, id };
	void *row = arena_alloc(c->arena, table->row->size);
	struct error before = *c->error;
	int r = db_one(c->db, c->arena, table->get, &key, row);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	TRY(drop_traces(c, m, id));
	if (m->record->gone)
		TRY(m->record->gone(c, row));
	TRY(db_exec(c->db, c->arena, table->remove, &key, NULL));
	return event_add(c, arena_format(c->arena, "%s.removed", m->record->name), m->record->name, id, "{}");
}
