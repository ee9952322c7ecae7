/* What people write, understood by this machine alone: the model of language and what an industry's pack has taught, mapped from files.
 *
 * Opened once at the start, shared by all threads, closed at the end. Reading a text takes some 10 to 40 ms of one core unless the
 * same text was read lately, so it runs in the pool; deciding takes a millisecond. Without the model, or on a processor that
 * cannot run it, words alone decide, less well. docs/adr/0048 */
#pragma once

#include "engine/classify/classify.h"
#include "engine/retrieve/slots.h"

#define UNDERSTANDING_MODEL "e5-small-q4.bin"

struct understanding;

/* Where the files lie: $ANXIN_UNDERSTANDING, or beside the program, or in ../share/anxin/understanding of it. */
const char *understanding_folder(struct arena *a);
/* `pack` such as appliance: its PACK.knowledge must be there (ERR_NOT_FOUND) and whole (ERR_STATE); the model need not. */
int understanding_open(const char *folder, const char *pack, struct understanding **out) MUST_CHECK;
void understanding_close(struct understanding *u);      /* accepts NULL */

bool understanding_has_vectors(const struct understanding *u);
const struct classify_basis *understanding_basis(const struct understanding *u);
/* Of the pack's products, and of what lies outside. A company that changed a product puts its own in place of the pack's. */
const struct classify_model *const *understanding_models(const struct understanding *u, size_t *n);

/* What they were trained from: whoever trains a product anew puts its own questions in place of the pack's and leaves the others. */
const struct classify_source *understanding_source(const struct understanding *u);

/* A text as it is compared: what bears its weight, what it names, and its vector. */
struct understood {
	const char *normal;             /* of the whole text */
	const char *telling;            /* of its telling part */
	const float *vector;            /* NULL where there is no model */
	struct slots slots;
	const char *products[SLOTS_MOST_PRODUCTS];      /* those it names */
	size_t product_count;
};

/* Without its vector: at once. */
void understanding_read_words(const struct understanding *u, struct arena *a, const char *text, size_t n, struct understood *out);
void understanding_read(struct understanding *u, struct arena *a, const char *text, size_t n, struct understood *out);

/* A phrasing as it is learned, and the vector of such a text (NULL where there is no model): for what nobody asked yet. */
const char *understanding_phrasing(const struct understanding *u, struct arena *a, const char *text);
const float *understanding_vector(struct understanding *u, struct arena *a, const char *normal);

/* Fills the limits that the text itself gives: its telling part, vector, products and error code. */
void understood_ask(const struct understood *t, struct classify_ask *out);

/* What `understood_ask` and the pack's models say. Whoever knows more (the customer's device) fills the question and calls
 * classify_decide(). */
void understanding_decide(const struct understanding *u, const struct classify_ask *ask, const struct classify_limits *limits, struct classify_decision *out);
