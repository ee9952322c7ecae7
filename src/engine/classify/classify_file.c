/* Basis and model as bytes: sections, each with its length in front and filled up to eight. What is read is not copied; every number that
 * leads anywhere is looked at first, so a damaged file is refused rather than followed. Numbers stand as this machine writes them. */
#include <string.h>

#include "engine/classify/classify_private.h"

#define BASIS_MARK "AXBASIS2"
#define MODEL_MARK "AXMODEL2"
#define SOURCE_MARK "AXSOURC2"

/* ---- writing ---- */

static void write_section(struct text *t, const void *p, size_t n)
{
	static const char nothing[8];
	uint64_t size = n;
	text_append_n(t, &size, sizeof(size));
	if (n)
		text_append_n(t, p, n);
	text_append_n(t, nothing, (8 - n % 8) % 8);
}

void classify_basis_write(struct text *t, const struct classify_basis *b)
{
	text_append_n(t, BASIS_MARK, 8);
	write_section(t, b->middle, b->middle ? EMBED_SIZE * sizeof(float) : 0);
	write_section(t, &b->terms.unknown, sizeof(float));
	write_section(t, b->terms.hash, b->terms.n * sizeof(uint64_t));
	write_section(t, b->terms.rarity, b->terms.n * sizeof(float));
}

static void add_questions(struct text *words, const struct classify_question *questions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *const all[] = { questions[i].id, questions[i].product, questions[i].flow, questions[i].codes };
		for (size_t k = 0; k < 4; k++)
			text_append_n(words, all[k], strlen(all[k]) + 1);
	}
}

static void write_words(struct text *t, const struct classify_model *m)
{
	ARENA_SCOPED a = arena_new();
	struct text words = text_in(a);
	text_append_n(&words, m->product, strlen(m->product) + 1);
	add_questions(&words, m->questions, m->question_count);
	write_section(t, words.p, words.n);
}

static void write_phrasings(struct text *t, const struct classify_phrasing *p, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct text texts = text_in(a), vectors = text_in(a), questions = text_in(a);
	for (size_t i = 0; i < n; i++) {
		text_append_n(&texts, p[i].normal, strlen(p[i].normal) + 1);
		text_append_n(&questions, &p[i].question, sizeof(p[i].question));
		if (p[i].vector)
			text_append_n(&vectors, p[i].vector, EMBED_SIZE * sizeof(float));
	}
	write_section(t, texts.p, texts.n);
	write_section(t, questions.p, questions.n);
	write_section(t, vectors.p, vectors.n);
}

void classify_source_write(struct text *t, const struct classify_source *s)
{
	ARENA_SCOPED a = arena_new();
	struct text words = text_in(a);
	add_questions(&words, s->questions, s->question_count);
	text_append_n(t, SOURCE_MARK, 8);
	write_section(t, words.p, words.n);
	write_phrasings(t, s->phrasings, s->phrasing_count);
	write_phrasings(t, s->outside, s->outside_count);
}

void classify_model_write(struct text *t, const struct classify_model *m)
{
	text_append_n(t, MODEL_MARK, 8);
	write_words(t, m);
	write_section(t, m->bias, m->question_count * sizeof(float));
	write_section(t, m->word_bias, m->question_count * sizeof(float));
	write_section(t, m->lines, m->lines ? m->question_count * EMBED_SIZE * sizeof(float) : 0);
	write_section(t, m->terms, m->term_count * sizeof(uint64_t));
	write_section(t, m->first, (m->term_count + 1) * sizeof(uint32_t));
	write_section(t, m->postings, m->posting_count * sizeof(struct posting));
	write_section(t, m->phrasing, m->phrasing_count * sizeof(uint64_t));
	write_section(t, m->start, (m->question_count + 1) * sizeof(uint32_t));
	write_section(t, m->near, m->near ? m->phrasing_count * EMBED_SIZE : 0);
	write_section(t, m->near_scale, m->phrasing_count * sizeof(float));
}

/* ---- reading ---- */

struct reading {
	const uint8_t *p;
	size_t left;
	bool broken;
};

static bool begins(struct reading *r, const char *mark)
{
	if (((uintptr_t)r->p & 7) || r->left < 8 || memcmp(r->p, mark, 8) != 0)
		return false;
	r->p += 8;
	r->left -= 8;
	return true;
}

/* The next section and how many things of `size` bytes it holds; nothing of a broken file. */
static const void *section(struct reading *r, size_t size, size_t *n)
{
	uint64_t bytes = 0;
	*n = 0;
	if (!r->broken && r->left >= 8)
		memcpy(&bytes, r->p, 8);
	else
		r->broken = true;
	uint64_t whole = bytes + (8 - bytes % 8) % 8;
	if (r->broken || bytes > r->left - 8 || whole > r->left - 8 || bytes % size) {
		r->broken = true;
		return NULL;
	}
	const void *found = r->p + 8;
	r->p += 8 + whole;
	r->left -= 8 + (size_t)whole;
	*n = (size_t)bytes / size;
	return found;
}

/* A section of exactly so many things. */
static const void *exactly(struct reading *r, size_t size, size_t wanted)
{
	size_t n;
	const void *found = section(r, size, &n);
	r->broken = r->broken || n != wanted;
	return found;
}

/* Exactly so many, or none at all. */
static const void *if_any(struct reading *r, size_t size, size_t wanted)
{
	size_t n;
	const void *found = section(r, size, &n);
	r->broken = r->broken || (n != wanted && n != 0);
	return n ? found : NULL;
}

