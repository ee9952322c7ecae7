/* The tail of the event table: a thread that hands every committed event to a callback, in order of each lane, whichever
 * node wrote it. It keeps no cursor: it starts at the present end and is for what lives now (realtime). */
#pragma once

#include "db/db.h"

struct event;
struct tail;

struct tail_options {
	const char *url;
	int lanes;
	int look_ms;            /* it looks at all lanes when nobody has woken it for so long */
	struct log *log;
	/* On the tail's thread. Events of one lane, in order of pos. */
	void (*events)(void *arg, const struct event *events, size_t n);
	void *arg;
};

int tail_open(const struct tail_options *options, struct tail **out) MUST_CHECK;
void tail_close(struct tail *t);
/* There is something new: bit i for lane i. Never blocks. */
void tail_wake(struct tail *t, uint64_t lanes);
