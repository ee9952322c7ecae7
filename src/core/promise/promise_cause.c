/* Where to look first. A part that has a fifth of the cases and half of what was missed says more than one that has half of both, and one that
 * has nearly all cases says nothing. */
#include "core/promise/promise_figures.h"

enum { MISSED_LEAST = 3, POINTS_LEAST = 1000, OF = 10000 };     /* a tenth more of the missed than of the cases */

static int64_t missed(const struct promise_sum *s)
{
	return s->cases - s->held;
}

/* How much more it has of what was missed than of the cases, in 1/100 %. */
static int64_t excess(const struct promise_sum *all, const struct promise_sum *s)
{
	return missed(all) && all->cases ? missed(s) * OF / missed(all) - s->cases * OF / all->cases : 0;
}

void promise_weigh_cause(const struct promise_sum *all, enum promise_part by, const struct promise_share *share, struct promise_finding *best)
{
	int64_t mine = excess(all, &share->sum), so_far = best->by ? excess(all, &best->sum) : POINTS_LEAST - 1;
	if (!share->id || missed(&share->sum) < MISSED_LEAST || mine < so_far || (mine == so_far && missed(&share->sum) <= missed(&best->sum)))
		return;
	*best = (struct promise_finding){ .by = by, .id = share->id, .sum = share->sum };
}

int promise_find_cause(struct ctx *c, const struct ready_promise *p, struct promise_question *q, const struct promise_sum *all, struct promise_finding *out)
{
	*out = (struct promise_finding){ 0 };
	for (int by = PART_REGION; by < PART_COUNT && missed(all) >= MISSED_LEAST; by++) {
		struct promise_share *shares;
		size_t n;
		if (q->at[by])
			continue;
		TRY(promise_shares(c, p, q, (enum promise_part)by, &shares, &n));
		for (size_t i = 0; i < n; i++)
			promise_weigh_cause(all, (enum promise_part)by, &shares[i], out);
	}
	return 0;
}
