/* Counting and shares. */
#include "core/understand/understand_eval.h"

#include <string.h>

const char *eval_kind_name(enum classify_kind kind)
{
	static const char *const names[] = { [CLASSIFY_ANSWER] = "answer", [CLASSIFY_FLOW] = "flow", [CLASSIFY_CLARIFY] = "clarify", [CLASSIFY_UNKNOWN] = "unknown" };
	return names[kind];
}

size_t eval_place(const struct classify_decision *d, const char *right)
{
	for (size_t i = 0; i < d->choice_count; i++)
		if (!strcmp(d->choices[i].id, right))
			return i + 1;
	return 0;
}

bool eval_is_told(const char *decision)
{
	return !strcmp(decision, eval_kind_name(CLASSIFY_ANSWER)) || !strcmp(decision, eval_kind_name(CLASSIFY_FLOW));
}

void eval_count(struct eval_sum *s, const char *right, size_t place, bool answered)
{
	s->answered += answered;
	if (!strcmp(right, EVAL_OUTSIDE)) {
		s->outside++;
		s->outside_answered += answered;
		return;
	}
	s->inside++;
	s->first += place == 1;
	s->among_three += place > 0;
	s->answered_inside += answered;
	s->answered_right += answered && place == 1;
}

static double share(size_t part, size_t of) { return of ? (double)part / (double)of : 0; }

void eval_write(struct text *t, const struct eval_sum *s)
{
	text_format(t, "\"top1\":%.4f,\"top3\":%.4f,\"answered\":%.4f,\"precision\":%.4f,\"oos_answered\":%.4f", share(s->first, s->inside), share(s->among_three, s->inside),
	            share(s->answered_inside, s->inside), share(s->answered_right, s->answered_inside), share(s->outside_answered, s->outside));
}
