/* template: texts that a company writes once and sends often, filled from a ticket (docs/adr/0031).
 *
 * Variables are those of variables.def, each found by one function; values are put in as text and never read again (engine/fill). The text
 * is in the customer's language, in Chinese where there is no English. A variable without a value is written as what stands behind its "|",
 * or the sending is refused. What the actor may not read counts as no value. */
#pragma once

#include "core/action/action.h"
#include "core/record/record.h"
#include "gen/schema.h"
#include "net/route.h"

enum { TEMPLATE_TEXT_MOST = 2000, TEMPLATE_FILLED_MOST = 4000 };

extern const struct record template_record;
extern const struct action_kind reply_action, notify_action;
extern const struct route template_routes[];
extern const size_t template_route_count;

struct template_variable {
	const char *name;
	struct label label, sample;
};
extern const struct template_variable template_variables[];
extern const char *const template_names[];              /* the same names, for engine/fill */
extern const size_t template_variable_count;
/* Those that tell who the customer is: read with the right to reveal, and noted. */
extern const uint64_t template_personal;

enum template_for {
	TEMPLATE_SAMPLE,                /* no ticket: each variable's sample */
	TEMPLATE_PREVIEW,               /* what tells who the customer is stays masked */
	TEMPLATE_TIMELINE,              /* goes to the ticket, where staff read it too: a link that asks to sign in */
	TEMPLATE_WECHAT,                /* the same for keywords of WeChat: times as WeChat writes them */
	TEMPLATE_MESSAGE,               /* goes to the customer's phone alone: a link that opens the ticket */
};

struct filled_template {
	const char *text;
	enum lang lang;
	uint64_t said, missing;         /* bit i: variable i has a value, or lacks one and nothing else is said */
};

/* Whether a text names only variables that there are, and that its writer may read; a fault names the field and the place. */
int template_check(struct ctx *c, const char *field, const char *text) MUST_CHECK;
/* The latter of a text that is cut already. */
struct fill;
int template_may_say(struct ctx *c, const char *field, const struct fill *f) MUST_CHECK;
/* Whether a template's form in WeChat can be meant (template_wechat.c). */
int template_wechat_check(struct ctx *c, const struct message_template *was, const struct message_template *m) MUST_CHECK;
extern const struct choice template_notices[], template_wechat_kinds[];
/* Fills a text that is known to hold only what there is; t NULL: samples. Reads what the text uses, no more. */
int template_text(struct ctx *c, const char *text, enum lang lang, const struct ticket *t, enum template_for use, struct filled_template *out) MUST_CHECK;
/* The template's text in the language of the ticket's customer. A ticket without id is one that is none yet: of a conversation, with what is known. Masked for whoever looks; otherwise ERR_TEMPLATE_MISSING and ERR_TEMPLATE_OFF. */
int template_fill(struct ctx *c, const struct message_template *m, const struct ticket *t, enum template_for use, struct filled_template *out) MUST_CHECK;
/* Of an action that sends it, by whoever writes the action down; faults of "do" and "template_id". */
int template_may_send(struct ctx *c, int64_t template_id) MUST_CHECK;
/* "服务单号、型号", for people. */
const char *template_names_of(struct ctx *c, uint64_t variables);
/* Writer: notes that the actor read who the customer is, if the text said it. */
int template_read(struct ctx *c, const struct message_template *m, const struct ticket *t, const struct filled_template *f) MUST_CHECK;

/* {"text":"…","lang":"zh","missing":[…]} */
void template_write(struct ctx *c, const struct filled_template *f, struct text *out);
/* The same without its last brace, for whoever has more to say. */
void template_write_open(struct ctx *c, const struct filled_template *f, struct text *out);
