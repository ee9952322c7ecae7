/* From weeks and days that differ to something that answers in a few steps. Costs about a tenth of a microsecond for each day that
 * differs, so it may be done anew whenever it is needed. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/calendar/calendar_private.h"

/* ---- the hours of one day ---- */

struct pieces {
	struct piece *at;
	size_t n;
};

/* Puts [from, to) among the pieces, which stay ascending and apart. */
static void add_piece(struct pieces *p, int32_t from, int32_t to)
{
	if (from < 0)
		from = 0;
	if (to > DAY_MS)
		to = (int32_t)DAY_MS;
	if (from >= to)
		return;
	size_t first = 0, last;
	while (first < p->n && p->at[first].to < from)
		first++;
	for (last = first; last < p->n && p->at[last].from <= to; last++) {
		from = p->at[last].from < from ? p->at[last].from : from;
		to = p->at[last].to > to ? p->at[last].to : to;
	}
	memmove(&p->at[first + 1], &p->at[last], (p->n - last) * sizeof(*p->at));
	p->at[first] = (struct piece){ .from = from, .to = to };
	p->n += 1 - (last - first);
}

static void remove_piece(struct pieces *p, int32_t from, int32_t to)
{
	for (size_t i = p->n; i-- > 0;) {
		struct piece *at = &p->at[i], old = *at;
		if (old.to <= from || old.from >= to)
			continue;
		size_t kept = (old.from < from) + (old.to > to);
		memmove(at + kept, at + 1, (p->n - i - 1) * sizeof(*at));
		p->n += kept - 1;
		if (old.from < from)
			*at++ = (struct piece){ .from = old.from, .to = from };
		if (old.to > to)
			*at = (struct piece){ .from = to, .to = old.to };
	}
}

static struct day_plan finish(struct arena *a, const struct pieces *p)
{
	int32_t total = 0;
	for (size_t i = 0; i < p->n; i++) {
		p->at[i].before = total;
		total += p->at[i].to - p->at[i].from;
	}
	return (struct day_plan){ arena_copy(a, p->at, p->n * sizeof(*p->at)), (int32_t)p->n, total };
}

/* All that is said about one day; days[0] … are the rows for it in their order. */
struct said {
	const struct calendar_day *const *days;
	size_t n;
};

static const struct calendar_day *holding(const struct said *s)
{
	for (size_t i = s->n; i-- > 0;)
		if (s->days[i]->kind != DAY_WITHOUT)
			return s->days[i];
	return NULL;
}

int calendar_weekday(int64_t day)
{
	return (int)(day + 3 - 7 * floor_divide(day + 3, 7));     /* 1970-01-01 was a Thursday */
}

static struct calendar_plan own_hours(const struct calendar_source *s, int64_t day, const struct said *said)
{
	const struct calendar_day *d = holding(said);
	if (!d)
		return s->week[calendar_weekday(day)];
	if (d->kind == DAY_AS)
		return s->week[d->as];
	return d->kind == DAY_HOURS ? d->plan : (struct calendar_plan){ 0 };
}

static size_t most_pieces(const struct calendar_plan *own, const struct calendar_plan *eve, const struct said *said)
{
	size_t n = own->n + eve->n + 1;
	for (size_t i = 0; i < said->n; i++)
		n += said->days[i]->plan.n;
	return n;
}

/* The hours of `day`, and of the evening before what lies past midnight. */
static struct day_plan plan_day(struct arena *a, const struct calendar_source *s, int64_t day, const struct said *said,
                                const struct said *said_before)
{
	struct calendar_plan own = own_hours(s, day, said), eve = own_hours(s, day - 1, said_before);
	struct pieces p = { .at = ARENA_ARRAY(a, struct piece, most_pieces(&own, &eve, said)) };
	for (size_t i = 0; i < own.n; i++)
		add_piece(&p, own.hours[i].from, own.hours[i].to);
	for (size_t i = 0; i < eve.n; i++)
		add_piece(&p, eve.hours[i].from - (int32_t)DAY_MS, eve.hours[i].to - (int32_t)DAY_MS);
	for (size_t i = said->n; i-- > 0 && said->days[i]->kind == DAY_WITHOUT;)
		for (size_t k = 0; k < said->days[i]->plan.n; k++)
			remove_piece(&p, said->days[i]->plan.hours[k].from, said->days[i]->plan.hours[k].to);
	return finish(a, &p);
}

/* ---- odd days ---- */

/* By day; of one day in the order of the source, whose addresses grow. */
static int compare_days(const void *left, const void *right)
{
	const struct calendar_day *x = *(const struct calendar_day *const *)left, *y = *(const struct calendar_day *const *)right;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x < y ? -1 : x > y;
}

