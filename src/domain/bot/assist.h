/* What helps an agent with the last message of a customer: answers to suggest, the next step of a fault tree, and what was recognised. */
#pragma once

#include "core/form/form.h"
#include "domain/bot/bot.h"

enum { ASSIST_ANSWERS = 3 };

struct assist {
	struct conversation k;
	int64_t no;                             /* of the customer's last message; 0: she has written nothing */
	const char *text;
	enum lang lang;
	const struct knowledge *knowledge;
	struct understood understood;
	struct classify_decision decision;
	bool understands;                       /* something here does */
};

/* All but what is understood of it. */
int assist_read(struct ctx *c, int64_t id, struct assist *a) MUST_CHECK;
/* What an article says in a message. */
const char *assist_body(struct ctx *c, const struct article_entry *e, enum lang lang);
extern const struct shape assist_quote_shape;
int assist_quote(struct ctx *c, const void *in, void *out) MUST_CHECK;

/* ,"marks":[{"what","value","label","confidence","corrected"}] */
int assist_write_marks(struct ctx *c, const struct assist *a, struct text *t) MUST_CHECK;
/* Writer: a suggestion that she took ("used") or refused ("unhelpful"), and the one that stood first ("": not known). */
struct assist_answer {
	int64_t no, confidence;
	const char *value, *article, *first;
};
int assist_correct(struct ctx *c, const struct conversation *k, const struct assist_answer *a) MUST_CHECK;
bool assist_mark_may_be(struct ctx *c, const struct conversation *k, const char *what, const char *value);

/* What is wrong with a product, by the codes of the report form; product "" or NULL: not known. */
bool fault_is_offered(const struct form *form, const char *product);
bool fault_may_be(const struct form *form, const char *product, const char *code);
/* "": her words say none of them. */
const char *fault_guess(struct ctx *c, const struct form *form, const char *product, const struct assist *a, int64_t *confidence);
void fault_write_choices(const struct form *form, const char *product, struct text *t);
/* The one product that has it; NULL: none, or several. */
const char *fault_product(struct ctx *c, const struct form *form, const char *code);
