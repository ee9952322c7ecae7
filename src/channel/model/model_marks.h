/* model_marks: what a model that was asked to look at a talk may answer: which criterion which message breaks, as two numbers, and not a word. So there is nothing of its own
 * to show to anybody. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MODEL_MARKS_MOST = 40 };
/* What the model says when nothing is wrong. */
#define MODEL_NO_MARK "NONE"

struct model_mark {
	int64_t criterion, message;     /* criterion: 1, 2 …; message: its number in the talk */
};

/* Lines "2:7", each once, or NONE. False: anything else stands there, or too many. */
bool model_marks_read(const char *answer, size_t criteria, struct model_mark marks[static MODEL_MARKS_MOST], size_t *n);
