/* Inside of evaluation. */
#pragma once

#include "domain/evaluation/evaluation.h"
#include "domain/knowledge/knowledge.h"

enum { LINES_MOST = 5000, QUESTION_MOST = 200 };

extern const struct choice evaluation_states[];

/* Writer: tries the set from now on; article: a draft that is taken for published meanwhile, 0: none. */
int evaluation_begin(struct ctx *c, int64_t set, int64_t article, struct evaluation *out) MUST_CHECK;
/* Writer: it runs no more. */
int evaluation_end(struct ctx *c, const struct evaluation *was, const char *state, const char *sums, const char *event, struct evaluation *out) MUST_CHECK;
/* Reader: {"items":[{"kind","id","name"}]}: templates, macros, rules, flows, greetings that whoever asks may read, and other articles, that name this one. */
int named_in(struct ctx *c, const char *code, const char **out) MUST_CHECK;
/* Reader, of GET /knowledge/judged: accuracy by week and product (weeks.c). */
int weeks_judged(struct ctx *c, const void *in, void *out) MUST_CHECK;
/* An article of the company's knowledge, or what stands for none. */
bool evaluation_knows(const struct knowledge *k, const char *code);
