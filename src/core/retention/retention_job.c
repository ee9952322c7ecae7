/* The night's run: one kind after the other, a page of looking in the pool, a few rows in the writer. Where it is stands in the job's own row, so
 * whoever ends the server in between loses nothing and nothing is done twice. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/retention/retention.h"
#include "core/services.h"
#include "core/upkeep.h"
#include "gen/job_sql.h"
#include "gen/retention_sql.h"

enum { PAGE = 500, AT_ONCE = 20, ERASING_MOST = 60 };

/* In the job's row. */
struct place {
	const char *kind;               /* NULL: the first */
	int64_t at, id;                 /* behind this row */
	int64_t removed, held;          /* of this kind, so far */
};
static const struct member place_members[] = {
	MEMBER(struct place, kind, code, .flags = MEMBER_NULLABLE), MEMBER(struct place, at, i64), MEMBER(struct place, id, i64),
	MEMBER(struct place, removed, count), MEMBER(struct place, held, count),
};
static const struct shape place_shape = SHAPE("retention_place", struct place, place_members);

/* What looking found: due rows, and how far it came. */
struct found {
	struct list at, ids;            /* of int64_t */
	int64_t next_at, next_id, held;
	int64_t is_end;
};
static const struct member found_members[] = {
	MEMBER(struct found, at, list, .item = TYPE_i64), MEMBER(struct found, ids, list, .item = TYPE_id), MEMBER(struct found, next_at, i64),
	MEMBER(struct found, next_id, i64), MEMBER(struct found, held, count), MEMBER(struct found, is_end, flag),
};
static const struct shape found_shape = SHAPE("retention_found", struct found, found_members);

static int read_json(struct ctx *c, const struct shape *shape, const char *text, void *out)
{
	struct error error = { 0 };
	return json_read(c->arena, shape, text, strlen(text), out, NULL, &error);
}

static const struct retention_kind *kind_of(struct ctx *c, const struct place *p)
{
	const struct retention_kind *const *all = c->services->retention;
	return p->kind ? retention_find(c, p->kind) : all ? all[0] : NULL;
}

/* Nothing goes on a day on which the time was changed. */
static int in_force(struct ctx *c, const struct retention_kind *kind, time_ms *before)
{
	time_ms force_at;
	TRY(retention_now(c, kind, before, &force_at));
	if (force_at > c->now)
		*before = INT64_MIN;
	return 0;
}

/* Looking ---------------------------------------------------------------------------------------------------------------- */

struct looking {
	const struct retention_kind *kind;
	struct retention_place after;
	struct found found;
};

static int look(struct ctx *c, void *arg)
{
	struct looking *l = arg;
	struct retention_row *rows = ARENA_ARRAY(c->arena, struct retention_row, PAGE);
	int64_t *at = ARENA_ARRAY(c->arena, int64_t, AT_ONCE), *ids = ARENA_ARRAY(c->arena, int64_t, AT_ONCE);
	size_t n = 0, due = 0, i = 0;
	time_ms before;
	TRY(in_force(c, l->kind, &before));
	if (before != INT64_MIN)
		TRY(l->kind->look(c, before, &l->after, PAGE, rows, &n));
	for (; i < n && due < AT_ONCE; i++) {
		l->found.held += !rows[i].live && rows[i].held;
		if (rows[i].live || rows[i].held)
			continue;
		at[due] = rows[i].at;
		ids[due++] = rows[i].id;
	}
	l->found.at = (struct list){ at, due };
	l->found.ids = (struct list){ ids, due };
	l->found.next_at = i ? rows[i - 1].at : 0;
	l->found.next_id = i ? rows[i - 1].id : 0;
	l->found.is_end = i == n && n < PAGE;
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct place p;
	struct text t = text_in(c->arena);
	TRY(read_json(c, &place_shape, job->data, &p));
	struct looking l = { .kind = kind_of(c, &p), .after = { p.at, p.id } };
	if (l.kind && l.kind->look)
		TRY(readers_run(c->services->readers, c, look, &l));
	json_write(&t, &found_shape, &l.found);
	*answer = text_end(&t);
	return 0;
}

