/* The action "ticket": a conversation becomes a ticket by rule, as it does by the click: the same facts filled in, one for a conversation however many rules ask, and
 * none where the device has an open one of that kind, which is linked instead. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/form/form.h"
#include "core/services.h"
#include "domain/conversation/ticket_action.h"
#include "domain/ticket/ticket.h"
#include "engine/clean/clean.h"
#include "engine/redact/redact.h"

struct ticket_action_in {
	const char *scene;              /* "": as her words sound */
};
static const struct member members[] = { MEMBER(struct ticket_action_in, scene, code, .choices = ticket_scenes) };
static const struct shape shape = SHAPE("action_ticket", struct ticket_action_in, members);

static int check(struct ctx *c, const struct record_model *m, const void *arg)
{
	const struct ticket_action_in *in = arg;
	struct form form;
	if (!may(c, "ticket.create"))
		return fail_field(c, "do", ERR_FORBIDDEN, NULL);
	if (text_empty(in->scene))
		return 0;
	TRY(form_of(c, &form));
	return form_check_scene(c, &form, in->scene);
}

static int run(struct ctx *c, struct acting *on, const void *arg)
{
	struct conversation k;
	struct ticket t;
	struct conversation_ticket_in in = { .id = on->id, .scene = ((const struct ticket_action_in *)arg)->scene };
	struct error before = *c->error;
	TRY(require_permission(c, "ticket.create"));
	TRY(record_get(c, &conversation_record, on->id, &k));
	if (k.ticket_id)
		return 0;
	on->lasting = true;             /* it has a number, and she is told of it */
	int r = conversation_make_ticket(c, &k, &in, &t);
	if (r != ERR_OPEN_TICKET)
		return r;
	in.ticket_id = strtoll(c->error->arg, NULL, 10);
	error_take_back(c->error, &before);
	return conversation_make_ticket(c, &k, &in, &t);
}

/* For a dry run: the scene and the title, in which nothing personal stands; of one that has a ticket, that none is made. */
static int show(struct ctx *c, const void *row, const void *arg, struct text *out)
{
	const struct conversation *k = row;
	const char *scene = ((const struct ticket_action_in *)arg)->scene, *words;
	struct ctx all = ctx_as_system(c);      /* a rule will read them, not whoever tries it */
	TRY(conversation_her_words(&all, k, &words));
	struct ticket_report report = { .scene = scene, .text = words, .customer_id = k->customer_id, .device_id = k->device_id, .product_id = k->product_id };
	TRY(conversation_fill_report(&all, k, &report));
	const struct choice *said = choice_find(ticket_scenes, report.scene ? report.scene : "");
	const char *name = !said ? "" : c->lang == LANG_EN ? said->en : said->zh;
	const char *title = ticket_title(c->arena, clean_text(c->arena, redact(c->arena, words, strlen(words), NULL)), NULL, name);
	text_append(out, "{\"text\":");
	json_text(out, k->ticket_id ? "" : arena_format(c->arena, "%s · %s", name, title));
	text_format(out, ",\"missing\":[],\"makes\":\"%s\"}", k->ticket_id ? "nothing" : "ticket");
	return 0;
}

const struct action_kind ticket_action = {
	.name = "ticket", .label = L("建服务单", "Make a ticket"), .only = &conversation_record, .shape = &shape, .check = check, .run = run, .show = show,
};
