/* Learns a pack's questions: what ./dev and the package's build run, never a server. */
#pragma once

#include "core/understand/understand.h"

struct understand_course {
	const char *folder;             /* PACK/knowledge: words.json, out_of_scope.txt, PRODUCT/questions.json */
	const char *model;              /* the model of language; NULL or unreadable: words alone */
	const char *cache;              /* folder where vectors and results are found again by what they were made from; NULL: none */
	const char *const *also;        /* files that change what comes of it, such as the sources of this program */
	size_t also_count;
	const char *out;
};

struct understand_result {
	size_t questions, phrasings, outside, embedded;
	bool found;                     /* made before from just that: nothing was learned */
	const char *fault;              /* which file is no good, in words, when it failed */
};

int understand_learn(struct arena *a, const struct understand_course *course, struct understand_result *out) MUST_CHECK;
