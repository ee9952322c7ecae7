/* One question after another: its phrasings against those that could be mistaken for it. */
#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/classify/classify_private.h"

enum { MOST_OTHERS = 3000 };

/* Of the same product, or outside all: more likely to be mistaken than the cosine says. */
#define SAME_PRODUCT 0.3f
#define OUTSIDE 0.15f
#define COST 10.0
#define PRECISION 0.01

/* A text to learn from, inside or outside. */
struct example {
	const struct classify_phrasing *phrasing;
	const char *product;            /* "" outside */
	uint32_t question;
	struct terms terms;
	const float *direction;         /* NULL: words alone */
};

struct rival {
	uint32_t example;
	float likeness;
};

struct trainer {
	struct arena *arena;
	const struct classify_basis *basis;
	const struct classify_source *source;
	struct example *examples;
	struct rival *rivals;
	size_t count, inside;           /* those of questions come first */
	size_t most_terms;              /* of one example */
	struct feature_node *nodes, **rows;
	double *y;
};

/* One question on its way: its own phrasings are examples from … to. */
struct lesson {
	const char *product;
	size_t from, to, rival_count, term_count;
	uint64_t *terms;                /* of its own phrasings, sorted: no other term says anything for it */
	float *joint, *words;           /* weight for each */
	float line[EMBED_SIZE], bias, word_bias;
};

void classify_direction(const struct classify_basis *b, const float *raw, float out[static EMBED_SIZE])
{
	double squares = 0;
	for (size_t i = 0; i < EMBED_SIZE; i++) {
		out[i] = raw[i] - b->middle[i];
		squares += (double)out[i] * out[i];
	}
	float scale = squares > 1e-12 ? (float)(1 / sqrt(squares)) : 0;
	for (size_t i = 0; i < EMBED_SIZE; i++)
		out[i] *= scale;
}

double classify_alike(const struct classify_basis *b, const float *x, const float *y)
{
	float one[EMBED_SIZE], other[EMBED_SIZE];
	double sum = 0;
	classify_direction(b, x, one);
	classify_direction(b, y, other);
	for (size_t i = 0; i < EMBED_SIZE; i++)
		sum += (double)one[i] * other[i];
	return sum;
}

static float dot(const float *a, const float *b)
{
	float sum = 0;
	for (size_t i = 0; i < EMBED_SIZE; i++)
		sum += a[i] * b[i];
	return sum;
}

/* ---- what all share ---- */

void classify_basis_make(struct arena *a, const struct classify_source *s, struct classify_basis *out)
{
	const char **texts = ARENA_ARRAY(a, const char *, s->phrasing_count + 1);
	double sum[EMBED_SIZE] = { 0 };
	bool vectors = s->phrasing_count > 0;
	for (size_t i = 0; i < s->phrasing_count; i++) {
		texts[i] = s->phrasings[i].normal;
		vectors = vectors && s->phrasings[i].vector;
		for (size_t k = 0; vectors && k < EMBED_SIZE; k++)
			sum[k] += s->phrasings[i].vector[k];
	}
	*out = (struct classify_basis){ 0 };
	term_table_make(a, texts, s->phrasing_count, &out->terms);
	if (!vectors)
		return;
	float *middle = ARENA_ARRAY(a, float, EMBED_SIZE);
	for (size_t k = 0; k < EMBED_SIZE; k++)
		middle[k] = (float)(sum[k] / (double)s->phrasing_count);
	out->middle = middle;
}

/* ---- examples ---- */

static void add_example(struct trainer *t, const struct classify_phrasing *p, const char *product)
{
	struct example *e = &t->examples[t->count++];
	*e = (struct example){ .phrasing = p, .product = product, .question = p->question };
	terms_of(t->arena, &t->basis->terms, p->normal, &e->terms);
	t->most_terms = e->terms.n > t->most_terms ? e->terms.n : t->most_terms;
	if (!p->vector || !t->basis->middle)
		return;
	float *direction = ARENA_ARRAY(t->arena, float, EMBED_SIZE);
	classify_direction(t->basis, p->vector, direction);
	e->direction = direction;
}

static void gather(struct trainer *t)
{
	const struct classify_source *s = t->source;
	t->examples = ARENA_ARRAY(t->arena, struct example, s->phrasing_count + s->outside_count + 1);
	t->rivals = ARENA_ARRAY(t->arena, struct rival, s->phrasing_count + s->outside_count + 1);
	for (size_t i = 0; i < s->phrasing_count; i++)
		add_example(t, &s->phrasings[i], s->questions[s->phrasings[i].question].product);
	t->inside = t->count;
	for (size_t i = 0; i < s->outside_count; i++)
		add_example(t, &s->outside[i], "");
}

