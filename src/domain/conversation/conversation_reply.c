/* The action "message from template" on a conversation: said to the customer by whoever runs the macro, who has the conversation from then on; by a rule it is said by
 * the company itself, and answers nothing. */
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"

struct reply_in {
	int64_t template_id;
};
static const struct member reply_members[] = { MEMBER(struct reply_in, template_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape reply_shape = SHAPE("action_conversation_reply", struct reply_in, reply_members);

int conversation_as_ticket(struct ctx *c, const struct conversation *k, struct ticket *t)
{
	bool there = false;
	if (k->ticket_id)
		TRY(record_look(c, &ticket_record, k->ticket_id, t, &there));
	if (!there)
		*t = (struct ticket){ .tenant = c->tenant, .customer_id = k->customer_id, .device_id = k->device_id, .product_id = k->product_id, .owner_id = k->owner_id, .team_id = k->team_id,
		                      .no = "", .title = "", .state = "", .scene = "", .result = "", .preferred_time = "" };
	return 0;
}

static int check(struct ctx *c, const struct record_model *m, const void *in)
{
	if (!may(c, "conversation.work"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	return template_may_send(c, ((const struct reply_in *)in)->template_id);
}

static int fill(struct ctx *c, const struct conversation *k, int64_t template_id, enum template_for use, struct filled_template *filled)
{
	struct message_template m;
	struct ticket t;
	TRY(message_template_row_get(c, template_id, &m));
	TRY(conversation_as_ticket(c, k, &t));
	TRY(template_fill(c, &m, &t, use, filled));
	return use == TEMPLATE_PREVIEW ? 0 : template_read(c, &m, &t, filled);
}

static int run(struct ctx *c, struct acting *on, const void *in)
{
	struct conversation k;
	struct filled_template filled;
	on->lasting = true;
	TRY(require_permission(c, "conversation.work"));
	TRY(record_get(c, &conversation_record, on->id, &k));
	TRY(fill(c, &k, ((const struct reply_in *)in)->template_id, TEMPLATE_TIMELINE, &filled));
	if (c->actor_kind == ACTOR_USER)
		return conversation_say(c, &k, &(struct message_in){ .id = k.id, .text = filled.text, .visibility = "public" });
	TRY(require(c, !text_equal(k.state, conversation_states[CONVERSATION_CLOSED].value), ERR_STATE, "closed"));
	return conversation_say_by_itself(c, &k, filled.text);
}

static int show(struct ctx *c, const void *row, const void *in, struct text *out)
{
	struct filled_template filled;
	struct ctx all = ctx_as_system(c);      /* a rule will send it, not whoever tries the rule */
	TRY(fill(&all, row, ((const struct reply_in *)in)->template_id, TEMPLATE_PREVIEW, &filled));
	template_write(c, &filled, out);
	return 0;
}

const struct action_kind conversation_reply_action = {
	.name = "reply", .label = L("用模板发消息给客户", "Message from a template"), .only = &conversation_record, .shape = &reply_shape, .check = check, .run = run, .show = show,
};
