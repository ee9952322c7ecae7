/* Any question is a range of the sums: twelve periods of one cell, or one period of one part. Where two filters meet a third part the cases
 * of that one period are added up; where three filters meet, all of theirs. */
#include "core/promise/promise_crossed.h"

#include <math.h>

#include "core/auth/auth.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/promise_sql.h"

const struct choice promise_periods[] = { { "day", "日", "Day" }, { "week", "周", "Week" }, { "month", "月", "Month" }, { 0 } };

enum { ENOUGH = 10, TREND = 4, THURSDAY_TO_MONDAY = 3 };

static struct promise_span span_of(const char *period, int64_t day)
{
	int year, month, unused;
	if (text_equal(period, "day"))
		return (struct promise_span){ day, day };
	if (text_equal(period, "week")) {       /* day 0 was a Thursday; weeks begin on Monday */
		int64_t since = ((day + THURSDAY_TO_MONDAY) % 7 + 7) % 7;
		return (struct promise_span){ day - since, day - since + 6 };
	}
	day_split(day, &year, &month, &unused);
	int64_t next = month == 12 ? day_join(year + 1, 1, 1) : day_join(year, month + 1, 1);
	return (struct promise_span){ day_join(year, month, 1), next - 1 };
}

/* Which sums answer: one filter is a slice, two are a part of a slice. An agent is a part of everything and of a team; beside anything else,
 * what is the agent's own is few enough to be added up. */
static void choose_cell(struct promise_question *q)
{
	static const enum promise_part order[] = { PART_REGION, PART_PRODUCT, PART_TEAM, PART_CHANNEL };
	int given = 0;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (!q->at[order[i]])
			continue;
		if (given < 2)
			*(given || order[i] == PART_CHANNEL ? &q->part : &q->slice) = order[i];
		given++;
	}
	q->is_crossed = given > 2 && !q->at[PART_AGENT];
	if (!q->at[PART_AGENT])
		return;
	q->is_own = given > 1 || (given && !q->at[PART_TEAM]);
	q->part = PART_AGENT;
}

int promise_question(struct ctx *c, const struct promise_asked *in, struct promise_question *out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*out = (struct promise_question){ .period = text_empty(in->period) ? "week" : in->period,
		                          .at = { [PART_REGION] = in->region_id, [PART_PRODUCT] = in->product_id, [PART_TEAM] = in->team_id,
		                                  [PART_AGENT] = in->user_id, [PART_CHANNEL] = in->channel } };
	for (int part = 0; part < PART_COUNT; part++)
		out->at[part] = out->at[part] > 0 ? out->at[part] : 0;
	int64_t day = in->day && in->day != NULL_INT ? in->day : day_of(c->now, (int)tenant.zone_minutes);
	for (int i = PROMISE_PERIODS; i-- > 0; day = out->spans[i].from - 1)
		out->spans[i] = span_of(out->period, day);
	choose_cell(out);
	return 0;
}

/* What a sum says -------------------------------------------------------------------------------------------------------- */

int64_t promise_margin(const struct ready_promise *p, const struct promise_sum *s)
{
	return p->unit == PROMISE_SHARE ? s->held * 10000 - p->target * s->cases : p->target * s->cases - s->total;
}

double promise_actual(const struct ready_promise *p, const struct promise_sum *s)
{
	if (!s->cases)
		return NAN;
	return p->unit == PROMISE_SHARE ? 100.0 * (double)s->held / (double)s->cases : (double)s->total / (double)s->cases;
}

bool promise_is_told(struct ctx *c, const struct ready_promise *p)
{
	const struct record_model *m = model_of(c, p->source->record);
	return may(c, m->read_right) && !scope_bites(c, m);
}

