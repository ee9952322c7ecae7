/* How well a question fits a text: one number for each question of a model. */
#include "engine/classify/classify_score.h"

#include <string.h>

typedef float eight __attribute__((vector_size(32), aligned(4)));

/* Eight sums side by side, so that the compiler may keep them in one register. */
static float dot(const float *a, const float *b)
{
	eight sum = { 0 };
	for (size_t i = 0; i < EMBED_SIZE; i += 8)
		sum += *(const eight *)(a + i) * *(const eight *)(b + i);
	float total = 0;
	for (size_t i = 0; i < 8; i++)
		total += sum[i];
	return total;
}

static const struct posting *postings_of(const struct classify_model *m, uint64_t hash, size_t *n)
{
	size_t at = term_place(m->terms, m->term_count, hash);
	*n = 0;
	if (at == m->term_count)
		return NULL;
	*n = m->first[at + 1] - m->first[at];
	return m->postings + m->first[at];
}

void classify_scores(const struct classify_model *m, const float *direction, const struct terms *terms, float *out)
{
	bool joint = direction && m->lines;
	for (size_t i = 0; i < m->question_count; i++)
		out[i] = joint ? m->bias[i] + dot(m->lines + i * EMBED_SIZE, direction) : m->word_bias[i];
	for (size_t i = 0; i < terms->n; i++) {
		size_t n;
		const struct posting *p = postings_of(m, terms->term[i].hash, &n);
		for (size_t k = 0; k < n; k++)
			out[p[k].question] += terms->term[i].weight * (joint ? p[k].joint : p[k].words);
	}
}

float classify_nearest(const struct classify_model *m, size_t question, const float *direction)
{
	float best = -1;
	for (size_t i = m->start[question]; m->near && i < m->start[question + 1]; i++) {
		const int8_t *near = m->near + i * EMBED_SIZE;
		float sum = 0;
		for (size_t k = 0; k < EMBED_SIZE; k++)
			sum += (float)near[k] * direction[k];
		sum *= m->near_scale[i];
		best = sum > best ? sum : best;
	}
	return best;
}

bool classify_says(const struct classify_model *m, size_t question, uint64_t hash)
{
	for (size_t i = m->start[question]; i < m->start[question + 1]; i++)
		if (m->phrasing[i] == hash)
			return true;
	return false;
}
