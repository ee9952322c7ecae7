#include "channel/model/model_embedding.h"

#include <math.h>
#include <string.h>

#include <yyjson.h>

#include "base/json.h"

enum { DEPTH_MOST = 16 };
static const int64_t tokens_believed = 10 * 1000 * 1000;

void model_embedding_write(struct text *t, const char *model, const char *const *texts, size_t n)
{
	text_append(t, "{\"model\":");
	json_text(t, model);
	text_append(t, ",\"encoding_format\":\"float\",\"input\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? "," : "");
		json_text(t, texts[i]);
	}
	text_append(t, "]}");
}

/* One length for all -------------------------------------------------------------------------------------------------------------- */

/* The same for every company, machine and release: vectors that are kept stay comparable. */
static uint64_t mixed(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Signs by chance, then the Walsh–Hadamard transform: a rotation, so any of its numbers tell as much as any other (Ailon and Chazelle, 2006). */
static void rotate(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = mixed(i) & 1 ? -v[i] : v[i];
	for (size_t half = 1; half < n; half *= 2)
		for (size_t from = 0; from < n; from += 2 * half)
			for (size_t i = from; i < from + half; i++) {
				double a = v[i], b = v[i + half];
				v[i] = a + b;
				v[i + half] = a - b;
			}
}

/* False for a vector of no length. */
static bool fit(struct arena *a, const double *raw, size_t dimension, float *out)
{
	size_t n = 1;
	double squares = 0;
	while (n < dimension)
		n *= 2;
	double *v = ARENA_ARRAY(a, double, n < EMBED_SIZE ? EMBED_SIZE : n);
	memcpy(v, raw, dimension * sizeof(*v));
	if (dimension > EMBED_SIZE)
		rotate(v, n);
	for (size_t i = 0; i < EMBED_SIZE; i++)
		squares += v[i] * v[i];
	if (!isfinite(squares) || squares < 1e-24)
		return false;
	for (size_t i = 0; i < EMBED_SIZE; i++)
		out[i] = (float)(v[i] / sqrt(squares));
	return true;
}

/* Reading -------------------------------------------------------------------------------------------------------------------------- */

static bool read_numbers(yyjson_val *list, double *out)
{
	size_t i, n;
	yyjson_val *number;
	yyjson_arr_foreach(list, i, n, number) {
		if (!yyjson_is_num(number))
			return false;
		out[i] = yyjson_get_num(number);
		if (!isfinite(out[i]) || fabs(out[i]) > 1e9)
			return false;
	}
	return true;
}

/* One of the list: its place among the texts, which no other may have. */
static bool take(struct arena *a, yyjson_val *item, size_t n, bool *seen, struct model_embedding *e, float *vectors)
{
	yyjson_val *index = yyjson_obj_get(item, "index"), *numbers = yyjson_obj_get(item, "embedding");
	size_t dimension = yyjson_arr_size(numbers);
	uint64_t at = yyjson_is_uint(index) ? yyjson_get_uint(index) : n;
	if (at >= n || seen[at] || !yyjson_is_arr(numbers) || dimension < MODEL_DIMENSION_LEAST || dimension > MODEL_DIMENSION_MOST)
		return false;
	if (e->dimension && e->dimension != dimension)
		return false;
	e->dimension = dimension;
	seen[at] = true;
	ARENA_SCOPED scratch = arena_new();
	double *raw = ARENA_ARRAY(scratch, double, dimension);
	return read_numbers(numbers, raw) && fit(scratch, raw, dimension, vectors + at * EMBED_SIZE);
}

static bool read_list(struct arena *a, yyjson_val *data, size_t n, struct model_embedding *out)
{
	float *vectors = ARENA_ARRAY(a, float, n * EMBED_SIZE + 1);
	bool *seen = ARENA_ARRAY(a, bool, n + 1);
	size_t i, count;
	yyjson_val *item;
	if (!yyjson_is_arr(data) || yyjson_arr_size(data) != n)
		return false;
	yyjson_arr_foreach(data, i, count, item)
		if (!take(a, item, n, seen, out, vectors))
			return false;
	out->vectors = vectors;
	return true;
}

void model_embedding_read(struct arena *a, int status, const char *text, size_t bytes, size_t n, struct model_embedding *out)
{
	*out = (struct model_embedding){ .verdict = model_verdict_of(status) };
	if (status != 200 || bytes > MODEL_VECTORS_MOST || !json_is_valid(text, bytes, DEPTH_MOST))
		return;
	yyjson_doc *doc = yyjson_read(text, bytes, YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc), *tokens = yyjson_obj_get(yyjson_obj_get(root, "usage"), "prompt_tokens");
	int64_t asked = yyjson_is_int(tokens) ? yyjson_get_sint(tokens) : 0;
	out->verdict = read_list(a, yyjson_obj_get(root, "data"), n, out) ? MODEL_SAID : MODEL_GARBAGE;
	out->asked = asked > 0 && asked <= tokens_believed ? asked : 0;
	yyjson_doc_free(doc);
}

/* Keeping --------------------------------------------------------------------------------------------------------------------------- */

void model_vector_pack(const float *vector, uint8_t out[static MODEL_VECTOR_BYTES])
{
	float largest = 0;
	for (size_t i = 0; i < EMBED_SIZE; i++)
		largest = fmaxf(largest, fabsf(vector[i]));
	const float scale = largest > 0 ? largest / 127 : 1;
	memcpy(out, &scale, sizeof(scale));
	for (size_t i = 0; i < EMBED_SIZE; i++)
		out[4 + i] = (uint8_t)(int8_t)lrintf(vector[i] / scale);
}

void model_vector_unpack(const uint8_t *packed, float out[static EMBED_SIZE])
{
	float scale;
	memcpy(&scale, packed, sizeof(scale));
	for (size_t i = 0; i < EMBED_SIZE; i++)
		out[i] = scale * (float)(int8_t)packed[4 + i];
}