/* Removing --------------------------------------------------------------------------------------------------------------- */

/* The same row again: meanwhile somebody may have come for it. */
static int still_due(struct ctx *c, const struct retention_kind *kind, time_ms before, int64_t at, int64_t id, bool *due)
{
	struct retention_row row;
	size_t n;
	TRY(kind->look(c, before, &(struct retention_place){ at, id - 1 }, 1, &row, &n));
	*due = n && row.id == id && !row.live && !row.held;
	return 0;
}

static int remove_found(struct ctx *c, const struct retention_kind *kind, time_ms before, const struct found *f, int64_t *removed)
{
	const int64_t *at = f->at.at, *ids = f->ids.at;
	for (size_t i = 0; i < f->ids.n && before != INT64_MIN; i++) {
		bool due;
		TRY(still_due(c, kind, before, at[i], ids[i], &due));
		if (!due)
			continue;
		TRY(kind->remove(c, ids[i]));
		++*removed;
	}
	return 0;
}

/* Told once a kind and night, for the audit. */
static int end_kind(struct ctx *c, const struct retention_kind *kind, struct place *p)
{
	const struct retention_kind *const *k = c->services->retention;
	if (p->removed)
		TRY(event_add(c, "retention.removed", "retention", 0, arena_format(c->arena, "{\"kind\":\"%s\",\"removed\":%lld,\"held\":%lld}", kind->name, (long long)p->removed, (long long)p->held)));
	while (*k != kind)
		k++;
	*p = (struct place){ .kind = k[1] ? k[1]->name : "" };
	return 0;
}

static int again(struct ctx *c, const struct job *job, const struct place *p)
{
	struct text data = text_in(c->arena);
	json_write(&data, &place_shape, p);
	return job_add(c, new_id(c), retention_job.name, c->now, strcmp(job->unique_key, "a") ? "a" : "b", text_end(&data));
}

static int step(struct ctx *c, const struct retention_kind *kind, const struct found *f, struct place *p)
{
	int64_t removed = 0;
	bool more = kind->look && !f->is_end;
	time_ms before;
	TRY(in_force(c, kind, &before));
	if (kind->look)
		TRY(remove_found(c, kind, before, f, &removed));
	else if (kind->sweep && before != INT64_MIN)
		TRY(kind->sweep(c, before, &removed, &more));
	p->at = f->next_at;
	p->id = f->next_id;
	p->removed += removed;
	p->held += f->held;
	TRY(retention_add(c, kind->name, day_of(c->now, CHINA_MINUTES), c->now, removed, p->held, NULL));
	return more ? 0 : end_kind(c, kind, p);
}

/* Erasures that were begun are ended first: their jobs do not pile up. */
static int is_crowded(struct ctx *c, bool *is)
{
	struct jobs_to_come_row row;
	TRY(jobs_to_come(c, upkeep_erase.name, &row));
	*is = row.n > ERASING_MOST;
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct place p;
	struct found f;
	bool crowded;
	TRY(read_json(c, &place_shape, job->data, &p));
	TRY(read_json(c, &found_shape, answer, &f));
	const struct retention_kind *kind = kind_of(c, &p);
	if (!kind)              /* the last was done: what was overwritten still lies in the log */
		return upkeep_empty_log(c, "retention");
	TRY(is_crowded(c, &crowded));
	if (!crowded)
		TRY(step(c, kind, &f, &p));
	return again(c, job, &p);
}

const struct job_kind retention_job = { .name = "retention", .run = run, .call = call };

int retention_begin(struct ctx *c)
{
	struct jobs_to_come_row row;
	TRY(jobs_to_come(c, retention_job.name, &row));
	return row.n ? 0 : job_add(c, new_id(c), retention_job.name, c->now, "a", NULL);
}
