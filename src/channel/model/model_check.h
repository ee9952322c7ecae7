/* model_check: whether words of a model may be said. The model is taken for somebody who wants the worst: only what a given source says, in that
 * source's words, with that source named, passes. In doubt it does not, and what the bot would have said without a model is said. Pure.
 *
 *   characters   none that nobody sees, none that only look like letters
 *   sentences    each names a source that was given; most of its pairs of characters (words, in English) stand there
 *   numbers      each number, code, amount and period stands in the source that is named
 *   warnings     no "not" that the source has not, none of its own left out
 *   words        no promise, nothing of money, no page, no contact, nothing that it claims to have done, no rule of ours
 *   form         the language that was asked for, not too long */
#pragma once

#include "channel/model/model_request.h"

enum model_fault {
	MODEL_FINE,
	MODEL_FAULT_EMPTY,
	MODEL_FAULT_LONG,
	MODEL_FAULT_CHARACTER,
	MODEL_FAULT_LINK,
	MODEL_FAULT_LANGUAGE,
	MODEL_FAULT_PROMISE,    /* money or a promise: for a person */
	MODEL_FAULT_DEED,       /* says that something was or will be done */
	MODEL_FAULT_REQUEST,    /* asks for what its source does not: a password, a transfer, a contact elsewhere */
	MODEL_FAULT_RULES,      /* our own instructions, or a mark that stood for personal data */
	MODEL_FAULT_CITATION,
	MODEL_FAULT_NUMBER,
	MODEL_FAULT_GROUND,
	MODEL_FAULT_NEGATION,
	MODEL_FAULTS,
};

/* Of an inspection: numbers and nothing else (model_marks.h). Of a summary, for staff alone: characters, links, length, rules, and its numbers against the talk. *cited: bit i for source i; may be NULL. */
enum model_fault model_check(struct arena *a, const struct model_prompt *p, const char *answer, unsigned *cited);
/* "citation": in the ledger. */
const char *model_fault_name(enum model_fault fault);
