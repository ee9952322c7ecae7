/* An agent who takes another article than the one that was offered first, or says that it is wrong, corrects the bot: the question becomes a gap (domain/evaluation).
 * Where the bot had the message itself, its own turn is marked; otherwise what it suggested to the agent becomes one. */
#include <string.h>

#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/bot/assist.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"

/* Of the answer she marked, and the one that stood before her as the best. */
static bool is_correction(const struct assist_answer *a, const char *wrong)
{
	if (text_equal(a->value, "unhelpful"))
		return text_empty(wrong) || text_equal(a->article, wrong);
	return !text_empty(wrong) && !text_equal(a->article, wrong);
}

/* As the bot would keep it. NULL: nothing that a customer wrote. */
static int question_of(struct ctx *c, const struct conversation *k, int64_t no, const char **out)
{
	struct message *rows;
	const char *text;
	size_t n;
	*out = NULL;
	TRY(message_by_no(c, k->id, no, &rows, &n));
	if (!n || rows[0].actor_kind != ACTOR_CUSTOMER || !text_equal(rows[0].visibility, "public"))
		return 0;
	TRY(pii_open(c, rows[0].key, "message.body", rows[0].body, &text));
	if (text_empty(text))
		return 0;
	*out = bot_question_of(c->arena, text);
	return 0;
}

static int add_turn(struct ctx *c, const struct conversation *k, const struct assist_answer *a, const char *wrong)
{
	const char *question;
	TRY(question_of(c, k, a->no, &question));
	if (!question)
		return 0;
	struct bot_turn turn = { .tenant = c->tenant, .id = new_id(c), .conversation_id = k->id, .customer_id = k->customer_id, .no = a->no, .question = question, .did = "assist", .why = "",
		.article = text_empty(wrong) ? a->article : wrong, .confidence = a->confidence, .verdict = "corrected", .created_at = c->now, .version = 1 };
	return bot_turn_row_insert(c, &turn);
}

int assist_correct(struct ctx *c, const struct conversation *k, const struct assist_answer *a)
{
	struct bot_turn *turns;
	size_t n;
	TRY(bot_turn_at(c, k->id, a->no, &turns, &n));
	bool answered = n && text_equal(turns[0].did, "answer") && !text_empty(turns[0].article);
	const char *wrong = answered ? turns[0].article : a->first;
	if (text_empty(a->article) || !is_correction(a, wrong))
		return 0;
	if (!n)
		TRY(add_turn(c, k, a, wrong));
	if (n && text_empty(turns[0].verdict)) {
		turns[0].verdict = "corrected";
		TRY(bot_turn_row_update(c, &turns[0]));
	}
	return job_add(c, new_id(c), BOT_GAP_JOB, c->now, "gather", NULL);
}
