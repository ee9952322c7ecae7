/* space: all that a company is asked, learned once more by vectors that somebody else reckons (docs/adr/0060).
 *
 * Vectors of different models cannot be compared, so a space has all of its own: the middle, a model for each product, and the weights of confidence, fitted
 * to phrasings that were left out while learning. Where these do not hold (`sure` false) nobody answers by it; what it takes for likeliest may be offered.
 * Plain memory that never changes. Without vectors of its own nothing can be learned: whoever asks has the pack's and words alone beside it. */
#pragma once

#include "core/understand/understand_lesson.h"

enum { SPACE_SIGN = 32, SPACE_PRODUCTS_MOST = 64 };

/* What was measured on the phrasings left out; shares of 1. */
struct space_measured {
	double first, first_by_words;   /* the first choice is right: by vectors and words, by words alone */
	double answered, precision, confidence;         /* answered of those; right of the answered; what was promised for them */
	double outside_answered;
	int64_t samples;
};

/* A lesson that it knows, and as of when. */
struct space_lesson {
	const char *product;
	const uint8_t *sign;            /* LESSON_SIGN */
};

struct space {
	uint8_t root[SPACE_SIGN];       /* of the vectors and the pack */
	uint8_t sign[SPACE_SIGN];       /* and of what the company says otherwise */
	struct classify_basis basis;
	bool sure;
	struct space_measured measured;
	const struct classify_model *models[SPACE_PRODUCTS_MOST];
	size_t n;
	struct space_lesson *lessons;
	size_t lesson_count;
};

/* name: of the endpoint, its model and their length. n 0: the root. */
void space_sign(const struct understanding *u, const char *name, const struct space_lesson *lessons, size_t n, uint8_t out[static SPACE_SIGN]);

struct space_course {
	const struct understanding *u;
	const struct classify_source *source;           /* with a vector of each */
	const char *name;
	const struct space_lesson *lessons;             /* that are in the source */
	size_t lesson_count;
	const struct space *before;     /* of which middle and confidence are kept, and products that nobody changed, where its root is the same; or NULL */
	const atomic_bool *given_up;
};
/* For a minute of one core where there is no `before`. ERR_STATE: a vector is missing; ERR_BUSY: given up. */
int space_learn(const struct space_course *course, struct text *out) MUST_CHECK;
/* In the arena; ERR_STATE when the bytes are none that this program wrote. */
int space_read(struct arena *a, struct bytes b, struct space **out) MUST_CHECK;

/* For space_learn(). */
void space_write(const struct space *s, struct text *out);
