/* The job of rules that fit one event: in one request what all of them do, so that a second rule costs little. When one of them fails,
 * nothing has happened, and each gets a job of its own: its actions happen all or none, and a rule that fails holds up nobody. */
#include <string.h>

#include "base/json.h"
#include "core/rule/rule_chain.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/rule_sql.h"

enum { ATTEMPTS = 3, ERROR_CHARACTERS = 300 };

static const struct member firing_members[] = {
	MEMBER(struct rule_firing, rule_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct rule_firing, object_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct rule_firing, event_no, count),
	MEMBER(struct rule_firing, event_at, time_ms),
	MEMBER(struct rule_firing, root, count),
	MEMBER(struct rule_firing, depth, count),
	MEMBER(struct rule_firing, kind, code),
	MEMBER(struct rule_firing, also, list, .item = TYPE_id, .most = RULE_MOST_AT_ONCE),
};
static const struct shape firing_shape = SHAPE("rule_firing", struct rule_firing, firing_members);

static int read_firing(struct ctx *c, const struct job *job, struct rule_firing *out)
{
	return json_read(c->arena, &firing_shape, job->data, strlen(job->data), out, NULL, c->error);
}

int rule_fire(struct ctx *c, const char *key, const struct rule_firing *f)
{
	struct text data = text_in(c->arena);
	json_write(&data, &firing_shape, f);
	return job_add(c, new_id(c), rule_act_job.name, c->now, key, text_end(&data));
}

int rule_run_note(struct ctx *c, const struct rule_firing *f, const char *object, const char *result, const char *why)
{
	struct rule_run run = {
		.tenant = c->tenant, .id = new_id(c), .rule_id = f->rule_id, .object = object, .object_id = f->object_id, .cause = f->kind, .event_no = f->event_no,
		.root = f->root, .depth = f->depth, .result = result, .error = why, .created_at = c->now, .version = 1,
	};
	return rule_run_row_insert(c, &run);
}

static int note(struct ctx *c, const struct rule_firing *f, const char *object, bool done, const char *why)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	TRY(rule_run_note(c, f, object, done ? "done" : "failed", why));
	return rule_day_add(c, f->rule_id, day_of(c->now, (int)tenant.zone_minutes), done, !done, NULL);
}

/* Between event and job somebody may have changed the row, or the rule: it is asked once more. */
static int still_holds(struct ctx *c, const struct ready_rule *r, const struct rule_firing *f, bool *holds)
{
	struct subject subject;
	void *row = arena_alloc(c->arena, r->model->record->table->row->size);
	TRY(record_look(c, r->model->record, f->object_id, row, holds));
	if (!*holds)
		return 0;
	TRY(subject_of(c, r->model, row, &subject));
	return condition_holds(c, &r->when, &subject, holds);
}

static int act(struct ctx *c, const struct rule_set *set, const struct rule_firing *f)
{
	bool holds;
	const struct ready_rule *r = rule_set_find(set, f->rule_id);
	if (!r)
		return 0;       /* switched off meanwhile */
	TRY(still_holds(c, r, f, &holds));
	if (!holds)
		return 0;
	struct ctx as_rule = *c;        /* c belongs to the jobs and outlives this arena */
	as_rule.request_id = arena_format(c->arena, "rule/%lld/%lld/%lld", (long long)f->depth + 1, (long long)f->root, (long long)f->rule_id);
	const struct action_cause cause = { .kind = f->kind, .event_no = f->event_no, .rule_id = f->rule_id, .at = f->event_at };
	struct acting on = { .model = r->model, .id = f->object_id, .cause = &cause };
	TRY(actions_run(&as_rule, &r->actions, 0, &on));
	return note(c, f, r->row->object, true, "");
}

static int each(struct ctx *c, const struct rule_set *set, const struct rule_firing *all, bool apart)
{
	struct rule_firing f = *all;
	f.also = (struct list){ 0 };
	for (size_t i = 0; i <= all->also.n; i++) {
		f.rule_id = i ? ((const int64_t *)all->also.at)[i - 1] : all->rule_id;
		TRY(apart ? rule_fire(c, arena_format(c->arena, "%lld/%lld", (long long)f.rule_id, (long long)f.event_no), &f) : act(c, set, &f));
	}
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct rule_firing f;
	RULE_SET set = NULL;
	TRY(read_firing(c, job, &f));
	TRY(rule_set_take(c, &set));
	return each(c, set, &f, f.also.n && job->attempts);
}

static int died(struct ctx *c, const struct job *job)
{
	struct rule_firing f;
	struct rule row;
	TRY(read_firing(c, job, &f));
	int r = rule_row_get(c, f.rule_id, &row);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	const char *why = arena_string_n(c->arena, job->last_error, utf8_prefix(job->last_error, ERROR_CHARACTERS));
	return note(c, &f, row.object, false, why);
}

const struct job_kind rule_act_job = { .name = "rule.act", .run = run, .died = died, .attempts_most = ATTEMPTS, .first_pause_ms = SECOND_MS };