/* ---- one question ---- */

static int by_number(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
	return (a > b) - (a < b);
}

static int by_likeness(const void *x, const void *y)
{
	const struct rival *a = x, *b = y;
	int order = (a->likeness < b->likeness) - (a->likeness > b->likeness);
	return order ? order : (a->example > b->example) - (a->example < b->example);
}

static void own_terms(struct trainer *t, struct lesson *l)
{
	size_t total = 0;
	for (size_t i = l->from; i < l->to; i++)
		total += t->examples[i].terms.n;
	l->terms = ARENA_ARRAY(t->arena, uint64_t, total + 1);
	total = 0;
	for (size_t i = l->from; i < l->to; i++)
		for (size_t k = 0; k < t->examples[i].terms.n; k++)
			l->terms[total++] = t->examples[i].terms.term[k].hash;
	qsort(l->terms, total, sizeof(*l->terms), by_number);
	for (size_t i = 0; i < total; i++)
		if (i == 0 || l->terms[i] != l->terms[i - 1])
			l->terms[l->term_count++] = l->terms[i];
	l->joint = ARENA_ARRAY(t->arena, float, l->term_count + 1);
	l->words = ARENA_ARRAY(t->arena, float, l->term_count + 1);
}

/* Place of a term among the lesson's own, walking both sorted lists along; -1 when it is not one. */
static long place(const struct lesson *l, uint64_t hash, size_t *at)
{
	while (*at < l->term_count && l->terms[*at] < hash)
		++*at;
	return *at < l->term_count && l->terms[*at] == hash ? (long)*at : -1;
}

static float shared_words(const struct lesson *l, const struct example *e)
{
	float sum = 0;
	size_t at = 0;
	for (size_t i = 0; i < e->terms.n; i++)
		if (place(l, e->terms.term[i].hash, &at) >= 0)
			sum += e->terms.term[i].weight * e->terms.term[i].weight;
	return sum;
}

/* The texts most like this question that are not its own. */
static void choose_rivals(struct trainer *t, struct lesson *l)
{
	float centre[EMBED_SIZE] = { 0 };
	for (size_t i = l->from; i < l->to && t->basis->middle; i++)
		for (size_t k = 0; k < EMBED_SIZE; k++)
			centre[k] += t->examples[i].direction[k] / (float)(l->to - l->from);
	size_t n = 0;
	for (size_t i = 0; i < t->count; i++) {
		const struct example *e = &t->examples[i];
		if (i >= l->from && i < l->to)
			continue;
		float likeness = e->direction ? dot(centre, e->direction) : shared_words(l, e);
		likeness += !*e->product ? OUTSIDE : !strcmp(e->product, l->product) ? SAME_PRODUCT : 0;
		t->rivals[n++] = (struct rival){ (uint32_t)i, likeness };
	}
	qsort(t->rivals, n, sizeof(*t->rivals), by_likeness);
	l->rival_count = n < MOST_OTHERS ? n : MOST_OTHERS;
}

/* ---- liblinear ---- */

enum sight { JOINT, WORDS };

/* Numbers of the vector, then the lesson's own terms, then the bias. */
static struct feature_node *write_row(const struct lesson *l, const struct example *e, enum sight sight, struct feature_node *node)
{
	int base = sight == JOINT ? EMBED_SIZE : 0;
	for (int k = 0; k < base; k++)
		*node++ = (struct feature_node){ k + 1, (double)e->direction[k] };
	size_t at = 0;
	for (size_t i = 0; i < e->terms.n; i++) {
		long own = place(l, e->terms.term[i].hash, &at);
		if (own >= 0)
			*node++ = (struct feature_node){ base + (int)own + 1, (double)e->terms.term[i].weight * (sight == JOINT ? CLASSIFY_WORDS : 1) };
	}
	*node++ = (struct feature_node){ base + (int)l->term_count + 1, 1 };
	*node++ = (struct feature_node){ -1, 0 };
	return node;
}

/* For the longest lesson there is. */
static void make_room(struct trainer *t, const struct lesson *lessons, size_t n)
{
	size_t longest = 0;
	for (size_t i = 0; i < n; i++)
		longest = lessons[i].to - lessons[i].from > longest ? lessons[i].to - lessons[i].from : longest;
	size_t rows = longest + (t->count < MOST_OTHERS ? t->count : MOST_OTHERS);
	t->nodes = ARENA_ARRAY(t->arena, struct feature_node, rows * (EMBED_SIZE + t->most_terms + 2));
	t->rows = ARENA_ARRAY(t->arena, struct feature_node *, rows);
	t->y = ARENA_ARRAY(t->arena, double, rows);
}

