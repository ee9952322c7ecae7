/* The action "message from template": written on the ticket, where customer and staff read it, and the customer is told by SMS. */
#include "base/json.h"
#include "core/auth/auth.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "engine/fill/fill.h"

static const struct choice ways[] = {
	{ "link", "短信通知，附进度页链接", "An SMS with the link" }, { "text", "短信直接发送内容", "The text itself by SMS" }, { 0 },
};

struct reply_in {
	int64_t template_id;
	const char *send;
};
static const struct member reply_members[] = {
	MEMBER(struct reply_in, template_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct reply_in, send, code, .choices = ways),
};
static const struct shape reply_shape = SHAPE("action_reply", struct reply_in, reply_members);

static bool uses_personal(struct ctx *c, const char *text)
{
	struct fill f;
	struct fill_fault fault;
	return fill_cut(c->arena, text, template_names, template_variable_count, &f, &fault) == 0 && (f.used & template_personal);
}

/* What is off is refused where somebody writes it down; later, when it is to be sent, and seen to fail. */
int template_may_send(struct ctx *c, int64_t template_id)
{
	struct message_template row;
	struct error before = *c->error;
	if (!may(c, "template.read"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	int r = message_template_row_get(c, template_id, &row);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return fail_field(c, "template_id", ERR_FIELD_REFERENCE, NULL);
	}
	TRY(r);
	if (c->auth && (!row.active || row.archived_at))
		return fail_field(c, "template_id", ERR_TEMPLATE_OFF, row.name);
	bool tells = uses_personal(c, row.text_zh) || uses_personal(c, row.text_en);
	return !tells || may(c, "customer.reveal") ? 0 : fail_field(c, "template_id", ERR_FORBIDDEN, template_names_of(c, template_personal));
}

static int check(struct ctx *c, const struct record_model *m, const void *arg)
{
	if (!may(c, "ticket.work"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	return template_may_send(c, ((const struct reply_in *)arg)->template_id);
}

/* The words of the SMS are read by the customer alone: its link opens the ticket. */
static int tell(struct ctx *c, const struct message_template *m, const struct ticket *t, const char *send)
{
	struct filled_template message;
	if (!text_equal(send, "text"))
		return ticket_notify_from(c, t, "ticket_answered", "", m->id);
	TRY(template_fill(c, m, t, TEMPLATE_MESSAGE, &message));
	return ticket_notify_from(c, t, "ticket_message", message.text, m->id);
}

static int run(struct ctx *c, struct acting *on, const void *arg)
{
	const struct reply_in *in = arg;
	struct message_template m;
	struct filled_template filled;
	struct ticket t;
	int64_t comment;
	on->lasting = true;
	TRY(require_permission(c, "ticket.work"));
	TRY(record_get(c, &ticket_record, on->id, &t));
	TRY(message_template_row_get(c, in->template_id, &m));
	TRY(template_fill(c, &m, &t, TEMPLATE_TIMELINE, &filled));
	TRY(template_read(c, &m, &t, &filled));
	TRY(ticket_comment_add(c, &t, &(struct comment_in){ .id = t.id, .text = filled.text, .visibility = "public", .told_otherwise = true }, &comment));
	return tell(c, &m, &t, in->send);
}

static int show(struct ctx *c, const void *row, const void *arg, struct text *out)
{
	struct message_template m;
	struct filled_template filled;
	struct ctx all = ctx_as_system(c);      /* a rule will send it, not whoever tries the rule */
	TRY(message_template_row_get(&all, ((const struct reply_in *)arg)->template_id, &m));
	TRY(template_fill(&all, &m, row, TEMPLATE_PREVIEW, &filled));
	template_write(c, &filled, out);
	return 0;
}

const struct action_kind reply_action = {
	.name = "reply", .label = L("用模板发消息给客户", "Message from a template"), .only = &ticket_record, .shape = &reply_shape, .check = check, .run = run, .show = show,
};
