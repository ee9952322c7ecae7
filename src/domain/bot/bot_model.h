/* A language model beside the bot (docs/adr/0058). Only after the bot has decided, and only two of its ways: an answer may be put into other words, and
 * where it has no answer one may be made of articles that customers may read. Everything else stays the bot's: danger, people, money, her own things. */
#pragma once

#include "domain/bot/bot.h"
#include "domain/model/model.h"

struct bot_model {
	struct model_opened account;            /* row.id 0: no model has a say in this message */
	struct model_prompt prompt;
	struct model_source sources[MODEL_SOURCES_MOST];
	const char *codes[MODEL_SOURCES_MOST];  /* of the articles */
	int64_t conversation_id, no;
};
/* In a reader, after bot_hear(). */
int bot_model_prepare(struct ctx *c, const struct conversation *k, int64_t no, const struct bot_said *said, struct bot_model *out) MUST_CHECK;
/* In the pool, without a transaction: *said becomes what the model said, where that may be said, or stays as it is. */
void bot_model_say(struct ctx *c, const struct bot_model *m, struct bot_said *said);

/* A draft for staff when a conversation is closed. */
extern const struct job_kind bot_summary_job;
extern const struct observer bot_summary_observer;

/* Vectors: the message's, from an endpoint where the company has one, before it is heard. In the pool, without a transaction; a second and a half at most. */
void bot_vector_ask(struct ctx *c, int64_t conversation_id, int64_t no);
bool bot_is_heard(const struct conversation *k);
/* In a reader: what she wrote, and the same as it may leave the house. */
int bot_read_message(struct ctx *c, const struct conversation *k, int64_t no, const char **text, const char **redacted) MUST_CHECK;
const struct safety_rule *bot_danger_in(struct ctx *c, const struct knowledge *k, const char *text);    /* NULL: none */
