/* model_embedding: vectors from an OpenAI-compatible endpoint: POST {base}/embeddings.
 *
 * Strict: as many vectors as texts, each index once in whatever order, all of one length, every number finite, none all nought. Whatever length the
 * endpoint's model has, EMBED_SIZE numbers are kept: shorter ones are filled up, longer ones are turned by a fixed random rotation and cut, which keeps
 * angles as well as that many numbers can. Pure. docs/adr/0060 */
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "channel/model/model_answer.h"
#include "engine/embed/embed.h"

enum { MODEL_BATCH = 64, MODEL_DIMENSION_LEAST = 8, MODEL_DIMENSION_MOST = 8192, MODEL_VECTORS_MOST = 16 << 20 };

struct model_embedding {
	enum model_verdict verdict;     /* MODEL_SAID, or what keeps it from being used */
	size_t dimension;               /* as the endpoint has it */
	const float *vectors;           /* of MODEL_SAID: EMBED_SIZE for each text, length 1, in the arena */
	int64_t asked;                  /* tokens as it counts them; 0: it does not say */
};

void model_embedding_write(struct text *t, const char *model, const char *const *texts, size_t n);
void model_embedding_read(struct arena *a, int status, const char *text, size_t bytes, size_t n, struct model_embedding *out);

/* A vector as it is kept: a scale and a byte for each number. */
enum { MODEL_VECTOR_BYTES = 4 + EMBED_SIZE };
void model_vector_pack(const float *vector, uint8_t out[static MODEL_VECTOR_BYTES]);
void model_vector_unpack(const uint8_t *packed, float out[static EMBED_SIZE]);
