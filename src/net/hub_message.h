/* What a client says to the hub, read and checked. Pure, fuzzed. */
#pragma once

#include "base/error.h"

enum hub_op { HUB_SUBSCRIBE, HUB_UNSUBSCRIBE, HUB_SIGNAL };
enum hub_what { HUB_LOOKING, HUB_TYPING, HUB_LEFT, HUB_WHAT_COUNT };

enum { HUB_TOPIC_TEXT = 80, HUB_TOPICS_AT_ONCE = 100 };

struct hub_message {
	enum hub_op op;
	const char **topics;            /* subscribe, unsubscribe */
	size_t topic_count;
	int64_t since;                  /* −1 when not given */
	const char *topic;              /* signal */
	enum hub_what what;
};

/* {"op":"subscribe","topics":[…],"since":7}, {"op":"unsubscribe","topics":[…]} or {"op":"signal","topic":…,"what":…}. */
int hub_message_read(struct arena *a, const char *text, size_t n, struct hub_message *out, struct error *e) MUST_CHECK;

/* Words of a–z, 0–9, _ . - joined by ':'. */
int hub_topic_check(const char *topic) MUST_CHECK;

const char *hub_what_name(enum hub_what what);
int hub_what_of(const char *name);      /* −1 for another word */
