/* Before a message is heard: its vector, from the company's endpoint where it has one. Whatever goes wrong, it is heard without. */
#include "core/api/readers.h"
#include "core/services.h"
#include "domain/bot/bot_model.h"
#include "domain/knowledge/knowledge.h"
#include "gen/conversation_sql.h"

struct asking {
	int64_t conversation_id, no;
	struct embedding_plan *plan;
};

/* Danger does not wait for anybody, and who took back her consent is understood by our own means. */
static int prepare(struct ctx *c, void *arg)
{
	struct asking *a = arg;
	const struct knowledge *knowledge;
	struct conversation k;
	struct model_account account;
	const char *text, *redacted;
	bool declined;
	TRY(model_row_for(c, MODEL_EMBED, &account));
	if (!account.id)
		return 0;
	TRY(conversation_row_get(c, a->conversation_id, &k));
	TRY(model_is_declined(c, k.customer_id, &declined));
	if (declined || !bot_is_heard(&k))
		return 0;
	TRY(knowledge_of(c, &knowledge));
	TRY(bot_read_message(c, &k, a->no, &text, &redacted));
	if (bot_danger_in(c, knowledge, text))
		return 0;
	return knowledge_vectors_plan(c, &text, &redacted, 1, &a->plan);
}

void bot_vector_ask(struct ctx *c, int64_t conversation_id, int64_t no)
{
	struct asking a = { .conversation_id = conversation_id, .no = no };
	struct error before = *c->error;
	if (readers_run(c->services->readers, c, prepare, &a) < 0) {
		error_take_back(c->error, &before);
		return;
	}
	knowledge_vectors_ask(c, a.plan, KNOWLEDGE_VECTOR_MS, conversation_id, no);
}
