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
/* So long a trial waits for what was edited before it to be learned; and for a draft, without which it says nothing. */
#define PATIENCE_MS (3 * MINUTE_MS)
#define DRAFT_PATIENCE_MS (15 * MINUTE_MS)

struct tried {
	int64_t line_id, place, confidence, was_place, was_confidence;
	const char *expected, *given, *decision, *was, *was_decision;
};
static const struct member tried_members[] = {
	MEMBER(struct tried, line_id, id), MEMBER(struct tried, place, count), MEMBER(struct tried, confidence, count), MEMBER(struct tried, expected, code),
	MEMBER(struct tried, given, code), MEMBER(struct tried, decision, code), MEMBER(struct tried, was, code), MEMBER(struct tried, was_place, count),
	MEMBER(struct tried, was_decision, code), MEMBER(struct tried, was_confidence, count),
};
static const struct shape tried_shape = SHAPE("tried", struct tried, tried_members);

/* What a step brings: lines, or where there are none left what all of them came to. why: a draft cannot be tried on. */
struct step {
	struct list items;
	const char *knowledge, *sums, *why;
	int64_t waits;
};
static const struct member step_members[] = {
	MEMBER(struct step, items, list, .shape = &tried_shape, .most = STEP), MEMBER(struct step, knowledge, code), MEMBER(struct step, sums, text), MEMBER(struct step, waits, count),
	MEMBER(struct step, why, code),
};
static const struct shape step_shape = SHAPE("evaluation_step", struct step, step_members);

/* Whoever may read drafts may try one; learning it is work, so one at a time. */
static int check_draft(struct ctx *c, int64_t id)
{
	struct article a;
	struct drafts_running_row *running;
	size_t n;
	if (!id)
		return 0;
	TRY(require_permission(c, "article.read"));
	TRY(record_named(c, &article_record, "article_id", id, &a));
	TRY(require(c, !a.archived_at && article_is_draft(&a), ERR_NO_DRAFT, NULL));
	TRY(drafts_running(c, &running, &n));
	return require(c, !n, ERR_DRAFT_TRIED, NULL);
}

int evaluation_begin(struct ctx *c, int64_t set, int64_t article, struct evaluation *out)
{
	struct question_set row;
	struct lines_count_row lines;
	struct evaluations_running_row *running;
	size_t n;
	TRY(record_get(c, &question_set_record, set, &row));
	TRY(check_draft(c, article));
	TRY(lines_count(c, set, &lines));
	TRY(evaluations_running(c, set, &running, &n));
	TRY(require(c, lines.n > 0 && !n && !row.archived_at && c->services->understanding, ERR_STATE, NULL));
	*out = (struct evaluation){ .tenant = c->tenant, .id = new_id(c), .set_id = set, .state = "running", .total = lines.n, .knowledge = "", .sums = "{}", .article_id = article,
		.user_id = c->actor_kind == ACTOR_USER ? c->actor_id : 0, .created_at = c->now, .version = 1 };
	TRY(record_insert(c, &evaluation_record, out));
	return job_add(c, new_id(c), evaluation_step_job.name, c->now, arena_format(c->arena, "%lld.", (long long)out->id), NULL);
}

/* In the pool ---------------------------------------------------------------------------------------------------------------- */

static struct classify_decision ask(struct ctx *c, const struct knowledge *k, const struct question_line *l)
{
	struct understood t;
	struct classify_decision d = { 0 };
	const char *about = text_empty(l->product) ? NULL : l->product;
	bot_understand(c, k, AUDIENCE_CUSTOMER, l->question, &about, &t, &d);
	return d;
}

static const char *first_of(struct ctx *c, const struct classify_decision *d) { return d->choice_count ? arena_string(c->arena, d->choices[0].id) : ""; }
static int64_t percent_of(const struct classify_decision *d) { return (int64_t)(d->confidence * 100 + 0.5); }

/* then: what is in force with a draft published, or NULL. */
static struct tried try_line(struct ctx *c, const struct knowledge *now, const struct knowledge *then, const struct question_line *l)
{
	struct classify_decision d = ask(c, then ? then : now, l);
	struct tried t = { .line_id = l->id, .expected = l->expected, .given = first_of(c, &d), .place = (int64_t)eval_place(&d, l->expected), .decision = eval_kind_name(d.kind), .confidence = percent_of(&d),
		.was = "", .was_decision = "" };
	if (!then)
		return t;
	struct classify_decision was = ask(c, now, l);
	t.was = first_of(c, &was);
	t.was_place = (int64_t)eval_place(&was, l->expected);
	t.was_decision = eval_kind_name(was.kind);
	t.was_confidence = percent_of(&was);
	return t;
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

/* "all":{"lines","top1",…},"products":[{"product","lines",…}]; what nothing answers belongs to no product. */
static void write_sums(struct ctx *c, const struct knowledge *k, const struct answers_counted_row *rows, size_t n, bool was, struct text *t)
{
	struct of_product *products = ARENA_ARRAY(c->arena, struct of_product, MOST_PRODUCTS);
	struct eval_sum all = { 0 };
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		bool answered = eval_is_told(was ? rows[i].was_decision : rows[i].decision);
		size_t place = (size_t)(was ? rows[i].was_place : rows[i].place);
		const struct article_entry *e = knowledge_find(k, rows[i].expected);
		eval_count(&all, rows[i].expected, place, answered);
		if (e)
			eval_count(sum_of(products, &count, e->product), rows[i].expected, place, answered);
	}
	text_append(t, "\"all\":");
	write_sum(t, &all);
	text_append(t, ",\"products\":[");
	for (size_t i = 0; i < count; i++) {
		text_append(t, i ? ",{\"product\":" : "{\"product\":");
		json_text(t, products[i].product);
		text_append(t, ",\"sum\":");
		write_sum(t, &products[i].sum);
		text_char(t, '}');
	}
	text_char(t, ']');
}

