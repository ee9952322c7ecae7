/* What the files of this folder know of one another. */
#pragma once

#include "channel/model/model_answer.h"
#include "domain/model/model.h"
#include "gen/model_sql.h"

enum call_outcome { CALL_OPEN, CALL_SAID, CALL_HELD, CALL_DECLINED, CALL_FAILED, CALL_LATE, CALL_BUDGET, CALL_PAUSED };
const char *model_purpose(enum model_task task);
const char *model_outcome_name(enum call_outcome outcome);

/* A call in the ledger: set down before it leaves, settled after. */
struct model_entry {
	const struct model_asking *q;
	int64_t id, day, tokens;
	enum call_outcome outcome;      /* once it is set down, CALL_OPEN: it may leave */
	const char *reason;
	struct model_answer answer;
	int64_t took_ms;
	bool costs_nothing;             /* it never arrived, or was turned away */
};
int model_entry_begin(struct ctx *c, struct model_entry *e) MUST_CHECK;
int model_entry_end(struct ctx *c, struct model_entry *e) MUST_CHECK;
void model_not_called(const struct model_entry *e, struct model_outcome *out);

struct client_reply;
struct model_post_options {
	const char *path;               /* behind the base address */
	unsigned timeout_ms;            /* 0: the account's */
	size_t reply_most;
};
int model_post(struct ctx *c, const struct model_opened *m, const struct model_post_options *o, const struct text *body, struct client_reply *reply) MUST_CHECK;
/* What becomes of one without an answer, and of one with an answer that was read into the entry. */
void model_missed(struct ctx *c, struct model_entry *e, struct model_outcome *out, int r, const struct client_reply *reply);
void model_judge(struct model_entry *e, int status, struct model_outcome *out);

int model_open(struct ctx *c, const struct model_account *row, struct model_opened *out) MUST_CHECK;

extern const struct shape model_secret_shape;
int model_set_secret(struct ctx *c, const void *in, void *out) MUST_CHECK;
