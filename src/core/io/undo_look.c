/* What taking an import back would do: the same walk as the job's, from the newest to the oldest, with nothing written. */
#include "core/io/import.h"
#include "core/io/undo_private.h"
#include "core/removal/removal.h"
#include "core/services.h"
#include "gen/undo_sql.h"

enum { PAGE = 200, LOOK_MOST = 2000, ROOM = 8192 };

const char *undo_why_name(enum undo_why why)
{
	static const char *const names[] = { [UNDO_GOES] = "undone", [UNDO_CHANGED] = "changed", [UNDO_USED] = "used", [UNDO_REFUSED] = "refused", [UNDO_ERASED] = "erased" };
	return names[why];
}

int undo_row(struct ctx *c, const struct record_model *m, int64_t id, void *row, bool *there)
{
	struct { int64_t tenant, id; } key = { c->tenant, id };
	struct error before = *c->error;
	int r = db_one(c->db, c->arena, m->record->table->get, &key, row);
	*there = r == 0;
	if (r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	return 0;
}

/* Ids differ in their low bits; the multiplier is 2^64 / φ. */
struct undo_decided *undo_ahead_at(const struct undo_ahead *ahead, int64_t id)
{
	size_t i = (size_t)(((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 40) & (ahead->room - 1);
	while (ahead->at[i].id && ahead->at[i].id != id)
		i = (i + 1) & (ahead->room - 1);
	return &ahead->at[i];
}

static bool would_go(const struct undo_ahead *ahead, int64_t id)
{
	const struct undo_decided *d = undo_ahead_at(ahead, id);
	return d->id && !d->stays && !d->version;
}

/* Somebody refers to it who would not go first. */
static int ask_referers(struct ctx *c, const struct record_model *m, int64_t id, const struct undo_ahead *ahead, struct undo_verdict *out)
{
	struct referers *by = ARENA_NEW(c->arena, struct referers);
	TRY(removal_referers(c, m, id, true, by));
	if (ahead && by->n && would_go(ahead, by->ids[0])) {
		*by = (struct referers){ 0 };
		TRY(removal_referers(c, m, id, false, by));
	}
	size_t i = 0;
	while (ahead && i < by->n && would_go(ahead, by->ids[i]))
		i++;
	if (i == by->n && !by->unknown)
		return 0;
	out->why = UNDO_USED;
	if (i == 0 && by->n) {
		out->by_record = by->first->record->name;
		out->by_id = by->ids[0];
	}
	return 0;
}

int undo_judge_made(struct ctx *c, const struct record_model *m, const struct import_mark *mark, const struct undo_ahead *ahead, struct undo_verdict *out)
{
	struct undo_happened_row *events;
	size_t n;
	bool used = false;
	TRY(undo_happened(c, mark->record, mark->object_id, &events, &n));
	if (n == 0 && m->record->used)
		TRY(m->record->used(c, mark->object_id, &used));
	if (n || used) {
		out->why = UNDO_USED;
		return 0;
	}
	return ask_referers(c, m, mark->object_id, ahead, out);
}

/* Looking ------------------------------------------------------------------------------------------------------------------ */

static int judge_changed(struct ctx *c, const struct record_model *m, const struct import_mark *mark, void *row, struct undo_verdict *out)
{
	struct error before = *c->error;
	size_t n;
	int r = undo_values(c, m, mark, row, &n);
	if (r != ERR_ERASED)
		return r;
	error_take_back(c->error, &before);
	out->why = UNDO_ERASED;
	return 0;
}

static int judge(struct ctx *c, const struct import_mark *mark, const struct undo_ahead *ahead, struct undo_verdict *out)
{
	const struct record_model *m = registry_find(&c->services->registry, mark->record);
	struct undo_decided *d = undo_ahead_at(ahead, mark->object_id);
	bool there, used = false;
	if (!m) {
		m = target_of(c, mark->record);
		if (m)
			TRY(m->record->take_back(c, mark->object_id, true, &used));
		out->why = used ? UNDO_USED : UNDO_GOES;
		return 0;
	}
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	TRY(undo_row(c, m, mark->object_id, row, &there));
	out->gone = !there;
	if (!there)
		return 0;
	int64_t version = d->id && d->version ? d->version : *member_int(m->version, row);
	if (version != mark->version || (d->id && d->stays))
		out->why = UNDO_CHANGED;
	else if (mark->was_version)
		TRY(judge_changed(c, m, mark, row, out));
	else
		TRY(undo_judge_made(c, m, mark, ahead, out));
	*d = (struct undo_decided){ .id = mark->object_id, .version = out->why ? version : mark->was_version, .stays = out->why != UNDO_GOES };
	return 0;
}

static void count(struct undo_count *n, const struct import_mark *mark, const struct undo_verdict *v)
{
	n->looked++;
	n->goes += v->why == UNDO_GOES && !mark->was_version;
	n->restores += v->why == UNDO_GOES && mark->was_version;
	n->changed += v->why == UNDO_CHANGED;
	n->used += v->why == UNDO_USED;
	n->erased += v->why == UNDO_ERASED;
}

int undo_look(struct ctx *c, const struct import_job *job, struct undo_count *out)
{
	struct undo_ahead ahead = { .at = ARENA_ARRAY(c->arena, struct undo_decided, ROOM), .room = ROOM };
	struct import_mark *marks;
	int64_t before = INT64_MAX;
	size_t n = PAGE;
	*out = (struct undo_count){ 0 };
	while (n == PAGE && out->looked < LOOK_MOST) {
		struct arena_mark at = arena_mark(c->arena);
		TRY(undo_marks_before(c, job->id, before, PAGE, &marks, &n));
		for (size_t i = 0; i < n; i++) {
			struct undo_verdict v = { 0 };
			TRY(judge(c, &marks[i], &ahead, &v));
			count(out, &marks[i], &v);
			before = marks[i].place;
		}
		arena_rewind(c->arena, at);
	}
	return 0;
}
