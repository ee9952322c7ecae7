/* A product as a company asks for it, learned beside the pack's products: what a server does after an edit (docs/adr/0056).
 *
 * The lesson says the product's questions with all their phrasings. Those of the pack's other products, and what lies outside, are what they are
 * told apart from. What comes of it is bytes: a model, and the vectors of its phrasings, so that the next lesson reckons only what is new. */
#pragma once

#include "core/understand/understand.h"

enum { LESSON_SIGN = 32 };

struct lesson_question {
	const char *id, *flow, *codes;  /* codes NULL: those that the pack's question of that id has */
	const char *const *texts;       /* as people type them, NULL-ended */
};

struct lesson {
	const char *product;
	const struct lesson_question *questions;
	size_t n;
};

/* Tells lessons apart that teach something else, on whatever machine and by whatever knowledge of the pack. */
void lesson_sign(const struct understanding *u, const struct lesson *l, uint8_t out[static LESSON_SIGN]);

/* Where the vectors of phrasings come from that the pack has not. */
struct lesson_vectors {
	const float *(*of)(void *arg, const char *normal);
	void *arg;
	const atomic_bool *given_up;    /* looked at before each phrasing: ERR_BUSY; NULL: nobody gives up */
};
/* All that is learned: the pack's texts, and those of the lessons in the place of theirs. vectors NULL: it cannot fail, and all vectors are NULL: whoever has
 * them fills them in, for nothing here writes to it. */
int lessons_gather(struct arena *a, const struct understanding *u, const struct lesson *const *lessons, size_t n, const struct lesson_vectors *vectors,
		   struct classify_source *out) MUST_CHECK;

/* Learns it, for seconds of one core. before: what an earlier lesson of the product came to, or nothing. ERR_NOT_FOUND: it asks nothing.
 * given_up: looked at before each phrasing, then as classify_source has it. */
int lesson_learn(struct understanding *u, const struct lesson *l, struct bytes before, const atomic_bool *given_up, struct text *out) MUST_CHECK;
/* The model of what lesson_learn() made, in the arena. ERR_STATE when the bytes are none of that. */
int lesson_read(struct arena *a, struct bytes b, uint8_t sign[static LESSON_SIGN], struct classify_model **out) MUST_CHECK;
