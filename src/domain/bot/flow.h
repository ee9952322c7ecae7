/* Flows of the bot: something done for the customer inside the talk, by slots that are asked one by one (docs/adr/0055).
 *
 * What they ask and in which words is data (packs/bot/flows.json). Here is how an answer fills a slot, what is asked next, and, in the writer,
 * the act itself: by the same functions, and with no more rights, than the customer has on her own pages. */
#pragma once

#include <yyjson.h>

#include "core/understand/understand.h"
#include "domain/bot/bot_when.h"
#include "domain/conversation/conversation.h"
#include "domain/knowledge/knowledge.h"

/* A label as a value. */
#define SAY(zh_text, en_text) ((struct label)L(zh_text, en_text))

enum { FLOW_SLOTS_MOST = 12, FLOW_OFFERS_MOST = 10, FLOW_TRIES_MOST = 2 };

/* ---- what a flow is (flow_read.c) ---- */

enum slot_kind { SLOT_DEVICE, SLOT_TEXT, SLOT_TREE, SLOT_DAY, SLOT_TIME, SLOT_ADDRESS, SLOT_PHONE, SLOT_CHOICE, SLOT_FLAG, SLOT_ORDER, SLOT_SERIAL, SLOT_MODEL, SLOT_TICKET, SLOT_KINDS };

struct flow_choice {
	const char *value, *scene;              /* scene: of the ticket, where it is not `value` */
	struct label label;
	const char *const *words;               /* NULL-ended */
};

struct flow_slot {
	const char *name;
	enum slot_kind kind;
	struct label label, ask;
	bool optional, past, visitor;           /* visitor: asked of those alone whom nobody knows yet */
	int64_t least;                          /* characters of a text */
	const char *answer;                     /* the question of the report form that it answers; NULL: none */
	const char *when;                       /* asked where this slot … */
	const char *const *when_values;         /* … has one of these; NULL: always */
	const struct flow_choice *of;
	size_t of_count;
};

struct bot_flow {
	const char *name, *act, *scene, *scene_from, *lead;     /* lead: what an article does beside its words, where it leads here */
	bool own;                               /* only for whom it was shown to be the customer */
	struct label title, press, note, done;
	const char *const *starts, *const *starts_folded, *const *nots;        /* words that begin it, as written and as bot_fold() has them; what only sounds like them, folded */
	struct flow_slot slots[FLOW_SLOTS_MOST];
	size_t slot_count;
	yyjson_val *fixed;                      /* by scene: answers of the report form that nobody is asked for */
};

/* NULL: there is none. All of them are read once for the life of the process. */
const struct bot_flow *flow_named(const char *name);
const struct bot_flow *flow_led_to(const char *act);
/* What somebody wants done, in so many words; *word: those. */
const struct bot_flow *flow_started_by(struct arena *a, const char *folded, const char **word);
const struct flow_slot *flow_slot_named(const struct bot_flow *f, const char *name);
const struct flow_choice *flow_times(size_t *n);

/* ---- where one stands (kept in bot_talk) ---- */

struct flow_value {
	const char *slot, *value, *shown;       /* value "": she skipped it */
};
struct flow_state {
	const struct bot_flow *flow;            /* NULL: none goes on */
	const char *slot;                       /* what was asked last; FLOW_CONFIRM, FLOW_EDIT */
	int64_t tries;                          /* answers to it that were none */
	struct flow_value at[FLOW_SLOTS_MOST];
	size_t n;
};
#define FLOW_CONFIRM "?"
#define FLOW_EDIT "!"

const char *flow_state_write(struct arena *a, const struct flow_state *s);
int flow_state_read(struct ctx *c, const char *flow, const char *slot, int64_t tries, const char *filled, struct flow_state *out) MUST_CHECK;
const struct flow_value *flow_value(const struct flow_state *s, const char *slot);
/* "" where there is none. */
const char *flow_value_text(const struct flow_state *s, const char *slot);
void flow_put(struct flow_state *s, struct flow_value v);
/* "device.12", what was pressed or is kept, behind its kind: 12; 0: it is none of that kind. */
int64_t flow_id_behind(const char *code, const char *kind);
/* Whether it is asked at all, by what is known already. */
bool flow_slot_is_due(const struct flow_state *s, const struct flow_slot *slot, bool known);

/* ---- one message ---- */

struct flow_talk {
	struct ctx *c;
	const struct conversation *k;
	enum lang lang;
	bool known;                             /* it was shown that she is the customer */
	int64_t today;
	struct flow_state state;
	const char *text, *folded, *pressed;    /* pressed: the code of what was offered and chosen; "" */
	const struct slots *slots;              /* that its words name */
	const char *const *products;            /* codes of those it names */
	size_t product_count;
	const char *tree;                       /* code of a fault tree that could be walked first; NULL */
	const char *article;                    /* title of what was recognised; NULL */
	bool asks;                              /* the message is a question that is answered with confidence */
	/* out */
	struct label why;                       /* why an answer was none; {NULL} */
	bool meant;                             /* it was meant for what was asked, and cannot be */
};

enum flow_outcome { FLOW_NONE, FLOW_ASKS, FLOW_DOES, FLOW_LEFT, FLOW_LOST, FLOW_ASIDE, FLOW_WALKS };

/* In a reader: begins a flow with what she has said already: `said` are her earlier messages, newest first. */
struct flow_said {
	const char *text;
	const struct slots *slots;
	const char *const *products;
	size_t product_count;
	bool fault;                             /* it was recognised as a fault */
};
int flow_begin(struct flow_talk *t, const struct bot_flow *f, const char *word, const struct flow_said *said, size_t n, enum flow_outcome *out) MUST_CHECK;
int flow_hear(struct flow_talk *t, enum flow_outcome *out) MUST_CHECK;

/* What is to be said and pressed where it stands now. */
struct flow_prompt {
	struct label text;
	struct label say[FLOW_OFFERS_MOST];
	const char *code[FLOW_OFFERS_MOST];
	size_t n;
};
/* No more than FLOW_OFFERS_MOST. */
void flow_offer(struct flow_prompt *p, struct label say, const char *code);
int flow_prompt_of(struct flow_talk *t, struct flow_prompt *out) MUST_CHECK;

/* ---- filling one slot (flow_fill.c) ---- */

enum filled { FILLED, FILL_NOTHING, FILL_WRONG };
/* `asked`: the message answers just this. FILL_WRONG: t->why says what is the matter. */
int flow_fill(struct flow_talk *t, const struct flow_slot *slot, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
/* What can be pressed for it. */
int flow_offers(struct flow_talk *t, const struct flow_slot *slot, struct flow_prompt *p) MUST_CHECK;

/* ---- the act (flow_act.c) ---- */

struct flow_done {
	const char *text, *offers;              /* instead of what was to be said */
	bool hand_over;                         /* a person goes on */
	int64_t ticket_id;                      /* that was made; 0 */
};
/* Writer: as the customer of the conversation. What cannot be done is said, nothing half-done stays. */
int bot_flow_act(struct ctx *c, struct conversation *k, const struct flow_state *s, enum lang lang, struct flow_done *out) MUST_CHECK;
/* Writer: a complaint of hers as a ticket, in her own words. */
int flow_complain(struct ctx *c, struct conversation *k, const char *words) MUST_CHECK;
