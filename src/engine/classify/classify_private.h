/* Shared by training, file and deciding: what a model is made of. */
#pragma once

#include "engine/classify/classify.h"

struct posting {
	uint32_t question;              /* place in the model */
	float joint, words;             /* weight of the term beside the vector, and by itself */
};

struct classify_model {
	const char *product;            /* "" for what lies outside */
	struct classify_question *questions;
	const float *lines;             /* EMBED_SIZE for each question; NULL: words alone */
	const float *bias, *word_bias;
	const uint64_t *terms;          /* sorted; term i has postings first[i] … first[i + 1] */
	const uint32_t *first;
	const struct posting *postings;
	const uint64_t *phrasing;       /* hash of each phrasing; those of question i are start[i] … start[i + 1] */
	const uint32_t *start;
	const int8_t *near;             /* the direction of each phrasing's vector, in 127ths of its largest number; NULL: words alone */
	const float *near_scale;        /* what makes it length 1 again */
	size_t question_count, term_count, posting_count, phrasing_count;
};

/* How much words count beside the vector, whose length is 1. */
#define CLASSIFY_WORDS 1.0f

/* A lead beyond this tells no more. */
#define CLASSIFY_MOST_MARGIN 6.0

/* Away from the middle of all, length 1: in raw vectors everything lies close together. */
void classify_direction(const struct classify_basis *b, const float *raw, float out[static EMBED_SIZE]);
