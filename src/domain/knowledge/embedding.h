/* embedding: a company's questions understood by an endpoint's vectors, where it has one (docs/adr/0060).
 *
 * The endpoint is one way more, never the only one: what it does not answer in time, or answers wrongly, is understood as if it were not there. A question is
 * asked for outside of any transaction, before it is decided; deciding finds its vector in memory, or does without. */
#pragma once

#include "core/understand/understand_spaces.h"
#include "db/job.h"
#include "domain/knowledge/knowledge.h"
#include "domain/model/model.h"

enum { EMBED_QUESTIONS_MOST = 40, EMBED_QUESTION_MS = 1500 };

/* Questions whose vectors are worth asking for: there is an endpoint, and a space to decide by. */
struct embedding_plan {
	struct model_opened account;
	const char *telling[EMBED_QUESTIONS_MOST];      /* as it will be looked for */
	const char *sent[EMBED_QUESTIONS_MOST];         /* as it leaves the house */
	size_t n;
	uint8_t root[SPACE_SIGN];
};
/* In a reader. texts: as they were written; redacted: the same by model_redact(), for it knows names that we do not. */
int embedding_plan(struct ctx *c, const char *const *texts, const char *const *redacted, size_t n, struct embedding_plan *out) MUST_CHECK;
/* In the pool, without a transaction; takes timeout_ms at most (0: the account's). */
void embedding_ask(struct ctx *c, const struct embedding_plan *p, unsigned timeout_ms, int64_t conversation_id, int64_t no);

/* In a reader: decides by the company's space, where it has one and the question's vector came. `own` is what other means say of it: it stays where there is
 * nothing of that, where a phrasing says just that, and where the space is not sure it only gets one choice more. */
void embedding_decide(struct ctx *c, const struct classify_ask *ask, struct classify_decision *own);

/* In a reader: that by which questions are understood now; NULL: none. */
const struct space *embedding_space(struct ctx *c);
/* In a reader, as JSON: how far it is; "null" where there is no endpoint. */
int embedding_state(struct ctx *c, const struct knowledge *k, const char **out) MUST_CHECK;

/* In the thread that learns: learns what is to be learned, and has what is missing fetched. */
int embedding_learn(struct ctx *c, const struct knowledge *k, const atomic_bool *closing) MUST_CHECK;

extern const struct job_kind knowledge_embed_job;
