/* Scores become shares, shares and a few other signs become how sure one may be, and that becomes what is done. */
#include "engine/classify/classify.h"

#include <math.h>
#include <string.h>

#include "engine/classify/classify_score.h"

enum { RUNNERS = 8 };

/* A share is exp(score × SHARPNESS) over that of all. */
#define SHARPNESS 1.0

/* What stands there word by word is as good as certain. */
#define EXACT 0.99

struct runner {
	const struct classify_model *model;
	size_t question;
	double score;
};

struct race {
	struct runner runners[RUNNERS];         /* the best first */
	size_t n;
	double sum;                             /* of exp(score × SHARPNESS), of all that may be meant */
	double outside;
};

/* ---- who may run ---- */

static bool product_fits(const struct classify_ask *ask, const char *product)
{
	if (!ask->products || (ask->general && !strcmp(product, ask->general)))
		return true;
	for (size_t i = 0; i < ask->product_count; i++)
		if (!strcmp(product, ask->products[i]))
			return true;
	return false;
}

static bool has_code(const char *codes, const char *code)
{
	size_t n = strlen(code);
	for (const char *p = codes; (p = strstr(p, code)); p += n)
		if ((p == codes || p[-1] == ' ') && p[n] == ' ')
			return true;
	return false;
}

/* A question about other codes is not meant by who names one; a question about none may be. */
static bool may_run(const struct classify_ask *ask, const struct classify_question *q)
{
	if (!product_fits(ask, q->product) || (ask->code && *ask->code && *q->codes && !has_code(q->codes, ask->code)))
		return false;
	return !ask->allowed || ask->allowed(q->id, ask->arg);
}

static void enter(struct race *r, struct runner runner)
{
	size_t at = r->n < RUNNERS ? r->n++ : RUNNERS;
	while (at > 0 && r->runners[at - 1].score < runner.score) {
		if (at < RUNNERS)
			r->runners[at] = r->runners[at - 1];
		at--;
	}
	if (at < RUNNERS)
		r->runners[at] = runner;
}

static void run_model(struct race *r, const struct classify_model *m, const struct classify_ask *ask, const float *direction, const struct terms *terms,
		      float *scores)
{
	classify_scores(m, direction, terms, scores);
	if (!*m->product) {
		r->outside = scores[0];
		return;
	}
	for (size_t i = 0; i < m->question_count; i++) {
		if (!may_run(ask, &m->questions[i]))
			continue;
		r->sum += exp(scores[i] * SHARPNESS);
		enter(r, (struct runner){ m, i, scores[i] });
	}
}

/* ---- what to make of it ---- */

static double likely(double x) { return 1 / (1 + exp(-x)); }

double classify_likely(const struct classify_judgement *j, const struct classify_evidence *e)
{
	double margin = fmin(e->margin, CLASSIFY_MOST_MARGIN);
	return likely(j->start + j->top * e->top + j->margin * margin + j->outside * e->outside + j->nearest * e->nearest + j->known * e->known);
}

/* Fitted by logistic regression on messages that no phrasing was made from (tests/data/eval), with all that lies outside learned and with half of it
 * left out, for other goods come tomorrow, and on a quarter of the pack's own phrasings that was left out; docs/adr/0048. */
static void judge(const struct classify_basis *b, bool vectors, struct classify_decision *d)
{
	static const struct classify_judgement right[] = {
		[false] = { -0.679, 1.648, 0.123, -0.885, 0, 2.271 },
		[true] = { -5.396, 0.421, 0.541, -0.481, 3.730, 2.570 },
	}, inside[] = {
		[false] = { 0.308, 1.868, -0.125, -1.091, 0, 1.781 },
		[true] = { -4.715, 0.596, 0.159, -0.621, 4.118, 3.016 },
	};
	const struct classify_verdicts *own = vectors ? b->verdicts : NULL;
	d->confidence = d->exact ? EXACT : classify_likely(own ? &own->right : &right[vectors], &d->evidence);
	d->inside = d->exact ? EXACT : classify_likely(own ? &own->inside : &inside[vectors], &d->evidence);
}

static void tell(const struct race *r, const float *direction, const struct terms *terms, uint64_t hash, struct classify_decision *d)
{
	const struct runner *first = &r->runners[0];
	for (size_t i = 0; i < r->n && i < CLASSIFY_CHOICES; i++) {
		const struct classify_question *q = &r->runners[i].model->questions[r->runners[i].question];
		d->choices[d->choice_count++] = (struct classify_choice){ q->id, q->product, q->flow, exp(r->runners[i].score * SHARPNESS) / r->sum };
	}
	d->exact = classify_says(first->model, first->question, hash);
	d->evidence = (struct classify_evidence){
		.top = first->score, .margin = first->score - (r->n > 1 ? r->runners[1].score : first->score - 10), .outside = r->outside, .known = terms->known,
		.nearest = direction ? (double)classify_nearest(first->model, first->question, direction) : 0, .share = d->choices[0].share,
	};
}

static enum classify_kind kind_of(const struct classify_decision *d, const struct classify_limits *limits)
{
	static const struct classify_limits measured = { 0.5, 0.5 };
	double answer = limits && limits->answer > 0 ? limits->answer : measured.answer;
	double clarify = limits && limits->clarify > 0 ? limits->clarify : measured.clarify;
	if (d->confidence >= answer)
		return *d->choices[0].flow ? CLASSIFY_FLOW : CLASSIFY_ANSWER;
	return d->inside >= clarify && d->choice_count > 1 ? CLASSIFY_CLARIFY : CLASSIFY_UNKNOWN;
}

/* Who says just what a phrasing says means its question, whatever the scores. */
static void prefer_exact(struct race *r, uint64_t hash)
{
	for (size_t i = 1; i < r->n; i++) {
		struct runner runner = r->runners[i];
		if (!classify_says(runner.model, runner.question, hash) || classify_says(r->runners[0].model, r->runners[0].question, hash))
			continue;
		memmove(r->runners + 1, r->runners, i * sizeof(runner));
		r->runners[0] = runner;
		return;
	}
}

void classify_decide(const struct classify_basis *b, const struct classify_model *const *models, size_t n, const struct classify_ask *ask,
		     const struct classify_limits *limits, struct classify_decision *out)
{
	ARENA_SCOPED a = arena_new();
	struct race r = { .outside = -10 };
	struct terms terms;
	float direction[EMBED_SIZE];
	bool vectors = ask->vector && b->middle;
	size_t most = 1;
	*out = (struct classify_decision){ .kind = CLASSIFY_UNKNOWN };
	terms_of(a, &b->terms, ask->normal, &terms);
	if (vectors)
		classify_direction(b, ask->vector, direction);
	for (size_t i = 0; i < n; i++)
		most = models[i]->question_count > most ? models[i]->question_count : most;
	float *scores = ARENA_ARRAY(a, float, most);
	for (size_t i = 0; i < n; i++)
		run_model(&r, models[i], ask, vectors ? direction : NULL, &terms, scores);
	if (r.n == 0 || !*ask->normal)
		return;
	uint64_t hash = term_hash(ask->normal);
	prefer_exact(&r, hash);
	tell(&r, vectors ? direction : NULL, &terms, hash, out);
	judge(b, vectors, out);
	out->kind = kind_of(out, limits);
}