static void be_silent(const char *line) { (void)line; }

static void keep_weights(struct lesson *l, const struct model *m, enum sight sight)
{
	int base = sight == JOINT ? EMBED_SIZE : 0;
	/* the first label met is the one that the weights speak for */
	double sign = m->label[0] == 1 ? 1 : -1;
	for (int k = 0; k < base; k++)
		l->line[k] = (float)(sign * m->w[k]);
	float *words = sight == JOINT ? l->joint : l->words;
	for (size_t i = 0; i < l->term_count; i++)
		words[i] = (float)(sign * m->w[base + (int)i]) * (sight == JOINT ? CLASSIFY_WORDS : 1);
	*(sight == JOINT ? &l->bias : &l->word_bias) = (float)(sign * m->w[base + (int)l->term_count]);
}

static void learn(struct trainer *t, struct lesson *l, enum sight sight)
{
	size_t rows = 0;
	struct feature_node *node = t->nodes;
	for (size_t i = l->from; i < l->to; i++) {
		t->rows[rows] = node;
		t->y[rows++] = 1;
		node = write_row(l, &t->examples[i], sight, node);
	}
	for (size_t i = 0; i < l->rival_count; i++) {
		t->rows[rows] = node;
		t->y[rows++] = -1;
		node = write_row(l, &t->examples[t->rivals[i].example], sight, node);
	}
	const struct problem problem = {
		.l = (int)rows, .n = (sight == JOINT ? EMBED_SIZE : 0) + (int)l->term_count + 1, .y = t->y, .x = t->rows, .bias = -1,
	};
	const struct parameter parameter = { .solver_type = L2R_LR, .eps = PRECISION, .C = COST };
	set_print_string_function(be_silent);
	struct model *m = train(&problem, &parameter);
	keep_weights(l, m, sight);
	free_and_destroy_model(&m);
}

static void teach(struct trainer *t, struct lesson *l)
{
	own_terms(t, l);
	choose_rivals(t, l);
	if (t->basis->middle)
		learn(t, l, JOINT);
	learn(t, l, WORDS);
}

/* ---- the model ---- */

struct weighed_term {
	uint64_t hash;
	struct posting posting;
};

static int by_term(const void *x, const void *y)
{
	const struct weighed_term *a = x, *b = y;
	int order = (a->hash > b->hash) - (a->hash < b->hash);
	return order ? order : (a->posting.question > b->posting.question) - (a->posting.question < b->posting.question);
}

static void keep_terms(struct arena *a, struct classify_model *m, const struct lesson *lessons)
{
	size_t total = 0;
	for (size_t i = 0; i < m->question_count; i++)
		total += lessons[i].term_count;
	struct weighed_term *all = ARENA_ARRAY(a, struct weighed_term, total + 1);
	total = 0;
	for (size_t i = 0; i < m->question_count; i++)
		for (size_t k = 0; k < lessons[i].term_count; k++)
			all[total++] = (struct weighed_term){ lessons[i].terms[k], { (uint32_t)i, lessons[i].joint[k], lessons[i].words[k] } };
	qsort(all, total, sizeof(*all), by_term);
	uint64_t *terms = ARENA_ARRAY(a, uint64_t, total + 1);
	uint32_t *first = ARENA_ARRAY(a, uint32_t, total + 2);
	struct posting *postings = ARENA_ARRAY(a, struct posting, total + 1);
	for (size_t i = 0; i < total; i++) {
		if (i == 0 || all[i].hash != all[i - 1].hash) {
			first[m->term_count] = (uint32_t)i;
			terms[m->term_count++] = all[i].hash;
		}
		postings[i] = all[i].posting;
	}
	first[m->term_count] = (uint32_t)total;
	m->terms = terms;
	m->first = first;
	m->postings = postings;
	m->posting_count = total;
}

static void keep_near(int8_t *out, float *scale, const float *direction)
{
	float largest = 0;
	double squares = 0;
	for (size_t k = 0; k < EMBED_SIZE; k++)
		largest = fmaxf(largest, fabsf(direction[k]));
	for (size_t k = 0; k < EMBED_SIZE; k++) {
		out[k] = (int8_t)(largest > 0 ? lrintf(direction[k] / largest * 127) : 0);
		squares += out[k] * out[k];
	}
	*scale = squares > 0 ? (float)(1 / sqrt(squares)) : 0;
}

