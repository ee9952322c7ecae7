/* bot: who receives a conversation before a person does (docs/adr/0052). It answers what it knows, asks back, leads through fault trees, tells
 * of the customer's own devices and tickets, and leaves everything else to a person by the rows HO-01 … HO-20 of GB/T 47746—2026 as
 * `law-cn` numbers them.
 *
 * Here is the decision alone: what was heard goes in, what is done comes out. Pure. */
#pragma once

#include "domain/bot/bot_words.h"
#include "domain/knowledge/knowledge.h"
#include "domain/bot/flow.h"
#include "engine/classify/classify.h"

enum bot_did { BOT_ANSWER, BOT_CLARIFY, BOT_OWN, BOT_TREE, BOT_ASK, BOT_HAND_OVER, BOT_SORRY, BOT_GREET, BOT_SOLVED, BOT_BACK, BOT_FLOW };

/* What the bot asked last and waits for. */
enum bot_pending { PENDING_NOTHING, PENDING_PERSON, PENDING_TREE, PENDING_CHOICE, PENDING_SOLVED, PENDING_BACK, PENDING_FLOW };

/* Not understood one after the other until a person comes (HO-01). */
enum { BOT_MISSES_MOST = 2, BOT_VISITS_MANY = 3, BOT_RARE_A_YEAR = 3 };
#define BOT_LATE_MS (3 * MINUTE_MS)

struct bot_heard {
	unsigned says;                          /* enum bot_word */
	const struct safety_rule *danger;       /* what was said sounds like that; NULL: none */
	const struct classify_decision *decision;       /* NULL: nothing here understands questions */
	const struct article_entry *article;    /* of its first choice; NULL: none */
	const struct article_entry *own_code;   /* a fault code that it names, meant in one way only; NULL */
	bool named;                             /* a choice that was offered, word for word or by its number */
	enum bot_pending pending;
	enum flow_outcome flow;                 /* what the message does to a flow that goes on, or that it begins */
	const char *asked_why;                  /* of PENDING_PERSON: what it was asked for */
	int64_t misses, visits;                 /* in a row · conversations of hers within 24 hours, this one too */
	const char *order;                      /* that she names, of hers or asked about, and has shown who she is; NULL: none */
	bool late;                              /* nothing was said to her for too long (HO-05) */
	bool rare;                              /* asked at most three times within a year, by a company that has answered for so long (HO-12) */
};

struct bot_plan {
	enum bot_did did;
	const char *why;                        /* "HO-03" of a hand-over, and of what is asked before one; "" */
	bool say_safety;                        /* heard->danger's text goes before everything else */
	bool critical;                          /* a critical ticket is filed */
	bool money;                             /* what is said of money is for a person to confirm (HO-20) */
};

struct bot_plan bot_plan_of(const struct bot_heard *h);
