/* A trial in steps: some lines in the pool, what came of them in the writer, and on. Killed in between, it goes on where it was. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/understand/understand.h"
#include "core/understand/understand_eval.h"
#include "domain/bot/bot.h"
#include "domain/evaluation/evaluation_private.h"
#include "domain/model/model.h"
#include "gen/evaluation_sql.h"

enum { STEP = 40, MOST_PRODUCTS = 200, PAUSE_MS = 1000 };
/* So long a trial waits for what was edited before it to be learned. */
#define PATIENCE_MS (3 * MINUTE_MS)

struct tried {
	int64_t line_id, place, confidence;
	const char *expected, *given, *decision;
};
static const struct member tried_members[] = {
	MEMBER(struct tried, line_id, id), MEMBER(struct tried, place, count), MEMBER(struct tried, confidence, count), MEMBER(struct tried, expected, code),
	MEMBER(struct tried, given, code), MEMBER(struct tried, decision, code),
};
static const struct shape tried_shape = SHAPE("tried", struct tried, tried_members);

/* What a step brings: lines, or where there are none left what all of them came to. */
struct step {
	struct list items;
	const char *knowledge, *sums;
	int64_t waits;
};
static const struct member step_members[] = {
	MEMBER(struct step, items, list, .shape = &tried_shape, .most = STEP), MEMBER(struct step, knowledge, code), MEMBER(struct step, sums, text), MEMBER(struct step, waits, count),
};
static const struct shape step_shape = SHAPE("evaluation_step", struct step, step_members);

int evaluation_begin(struct ctx *c, int64_t set, struct evaluation *out)
{
	struct question_set row;
	struct lines_count_row lines;
	struct evaluations_running_row *running;
	size_t n;
	TRY(record_get(c, &question_set_record, set, &row));
	TRY(lines_count(c, set, &lines));
	TRY(evaluations_running(c, set, &running, &n));
	TRY(require(c, lines.n > 0 && !n && !row.archived_at && c->services->understanding, ERR_STATE, NULL));
	*out = (struct evaluation){ .tenant = c->tenant, .id = new_id(c), .set_id = set, .state = "running", .total = lines.n, .knowledge = "", .sums = "{}",
		.user_id = c->actor_kind == ACTOR_USER ? c->actor_id : 0, .created_at = c->now, .version = 1 };
	TRY(record_insert(c, &evaluation_record, out));
	return job_add(c, new_id(c), evaluation_step_job.name, c->now, arena_format(c->arena, "%lld.", (long long)out->id), NULL);
}

/* In the pool ---------------------------------------------------------------------------------------------------------------- */

static struct tried try_line(struct ctx *c, const struct knowledge *k, const struct question_line *l)
{
	struct understood t;
	struct classify_decision d = { 0 };
	const char *about = text_empty(l->product) ? NULL : l->product;
	bot_understand(c, k, AUDIENCE_CUSTOMER, l->question, &about, &t, &d);
	return (struct tried){ l->id, (int64_t)eval_place(&d, l->expected), (int64_t)(d.confidence * 100 + 0.5), l->expected,
		d.choice_count ? arena_string(c->arena, d.choices[0].id) : "", eval_kind_name(d.kind) };
}

struct of_product {
	const char *product;
	struct eval_sum sum;
};

static struct eval_sum *sum_of(struct of_product *products, size_t *n, const char *product)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(products[i].product, product))
			return &products[i].sum;
	if (*n == MOST_PRODUCTS)
		return &products[MOST_PRODUCTS - 1].sum;
	products[*n] = (struct of_product){ .product = product };
	return &products[(*n)++].sum;
}

static void write_sum(struct text *t, const struct eval_sum *s)
{
	text_format(t, "{\"lines\":%zu,\"inside\":%zu,\"outside\":%zu,", s->inside + s->outside, s->inside, s->outside);
	eval_write(t, s);
	text_char(t, '}');
}

