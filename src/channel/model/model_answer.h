/* model_answer: what an OpenAI-compatible endpoint answered. Strict: one choice that ended by itself, with text; tools that it wants to call are
 * never called. Nothing of its error texts is taken over: they may repeat the key. Pure. */
#pragma once

#include "base/error.h"

enum model_verdict {
	MODEL_SAID,
	MODEL_DECLINED,         /* it says that it has no answer, refuses, or was filtered */
	MODEL_CUT,              /* the answer was longer than was allowed */
	MODEL_KEY,              /* the key is not taken */
	MODEL_ABSENT,           /* there is no such model or address */
	MODEL_BUSY,             /* too many calls, or the account is empty */
	MODEL_REFUSED,          /* it does not take the request as it is */
	MODEL_DOWN,             /* it is broken */
	MODEL_GARBAGE,          /* no answer of this kind */
};

struct model_answer {
	enum model_verdict verdict;
	const char *text;               /* of MODEL_SAID, in the arena, without blanks around it */
	int64_t asked, said;            /* tokens as it counts them; 0: it does not say */
};

enum { MODEL_ANSWER_CHARACTERS = 4000, MODEL_REPLY_MOST = 256 * 1024 };

void model_answer_read(struct arena *a, int status, const char *text, size_t n, struct model_answer *out);
/* Of an answer that is none; 200: MODEL_GARBAGE. */
enum model_verdict model_verdict_of(int status);
/* What somebody who set it up has to do. */
const char *model_verdict_words(enum model_verdict verdict, enum lang lang);
