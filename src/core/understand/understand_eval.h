/* How well questions are understood, counted one way for `anxin eval` and for the page: over lines of a question and what answers it. */
#pragma once

#include "engine/classify/classify.h"

#define EVAL_OUTSIDE "OOS"              /* nothing here answers it */

/* Counts of lines; "inside": those that something answers. */
struct eval_sum {
	size_t inside, outside, first, among_three, answered, answered_right, answered_inside, outside_answered;
};

const char *eval_kind_name(enum classify_kind kind);                    /* "answer", "flow", "clarify", "unknown" */
size_t eval_place(const struct classify_decision *d, const char *right);        /* among the choices, from 1; 0: none of them */
bool eval_is_told(const char *decision);        /* it was told, or a flow was begun: not asked back, nor left to somebody */
/* place: of what is right; answered: it is told. */
void eval_count(struct eval_sum *s, const char *right, size_t place, bool answered);
/* "top1":0.9333,"top3":…,"answered":…,"precision":…,"oos_answered":…: shares of 1. Of what is answered, how much is right: of lines that have an
 * answer here; what lies outside is counted by itself. */
void eval_write(struct text *t, const struct eval_sum *s);