static const struct calendar_day **sort_days(struct arena *a, const struct calendar_source *s)
{
	const struct calendar_day **sorted = ARENA_ARRAY(a, const struct calendar_day *, s->day_count + 1);
	for (size_t i = 0; i < s->day_count; i++)
		sorted[i] = &s->days[i];
	qsort(sorted, s->day_count, sizeof(*sorted), compare_days);
	return sorted;
}

static bool is_same_plan(const struct day_plan *x, const struct day_plan *y)
{
	return x->n == y->n && x->total == y->total && (x->n == 0 || memcmp(x->pieces, y->pieces, (size_t)x->n * sizeof(*x->pieces)) == 0);
}

static int64_t week_before(const struct calendar *c, int64_t day)
{
	int64_t weeks = floor_divide(day + 3, 7);
	return weeks * c->week_before[7] + c->week_before[calendar_weekday(day)];
}

static void add_odd(struct calendar *c, int64_t day, struct day_plan plan, const struct calendar_day *why)
{
	int64_t shift = c->odd_count ? c->odd[c->odd_count - 1].shift : 0;
	struct odd_day *d = &c->odd[c->odd_count++];
	*d = (struct odd_day){ .day = day, .before = week_before(c, day) + shift, .plan = plan, .why = why };
	d->shift = shift + plan.total - c->week[calendar_weekday(day)].total;
}

static const struct calendar_day *reason(const struct said *said)
{
	const struct calendar_day *d = holding(said);
	return d || !said->n ? d : said->days[said->n - 1];
}

static void add_odd_days(struct arena *a, struct calendar *c, const struct calendar_source *s)
{
	const struct calendar_day **sorted = sort_days(a, s);
	struct said before = { 0 }, none = { 0 };
	int64_t day_before = INT64_MIN;
	c->odd = ARENA_ARRAY(a, struct odd_day, 2 * s->day_count + 1);
	for (size_t i = 0, end; i < s->day_count; i = end) {
		int64_t day = sorted[i]->day;
		for (end = i; end < s->day_count && sorted[end]->day == day;)
			end++;
		struct said said = { &sorted[i], end - i };
		add_odd(c, day, plan_day(a, s, day, &said, day_before == day - 1 ? &before : &none), reason(&said));
		before = said;
		day_before = day;
		if (end < s->day_count && sorted[end]->day == day + 1)
			continue;
		struct day_plan next = plan_day(a, s, day + 1, &none, &said);
		if (!is_same_plan(&next, &c->week[calendar_weekday(day + 1)]))
			add_odd(c, day + 1, next, NULL);
	}
}

/* ---- the timeline ---- */

static void add_periods(struct arena *a, struct calendar *c, const struct zone *z)
{
	int64_t reached = 0;
	c->periods = ARENA_ARRAY(a, struct period, z->n);
	for (size_t i = 0; i < z->n; i++) {
		const struct zone_shift *shift = &z->shifts[i];
		time_ms from = shift->at < TIMELINE_FIRST_MS ? TIMELINE_FIRST_MS : shift->at;
		struct period *last = c->period_count ? &c->periods[c->period_count - 1] : NULL;
		if (last && from > TIMELINE_FIRST_MS)
			reached = calendar_open_before(c, from + last->offset_ms) + last->base;
		else
			c->period_count = 0;                      /* nothing before this one lies on the timeline */
		struct period *p = &c->periods[c->period_count++];
		*p = (struct period){ .from = from, .offset_ms = shift->offset_ms, .reached = reached };
		p->base = reached - calendar_open_before(c, from + p->offset_ms);
	}
}

struct calendar *calendar_compile(struct arena *a, const struct calendar_source *s)
{
	struct calendar *c = ARENA_NEW(a, struct calendar);
	struct said none = { 0 };
	for (int i = 0; i < 7; i++) {
		c->week[i] = plan_day(a, s, i - 3, &none, &none);  /* days -3 … 3 are Monday to Sunday */
		c->week_before[i + 1] = c->week_before[i] + c->week[i].total;
	}
	add_odd_days(a, c, s);
	add_periods(a, c, &s->zone);
	return c;
}

struct calendar *calendar_always(struct arena *a, const struct zone *z)
{
	static const struct calendar_hours whole_day = { 0, (int32_t)DAY_MS };
	struct calendar_source s = { .zone = *z };
	for (int i = 0; i < 7; i++)
		s.week[i] = (struct calendar_plan){ &whole_day, 1 };
	return calendar_compile(a, &s);
}
