/* Proposes how urgent a report is, from the symptoms ticked and the words written.
 *
 * critical: danger to people or property (smoke, fire, leak, shock, abnormal heat, gas, burn …); urgent: the device's basic
 * use is lost; normal: the rest. Negated (没有冒烟, not leaking), hypothetical (怕漏电) and technical uses (漏电保护) do not count.
 * It proposes and says why, with the place of each word; people decide. Pure, linear in the text, Chinese and English. */
#pragma once

#include <stddef.h>

enum grade { GRADE_NORMAL, GRADE_URGENT, GRADE_CRITICAL };

/* What a reason is about. The first ten are dangers. */
enum grade_kind {
	GRADE_SMOKE, GRADE_FIRE, GRADE_LEAK, GRADE_SHOCK, GRADE_HEAT, GRADE_GAS, GRADE_BURN, GRADE_SPARK, GRADE_BLAST, GRADE_INJURY,
	GRADE_DEAD,      /* does not start, run, open */
	GRADE_FUNCTION,  /* runs, but does not do its work */
	GRADE_KIND_COUNT
};

struct grade_reason {
	enum grade grade;
	enum grade_kind kind;
	size_t start, length;   /* bytes of the text; both 0 for a ticked symptom */
	const char *symptom;    /* the ticked symptom, or NULL */
};

enum { GRADE_MOST_REASONS = 16 };

struct grade_proposal {
	enum grade grade;
	size_t count;           /* strongest first is not promised: in order of the text */
	struct grade_reason reasons[GRADE_MOST_REASONS];
};

/* Symptoms are codes of forms: the danger kinds by name ("smoke", "leak" …), "dead", "function"; others count as normal. */
void grade_propose(const char *const *symptoms, size_t symptom_count, const char *text, struct grade_proposal *out);

const char *grade_name(enum grade grade);            /* "normal", "urgent", "critical" */
const char *grade_kind_name(enum grade_kind kind);   /* "smoke", … */
