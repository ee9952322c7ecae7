/* Learns a space: once with a part of the phrasings left out, to see how far it can be believed, then with all of them. */
#include <string.h>

#include "core/understand/understand_space.h"

enum { LEFT_OUT_OF = 4, SAMPLES_LEAST = 40 };

/* What must hold on phrasings that neither the models nor the weights were made from. */
#define ANSWER_FROM 0.5
#define PRECISION_LEAST 0.85
#define MOST_AMISS 0.06                 /* between what was promised for answers and how many of them are right */
#define OUTSIDE_MOST 0.15

struct school {
	const struct space_course *course;
	struct arena *arena;
	struct space space;
};

static const char *const *products_of(struct arena *a, const struct classify_source *s, size_t *n)
{
	const char **out = ARENA_ARRAY(a, const char *, SPACE_PRODUCTS_MOST);
	*n = 0;
	for (size_t i = 0; i < s->question_count; i++) {
		size_t at = 0;
		while (at < *n && strcmp(out[at], s->questions[i].product) != 0)
			at++;
		if (at == *n && *n < SPACE_PRODUCTS_MOST - 1)
			out[(*n)++] = s->questions[i].product;
	}
	out[(*n)++] = "";       /* what lies outside */
	return out;
}

/* ---- a model for each product ---- */

static const uint8_t *sign_of(const struct space_lesson *lessons, size_t n, const char *product)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(lessons[i].product, product))
			return lessons[i].sign;
	return NULL;
}

/* The company says it otherwise than before, or as the pack again. */
static bool is_changed(const struct space_course *c, const struct space *before, const char *product)
{
	const uint8_t *was = sign_of(before->lessons, before->lesson_count, product), *is = sign_of(c->lessons, c->lesson_count, product);
	return !was != !is || (is && memcmp(was, is, LESSON_SIGN) != 0);
}

static const struct classify_model *model_before(const struct space_course *c, const struct space *before, const char *product)
{
	for (size_t i = 0; before && !is_changed(c, before, product) && i < before->n; i++)
		if (!strcmp(classify_model_product(before->models[i]), product))
			return before->models[i];
	return NULL;
}

/* before NULL: all anew. Else the products that nobody changed stay: an edit costs its product. */
static int teach(struct school *s, const struct classify_source *source, const struct space *before)
{
	size_t count;
	const char *const *products = products_of(s->arena, source, &count);
	for (size_t i = 0; i < count; i++) {
		struct classify_model *m;
		const struct classify_model *old = model_before(s->course, before, products[i]);
		int r = old ? 0 : classify_train(s->arena, &s->space.basis, source, products[i], &m);
		if (r == ERR_NOT_FOUND)
			continue;
		TRY(r);
		s->space.models[s->space.n++] = old ? old : m;
	}
	return 0;
}

/* ---- how far it can be believed ---- */

static bool is_left_out(size_t place) { return place % LEFT_OUT_OF == LEFT_OUT_OF - 1; }

/* Every fourth phrasing of each question, and every other text that lies outside: other goods come tomorrow. */
static void part(struct arena *a, const struct classify_source *s, struct classify_source *kept, struct classify_source *left)
{
	struct classify_phrasing *keep = ARENA_ARRAY(a, struct classify_phrasing, s->phrasing_count + s->outside_count + 2), *leave = ARENA_ARRAY(a, struct classify_phrasing, s->phrasing_count + s->outside_count + 2);
	*kept = *left = *s;
	kept->phrasings = keep;
	left->phrasings = leave;
	kept->phrasing_count = left->phrasing_count = kept->outside_count = left->outside_count = 0;
	for (size_t i = 0, place = 0; i < s->phrasing_count; i++) {
		place = i && s->phrasings[i].question == s->phrasings[i - 1].question ? place + 1 : 0;
		if (is_left_out(place))
			leave[left->phrasing_count++] = s->phrasings[i];
		else
			keep[kept->phrasing_count++] = s->phrasings[i];
	}
	kept->outside = keep + kept->phrasing_count;
	left->outside = leave + left->phrasing_count;
	for (size_t i = 0; i < s->outside_count; i++)
		if (i % 2)
			leave[left->phrasing_count + left->outside_count++] = s->outside[i];
		else
			keep[kept->phrasing_count + kept->outside_count++] = s->outside[i];
}

enum { BY_WORDS, BY_VECTORS, WAYS };

/* As a message is asked: what it names limits what it can mean. By words alone, and by its vector too. */
static void decide(const struct school *s, const struct classify_phrasing *p, struct classify_decision d[static WAYS])
{
	ARENA_SCOPED a = arena_new();
	struct understood t;
	struct classify_ask ask;
	understanding_read_words(s->course->u, a, p->normal, strlen(p->normal), &t);
	understood_ask(&t, &ask);
	ask.normal = p->normal;
	for (size_t way = 0; way < WAYS; way++) {
		ask.vector = way == BY_VECTORS ? p->vector : NULL;
		classify_decide(&s->space.basis, s->space.models, s->space.n, &ask, NULL, &d[way]);
	}
}

