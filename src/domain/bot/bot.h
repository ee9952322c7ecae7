/* The domain around the decision of bot_plan.h: what the bot heard, what it says, what it remembers. */
#pragma once

#include "db/job.h"
#include "domain/bot/bot_plan.h"
#include "domain/conversation/conversation.h"

#define BOT_GAP_JOB "gap.gather"          /* gathers what the bot leaves to people, a moment after it spoke */

extern const struct record bot_turn_record;
/* A message of a conversation that the bot has, or has asked for: named "conversation/no". Heard in the pool, said in the writer. */
extern const struct job_kind bot_answer_job;

/* Where it stands in a conversation: bot_talk.place. */
struct bot_place {
	const char *tree, *node;                /* of a fault tree; node: also what a person was asked for */
	struct list say, code;                  /* of const char *: what was offered to press, the article that each means */
};
extern const struct shape bot_place_shape;

/* What is said and kept, on its way from the pool to the writer. */
struct bot_said {
	int64_t did, confidence, misses, critical;
	const char *why, *text, *offers, *note, *article, *pending, *place, *question, *verdict;
};
extern const struct shape bot_said_shape;

/* What is known when a message is heard. */
struct bot_scene {
	const struct conversation *k;
	const struct knowledge *knowledge;
	const struct article_entry *article;
	const struct bot_heard *heard;
	struct bot_plan plan;
	struct bot_place place;
	const char *text;
	enum lang lang;                         /* of what she wrote */
};

/* In a reader: hears message `no` and says what to say. */
int bot_hear(struct ctx *c, const struct conversation *k, int64_t no, struct bot_said *out) MUST_CHECK;
/* In a reader: the words for a plan. */
int bot_compose(struct ctx *c, struct bot_scene *s, struct bot_said *out) MUST_CHECK;
/* Of her own devices and tickets, for "warranty", "progress" or "order"; NULL: there is nothing to tell. */
int bot_own_text(struct ctx *c, const struct bot_scene *s, const char *act, const char **out) MUST_CHECK;
/* What a person who takes over has to know (HO-18). */
int bot_hand_over_note(struct ctx *c, const struct bot_scene *s, const char **out) MUST_CHECK;
