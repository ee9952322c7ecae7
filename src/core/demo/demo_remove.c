/* The job that takes demo data away: a walk over the marks, the newest first, a few rows a run. What something still refers to is passed
 * over; a walk that took something away is followed by another, for it may have taken what referred. What is left then is the company's. */
#include <string.h>

#include "base/json.h"
#include "core/demo/demo_private.h"
#include "core/pii/scrub.h"
#include "core/promise/promise.h"
#include "core/services.h"
#include "gen/demo_sql.h"
#include "gen/schema.h"

enum { CHUNK = 4 };

struct walk {
	int64_t before;         /* the place of the last mark looked at; 0: a walk begins */
	int64_t taken, stays;   /* in this walk */
	int64_t rows;           /* in all walks */
};
static const struct member members[] = {
	MEMBER(struct walk, before, ref), MEMBER(struct walk, taken, count), MEMBER(struct walk, stays, count), MEMBER(struct walk, rows, count),
};
static const struct shape walk_shape = SHAPE("demo_walk", struct walk, members);

/* What hangs on a row and is no record -------------------------------------------------------------------------------------- */

static int drop_clocks(struct ctx *c, const char *object, int64_t id)
{
	TRY(demo_clock_events_drop(c, object, id, NULL));
	return demo_clocks_drop(c, object, id, NULL);
}

static int drop_merges(struct ctx *c, const char *object, int64_t id)
{
	TRY(demo_merge_parts_drop(c, object, id, NULL));
	TRY(demo_merges_drop_winner(c, object, id, NULL));
	return demo_merges_drop_loser(c, object, id, NULL);
}

/* '0' follows '/': all keys that begin with object and id. */
static int drop_looks(struct ctx *c, const char *object, int64_t id)
{
	return demo_jobs_drop(c, promise_look_job.name, arena_format(c->arena, "%s/%lld/", object, (long long)id), arena_format(c->arena, "%s/%lld0", object, (long long)id), NULL);
}

static int drop_traces(struct ctx *c, const struct record_model *m, int64_t id)
{
	const char *object = m->record->name;
	struct scrub_counts counts = { 0 };
	TRY(scrub_traces(c, m, id, &counts));
	TRY(demo_notices_drop(c, object, id, NULL));
	TRY(demo_watchers_drop(c, object, id, NULL));
	TRY(drop_clocks(c, object, id));
	TRY(drop_merges(c, object, id));
	TRY(drop_looks(c, object, id));
	return demo_keys_drop(c, object, id, NULL);        /* nothing names them any more: the store's daily job takes them */
}

/* Rows --------------------------------------------------------------------------------------------------------------------- */

static int take_row(struct ctx *c, const struct record_model *m, int64_t id)
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

static int take(struct ctx *c, const struct demo_marks_before_row *mark, struct walk *w)
{
	const struct record_model *m = registry_find(&c->services->registry, mark->record);
	struct demo_referers *by = ARENA_NEW(c->arena, struct demo_referers);
	if (m)
		TRY(demo_referers(c, m, mark->object_id, true, by));
	if (by->n || by->unknown) {
		w->stays++;
		return 0;
	}
	if (m)
		TRY(take_row(c, m, mark->object_id));
	w->taken++;
	w->rows++;
	return demo_mark_row_remove(c, mark->object_id);
}

/* The job ------------------------------------------------------------------------------------------------------------------ */

static int finish(struct ctx *c, const struct walk *w)
{
	TRY(demo_marks_drop(c, NULL));
	return event_add(c, "demo.removed", "demo", c->tenant, arena_format(c->arena, "{\"rows\":%lld,\"kept\":%lld}", (long long)w->rows, (long long)w->stays));
}

/* Under the other of two keys, for the row of this run is still there. */
static int go_on(struct ctx *c, const struct job *job, const struct walk *w)
{
	struct text data = text_in(c->arena);
	json_write(&data, &walk_shape, w);
	return job_add(c, new_id(c), demo_remove_job.name, c->now, strcmp(job->unique_key, "a") ? "a" : "b", text_end(&data));
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct walk w = { 0 };
	struct demo_marks_before_row *marks;
	size_t n;
	TRY(json_read(c->arena, &walk_shape, job->data, strlen(job->data), &w, NULL, c->error));
	TRY(demo_marks_before(c, w.before > 0 ? w.before : INT64_MAX, CHUNK, &marks, &n));
	for (size_t i = 0; i < n; i++)
		TRY(take(c, &marks[i], &w));
	if (n == CHUNK) {
		w.before = marks[n - 1].place;
		return go_on(c, job, &w);
	}
	if (w.taken && w.stays)
		return go_on(c, job, &(struct walk){ .rows = w.rows });
	return finish(c, &w);
}

const struct job_kind demo_remove_job = { .name = "demo.remove", .run = run };

int demo_remove_begin(struct ctx *c)
{
	return job_add(c, new_id(c), demo_remove_job.name, c->now, "a", NULL);
}
