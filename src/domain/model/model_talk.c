/* What was said in public, as it may leave the house. */
#include "domain/model/model.h"

#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"

int model_talk(struct ctx *c, const struct conversation *k, const struct model_talk_wish *wish, const char **out)
{
	struct customer hers;
	struct message *rows;
	struct text t = text_in(c->arena);
	const char *name, **texts;
	size_t n;
	bool declined;
	*out = NULL;
	TRY(model_is_declined(c, k->customer_id, &declined));
	if (declined)
		return 0;
	TRY(customer_row_get(c, k->customer_id, &hers));
	TRY(pii_open(c, hers.key, "customer.name", hers.name, &name));
	TRY(conversation_public_messages(c, k, wish->most, &rows, &texts, &n));
	for (size_t i = 0; i < n; i++) {
		if (wish->numbers)
			text_format(&t, "%lld ", (long long)rows[i].no);
		text_format(&t, "%s：%s\n", rows[i].actor_kind == ACTOR_CUSTOMER ? "客户" : "客服", model_redact(c->arena, texts[i], name));
	}
	*out = n >= wish->least ? text_end(&t) : NULL;
	return 0;
}
