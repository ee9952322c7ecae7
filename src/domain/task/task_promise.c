/* What of tasks can be measured: calls that were promised. */
#include "core/promise/promise.h"
#include "domain/task/task.h"
#include "domain/ticket/ticket.h"

/* One that is not done when it is due counts from then on, with the time that it was given. */
static int done_time(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct task *t = row;
	bool done = text_equal(t->state, "done"), waits = text_equal(t->state, "open") && t->due_at != FAR_FUTURE_MS;
	out->open = !done;
	out->at = t->created_at;
	out->value = (done ? t->done_at : t->due_at) - t->created_at;
	out->counts = (done || (waits && t->due_at <= c->now)) && out->value >= 0;
	out->look_at = waits ? t->due_at : 0;
	return 0;
}

static const struct promise_measure measures[] = { { "done_time", L("完成用时", "Time until done"), PROMISE_DURATION, done_time }, { 0 } };

/* Whose work it is says the task, what it is about its ticket. */
static int place(struct ctx *c, const void *row, int64_t at[PART_COUNT])
{
	const struct task *t = row;
	struct ticket ticket;
	int r = t->ticket_id ? ticket_row_get(c, t->ticket_id, &ticket) : ERR_NOT_FOUND;
	if (r == 0)
		ticket_parts(c, &ticket, at);
	else if (r != ERR_NOT_FOUND)
		return r;
	else
		error_clear(c->error);
	at[PART_TEAM] = t->team_id;
	at[PART_AGENT] = t->owner_id;
	return 0;
}

const struct promise_source task_promises = { .record = &task_record, .measures = measures, .place = place, .channels = ticket_channels, .symptoms = ticket_fault_titles };
