/* trial: whether something outside of the house works, said in words: POST …/{id}/try of an account. What it needs is read in a reader, then it is
 * tried in the pool, without a transaction. Answers {"checks":[{"good","text"}]}. */
#pragma once

#include "base/text.h"
#include "core/api/api.h"

struct trial {
	struct ctx *c;
	int64_t id;                     /* of the path */
	void *own;                      /* the caller's, zeroed */
	const struct trial_kind *kind;
	struct http_request *http;
	struct readers *readers;
	struct text out;
	size_t n;
};

struct trial_kind {
	size_t own;                     /* bytes */
	int (*load)(struct ctx *c, void *trial);        /* in a reader: may whoever asks see it, and what opens it */
	void (*check)(struct trial *t);
	bool once;                      /* one thing is said, and the answer is that: {"good","text"} */
};

/* For .raw of a route whose .in is id_shape. */
void trial_begin(struct http_request *r, struct ctx *c, const struct trial_kind *kind);
/* One line of what was looked at. */
void trial_say(struct trial *t, bool good, const char *zh, const char *en);