/* {"all":{"lines","top1",…},"products":[{"product","lines",…}]}; what nothing answers belongs to no product. */
static int sum_up(struct ctx *c, const struct knowledge *k, int64_t evaluation, const char **out)
{
	struct answers_counted_row *rows;
	struct of_product *products = ARENA_ARRAY(c->arena, struct of_product, MOST_PRODUCTS);
	struct eval_sum all = { 0 };
	struct text t = text_in(c->arena);
	size_t n, count = 0;
	TRY(answers_counted(c, evaluation, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		bool answered = eval_is_told(rows[i].decision);
		const struct article_entry *e = knowledge_find(k, rows[i].expected);
		eval_count(&all, rows[i].expected, (size_t)rows[i].place, answered);
		if (e)
			eval_count(sum_of(products, &count, e->product), rows[i].expected, (size_t)rows[i].place, answered);
	}
	text_append(&t, "{\"all\":");
	write_sum(&t, &all);
	text_append(&t, ",\"products\":[");
	for (size_t i = 0; i < count; i++) {
		text_append(&t, i ? ",{\"product\":" : "{\"product\":");
		json_text(&t, products[i].product);
		text_append(&t, ",\"sum\":");
		write_sum(&t, &products[i].sum);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	*out = text_end(&t);
	return 0;
}

struct stepping {
	const struct job *job;
	const char **answer;
};

static int take_step(struct ctx *c, void *arg)
{
	const struct stepping *s = arg;
	struct evaluation e;
	struct question_line *lines;
	struct last_answer_row *last;
	const struct knowledge *k;
	struct step step = { .knowledge = "", .sums = "" };
	struct text t = text_in(c->arena);
	size_t n, had;
	TRY(evaluation_row_get(c, strtoll(s->job->unique_key, NULL, 10), &e));
	if (strcmp(e.state, "running") != 0)
		return 0;
	TRY(knowledge_of(c, &k));
	TRY(last_answer(c, e.id, &last, &had));
	TRY(lines_of_set(c, e.set_id, had ? last[0].line_id : 0, STEP, &lines, &n));
	step.waits = !had && !knowledge_is_learned(c, k) && c->now < e.created_at + PATIENCE_MS;
	struct tried *tried = ARENA_ARRAY(c->arena, struct tried, n + 1);
	for (size_t i = 0; i < n && !step.waits; i++)
		tried[i] = try_line(c, k, &lines[i]);
	step.items = (struct list){ tried, step.waits ? 0 : n };
	step.knowledge = knowledge_version(c, k);
	if (!n)
		TRY(sum_up(c, k, e.id, &step.sums));
	if (step.waits)
		knowledge_learn(c);
	json_write(&t, &step_shape, &step);
	*s->answer = text_end(&t);
	return 0;
}

/* The next lines' vectors, where the company has an endpoint for them: so a trial says what customers meet. */
struct vectors {
	const struct job *job;
	struct embedding_plan *plan;
};

static int plan_vectors(struct ctx *c, void *arg)
{
	struct vectors *v = arg;
	const char *texts[STEP], *redacted[STEP];
	struct evaluation e;
	struct question_line *lines;
	struct last_answer_row *last;
	size_t n, had;
	bool on;
	TRY(model_is_on(c, MODEL_EMBED, &on));
	if (!on)
		return 0;
	TRY(evaluation_row_get(c, strtoll(v->job->unique_key, NULL, 10), &e));
	if (strcmp(e.state, "running") != 0)
		return 0;
	TRY(last_answer(c, e.id, &last, &had));
	TRY(lines_of_set(c, e.set_id, had ? last[0].line_id : 0, STEP, &lines, &n));
	for (size_t i = 0; i < n; i++) {
		texts[i] = lines[i].question;
		redacted[i] = model_redact(c->arena, lines[i].question, NULL);
	}
	return knowledge_vectors_plan(c, texts, redacted, n, &v->plan);
}

static void ask_vectors(struct ctx *c, const struct job *job)
{
	struct vectors v = { .job = job };
	struct error before = *c->error;
	if (readers_run(c->services->readers, c, plan_vectors, &v) < 0)
		error_take_back(c->error, &before);
	else
		knowledge_vectors_ask(c, v.plan, 0, 0, 0);
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	if (c->services->understanding)
		ask_vectors(&all, job);
	int r = c->services->understanding ? readers_run(c->services->readers, &all, take_step, &(struct stepping){ job, answer }) : ERR_STATE;
	return r == ERR_NOT_FOUND ? 0 : r;
}

/* In the writer -------------------------------------------------------------------------------------------------------------- */

static int keep(struct ctx *c, const struct evaluation *e, const struct step *s)
{
	const struct tried *tried = s->items.at;
	for (size_t i = 0; i < s->items.n; i++) {
		struct evaluation_answer a = { .tenant = c->tenant, .evaluation_id = e->id, .line_id = tried[i].line_id, .expected = tried[i].expected, .given = tried[i].given,
			.place = tried[i].place, .decision = tried[i].decision, .confidence = tried[i].confidence };
		TRY(evaluation_answer_row_insert(c, &a));
	}
	return evaluation_progress(c, e->id, e->done + (int64_t)s->items.n, NULL);
}

/* A job's own row is still there while it runs: names take turns. */
static int go_on(struct ctx *c, const struct job *job, time_ms at)
{
	long long id = strtoll(job->unique_key, NULL, 10);
	const char *name = arena_format(c->arena, "%lld%s", id, strchr(job->unique_key, '.') ? "" : ".");
	return job_add(c, new_id(c), evaluation_step_job.name, at, name, NULL);
}

int evaluation_end(struct ctx *c, const struct evaluation *was, const char *state, const char *sums, const char *event, struct evaluation *out)
{
	*out = *was;
	out->state = state;
	out->sums = sums;
	out->ended_at = c->now;
	return record_update(c, &evaluation_record, was, out, event, NULL, NULL);
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct evaluation e, over;
	struct step s;
	if (!answer)
		return 0;
	TRY(json_read(c->arena, &step_shape, answer, strlen(answer), &s, NULL, c->error));
	TRY(evaluation_row_get(c, strtoll(job->unique_key, NULL, 10), &e));
	if (strcmp(e.state, "running") != 0)
		return 0;
	if (s.waits)
		return go_on(c, job, c->now + PAUSE_MS);
	if (!s.items.n)
		return evaluation_end(c, &e, "done", s.sums, "evaluation.ended", &over);
	TRY(keep(c, &e, &s));
	if (text_empty(e.knowledge)) {
		struct evaluation named = e;
		named.knowledge = s.knowledge;
		named.done = e.done + (int64_t)s.items.n;
		TRY(record_update(c, &evaluation_record, &e, &named, "evaluation.begun", NULL, NULL));
	}
	return go_on(c, job, c->now);
}

static int died(struct ctx *c, const struct job *job)
{
	struct evaluation e, over;
	int r = evaluation_row_get(c, strtoll(job->unique_key, NULL, 10), &e);
	return r < 0 || strcmp(e.state, "running") != 0 ? 0 : evaluation_end(c, &e, "stopped", e.sums, "evaluation.ended", &over);
}

const struct job_kind evaluation_step_job = { .name = "evaluation.step", .call = call, .run = run, .died = died, .attempts_most = 5, .first_pause_ms = SECOND_MS };
