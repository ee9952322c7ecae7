/* A changed definition reaches clocks that run: a pass over all of them, a chunk a job. What was breached or met stays as it was judged;
 * a clock that is put under another promise says so in an event. */
#include <string.h>

#include "base/json.h"
#include "core/clock/clock_observe.h"
#include "core/services.h"
#include "gen/clock_sql.h"

enum { CHUNK = 40 };

struct pass {
	int64_t after;
	const char *state;
};
static const struct member pass_members[] = { MEMBER(struct pass, after, ref), MEMBER(struct pass, state, code) };
static const struct shape pass_shape = SHAPE("clock_pass", struct pass, pass_members);

static int review_object(struct ctx *c, const struct clock_set *set, const struct service_clock *k)
{
	const struct record_model *m = registry_find(&c->services->registry, k->object);
	const struct ready_object *o = m ? clock_set_object(set, m) : NULL;
	time_ms earliest;
	if (!o)
		return 0;
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	bool there;
	TRY(record_look(c, m->record, k->object_id, row, &there));
	if (!there)
		return 0;
	TRY(clocks_review(c, set, o, row, &earliest));
	return *member_int(m->column[field_index(m, "next_due_at")], row) == earliest ? 0 : m->record->next_due(c, k->object_id, earliest);
}

static int more(struct ctx *c, const char *state, int64_t after)
{
	return job_add(c, new_id(c), clock_review_job.name, c->now, NULL, arena_format(c->arena, "{\"after\":\"%lld\",\"state\":\"%s\"}", (long long)after, state));
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct pass pass;
	struct service_clock *rows;
	size_t n;
	CLOCK_SET set = NULL;
	TRY(json_read(c->arena, &pass_shape, job->data, strlen(job->data), &pass, NULL, c->error));
	const char *state = text_empty(pass.state) ? "running" : pass.state;
	TRY(clock_set_take(c, &set));
	TRY(clocks_in_state(c, state, pass.after, CHUNK, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(review_object(c, set, &rows[i]));
	if (n == CHUNK)
		return more(c, state, rows[n - 1].id);
	return text_equal(state, "running") ? more(c, "paused", 0) : 0;
}

const struct job_kind clock_review_job = { .name = "clock.review", .run = run };