/* Of a draft {…,"before":{…}} too: what was in force. */
static int sum_up(struct ctx *c, const struct knowledge *k, const struct evaluation *e, const char **out)
{
	struct answers_counted_row *rows;
	struct text t = text_in(c->arena);
	size_t n;
	TRY(answers_counted(c, e->id, &rows, &n));
	text_char(&t, '{');
	write_sums(c, k, rows, n, false, &t);
	if (e->article_id) {
		text_append(&t, ",\"before\":{");
		write_sums(c, k, rows, n, true, &t);
		text_char(&t, '}');
	}
	text_char(&t, '}');
	*out = text_end(&t);
	return 0;
}

/* "" as long as it can be tried: it is a draft still, the same as at the first line, and learned or to be learned soon. */
static const char *why_not(const struct ctx *c, const struct evaluation *e, const struct knowledge_trial *t, bool learned)
{
	const char *sign = strchr(e->knowledge, '+');
	if (!t->then)
		return "gone";
	if (sign && strcmp(sign + 1, t->sign) != 0)
		return "changed";
	return !learned && c->now >= e->created_at + DRAFT_PATIENCE_MS ? "unlearned" : "";
}

/* What is asked, and what it is called: of a draft with its sign, so that no later step takes another one. */
static int prepare(struct ctx *c, const struct evaluation *e, bool first, struct knowledge_trial *t, struct step *s)
{
	bool draft_waits = false;
	*t = (struct knowledge_trial){ .sign = "" };
	if (e->article_id) {
		TRY(knowledge_trial(c, e->article_id, t));
		draft_waits = t->then && !knowledge_is_learned(c, t->then);
		s->why = why_not(c, e, t, !draft_waits);
	} else {
		TRY(knowledge_of(c, &t->now));
	}
	s->waits = text_empty(s->why) && (draft_waits || (first && !knowledge_is_learned(c, t->now) && c->now < e->created_at + PATIENCE_MS));
	const char *version = knowledge_version(c, t->then ? t->then : t->now);
	s->knowledge = t->then ? arena_format(c->arena, "%s+%s", version, t->sign) : version;
	if (s->waits)
		knowledge_learn(c);
	if (s->waits && draft_waits)
		knowledge_trial_learn(c, t);
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
	struct knowledge_trial k;
	struct step step = { .knowledge = "", .sums = "", .why = "" };
	struct text t = text_in(c->arena);
	size_t n, had;
	TRY(evaluation_row_get(c, strtoll(s->job->unique_key, NULL, 10), &e));
	if (strcmp(e.state, "running") != 0)
		return 0;
	TRY(last_answer(c, e.id, &last, &had));
	TRY(prepare(c, &e, !had, &k, &step));
	TRY(lines_of_set(c, e.set_id, had ? last[0].line_id : 0, STEP, &lines, &n));
	bool tries = !step.waits && text_empty(step.why);
	struct tried *tried = ARENA_ARRAY(c->arena, struct tried, n + 1);
	for (size_t i = 0; i < n && tries; i++)
		tried[i] = try_line(c, k.now, k.then, &lines[i]);
	step.items = (struct list){ tried, tries ? n : 0 };
	if (!n && tries)
		TRY(sum_up(c, k.then ? k.then : k.now, &e, &step.sums));
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
	if (strcmp(e.state, "running") != 0 || e.article_id)
		return 0;       /* a draft is tried without them: they know nothing of it */
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
			.place = tried[i].place, .decision = tried[i].decision, .confidence = tried[i].confidence, .was = tried[i].was, .was_place = tried[i].was_place,
			.was_decision = tried[i].was_decision, .was_confidence = tried[i].was_confidence };
		TRY(evaluation_answer_row_insert(c, &a));
	}
	return evaluation_progress(c, e->id, e->done + (int64_t)s->items.n, NULL);
}

/* By which state of the knowledge, once that is known: of a draft before it is learned, so that an edit meanwhile is seen. */
static int name_state(struct ctx *c, const struct evaluation *e, const struct step *s)
{
	struct evaluation named = *e;
	named.knowledge = s->knowledge;
	named.done = e->done + (int64_t)s->items.n;
	if (e->done || text_equal(e->knowledge, s->knowledge) || (s->waits && !e->article_id))
		return 0;
	return record_update(c, &evaluation_record, e, &named, "evaluation.begun", NULL, NULL);
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
	if (was->article_id)
		knowledge_trial_over(c);
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
	if (!text_empty(s.why))
		return evaluation_end(c, &e, "stopped", arena_format(c->arena, "{\"why\":\"%s\"}", s.why), "evaluation.ended", &over);
	if (!s.waits && !s.items.n)
		return evaluation_end(c, &e, "done", s.sums, "evaluation.ended", &over);
	if (s.items.n)
		TRY(keep(c, &e, &s));
	TRY(name_state(c, &e, &s));
	return go_on(c, job, s.waits ? c->now + PAUSE_MS : c->now);
}

static int died(struct ctx *c, const struct job *job)
{
	struct evaluation e, over;
	int r = evaluation_row_get(c, strtoll(job->unique_key, NULL, 10), &e);
	return r < 0 || strcmp(e.state, "running") != 0 ? 0 : evaluation_end(c, &e, "stopped", e.sums, "evaluation.ended", &over);
}

const struct job_kind evaluation_step_job = { .name = "evaluation.step", .call = call, .run = run, .died = died, .attempts_most = 5, .first_pause_ms = SECOND_MS };
