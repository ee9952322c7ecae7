/* task: what somebody is to do until when, and about what. People make them by hand, rules and promises through task_add(). */
#pragma once

#include "core/action/action.h"
#include "core/flow/flow.h"
#include "db/job.h"

extern const struct record task_record;
extern const struct flow task_flow;
extern const struct choice task_kinds[];
extern const struct promise_source task_promises;
extern const struct action_kind task_action;            /* {"do":"task","kind":"call_back","title":"…","due":86400} */

/* Told when its time has come, and to supervisors when it is still open after task.overdue. */
extern const struct job_kind task_due_job;
int task_due_follow(struct ctx *c, const struct task *was, const struct task *t) MUST_CHECK;

enum task_state { TASK_OPEN, TASK_DONE, TASK_CANCELLED };

/* What a task is made from. Nobody named: it falls to the owner and team of what it is about, else to whoever makes it, and what no person
 * makes to a supervisor. */
struct task_wish {
	const char *to;                         /* owner, team or supervisor instead of names; NULL: as above */
	const char *kind, *title, *note;        /* kind NULL: todo; note may be NULL */
	const char *object;                     /* ticket, customer, device; NULL: about nothing */
	int64_t object_id, owner_id, team_id;
	time_ms due_at;                         /* 0: none */
};
int task_add(struct ctx *c, const struct task_wish *wish, int64_t *id) MUST_CHECK;
/* Writer: an open call is done because they have spoken: she called, or was called. user_id 0: nobody knows with whom. */
int task_spoken(struct ctx *c, int64_t id, int64_t user_id, const char *result) MUST_CHECK;