static bool rises(const uint32_t *p, size_t n, size_t last)
{
	if (p[0] != 0 || p[n] != last)
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i] > p[i + 1])
			return false;
	return true;
}

int classify_basis_read(struct arena *a, struct bytes b, struct classify_basis *out)
{
	struct reading r = { b.p, b.n, false };
	*out = (struct classify_basis){ 0 };
	if (!begins(&r, BASIS_MARK))
		return ERR_STATE;
	out->middle = if_any(&r, sizeof(float), EMBED_SIZE);
	const float *unknown = exactly(&r, sizeof(float), 1);
	out->terms.hash = section(&r, sizeof(uint64_t), &out->terms.n);
	out->terms.rarity = exactly(&r, sizeof(float), out->terms.n);
	if (r.broken)
		return ERR_STATE;
	out->terms.unknown = *unknown;
	return 0;
}

/* Words with a NUL behind each: how many there are; a section that does not end with one is no good. */
static const char *read_strings(struct reading *r, size_t *count)
{
	size_t n;
	const char *p = section(r, 1, &n);
	*count = 0;
	r->broken = r->broken || (n && p[n - 1]);
	for (size_t i = 0; !r->broken && i < n; i++)
		*count += !p[i];
	return p;
}

static struct classify_question *take_questions(struct arena *a, const char *p, size_t n)
{
	struct classify_question *out = ARENA_ARRAY(a, struct classify_question, n + 1);
	for (size_t i = 0; i < n; i++) {
		const char **all[] = { &out[i].id, &out[i].product, &out[i].flow, &out[i].codes };
		for (size_t k = 0; k < 4; k++, p += strlen(p) + 1)
			*all[k] = p;
	}
	return out;
}

static int read_words(struct arena *a, struct reading *r, struct classify_model *m)
{
	size_t count;
	m->product = read_strings(r, &count);
	if (r->broken || count % 4 != 1)
		return ERR_STATE;
	m->question_count = count / 4;
	m->questions = take_questions(a, m->product + strlen(m->product) + 1, m->question_count);
	return 0;
}

static struct classify_phrasing *read_phrasings(struct arena *a, struct reading *r, size_t questions, size_t *n)
{
	const char *p = read_strings(r, n);
	const uint32_t *question = exactly(r, sizeof(uint32_t), *n);
	const float *vectors = if_any(r, sizeof(float), *n * EMBED_SIZE);
	if (r->broken)
		return NULL;
	struct classify_phrasing *out = ARENA_ARRAY(a, struct classify_phrasing, *n + 1);
	for (size_t i = 0; i < *n; i++, p += strlen(p) + 1) {
		out[i] = (struct classify_phrasing){ question[i], p, vectors ? vectors + i * EMBED_SIZE : NULL };
		r->broken = r->broken || question[i] >= questions;
	}
	return out;
}

int classify_source_read(struct arena *a, struct bytes b, struct classify_source *out)
{
	struct reading r = { b.p, b.n, false };
	size_t count;
	*out = (struct classify_source){ 0 };
	if (!begins(&r, SOURCE_MARK))
		return ERR_STATE;
	const char *p = read_strings(&r, &count);
	if (r.broken || count % 4)
		return ERR_STATE;
	out->question_count = count / 4;
	out->questions = take_questions(a, p, out->question_count);
	out->phrasings = read_phrasings(a, &r, out->question_count, &out->phrasing_count);
	out->outside = read_phrasings(a, &r, SIZE_MAX, &out->outside_count);
	return r.broken ? ERR_STATE : 0;
}

static bool holds(const struct classify_model *m)
{
	if (!rises(m->first, m->term_count, m->posting_count) || !rises(m->start, m->question_count, m->phrasing_count))
		return false;
	for (size_t i = 0; i < m->posting_count; i++)
		if (m->postings[i].question >= m->question_count)
			return false;
	return true;
}

int classify_model_read(struct arena *a, struct bytes b, struct classify_model **out)
{
	struct reading r = { b.p, b.n, false };
	struct classify_model *m = ARENA_NEW(a, struct classify_model);
	size_t firsts;
	if (!begins(&r, MODEL_MARK))
		return ERR_STATE;
	TRY(read_words(a, &r, m));
	m->bias = exactly(&r, sizeof(float), m->question_count);
	m->word_bias = exactly(&r, sizeof(float), m->question_count);
	m->lines = if_any(&r, sizeof(float), m->question_count * EMBED_SIZE);
	m->terms = section(&r, sizeof(uint64_t), &m->term_count);
	m->first = section(&r, sizeof(uint32_t), &firsts);
	m->postings = section(&r, sizeof(struct posting), &m->posting_count);
	m->phrasing = section(&r, sizeof(uint64_t), &m->phrasing_count);
	m->start = exactly(&r, sizeof(uint32_t), m->question_count + 1);
	m->near = if_any(&r, EMBED_SIZE, m->phrasing_count);
	m->near_scale = exactly(&r, sizeof(float), m->phrasing_count);
	if (r.broken || firsts != m->term_count + 1 || !holds(m))
		return ERR_STATE;
	*out = m;
	return 0;
}

const char *classify_model_product(const struct classify_model *m) { return m->product; }
size_t classify_model_questions(const struct classify_model *m) { return m->question_count; }
size_t classify_model_phrasings(const struct classify_model *m) { return m->phrasing_count; }
