/* embedding: a company's questions understood by an endpoint's vectors, where it has one (docs/adr/0060).
 *
 * The endpoint is one way more, never the only one: what it does not answer in time, or answers wrongly, is understood as if it were not there. A question is
 * asked for outside of any transaction, before it is decided; deciding finds its vector in memory, or does without. */
#pragma once

#include "core/understand/understand_spaces.h"
#include "db/job.h"
#include "domain/knowledge/knowledge.h"
#include "domain/model/model.h"

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
