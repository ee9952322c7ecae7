/* Which question somebody asks: phrasings are learned once, questions are decided in a millisecond.
 *
 *   basis    what all share: the middle of all vectors, and how rare each word is
 *   model    of one product: for each of its questions a line that parts its phrasings from all others (logistic regression by
 *            liblinear on the vector and on words and characters), once more on words alone, and the phrasings to compare with;
 *            one more model knows what lies outside all of them (chat, other goods)
 *   decision answer, ask back with up to three choices, begin a flow, or leave it to a person
 *
 * After an edit only the product's model is trained anew, with the basis as it is. All of it is plain memory that is never changed
 * once made: it may be shared by threads, written to a file and mapped. Pure: no model of language, no files, no clock. docs/adr/0048 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/embed/embed.h"
#include "engine/retrieve/terms.h"

enum { CLASSIFY_CHOICES = 3, CLASSIFY_ID = 64 };

/* ---- what is learned ---- */

struct classify_question {
	const char *id, *product;
	const char *flow;               /* what really answers it, such as report or person; "" for its answer alone */
	const char *codes;              /* error codes in small letters, each with a blank behind it: "e1 f0 " */
};

struct classify_phrasing {
	uint32_t question;              /* its place among the questions */
	const char *normal;             /* as telling_part() gave it */
	const float *vector;            /* embed_text() of `normal`; NULL where there is no model */
};

struct classify_source {
	const struct classify_question *questions;
	const struct classify_phrasing *phrasings;      /* those of one question stand together */
	const struct classify_phrasing *outside;        /* about nothing that is answered here; `question` is not looked at */
	size_t question_count, phrasing_count, outside_count;
	const atomic_bool *given_up;    /* looked at between questions: true, and training ends with ERR_BUSY; NULL: nobody gives up */
};

/* How much each sign counts for a probability, and what it starts from. */
struct classify_judgement {
	double start, top, margin, outside, nearest, known;
};
struct classify_verdicts {
	struct classify_judgement right, inside;
};

struct classify_basis {
	const float *middle;            /* EMBED_SIZE, or NULL: words alone */
	struct term_table terms;
	const struct classify_verdicts *verdicts;       /* of these vectors, by classify_calibrate(); NULL: those of the model that the build embeds by */
};

struct classify_model;

void classify_basis_make(struct arena *a, const struct classify_source *s, struct classify_basis *out);
/* The model of a product; of what lies outside when product is "". ERR_NOT_FOUND when the source has nothing of it, ERR_STATE when
 * the basis knows vectors and a phrasing has none. Words of its questions stay those of the source. Runs for seconds: in the pool. */
int classify_train(struct arena *a, const struct classify_basis *b, const struct classify_source *s, const char *product,
		   struct classify_model **out) MUST_CHECK;

/* Whether two texts mean the same, by their vectors: cosine away from the middle of all, 1 at most. The basis must know vectors. */
double classify_alike(const struct classify_basis *b, const float *x, const float *y);

/* ---- as a file ---- */

void classify_basis_write(struct text *t, const struct classify_basis *b);
void classify_model_write(struct text *t, const struct classify_model *m);
/* Texts and vectors too, so that a product can be trained anew where the files of the pack are not. */
void classify_source_write(struct text *t, const struct classify_source *s);
/* Points into the bytes, which begin at a multiple of eight and stay. ERR_STATE when they are none that was written by this program. */
int classify_basis_read(struct arena *a, struct bytes b, struct classify_basis *out) MUST_CHECK;
int classify_model_read(struct arena *a, struct bytes b, struct classify_model **out) MUST_CHECK;

int classify_source_read(struct arena *a, struct bytes b, struct classify_source *out) MUST_CHECK;

const char *classify_model_product(const struct classify_model *m);
size_t classify_model_questions(const struct classify_model *m);
size_t classify_model_phrasings(const struct classify_model *m);

/* ---- deciding ---- */

enum classify_kind { CLASSIFY_ANSWER, CLASSIFY_FLOW, CLASSIFY_CLARIFY, CLASSIFY_UNKNOWN };

struct classify_ask {
	const char *normal;             /* as telling_part() gave it */
	const float *vector;            /* of it; NULL: by words alone */
	const char *const *products;    /* it is about one of these, or about none: NULL when nothing is known */
	size_t product_count;
	const char *general;            /* the product of questions that are about every product; never left out */
	const char *code;               /* an error code it names, in small letters; "" */
	bool (*allowed)(const char *id, void *arg);     /* further limits; NULL for none */
	void *arg;
};

struct classify_choice {
	const char *id, *product, *flow;
	double share;                   /* of 1, among all that it can be about */
};

/* What the confidence is reckoned from; for the evaluation page and for fitting. */
struct classify_evidence {
	double top, margin;             /* score of the first, and how far it is above the second */
	double outside;                 /* score of what lies outside */
	double nearest;                 /* cosine to the nearest phrasing of the first */
	double known;                   /* share of the words that some phrasing has */
	double share;                   /* of the first */
};

struct classify_decision {
	enum classify_kind kind;
	double confidence;              /* how likely the first choice is right: of 100 answers given at 0.9, some 90 are */
	double inside;                  /* how likely it is about something that is answered here */
	struct classify_choice choices[CLASSIFY_CHOICES];       /* the likeliest first */
	size_t choice_count;
	bool exact;                     /* a phrasing says just this */
	struct classify_evidence evidence;
};

/* From which confidence on it is answered, and from which `inside` on choices are offered; 0: as measured. */
struct classify_limits {
	double answer, clarify;
};

/* A message whose answer is known, and what was thought of it. */
struct classify_sample {
	struct classify_evidence evidence;
	bool right, inside;             /* the first choice is what was meant; it is about something that is answered here */
};
/* Fits both probabilities to messages that nothing was learned from: other vectors lie otherwise, so each kind has weights of its own. */
void classify_calibrate(const struct classify_sample *samples, size_t n, struct classify_verdicts *out);
double classify_likely(const struct classify_judgement *j, const struct classify_evidence *e);

void classify_decide(const struct classify_basis *b, const struct classify_model *const *models, size_t n, const struct classify_ask *ask,
		     const struct classify_limits *limits, struct classify_decision *out);
