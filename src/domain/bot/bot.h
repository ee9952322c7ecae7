/* The domain around the decision of bot_plan.h: what the bot heard, what it says, what it remembers. */
#pragma once

#include "db/job.h"
#include "domain/bot/bot_plan.h"
#include "domain/bot/flow.h"
#include "domain/conversation/conversation.h"
#include "domain/device/device.h"

#define BOT_GAP_JOB "gap.gather"          /* gathers what the bot leaves to people, a moment after it spoke */

extern const struct record bot_turn_record;
extern const struct route assist_routes[];
extern const size_t assist_route_count;
/* A message of a conversation that the bot has, or has asked for: named "conversation/no". Heard in the pool, said in the writer. */
extern const struct job_kind bot_answer_job;
/* The same of one that the bot does not hear and that sounds like danger. */
extern const struct job_kind bot_danger_job;

/* What a turn keeps of what she wrote: nothing personal, not long. */
const char *bot_question_of(struct arena *a, const char *text);

/* Where it stands in a conversation: bot_talk.place. */
struct bot_place {
	const char *tree, *node;                /* of a fault tree; node: also what a person was asked for */
	struct list say, code;                  /* of const char *: what was offered to press, the article that each means */
};
extern const struct shape bot_place_shape;

/* What is said and kept, on its way from the pool to the writer. */
struct bot_said {
	int64_t did, confidence, misses, critical, tries, flow_from, heard_no, acts, lang, wish, product_id;        /* heard_no: of the message before this one that it knew of; acts: the flow is done now; wish: she wants a person and says nothing else; product_id: what the talk is about, where a person comes */
	const char *why, *text, *offers, *note, *article, *pending, *place, *question, *verdict, *flow, *slot, *filled;
};
extern const struct shape bot_said_shape;

/* What is known when a message is heard. */
struct bot_scene {
	const struct conversation *k;
	const struct knowledge *knowledge;
	const struct article_entry *article;
	const struct article_entry *told;       /* by the last answer that was one; NULL: none */
	const struct bot_heard *heard;
	struct bot_plan plan;
	struct bot_place place;
	const char *text;
	enum lang lang;                         /* of what she wrote */
	int64_t no, flow_from, heard_no;
	struct understood understood;           /* what she wrote; empty where nothing here understands */
	struct flow_talk flow;
	int64_t about_id;                       /* the product that a person who comes has to know; 0: not known */
	bool flow_ends;                         /* what she said for it serves no other */
};

/* Of what she writes there. */
enum lang bot_lang_in(const struct conversation *k, const char *text);
/* What a message names, and which article, of those that `audience` may read, answers it. *about: the product that it is about where it names none (NULL: not
 * known), and then the only one that it is about (NULL: none, or several). False: nothing here understands. */
bool bot_understand(struct ctx *c, const struct knowledge *k, enum article_audience audience, const char *text, const char **about, struct understood *t, struct classify_decision *d);
/* What the product of a conversation is called in questions; NULL: it has none. */
int bot_product_of(struct ctx *c, const struct conversation *k, const char **out) MUST_CHECK;
struct pii_field;
enum { BOT_LOOKED_BACK = 15 };
/* In a reader: her messages of this talk behind number `after`, newest first, opened at once: room for BOT_LOOKED_BACK. */
int bot_her_messages(struct ctx *c, const struct bot_scene *s, int64_t after, struct message **out, struct pii_field *opened, size_t *n) MUST_CHECK;
/* In a reader: the product with this code; *id stays as it is where there is none, or no code. */
int bot_product_coded(struct ctx *c, const char *code, int64_t *id) MUST_CHECK;
/* In a reader: the product that the talk is about, by what she said so far; 0: nobody can say. */
int bot_about(struct ctx *c, const struct bot_scene *s, int64_t *product_id) MUST_CHECK;
/* The fault tree that belongs to an article, which may be one; NULL: none. e NULL: no article. */
const struct article_entry *bot_tree_of(const struct knowledge *k, const struct article_entry *e, enum article_audience audience);
/* In a reader: hears message `no` and says what to say. */
int bot_hear(struct ctx *c, const struct conversation *k, int64_t no, struct bot_said *out) MUST_CHECK;
/* In a reader: what the message does to a flow, or whether it begins one. pressed: the code of what was offered and chosen, or "". */
int bot_flow_hear(struct ctx *c, struct bot_scene *s, struct bot_heard *h, const char *pressed) MUST_CHECK;
/* Whether the company's form asks for what the flow files. */
int bot_flow_is_offered(struct ctx *c, const struct bot_flow *f, bool *is) MUST_CHECK;
/* Whether somebody has shown that she is the customer: else nothing of hers is told. */
int bot_knows_her(struct ctx *c, const struct conversation *k, bool *known) MUST_CHECK;
/* In a reader: the words for a plan. */
int bot_compose(struct ctx *c, struct bot_scene *s, struct bot_said *out) MUST_CHECK;
/* Of her own devices and tickets, for "warranty" or "progress"; NULL: there is nothing to tell. */
int bot_own_text(struct ctx *c, const struct bot_scene *s, const char *act, const char **out) MUST_CHECK;
/* In a reader: the order that a message names, as it is printed; NULL: none, or a number that is something else's. */
int bot_order_named(struct ctx *c, const struct bot_scene *s, const char **no) MUST_CHECK;
/* Of her own orders: of the one that she names, else of those there are. What is nobody's and what is somebody else's is told by the same words. found: something was. */
int bot_order_text(struct ctx *c, const struct bot_scene *s, const char **out, bool *found) MUST_CHECK;
/* Behind t, a line each: her open tickets, at most so many; of a device alone where it is not 0. */
int bot_tickets_told(struct ctx *c, const struct bot_scene *s, int64_t device_id, struct text *t) MUST_CHECK;
/* What is known of a device's warranty, in a sentence. */
void bot_warranty_told(struct ctx *c, const struct bot_scene *s, const struct device *d, struct text *t);
const char *bot_day_text(struct ctx *c, int64_t day);
/* What a person who takes over has to know of this talk (HO-18); the writer puts it before the facts of conversation_summary(). */
const char *bot_hand_over_note(struct arena *a, const struct bot_scene *s);
/* The same where nothing was heard: by the reason alone, and the question where it is known (NULL: not). */
const char *bot_note_of(struct arena *a, const char *why, const char *question);
/* The same of a flow that a person has to finish. */
#define BOT_FLOW_HANDS_OVER "FLOW"
const char *bot_note_of_flow(struct arena *a, const struct flow_state *f);
