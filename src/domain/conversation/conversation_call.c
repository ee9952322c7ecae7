/* She was called back. Whatever she waits for in a chat is answered by that, and her page says so: who left a message at night sees in the morning that it was heard. */
#include "domain/conversation/conversation.h"

#include "core/auth/auth.h"
#include "domain/conversation/reach.h"
#include "domain/task/task.h"
#include "gen/conversation_sql.h"

/* A page of ours; elsewhere it would be one more message about what she has just heard. */
#define PAGE "web"

static int called(struct ctx *c, struct conversation *k, int64_t user_id)
{
	TRY(conversation_spoken(c, k, user_id));
	if (!text_equal(k->channel, PAGE))
		return 0;
	return conversation_say_by_itself(c, k, text_equal(k->lang, "en") ? "A colleague has called you about this. If there is anything else, just write here." : "客服已通过电话与您联系。如还有其他问题，可直接在这里留言。");
}

int conversation_called_all(struct ctx *c, int64_t customer_id, int64_t user_id)
{
	struct conversation *rows;
	size_t n;
	TRY(conversations_of_customer(c, customer_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].waiting_since && !text_equal(rows[i].state, "closed"))
			TRY(called(c, &rows[i], user_id));
	return 0;
}

/* A call-back of a ticket answers that; one of nothing else is about what she wrote. */
static int see(struct ctx *c, const struct record *record, const void *old, void *row)
{
	const struct task *was = old, *t = row;
	bool done = record == &task_record && was && !was->done_at && t->done_at && text_equal(t->kind, "call_back") && !t->ticket_id;
	if (!done || text_empty(t->outcome) || text_equal(t->outcome, "not_reached"))
		return 0;
	struct ctx all = ctx_as_system(c);
	return conversation_called_all(&all, t->customer_id, t->done_by);
}

const struct observer call_back_observer = { .writing = see };
