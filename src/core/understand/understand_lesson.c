/* The pack's texts without those of the product, the lesson's in their place, and the product's model of it all. */
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

/* ---- what is known already ---- */

struct known {
	const char *text;
	const float *vector;
};

struct learning {
	struct understanding *u;
	struct arena *arena;
	const struct lesson *lesson;
	struct known *known;            /* the pack's, by text */
	size_t known_count;
	struct vector_rows before;      /* of the lesson before */
	struct classify_question *questions;
	struct classify_phrasing *phrasings;
	size_t question_count, phrasing_count, own_from;
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

static const float *vector_of(struct learning *l, const char *normal)
{
	const struct known key = { .text = normal }, *known = l->known_count ? bsearch(&key, l->known, l->known_count, sizeof(key), by_text) : NULL;
	const float *before = known ? known->vector : vector_rows_find(&l->before, normal);
	return before ? before : understanding_vector(l->u, l->arena, normal);
}

/* ---- the texts ---- */

static const char *codes_of_pack(const struct classify_source *s, const char *id)
{
	for (size_t i = 0; i < s->question_count; i++)
		if (!strcmp(s->questions[i].id, id))
			return s->questions[i].codes;
	return "";
}

static bool lesson_has(const struct lesson *l, const char *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->questions[i].id, id))
			return true;
	return false;
}

/* Those of other products, but for what the company has moved to this one. */
static void take_others(struct learning *l, const struct classify_source *s)
{
	for (size_t i = 0; i < s->phrasing_count;) {
		const struct classify_question *q = &s->questions[s->phrasings[i].question];
		uint32_t question = s->phrasings[i].question;
		bool wanted = strcmp(q->product, l->lesson->product) != 0 && !lesson_has(l->lesson, q->id);
		for (; i < s->phrasing_count && s->phrasings[i].question == question; i++)
			if (wanted)
				l->phrasings[l->phrasing_count++] = (struct classify_phrasing){ (uint32_t)l->question_count, s->phrasings[i].normal, s->phrasings[i].vector };
		if (wanted)
			l->questions[l->question_count++] = *q;
	}
	l->own_from = l->phrasing_count;
}

/* A vector takes milliseconds: whoever gives up does not wait for the others. */
static int take_own(struct learning *l, const struct classify_source *s, const atomic_bool *given_up)
{
	for (size_t i = 0; i < l->lesson->n; i++) {
		const struct lesson_question *q = &l->lesson->questions[i];
		size_t from = l->phrasing_count;
		for (const char *const *text = q->texts; *text; text++) {
			if (given_up && atomic_load(given_up))
				return ERR_BUSY;
			const char *normal = understanding_phrasing(l->u, l->arena, *text);
			if (*normal)
				l->phrasings[l->phrasing_count++] = (struct classify_phrasing){ (uint32_t)l->question_count, normal, vector_of(l, normal) };
		}
		if (l->phrasing_count > from)
			l->questions[l->question_count++] = (struct classify_question){ q->id, l->lesson->product, q->flow, q->codes ? q->codes : codes_of_pack(s, q->id) };
	}
	return 0;
}

static int gather(struct learning *l, const atomic_bool *given_up, struct classify_source *out)
{
	const struct classify_source *s = understanding_source(l->u);
	size_t most = s->phrasing_count + 1;
	for (size_t i = 0; i < l->lesson->n; i++)
		for (const char *const *text = l->lesson->questions[i].texts; *text; text++)
			most++;
	l->questions = ARENA_ARRAY(l->arena, struct classify_question, s->question_count + l->lesson->n + 1);
	l->phrasings = ARENA_ARRAY(l->arena, struct classify_phrasing, most);
	take_others(l, s);
	TRY(take_own(l, s, given_up));
	*out = (struct classify_source){ l->questions, l->phrasings, s->outside, l->question_count, l->phrasing_count, s->outside_count, given_up };
	return 0;
}

/* ---- the bytes ---- */

static void write_vectors(const struct learning *l, struct text *out)
{
	struct text rows = text_in(l->arena);
	for (size_t i = l->own_from; i < l->phrasing_count && l->phrasings[i].vector; i++) {
		struct vector_row row;
		vector_row_name(&row, l->phrasings[i].normal);
		memcpy(row.vector, l->phrasings[i].vector, sizeof(row.vector));
		text_append_n(&rows, &row, sizeof(row));
	}
	understand_part_write(out, PART_VECTORS, rows.p, rows.n);
}

int lesson_learn(struct understanding *u, const struct lesson *lesson, struct bytes before, const atomic_bool *given_up, struct text *out)
{
	ARENA_SCOPED a = arena_new();
	struct learning l = { .u = u, .arena = a, .lesson = lesson };
	struct classify_source source;
	struct classify_model *m;
	struct text bytes = text_in(a);
	uint8_t sign[LESSON_SIGN];
	know_pack(&l);
	if (before.n && understand_parts(before, take_vectors, &l) < 0)
		l.before = (struct vector_rows){ 0 };
	TRY(gather(&l, given_up, &source));
	/* without a model of language nothing new has a vector: words alone then, for all of it */
	struct classify_basis basis = *understanding_basis(u);
	if (!understanding_has_vectors(u))
		basis.middle = NULL;
	TRY(classify_train(a, &basis, &source, lesson->product, &m));
	classify_model_write(&bytes, m);
	lesson_sign(u, lesson, sign);
	understand_head_write(out, sign);
	understand_part_write(out, PART_MODEL, bytes.p, bytes.n);
	write_vectors(&l, out);
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
