/* model: endpoints of language models that a company allows, if it does (docs/adr/0058). Without one nothing here happens.
 *
 * A call is set down in the ledger, with the tokens that it may cost, before it leaves, and only while the day's tokens last; what comes back
 * is checked (channel/model/model_check.h) before anybody hears of it. Whoever asks has words of his own ready: every way this can end but one is "nothing". */
#pragma once

#include "channel/model/model_check.h"
#include "core/record/record.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record model_account_record, model_call_record;
extern const struct route model_routes[];
extern const size_t model_route_count;

/* An endpoint with what opens it. id 0: none. */
struct model_opened {
	struct model_account row;
	const char *secret;             /* NULL: it wants none */
};
/* In a reader: the oldest that is on for this task; row.id 0: there is none. */
int model_for(struct ctx *c, enum model_task task, struct model_opened *out) MUST_CHECK;
/* The same without its key. */
int model_row_for(struct ctx *c, enum model_task task, struct model_account *out) MUST_CHECK;
/* Whether there is one; nothing is opened. */
int model_is_on(struct ctx *c, enum model_task task, bool *on) MUST_CHECK;
/* In a reader: she took back her consent, so nothing of hers goes to anybody else. */
int model_is_declined(struct ctx *c, int64_t customer, bool *out) MUST_CHECK;

/* What a customer wrote, as it may leave the house: numbers, addresses and names gone. name: hers, NULL where not known. */
const char *model_redact(struct arena *a, const char *text, const char *name);

/* In a reader: what was said in public in a conversation, a message a line, redacted; *out NULL: it is too short, or she took back her consent. */
struct model_talk_wish {
	size_t most, least;             /* messages: the newest, and fewer are nothing */
	bool numbers;                   /* before each line that of its message */
};
int model_talk(struct ctx *c, const struct conversation *k, const struct model_talk_wish *wish, const char **out) MUST_CHECK;

struct model_asking {
	const struct model_opened *account;
	struct model_prompt prompt;
	int64_t conversation_id, no;    /* what it is about; 0: nothing */
};
struct model_outcome {
	const char *text;               /* checked; NULL: nothing to say */
	enum model_fault fault;         /* why it was held back */
	unsigned cited;
	bool answered;                  /* the endpoint works, whatever it said */
	const char *zh, *en;            /* in words, what became of the call */
};
/* In the pool, without a transaction; takes the endpoint's time-out at most. Never fails: an outcome without text says why. */
void model_ask(struct ctx *c, const struct model_asking *q, struct model_outcome *out);

/* Vectors ------------------------------------------------------------------------------------------------------------------- */

#define MODEL_EMBED_JOB "knowledge.embed"       /* fetches what phrasings lack */
int model_wake_embedding(struct ctx *c) MUST_CHECK;

/* What tells vectors apart that cannot be compared: address, model and dimension. */
const char *model_space_name(struct arena *a, const struct model_account *m, int64_t dimension);

struct model_embed_asking {
	const struct model_opened *account;
	enum model_task task;           /* MODEL_EMBED or MODEL_TRY */
	const char *const *texts;       /* redacted, MODEL_BATCH at most */
	size_t n;
	unsigned timeout_ms;            /* 0: the account's */
	int64_t conversation_id, no;
};
struct model_embedded {
	const float *vectors;           /* EMBED_SIZE for each text; NULL: there are none */
	int64_t dimension, took_ms;
	const char *zh, *en;            /* in words, what became of the call */
};
/* As model_ask(): set down, called, settled; never fails. A dimension other than the account's is no answer, but to a try. */
void model_embed(struct ctx *c, const struct model_embed_asking *q, struct model_embedded *out);
