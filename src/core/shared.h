/* shared: answers that many ask for over and over, such as a wall's, or what thirty people's views count. One of those who ask makes it, the
 * others wait for it, and for a moment whoever would be told the same gets the same text. What may be seen decides who shares: company, role,
 * rights and masks are part of the key, and so is the person herself where the caller says so. */
#pragma once

#include "base/text.h"
#include "db/ctx.h"

struct shared;

/* What makes an answer old. */
enum shared_age {
	SHARED_BOTH_CLOCKS,     /* the time of who asks, and that of the machine: a time that stands still makes no answer last */
	SHARED_NOW,             /* the time of who asks; an answer as old as its life is given still */
};
struct shared_options {
	size_t rows, ways;      /* places: an answer has `ways` of them, in the row of its key; the one made longest ago gives way */
	enum shared_age age;
};
struct shared *shared_new(const struct shared_options *o);
void shared_free(struct shared *s);             /* accepts NULL */

enum shared_who { SHARED_BY_ROLE, SHARED_BY_PERSON };

struct shared_question {
	const char *what;       /* all that the answer follows from beside the actor's sight */
	int64_t life_ms;        /* 0: always made */
	enum shared_who who;    /* by person wherever the answer may depend on who asks: she and her team and region are part of the key */
};

/* Made with nothing but c's actor and its time. What could not be made is not kept: whoever waited makes it. s NULL: made anew. */
int shared_answer(struct ctx *c, struct shared *s, const struct shared_question *q, int (*make)(struct ctx *c, void *arg, struct text *out), void *arg,
                  const char **out) MUST_CHECK;

struct shared_stats {
	uint64_t made, given;           /* given: without making it */
};
void shared_stats(const struct shared *s, struct shared_stats *out);