struct trial {
	struct classify_sample *samples;
	size_t n, right[WAYS];
};

static int try_all(const struct school *s, const struct classify_source *left, struct trial *t)
{
	struct classify_decision d[WAYS];
	for (size_t i = 0; i < left->phrasing_count + left->outside_count; i++) {
		bool inside = i < left->phrasing_count, right[WAYS];
		const struct classify_phrasing *p = inside ? &left->phrasings[i] : &left->outside[i - left->phrasing_count];
		if (s->course->given_up && atomic_load(s->course->given_up))
			return ERR_BUSY;
		decide(s, p, d);
		for (size_t way = 0; way < WAYS; way++) {
			right[way] = inside && d[way].choice_count && !strcmp(d[way].choices[0].id, left->questions[p->question].id);
			t->right[way] += right[way];
		}
		const struct classify_decision *last = &d[BY_VECTORS];
		if (last->choice_count && !last->exact)
			t->samples[t->n++] = (struct classify_sample){ last->evidence, right[BY_VECTORS], inside };
	}
	return 0;
}

/* Every other sample fits the weights, the others say whether they hold. */
static void measure(struct arena *a, const struct trial *t, struct space_measured *out)
{
	struct classify_verdicts v;
	struct classify_sample *half = ARENA_ARRAY(a, struct classify_sample, t->n + 1);
	size_t n = 0, inside = 0, outside = 0, answered = 0, good = 0, wrongly = 0;
	double promised = 0;
	for (size_t i = 0; i < t->n; i += 2)
		half[n++] = t->samples[i];
	classify_calibrate(half, n, &v);
	for (size_t i = 1; i < t->n; i += 2) {
		const struct classify_sample *s = &t->samples[i];
		double confidence = classify_likely(&v.right, &s->evidence);
		bool is_answered = confidence >= ANSWER_FROM;
		inside += s->inside;
		outside += !s->inside;
		wrongly += is_answered && !s->inside;
		if (!is_answered || !s->inside)
			continue;
		answered++;
		good += s->right;
		promised += confidence;
	}
	*out = (struct space_measured){ .samples = (int64_t)t->n };
	if (inside)
		*out = (struct space_measured){ 0, 0, (double)answered / (double)inside, answered ? (double)good / (double)answered : 0,
			answered ? promised / (double)answered : 0, outside ? (double)wrongly / (double)outside : 0, (int64_t)t->n };
}

/* Vectors that tell less than words do no good either. */
static bool holds(const struct space_measured *m)
{
	return m->samples >= SAMPLES_LEAST && m->answered > 0 && m->precision >= PRECISION_LEAST && m->confidence - m->precision <= MOST_AMISS && m->outside_answered <= OUTSIDE_MOST &&
	       m->first >= m->first_by_words;
}

static int calibrate(struct school *s)
{
	ARENA_SCOPED a = arena_new();
	struct classify_source kept, left;
	struct classify_verdicts *verdicts = ARENA_NEW(s->arena, struct classify_verdicts);
	part(a, s->course->source, &kept, &left);
	kept.given_up = s->course->given_up;
	struct school fold = { .course = s->course, .arena = a, .space = s->space };
	struct trial t = { .samples = ARENA_ARRAY(a, struct classify_sample, left.phrasing_count + left.outside_count + 1) };
	TRY(teach(&fold, &kept, NULL));
	TRY(try_all(&fold, &left, &t));
	measure(a, &t, &s->space.measured);
	if (left.phrasing_count) {
		s->space.measured.first = (double)t.right[BY_VECTORS] / (double)left.phrasing_count;
		s->space.measured.first_by_words = (double)t.right[BY_WORDS] / (double)left.phrasing_count;
	}
	s->space.sure = holds(&s->space.measured);
	classify_calibrate(t.samples, t.n, verdicts);
	s->space.basis.verdicts = verdicts;
	return 0;
}

/* ---- all of it ---- */

static int go_on(struct school *s, const struct classify_source *source)
{
	const struct space *before = s->course->before;
	s->space.basis = before->basis;
	s->space.sure = before->sure;
	s->space.measured = before->measured;
	return teach(s, source, before);
}

static int begin(struct school *s, const struct classify_source *source)
{
	classify_basis_make(s->arena, source, &s->space.basis);
	if (!s->space.basis.middle)
		return ERR_STATE;
	TRY(calibrate(s));
	return teach(s, source, NULL);
}

int space_learn(const struct space_course *course, struct text *out)
{
	ARENA_SCOPED a = arena_new();
	struct school s = { .course = course, .arena = a };
	struct classify_source source = *course->source;
	source.given_up = course->given_up;
	space_sign(course->u, course->name, NULL, 0, s.space.root);
	space_sign(course->u, course->name, course->lessons, course->lesson_count, s.space.sign);
	s.space.lessons = (struct space_lesson *)(uintptr_t)course->lessons;
	s.space.lesson_count = course->lesson_count;
	bool known = course->before && !memcmp(course->before->root, s.space.root, SPACE_SIGN);
	TRY(known ? go_on(&s, &source) : begin(&s, &source));
	space_write(&s.space, out);
	return 0;
}
