/* The pack's texts without those of the products that a company asks otherwise, its own in their place, and a product's model of it all. */
#include "core/understand/understand_lesson.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "core/understand/understand_vectors.h"

/* ---- which lesson ---- */

static void add(struct text *t, const char *s)
{
	text_append_n(t, s, strlen(s) + 1);
}

void lesson_sign(const struct understanding *u, const struct lesson *l, uint8_t out[static LESSON_SIGN])
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	understanding_sign(u, &t);
	add(&t, l->product);
	for (size_t i = 0; i < l->n; i++) {
		const struct lesson_question *q = &l->questions[i];
		add(&t, q->id);
		add(&t, q->flow);
		add(&t, q->codes ? q->codes : "-");
		for (const char *const *text = q->texts; *text; text++)
			add(&t, *text);
		text_char(&t, '\n');
	}
	hash_sha256(t.p, t.n, out);
}

/* ---- the texts ---- */

struct gathering {
	struct arena *arena;
	const struct understanding *u;
	const struct lesson_vectors *vectors;
	struct classify_question *questions;
	struct classify_phrasing *phrasings;
	size_t question_count, phrasing_count;
};

static bool is_taught(const struct lesson *const *lessons, size_t n, const struct classify_question *q)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(lessons[i]->product, q->product))
			return true;
		for (size_t k = 0; k < lessons[i]->n; k++)
			if (!strcmp(lessons[i]->questions[k].id, q->id))
				return true;    /* the company has moved it to another product */
	}
	return false;
}

static const char *codes_of_pack(const struct classify_source *s, const char *id)
{
	for (size_t i = 0; i < s->question_count; i++)
		if (!strcmp(s->questions[i].id, id))
			return s->questions[i].codes;
	return "";
}

static struct classify_phrasing of_pack(const struct gathering *g, uint32_t question, const struct classify_phrasing *p)
{
	return (struct classify_phrasing){ question, p->normal, g->vectors ? p->vector : NULL };
}

static void take_pack(struct gathering *g, const struct classify_source *s, const struct lesson *const *lessons, size_t n)
{
	for (size_t i = 0; i < s->phrasing_count;) {
		uint32_t question = s->phrasings[i].question;
		bool wanted = !is_taught(lessons, n, &s->questions[question]);
		for (; i < s->phrasing_count && s->phrasings[i].question == question; i++)
			if (wanted)
				g->phrasings[g->phrasing_count++] = of_pack(g, (uint32_t)g->question_count, &s->phrasings[i]);
		if (wanted)
			g->questions[g->question_count++] = s->questions[question];
	}
}

/* A vector takes milliseconds: whoever gives up does not wait for the others. */
static int take_lesson(struct gathering *g, const struct classify_source *s, const struct lesson *l)
{
	const struct lesson_vectors *v = g->vectors;
	for (size_t i = 0; i < l->n; i++) {
		const struct lesson_question *q = &l->questions[i];
		size_t from = g->phrasing_count;
		for (const char *const *text = q->texts; *text; text++) {
			if (v && v->given_up && atomic_load(v->given_up))
				return ERR_BUSY;
			const char *normal = understanding_phrasing(g->u, g->arena, *text);
			if (*normal)
				g->phrasings[g->phrasing_count++] = (struct classify_phrasing){ (uint32_t)g->question_count, normal, v ? v->of(v->arg, normal) : NULL };
		}
		if (g->phrasing_count > from)
			g->questions[g->question_count++] = (struct classify_question){ q->id, l->product, q->flow, q->codes ? q->codes : codes_of_pack(s, q->id) };
	}
	return 0;
}

int lessons_gather(struct arena *a, const struct understanding *u, const struct lesson *const *lessons, size_t n, const struct lesson_vectors *vectors, struct classify_source *out)
{
	const struct classify_source *s = understanding_source(u);
	size_t questions = s->question_count + 1, phrasings = s->phrasing_count + 1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < lessons[i]->n; k++, questions++)
			for (const char *const *text = lessons[i]->questions[k].texts; *text; text++)
				phrasings++;
	struct gathering g = {
		.arena = a, .u = u, .vectors = vectors, .questions = ARENA_ARRAY(a, struct classify_question, questions), .phrasings = ARENA_ARRAY(a, struct classify_phrasing, phrasings),
	};
	take_pack(&g, s, lessons, n);
	for (size_t i = 0; i < n; i++)
		TRY(take_lesson(&g, s, lessons[i]));
	struct classify_phrasing *outside = ARENA_ARRAY(a, struct classify_phrasing, s->outside_count + 1);
	for (size_t i = 0; i < s->outside_count; i++)
		outside[i] = of_pack(&g, 0, &s->outside[i]);
	*out = (struct classify_source){ g.questions, g.phrasings, outside, g.question_count, g.phrasing_count, s->outside_count, vectors ? vectors->given_up : NULL };
	return 0;
}

