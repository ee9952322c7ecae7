/* A task's time has come: whose it is hears of it; when it is still open a while later, her supervisors do.
 *
 * A job for each, named by task and time, so that a changed time is another job and the old one does nothing. Its row goes in the transaction
 * of its notices: told once, over restarts. */
#include <stdlib.h>

#include "core/notify/tell.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/task/task.h"
#include "gen/schema.h"

/* "ID/DUE", and "ID/DUE/late". */
static const char *key_of(struct ctx *c, const struct task *t, bool late)
{
	return arena_format(c->arena, "%lld/%lld%s", (long long)t->id, (long long)t->due_at, late ? "/late" : "");
}

static bool waits(const struct task *t)
{
	return text_equal(t->state, "open") && !t->archived_at && t->due_at != FAR_FUTURE_MS;
}

int task_due_follow(struct ctx *c, const struct task *was, const struct task *t)
{
	if (!waits(t) || (was && waits(was) && was->due_at == t->due_at))
		return 0;
	return job_add(c, new_id(c), task_due_job.name, t->due_at, key_of(c, t, false), NULL);
}

static int find(struct ctx *c, const struct job *job, struct task *t, bool *late, bool *there)
{
	char *end;
	int64_t id = strtoll(job->unique_key, &end, 10), due = strtoll(*end ? end + 1 : end, &end, 10);
	struct error before = *c->error;
	*late = *end == '/';
	*there = false;
	int r = task_row_get(c, id, t);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	*there = waits(t) && t->due_at == due;
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct task t;
	bool late, there;
	TRY(find(c, job, &t, &late, &there));
	if (!there)
		return 0;
	const struct staff_notice notice = { .kind = late ? "task_late" : "task_due", .object = "task", .object_id = t.id };
	TRY(tell(c, model_of(c, &task_record), &t, late ? "supervisor" : "owner", &notice));
	return late ? 0 : job_add(c, new_id(c), task_due_job.name, t.due_at + setting_ms(c, SETTING_TASK_OVERDUE), key_of(c, &t, true), NULL);
}

const struct job_kind task_due_job = { .name = "task.due", .run = run };