static void keep_phrasings(struct arena *a, const struct trainer *t, struct classify_model *m, const struct lesson *lessons)
{
	for (size_t i = 0; i < m->question_count; i++)
		m->phrasing_count += lessons[i].to - lessons[i].from;
	uint64_t *hash = ARENA_ARRAY(a, uint64_t, m->phrasing_count + 1);
	uint32_t *start = ARENA_ARRAY(a, uint32_t, m->question_count + 1);
	int8_t *near = ARENA_ARRAY(a, int8_t, m->phrasing_count * EMBED_SIZE + 1);
	float *scale = ARENA_ARRAY(a, float, m->phrasing_count + 1);
	size_t at = 0;
	for (size_t i = 0; i < m->question_count; i++) {
		start[i] = (uint32_t)at;
		for (size_t k = lessons[i].from; k < lessons[i].to; k++, at++) {
			hash[at] = term_hash(t->examples[k].phrasing->normal);
			if (t->basis->middle)
				keep_near(near + at * EMBED_SIZE, &scale[at], t->examples[k].direction);
		}
	}
	start[m->question_count] = (uint32_t)at;
	m->phrasing = hash;
	m->start = start;
	m->near = t->basis->middle ? near : NULL;
	m->near_scale = scale;
}

static void keep_lines(struct arena *a, struct classify_model *m, const struct lesson *lessons, bool vectors)
{
	float *lines = ARENA_ARRAY(a, float, m->question_count * EMBED_SIZE), *bias = ARENA_ARRAY(a, float, m->question_count),
	      *word_bias = ARENA_ARRAY(a, float, m->question_count);
	for (size_t i = 0; i < m->question_count; i++) {
		memcpy(lines + i * EMBED_SIZE, lessons[i].line, sizeof(lessons[i].line));
		bias[i] = lessons[i].bias;
		word_bias[i] = lessons[i].word_bias;
	}
	m->lines = vectors ? lines : NULL;
	m->bias = bias;
	m->word_bias = word_bias;
}

/* ---- all of a product ---- */

/* The phrasings of one question stand together; 0 lessons when there are none of the product. */
static size_t plan(struct trainer *t, const char *product, struct lesson *lessons, struct classify_question *questions)
{
	size_t n = 0;
	if (!*product) {
		lessons[0] = (struct lesson){ .product = "", .from = t->inside, .to = t->count };
		questions[0] = (struct classify_question){ "OOS", "", "", "" };
		return t->count > t->inside;
	}
	for (size_t i = 0, end; i < t->inside; i = end) {
		for (end = i + 1; end < t->inside && t->examples[end].question == t->examples[i].question;)
			end++;
		if (strcmp(t->examples[i].product, product))
			continue;
		lessons[n] = (struct lesson){ .product = product, .from = i, .to = end };
		questions[n++] = t->source->questions[t->examples[i].question];
	}
	return n;
}

/* Without a vector of each there are none at all. */
static bool is_whole(const struct classify_basis *b, const struct classify_source *s)
{
	for (size_t i = 0; b->middle && i < s->phrasing_count; i++)
		if (!s->phrasings[i].vector)
			return false;
	for (size_t i = 0; b->middle && i < s->outside_count; i++)
		if (!s->outside[i].vector)
			return false;
	return true;
}

int classify_train(struct arena *a, const struct classify_basis *b, const struct classify_source *s, const char *product, struct classify_model **out)
{
	if (!is_whole(b, s))
		return ERR_STATE;
	ARENA_SCOPED scratch = arena_new();
	struct trainer t = { .arena = scratch, .basis = b, .source = s };
	gather(&t);
	struct lesson *lessons = ARENA_ARRAY(scratch, struct lesson, s->question_count + 1);
	struct classify_model *m = ARENA_NEW(a, struct classify_model);
	m->questions = ARENA_ARRAY(a, struct classify_question, s->question_count + 1);
	m->product = arena_string(a, product);
	m->question_count = plan(&t, product, lessons, m->questions);
	if (m->question_count == 0)
		return ERR_NOT_FOUND;
	make_room(&t, lessons, m->question_count);
	for (size_t i = 0; i < m->question_count; i++) {
		if (s->given_up && atomic_load(s->given_up))
			return ERR_BUSY;
		teach(&t, &lessons[i]);
	}
	keep_lines(a, m, lessons, b->middle);
	keep_terms(a, m, lessons);
	keep_phrasings(a, &t, m, lessons);
	*out = m;
	return 0;
}
