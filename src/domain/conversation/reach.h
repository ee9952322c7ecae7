/* reach: how what the company says gets to a customer who is not on a page of ours, and what became of it (docs/adr/0054).
 *
 * A channel that carries messages out has one line in services->reaches (NULL-ended). Conversations know nothing of what is behind it. What is said in
 * public by anybody but the customer is given to the channel in the transaction that writes it; the desk asks what became of each. */
#pragma once

#include "core/record/record.h"
#include "gen/schema.h"

/* What became of a message: "waiting", "sending", "sent", "arrived", "unsure" (nobody knows), "failed", or the way that it took instead: "sms", "call". */
struct reach_state {
	int64_t no;
	const char *state;
	int64_t code;                   /* of the other side; 0: none */
	const char *why_zh, *why_en;    /* in words that an agent understands; NULL: nothing to say */
};

struct reach {
	const char *channel;            /* as conversation.channel */
	/* Writer: takes a message that was just said there; the conversation is being written. NULL: what is said goes nowhere. */
	int (*send)(struct ctx *c, const struct conversation *k, const struct message *m) MUST_CHECK;
	/* The newest 100 that went or are to go out, in whatever order. */
	int (*states)(struct ctx *c, const struct conversation *k, struct reach_state **out, size_t *n) MUST_CHECK;
	/* What the channel still allows, as members of a JSON object that begin with a comma (ReachLine.vue reads them); nothing written: no limits. NULL: none. */
	int (*limits)(struct ctx *c, const struct conversation *k, struct text *out) MUST_CHECK;
	/* Writer: sends one of which nobody knows whether it arrived once more; ERR_NOT_FOUND, ERR_STATE. NULL: it cannot be. */
	int (*repeat)(struct ctx *c, const struct conversation *k, int64_t no) MUST_CHECK;
};

extern const struct observer reach_observer;
/* Call-backs that are done end what she waits for. */
extern const struct observer call_back_observer;

/* Writer: tells whoever looks at the conversation what became of a message. */
int reach_tell(struct ctx *c, int64_t conversation, int64_t no, const char *state) MUST_CHECK;
