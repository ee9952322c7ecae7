/* Three filters or all four of region, product, team and channel. Cases are found by one index over these four: of the one that nobody asks
 * for, the sums say what there is, so that the question is as many ranges of the index as there are of those. */
#include "core/promise/promise_crossed.h"

/* What is asked for; or each that had a case in these days, within a filter whose slice is summed. */
static int ids_of(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, const struct promise_span *span, enum promise_part part, struct list *out)
{
	struct promise_parts_row *rows;
	*out = (struct list){ &((struct promise_question *)q)->at[part], 1 };
	if (q->at[part])
		return 0;
	TRY(promise_parts(c, p->row->id, q->slice, q->at[q->slice], part, span->from, span->to, &rows, &out->n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		ids[i] = rows[i].part_id;
	out->at = ids;
	return 0;
}

struct crossed {
	struct list regions, products, teams, channels;
};

static int all_ids(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, const struct promise_span *span, struct crossed *out)
{
	TRY(ids_of(c, p, q, span, PART_REGION, &out->regions));
	TRY(ids_of(c, p, q, span, PART_PRODUCT, &out->products));
	TRY(ids_of(c, p, q, span, PART_TEAM, &out->teams));
	return ids_of(c, p, q, span, PART_CHANNEL, &out->channels);
}

int promise_crossed(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_days_row **days, size_t *n)
{
	const struct promise_span all = { q->spans[0].from, q->spans[PROMISE_PERIODS - 1].to };
	struct crossed k;
	struct promise_crossed_days_row *rows;
	TRY(all_ids(c, p, q, &all, &k));
	struct promise_crossed_days_in in = {
		.promise = p->row->id, .regions = k.regions, .products = k.products, .teams = k.teams, .channels = k.channels,
		.from_day = all.from, .to_day = all.to,
	};
	TRY(promise_crossed_days(c, &in, &rows, n));
	*days = ARENA_ARRAY(c->arena, struct promise_days_row, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*days)[i] = (struct promise_days_row){ .day = rows[i].day, .cases = rows[i].cases, .held = rows[i].held, .total = rows[i].total };
	return 0;
}

int promise_crossed_parts(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, const struct promise_span *span,
                          struct promise_crossed_sums_row **rows, size_t *n)
{
	struct crossed k;
	TRY(all_ids(c, p, q, span, &k));
	struct promise_crossed_sums_in in = {
		.promise = p->row->id, .regions = k.regions, .products = k.products, .teams = k.teams, .channels = k.channels,
		.from_day = span->from, .to_day = span->to,
	};
	return promise_crossed_sums(c, &in, rows, n);
}