static int own_days(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_days_row **days, size_t *n)
{
	struct promise_agent_days_row *own;
	struct promise_agent_days_in in = {
		.promise = p->row->id, .agent = q->at[PART_AGENT], .from_day = q->spans[0].from, .to_day = q->spans[PROMISE_PERIODS - 1].to,
		.region = q->at[PART_REGION], .product = q->at[PART_PRODUCT], .team = q->at[PART_TEAM], .channel = q->at[PART_CHANNEL],
	};
	TRY(promise_agent_days(c, &in, &own, n));
	*days = ARENA_ARRAY(c->arena, struct promise_days_row, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*days)[i] = (struct promise_days_row){ .day = own[i].day, .cases = own[i].cases, .held = own[i].held, .total = own[i].total };
	return 0;
}

static int summed_days(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_days_row **days, size_t *n)
{
	struct promise_days_in in = {
		.promise = p->row->id, .slice = q->slice, .slice_id = q->at[q->slice], .part = q->part, .part_id = q->at[q->part],
		.from_day = q->spans[0].from, .to_day = q->spans[PROMISE_PERIODS - 1].to,
	};
	return promise_days(c, &in, days, n);
}

int promise_trend(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_sum out[PROMISE_PERIODS])
{
	struct promise_days_row *days;
	size_t n;
	TRY((q->is_own ? own_days : q->is_crossed ? promise_crossed : summed_days)(c, p, q, &days, &n));
	for (int i = 0; i < PROMISE_PERIODS; i++)
		out[i] = (struct promise_sum){ 0 };
	for (size_t d = 0, i = 0; d < n; d++) {
		while (days[d].day > q->spans[i].to)
			i++;
		out[i].cases += days[d].cases;
		out[i].held += days[d].held;
		out[i].total += days[d].total;
	}
	return 0;
}

static bool is_held(const struct ready_promise *p, const struct promise_sum *s)
{
	return promise_margin(p, s) >= 0;
}

/* Kept, but not for four periods since it was last missed. */
static bool kept_lately(const struct ready_promise *p, const struct promise_sum *sums)
{
	int held = 0;
	for (int i = PROMISE_PERIODS; i-- > 0 && held < TREND;) {
		if (sums[i].cases && !is_held(p, &sums[i]))
			return true;
		held += sums[i].cases > 0;
	}
	return false;
}

/* The straight line through the last four periods meets the target within four more. */
static bool is_sinking(const struct ready_promise *p, const struct promise_sum *sums)
{
	double n = 0, x = 0, y = 0, xx = 0, xy = 0;
	for (int i = PROMISE_PERIODS - TREND; i < PROMISE_PERIODS; i++) {
		if (!sums[i].cases)
			continue;
		double margin = (double)promise_margin(p, &sums[i]) / (double)sums[i].cases, t = i - (PROMISE_PERIODS - 1);
		n++;
		x += t;
		y += margin;
		xx += t * t;
		xy += t * margin;
	}
	double spread = n * xx - x * x;
	if (n < 3 || spread <= 0)
		return false;
	double slope = (n * xy - x * y) / spread;
	return slope < 0 && (y - slope * x) / n + slope * TREND <= 0;
}

const char *promise_state(const struct ready_promise *p, const struct promise_sum sums[PROMISE_PERIODS])
{
	const struct promise_sum *last = &sums[PROMISE_PERIODS - 1];
	if (!last->cases)
		return "none";
	if (last->cases < ENOUGH)
		return "few";
	if (!is_held(p, last))
		return "missed";
	return kept_lately(p, sums) || is_sinking(p, sums) ? "near" : "held";
}

/* Parts ------------------------------------------------------------------------------------------------------------------ */

