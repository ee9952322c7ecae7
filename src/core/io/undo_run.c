/* The job that takes an import back: a few marks a run, the newest first. Where it is stands in the job's own row, written with what it did. */
#include <string.h>

#include "base/json.h"
#include "core/io/import.h"
#include "core/io/undo_private.h"
#include "core/removal/removal.h"
#include "core/services.h"
#include "gen/undo_sql.h"

enum { CHUNK = 4 };

struct walk {
	int64_t id;             /* of the import */
	int64_t before;         /* the place of the last mark dealt with; 0: none yet */
};
static const struct member members[] = { MEMBER(struct walk, id, id), MEMBER(struct walk, before, ref) };
static const struct shape walk_shape = SHAPE("undo_walk", struct walk, members);

/* Rows --------------------------------------------------------------------------------------------------------------------- */

static bool is_rows_fault(int code)
{
	int status = error_status(code);
	return status >= 400 && status < 500;
}

/* An old value that no longer fits, such as a number that somebody else has now, stays as it is. */
static int write_back(struct ctx *c, const struct record_model *m, const void *now, void *row, struct undo_verdict *out)
{
	struct error error = { 0 }, *outer = c->error;
	c->error = &error;
	int r = record_update(c, m->record, now, row, arena_format(c->arena, "%s.changed", m->record->name), UNDO_REQUEST, NULL);
	c->error = outer;
	if (r == 0)
		return 0;
	if (!is_rows_fault(r))
		return r;
	out->why = UNDO_REFUSED;
	return 0;
}

static int restore(struct ctx *c, const struct record_model *m, const struct import_mark *mark, void *row, struct undo_verdict *out)
{
	void *now = arena_copy(c->arena, row, m->record->table->row->size);
	struct error before = *c->error;
	size_t n;
	int r = undo_values(c, m, mark, row, &n);
	if (r == ERR_ERASED) {
		error_take_back(c->error, &before);
		out->why = UNDO_ERASED;
		return 0;
	}
	TRY(r);
	if (n)
		TRY(write_back(c, m, now, row, out));
	out->version = *member_int(m->version, row);
	return out->why ? 0 : undo_marks_follow(c, mark->import_id, mark->object_id, mark->was_version, out->version, NULL);
}

static int take_row(struct ctx *c, const struct record_model *m, const struct import_mark *mark, struct undo_verdict *out)
{
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	bool there;
	TRY(undo_row(c, m, mark->object_id, row, &there));
	if (!there)
		return 0;
	if (*member_int(m->version, row) != mark->version) {
		out->why = UNDO_CHANGED;
		return 0;
	}
	if (mark->was_version)
		return restore(c, m, mark, row, out);
	TRY(undo_judge_made(c, m, mark, NULL, out));
	return out->why ? 0 : removal_take(c, m, mark->object_id);
}

/* `older`: marks of this run behind it; what is stored has been told already. */
static int take(struct ctx *c, const struct import_mark *mark, struct import_mark *older, size_t n, int64_t *stays)
{
	const struct record_model *m = registry_find(&c->services->registry, mark->record), *target = target_of(c, mark->record);
	struct undo_verdict v = { .by_record = "" };
	bool used = false;
	if (m)
		TRY(take_row(c, m, mark, &v));
	else if (target)
		TRY(target->record->take_back(c, mark->object_id, false, &used));
	for (size_t i = 0; i < n && v.version; i++)
		if (older[i].object_id == mark->object_id && older[i].version == mark->was_version)
			older[i].version = v.version;
	v.why = used ? UNDO_USED : v.why;
	*stays += v.why != UNDO_GOES;
	return undo_mark_end(c, mark->import_id, mark->place, undo_why_name(v.why), v.by_record, v.by_id, NULL);
}

/* The job ------------------------------------------------------------------------------------------------------------------ */

static int add(struct ctx *c, const struct walk *w, const char *last_key)
{
	struct text data = text_in(c->arena);
	const char *turn = last_key && *last_key == 'a' ? "b" : "a";      /* the row of this run is still there */
	json_write(&data, &walk_shape, w);
	return job_add(c, new_id(c), undo_job.name, c->now, arena_format(c->arena, "%s/%lld", turn, (long long)w->id), text_end(&data));
}

static int finish(struct ctx *c, struct import_job *job)
{
	struct import_job old = *job;
	job->state = "undone";
	job->undone_at = c->now;
	return record_update(c, &import_record, &old, job, "import.undone", NULL,
	                     arena_format(c->arena, "{\"taken\":%lld,\"stays\":%lld}", (long long)(job->undo_done - job->undo_stays), (long long)job->undo_stays));
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct walk w = { 0 };
	struct import_mark *marks;
	struct import_job import;
	size_t n;
	int64_t stays = 0;
	c->request_id = UNDO_REQUEST;   /* its own events are no use of anything */
	TRY(json_read(c->arena, &walk_shape, job->data, strlen(job->data), &w, NULL, c->error));
	TRY(undo_marks_before(c, w.id, w.before > 0 ? w.before : INT64_MAX, CHUNK, &marks, &n));
	for (size_t i = 0; i < n; i++)
		TRY(take(c, &marks[i], &marks[i + 1], n - i - 1, &stays));
	TRY(undo_progress(c, w.id, (int64_t)n, stays, NULL));
	if (n == CHUNK)
		return add(c, &(struct walk){ w.id, marks[n - 1].place }, job->unique_key);
	TRY(import_job_row_get(c, w.id, &import));
	return finish(c, &import);
}

const struct job_kind undo_job = { .name = "import.undo", .run = run };

int undo_begin(struct ctx *c, const struct import_job *job)
{
	return add(c, &(struct walk){ .id = job->id }, NULL);
}
