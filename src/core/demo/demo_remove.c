/* The job that takes demo data away: a walk over the marks, the newest first, a few rows a run. What something still refers to is passed
 * over; a walk that took something away is followed by another, for it may have taken what referred. What is left then is the company's. */
#include <string.h>

#include "base/json.h"
#include "core/definition/definition.h"
#include "core/demo/demo_private.h"
#include "core/removal/removal.h"
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

static int take(struct ctx *c, const struct demo_marks_before_row *mark, struct walk *w)
{
	const struct record_model *m = registry_find(&c->services->registry, mark->record);
	struct referers *by = ARENA_NEW(c->arena, struct referers);
	if (m)
		TRY(demo_referers(c, m, mark->object_id, true, by));
	if (by->n || by->unknown) {
		w->stays++;
		return 0;
	}
	if (m)
		TRY(removal_take(c, m, mark->object_id));
	w->taken++;
	w->rows++;
	return demo_mark_row_remove(c, mark->object_id);
}

/* The job ------------------------------------------------------------------------------------------------------------------ */

static int finish(struct ctx *c, const struct walk *w)
{
	TRY(demo_marks_drop(c, NULL));
	TRY(definition_changed(c, DEFINITION_DEMO));
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
