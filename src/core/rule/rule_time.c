/* Rules of time: once a minute each is asked, on a snapshot beside the writer, which rows it holds for now and which it has let go. A row fires
 * when it begins to be held, and not again before it has ceased to. What was found enters the writer as a few lines. */
#include <stdlib.h>

#include "core/api/readers.h"
#include "core/list/list.h"
#include "core/rule/rule_chain.h"
#include "core/services.h"
#include "gen/rule_sql.h"

enum { EVERY_MS = MINUTE_MS, SOON_MS = SECOND_MS, PAGE = 100, MOST_FOUND = 500 };

/* What one look found: "+RULE ROW" begins to be held, "-RULE ROW" has ceased to, "!RULE 0" asks too much, a line each. */
struct found {
	struct text lines;
	size_t n;
};

static void note(struct found *f, char what, int64_t rule, int64_t row)
{
	if (f->n++ < MOST_FOUND)        /* the rest is found by the next look, which follows at once */
		text_format(&f->lines, "%c%lld %lld\n", what, (long long)rule, (long long)row);
}

/* Looking -------------------------------------------------------------------------------------------------------------- */

/* Of rows that are not held yet and are alive: what is invented calls nobody, and the past of another system is nobody's business until somebody
 * takes it up. Whatever their number, none waits behind others: what one look cannot carry the next finds. */
static int look_for_new(struct ctx *c, const struct ready_rule *r, struct found *f)
{
	struct list_query query = { .condition = r->row->condition, .sort = "created_at", .limit = PAGE, .unheld = r->row->id, .alive = 1 };
	struct list_page page;
	do {
		TRY(list_page(c, r->model->record, &query, &page));
		for (size_t i = 0; i < page.n; i++)
			note(f, '+', r->row->id, *member_int(r->model->id, (char *)page.rows + i * r->model->record->table->row->size));
		query.after = page.next;
	} while (page.next && f->n < MOST_FOUND);
	return 0;
}

/* Whether a held row still holds; one that is gone (NULL) does not. */
static int still(struct ctx *c, const struct ready_rule *r, const void *row, bool *out)
{
	struct subject subject;
	*out = false;
	if (!row)
		return 0;
	TRY(subject_of(c, r->model, row, &subject));
	return condition_holds(c, &r->when, &subject, out);
}

static int look_for_gone(struct ctx *c, const struct ready_rule *r, struct found *f)
{
	struct rule_holds_row *held;
	size_t n;
	int64_t after = 0;
	do {
		const void *rows[PAGE];
		TRY(rule_holds(c, r->row->id, after, PAGE, &held, &n));
		int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
		for (size_t i = 0; i < n; i++)
			ids[i] = after = held[i].object_id;
		TRY(list_rows_in_order(c, r->model->record, ids, n, rows));
		for (size_t i = 0; i < n; i++) {
			bool holds;
			TRY(still(c, r, rows[i], &holds));
			if (!holds)
				note(f, '-', r->row->id, ids[i]);
		}
	} while (n == PAGE);
	return 0;
}

/* One rule that asks too much does not keep the others from being asked. */
static int ask(struct ctx *c, const struct ready_rule *r, struct found *f)
{
	struct error before = *c->error;
	TRY(look_for_gone(c, r, f));
	int result = look_for_new(c, r, f);
	if (result != ERR_REPORT_BUDGET)
		return result;
	error_take_back(c->error, &before);
	note(f, '!', r->row->id, 0);
	return 0;
}

static int look(struct ctx *c, void *arg)
{
	RULE_SET set = NULL;
	TRY(rule_set_take(c, &set));
	for (size_t i = 0; i < set->count; i++)
		if (text_equal(set->rules[i].row->cause, "time"))
			TRY(ask(c, &set->rules[i], arg));
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct found f = { .lines = text_in(c->arena) };
	TRY(readers_run(c->services->readers, c, look, &f));
	*answer = text_end(&f.lines);
	return 0;
}

/* In the writer -------------------------------------------------------------------------------------------------------- */

/* The action asks the condition once more; here only that nobody was faster. */
static int fire(struct ctx *c, int64_t rule, int64_t id)
{
	struct rule_holds_of_row *held;
	size_t n;
	TRY(rule_holds_of(c, rule, &id, 1, &held, &n));
	if (n)
		return 0;
	struct rule_hold hold = { .tenant = c->tenant, .rule_id = rule, .object_id = id, .at = c->now };
	TRY(rule_hold_row_insert(c, &hold));
	const struct rule_firing f = { .rule_id = rule, .object_id = id, .event_at = c->now, .kind = "time", .root = new_id(c) };
	return rule_fire(c, arena_format(c->arena, "%lld/%lld/%lld", (long long)rule, (long long)id, (long long)c->now), &f);
}

/* Stands among what the rule did, about itself, once a day. */
static int note_fault(struct ctx *c, const struct ready_rule *r)
{
	struct tenant tenant;
	struct rule_in_chain_row *known;
	size_t n;
	TRY(tenant_row_get(c, &tenant));
	int64_t day = day_of(c->now, (int)tenant.zone_minutes);
	TRY(rule_in_chain(c, r->row->id, r->row->id, day, &known, &n));
	if (n)
		return 0;
	const struct rule_firing f = { .rule_id = r->row->id, .object_id = r->row->id, .root = day, .kind = "time" };
	log_write(c->log, LOG_WARN, "a rule of time looks through too many rows", "rule", r->row->name, NULL);
	TRY(rule_run_note(c, &f, "rule", "failed", error_text(ERR_REPORT_BUDGET, LANG_ZH, NULL, c->arena)));
	return rule_day_add(c, r->row->id, day, 0, 1, NULL);
}

/* *n: how many lines there were. */
static int take(struct ctx *c, const struct rule_set *set, const char *lines, size_t *n)
{
	for (const char *p = lines; *p; p += *p == '\n') {
		char what = *p++, *end;
		int64_t rule = strtoll(p, &end, 10), id = strtoll(end, &end, 10);
		const struct ready_rule *r = rule_set_find(set, rule);
		p = end;
		++*n;
		if (what == '-')
			TRY(rule_let_go(c, rule, id, NULL));
		else if (r && what == '!')
			TRY(note_fault(c, r));
		else if (r)
			TRY(fire(c, rule, id));
	}
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	RULE_SET set = NULL;
	size_t n = 0;
	TRY(rule_set_take(c, &set));
	TRY(take(c, set, answer ? answer : "", &n));
	int64_t every = n < MOST_FOUND ? EVERY_MS : SOON_MS, at = (c->now / every + 1) * every;
	/* Named by its time: two that were begun apart become one. */
	return set->by_time ? job_add(c, new_id(c), rule_time_job.name, at, arena_format(c->arena, "%lld", (long long)at), NULL) : 0;
}

const struct job_kind rule_time_job = { .name = "rule.time", .run = run, .call = call, .attempts_most = 1000 };