/* ---- what is known already ---- */

struct known {
	const char *text;
	const float *vector;
};

struct learning {
	struct understanding *u;
	struct arena *arena;
	struct known *known;            /* the pack's, by text */
	size_t known_count;
	struct vector_rows before;      /* of the lesson before */
	struct text rows;               /* for the next */
};

static int by_text(const void *x, const void *y) { return strcmp(((const struct known *)x)->text, ((const struct known *)y)->text); }

static void know_pack(struct learning *l)
{
	const struct classify_source *s = understanding_source(l->u);
	l->known = ARENA_ARRAY(l->arena, struct known, s->phrasing_count + 1);
	for (size_t i = 0; i < s->phrasing_count; i++)
		if (s->phrasings[i].vector)
			l->known[l->known_count++] = (struct known){ s->phrasings[i].normal, s->phrasings[i].vector };
	if (l->known_count)
		qsort(l->known, l->known_count, sizeof(*l->known), by_text);
}

static int take_vectors(void *arg, enum understand_part kind, struct bytes part)
{
	struct learning *l = arg;
	if (kind == PART_VECTORS)
		l->before = vector_rows_read(l->arena, part);
	return 0;
}

static const float *known_or_anew(struct learning *l, const char *normal)
{
	const struct known key = { .text = normal }, *known = l->known_count ? bsearch(&key, l->known, l->known_count, sizeof(key), by_text) : NULL;
	const float *before = known ? known->vector : vector_rows_find(&l->before, normal);
	return before ? before : understanding_vector(l->u, l->arena, normal);
}

static const float *vector_of(void *arg, const char *normal)
{
	struct learning *l = arg;
	const float *vector = known_or_anew(l, normal);
	if (vector) {
		struct vector_row row;
		vector_row_name(&row, normal);
		memcpy(row.vector, vector, sizeof(row.vector));
		text_append_n(&l->rows, &row, sizeof(row));
	}
	return vector;
}

/* ---- the bytes ---- */

int lesson_learn(struct understanding *u, const struct lesson *lesson, struct bytes before, const atomic_bool *given_up, struct text *out)
{
	ARENA_SCOPED a = arena_new();
	struct learning l = { .u = u, .arena = a, .rows = text_in(a) };
	const struct lesson_vectors vectors = { vector_of, &l, given_up };
	struct classify_source source;
	struct classify_model *m;
	struct text bytes = text_in(a);
	uint8_t sign[LESSON_SIGN];
	know_pack(&l);
	if (before.n && understand_parts(before, take_vectors, &l) < 0)
		l.before = (struct vector_rows){ 0 };
	TRY(lessons_gather(a, u, &lesson, 1, &vectors, &source));
	/* without a model of language nothing new has a vector: words alone then, for all of it */
	struct classify_basis basis = *understanding_basis(u);
	if (!understanding_has_vectors(u))
		basis.middle = NULL;
	TRY(classify_train(a, &basis, &source, lesson->product, &m));
	classify_model_write(&bytes, m);
	lesson_sign(u, lesson, sign);
	understand_head_write(out, sign);
	understand_part_write(out, PART_MODEL, bytes.p, bytes.n);
	understand_part_write(out, PART_VECTORS, l.rows.p, l.rows.n);
	return 0;
}

struct taking {
	struct arena *arena;
	struct classify_model *model;
};

/* Vectors are for the next lesson alone: they are left behind. */
static int take_model(void *arg, enum understand_part kind, struct bytes part)
{
	struct taking *t = arg;
	return kind == PART_MODEL ? classify_model_read(t->arena, arena_bytes(t->arena, part), &t->model) : 0;
}

int lesson_read(struct arena *a, struct bytes b, uint8_t sign[static LESSON_SIGN], struct classify_model **out)
{
	struct taking t = { .arena = a };
	TRY(understand_parts(b, take_model, &t));
	if (!t.model)
		return ERR_STATE;
	understand_sign_read(b, sign);
	*out = t.model;
	return 0;
}