static int from_sums(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n)
{
	struct promise_parts_row *rows;
	const struct promise_span *span = &q->spans[PROMISE_PERIODS - 1];
	TRY(promise_parts(c, p->row->id, q->slice, q->at[q->slice], by, span->from, span->to, &rows, n));
	*out = ARENA_ARRAY(c->arena, struct promise_share, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (struct promise_share){ rows[i].part_id, { rows[i].cases, rows[i].held, rows[i].total } };
	return 0;
}

static void put(struct promise_share *all, size_t *n, int64_t id, const struct promise_sum *more)
{
	size_t i = 0;
	while (i < *n && all[i].id != id)
		i++;
	if (i == *n)
		all[(*n)++] = (struct promise_share){ .id = id };
	all[i].sum.cases += more->cases;
	all[i].sum.held += more->held;
	all[i].sum.total += more->total;
}

#define KEEP_CASE(q, row)                                                                                                                \
	((q)->cases[(q)->case_count++] = (struct promise_case_sum){ { 0, (row)->region_id, (row)->product_id, (row)->team_id, (row)->agent_id, (row)->channel, (row)->symptom_id }, \
		                                                    { (row)->cases, (row)->held, (row)->total } })

static int read_own(struct ctx *c, const struct ready_promise *p, struct promise_question *q, const struct promise_span *span)
{
	struct promise_agent_sums_row *rows;
	size_t n;
	struct promise_agent_sums_in in = {
		.promise = p->row->id, .agent = q->at[PART_AGENT], .from_day = span->from, .to_day = span->to,
		.region = q->at[PART_REGION], .product = q->at[PART_PRODUCT], .team = q->at[PART_TEAM], .channel = q->at[PART_CHANNEL],
	};
	TRY(promise_agent_sums(c, &in, &rows, &n));
	q->cases = ARENA_ARRAY(c->arena, struct promise_case_sum, n + 1);
	for (size_t i = 0; i < n; i++)
		KEEP_CASE(q, &rows[i]);
	return 0;
}

static int read_anybodys(struct ctx *c, const struct ready_promise *p, struct promise_question *q, const struct promise_span *span)
{
	struct promise_case_sums_row *rows;
	size_t n;
	struct promise_case_sums_in in = {
		.promise = p->row->id, .from_day = span->from, .to_day = span->to,
		.region = q->at[PART_REGION], .product = q->at[PART_PRODUCT], .team = q->at[PART_TEAM], .channel = q->at[PART_CHANNEL],
	};
	TRY(promise_case_sums(c, &in, &rows, &n));
	q->cases = ARENA_ARRAY(c->arena, struct promise_case_sum, n + 1);
	for (size_t i = 0; i < n; i++)
		KEEP_CASE(q, &rows[i]);
	return 0;
}

static int read_crossed(struct ctx *c, const struct ready_promise *p, struct promise_question *q, const struct promise_span *span)
{
	struct promise_crossed_sums_row *rows;
	size_t n;
	TRY(promise_crossed_parts(c, p, q, span, &rows, &n));
	q->cases = ARENA_ARRAY(c->arena, struct promise_case_sum, n + 1);
	for (size_t i = 0; i < n; i++)
		KEEP_CASE(q, &rows[i]);
	return 0;
}

/* The period's cases by all parts at once: asked once, whichever parts are wanted of them. */
static int read_cases(struct ctx *c, const struct ready_promise *p, struct promise_question *q)
{
	const struct promise_span *span = &q->spans[PROMISE_PERIODS - 1];
	if (q->cases_of == p->row->id)
		return 0;
	q->case_count = 0;
	TRY((q->at[PART_AGENT] ? read_own : q->is_crossed ? read_crossed : read_anybodys)(c, p, q, span));
	q->cases_of = p->row->id;
	return 0;
}

static int from_cases(struct ctx *c, const struct ready_promise *p, struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n)
{
	TRY(read_cases(c, p, q));
	*out = ARENA_ARRAY(c->arena, struct promise_share, q->case_count + 1);
	*n = 0;
	for (size_t i = 0; i < q->case_count; i++)
		put(*out, n, q->cases[i].at[by], &q->cases[i].sum);
	return 0;
}

int promise_shares(struct ctx *c, const struct ready_promise *p, struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n)
{
	bool summed = !q->part && promise_summed(q->slice, by);
	return summed ? from_sums(c, p, q, by, out, n) : from_cases(c, p, q, by, out, n);
}
