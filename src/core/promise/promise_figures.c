/* Any question is a range of the sums: twelve periods of one cell, or one period of one part. Only where two filters meet a third part
 * the cases of that one period are added up. */
#include "core/promise/promise_figures.h"

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

/* Which sums answer: one filter is a slice, two are a part of a slice. */
static int choose_cell(struct ctx *c, struct promise_question *q)
{
	int given = 0;
	for (int part = PART_REGION; part <= PART_TEAM; part++) {
		if (!q->at[part])
			continue;
		if (given == 2)
			return fail_field(c, "team_id", ERR_FIELD_INVALID, "");
		*(given++ ? &q->part : &q->slice) = (enum promise_part)part;
	}
	return 0;
}

int promise_question(struct ctx *c, const struct promise_asked *in, struct promise_question *out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*out = (struct promise_question){ .period = text_empty(in->period) ? "week" : in->period,
		                          .at = { [PART_REGION] = in->region_id, [PART_PRODUCT] = in->product_id, [PART_TEAM] = in->team_id } };
	for (int part = 0; part < PART_COUNT; part++)
		out->at[part] = out->at[part] > 0 ? out->at[part] : 0;
	int64_t day = in->day && in->day != NULL_INT ? in->day : day_of(c->now, (int)tenant.zone_minutes);
	for (int i = PROMISE_PERIODS; i-- > 0; day = out->spans[i].from - 1)
		out->spans[i] = span_of(out->period, day);
	return choose_cell(c, out);
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

int promise_trend(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, struct promise_sum out[PROMISE_PERIODS])
{
	struct promise_days_row *days;
	size_t n;
	struct promise_days_in in = {
		.promise = p->row->id, .slice = q->slice, .slice_id = q->at[q->slice], .part = q->part, .part_id = q->at[q->part],
		.from_day = q->spans[0].from, .to_day = q->spans[PROMISE_PERIODS - 1].to,
	};
	TRY(promise_days(c, &in, &days, &n));
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

static int from_cases(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n)
{
	struct promise_case_sums_row *rows;
	size_t count;
	const struct promise_span *span = &q->spans[PROMISE_PERIODS - 1];
	TRY(promise_case_sums(c, p->row->id, span->from, span->to, q->at[PART_REGION], q->at[PART_PRODUCT], q->at[PART_TEAM], &rows, &count));
	*out = ARENA_ARRAY(c->arena, struct promise_share, count + 1);
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const int64_t ids[PART_COUNT] = { 0, rows[i].region_id, rows[i].product_id, rows[i].team_id, rows[i].agent_id, rows[i].channel };
		put(*out, n, ids[by], &(struct promise_sum){ rows[i].cases, rows[i].held, rows[i].total });
	}
	return 0;
}

int promise_shares(struct ctx *c, const struct ready_promise *p, const struct promise_question *q, enum promise_part by, struct promise_share **out, size_t *n)
{
	bool summed = !q->part && promise_summed(q->slice, by);
	return summed ? from_sums(c, p, q, by, out, n) : from_cases(c, p, q, by, out, n);
}
