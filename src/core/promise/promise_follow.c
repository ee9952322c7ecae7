/* The follower, and the pass over all objects when a definition has changed. Both only say which objects to look at again. */
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/list/list.h"
#include "core/promise/promise_set.h"
#include "core/services.h"
#include "gen/promise_sql.h"

static int judge_all(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i += PROMISE_MOST_OBJECTS)
		TRY(promise_judge(c, set, source, ids + i, n - i < PROMISE_MOST_OBJECTS ? n - i : PROMISE_MOST_OBJECTS));
	return 0;
}

/* These, and whoever's verdict follows from them. */
static int judge(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const int64_t *ids, size_t n)
{
	int64_t kin[PROMISE_KIN];
	size_t count = 0;
	TRY(promise_judge(c, set, source, ids, n));
	if (source->kin && n)
		TRY(source->kin(c, ids, n, kin, &count));
	return judge_all(c, set, source, kin, count);
}

/* Who signs in is as she was. */
static bool changes_row(const char *kind)
{
	static const char *const kinds[] = { "changed", "merged", "took_over", "parted", "gave_back" };
	const char *dot = strrchr(kind, '.');
	for (size_t i = 0; dot && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(dot + 1, kinds[i]))
			return true;
	return false;
}

static int look_behind(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const struct event *events, size_t n)
{
	int64_t *rows = ARENA_ARRAY(c->arena, int64_t, n + 1), kin[PROMISE_KIN];
	size_t row_n = 0, count = 0;
	for (size_t i = 0; source->behind && i < n; i++)
		if (text_equal(events[i].object, source->behind->name) && changes_row(events[i].kind) && !id_among(rows, row_n, events[i].object_id))
			rows[row_n++] = events[i].object_id;
	if (row_n)
		TRY(source->of_behind(c, rows, row_n, kin, &count));
	return judge_all(c, set, source, kin, count);
}

static int look(struct ctx *c, const struct promise_set *set, const struct promise_source *source, const struct event *events, size_t n)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, PROMISE_MOST_OBJECTS);
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!events[i].object_id || !text_equal(events[i].object, source->record->name) || id_among(ids, count, events[i].object_id))
			continue;
		ids[count++] = events[i].object_id;
		if (count == PROMISE_MOST_OBJECTS) {
			TRY(judge(c, set, source, ids, count));
			count = 0;
		}
	}
	return judge(c, set, source, ids, count);
}

static int step(struct ctx *c, const struct event *events, size_t n)
{
	PROMISE_SET set = NULL;
	TRY(promise_set_take(c, &set));
	for (const struct promise_source *const *s = c->services->promise_sources; s && *s; s++) {
		TRY(look(c, set, *s, events, n));
		TRY(look_behind(c, set, *s, events, n));
	}
	return 0;
}

const struct follower promise_follower = { .name = "promise", .step = step };

/* A changed definition -------------------------------------------------------------------------------------------------- */

enum { CHUNK = 100 };

struct pass {
	const char *object, *after;     /* a cursor of the list of its objects */
};
static const struct member pass_members[] = { MEMBER(struct pass, object, code, .flags = MEMBER_REQUIRED), MEMBER(struct pass, after, text) };
static const struct shape pass_shape = SHAPE("promise_pass", struct pass, pass_members);

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct pass pass = { 0 };
	struct list_page page;
	PROMISE_SET set = NULL;
	TRY(json_read(c->arena, &pass_shape, job->data, strlen(job->data), &pass, NULL, c->error));
	const struct promise_source *source = promise_source_of(c, pass.object);
	TRY(promise_set_take(c, &set));
	if (!source)
		return 0;
	struct list_query query = { .sort = "created_at", .limit = CHUNK, .after = text_empty(pass.after) ? NULL : pass.after };
	TRY(list_page(c, source->record, &query, &page));
	int64_t ids[CHUNK];
	for (size_t i = 0; i < page.n; i++)
		ids[i] = *member_int(model_of(c, source->record)->id, (char *)page.rows + i * source->record->table->row->size);
	TRY(promise_judge(c, set, source, ids, page.n));
	if (!page.next)
		return 0;
	struct text data = text_in(c->arena);
	text_format(&data, "{\"object\":\"%s\",\"after\":", pass.object);
	json_text(&data, page.next);
	text_char(&data, '}');
	return job_add(c, new_id(c), promise_recount_job.name, c->now, NULL, text_end(&data));
}

const struct job_kind promise_recount_job = { .name = "promise.recount", .run = run };

/* What came due without an event -------------------------------------------------------------------------------------------- */

struct due {
	const char *object;
	int64_t object_id;
};
static const struct member due_members[] = { MEMBER(struct due, object, code, .flags = MEMBER_REQUIRED), MEMBER(struct due, object_id, ref) };
static const struct shape due_shape = SHAPE("promise_due", struct due, due_members);

static int look_again(struct ctx *c, const struct job *job, const char *answer)
{
	struct due due = { 0 };
	PROMISE_SET set = NULL;
	TRY(json_read(c->arena, &due_shape, job->data, strlen(job->data), &due, NULL, c->error));
	const struct promise_source *source = promise_source_of(c, due.object);
	TRY(promise_set_take(c, &set));
	return source ? promise_judge(c, set, source, &due.object_id, 1) : 0;
}

const struct job_kind promise_look_job = { .name = "promise.look", .run = look_again };
