/* Why a clock is due when it is: walks the timeline part by part and writes down what each part gave. */
#include "base/text.h"
#include "engine/calendar/calendar_private.h"

/* The rest of a day, or what of it has one offset: the walk never crosses a midnight or a change of offset. */
struct part {
	int64_t day;
	struct time_span span;
	struct day_plan plan;
	const struct calendar_day *why;
	int32_t offset_ms;
};

static struct part part_at(const struct calendar *c, time_ms at, time_ms end)
{
	const struct period *p = calendar_period(c, at), *next = p + 1;
	struct part part = { .day = floor_divide(at + p->offset_ms, DAY_MS), .offset_ms = p->offset_ms };
	time_ms midnight = (part.day + 1) * DAY_MS - p->offset_ms;
	part.span = (struct time_span){ at, midnight < end ? midnight : end };
	if (next < c->periods + c->period_count && next->from < part.span.to)
		part.span.to = next->from;
	calendar_open_before_day(c, part.day, &part.plan, &part.why);
	return part;
}

struct writer {
	struct arena *arena;
	const struct pauses *pauses;
	size_t pause;                   /* the first that may still matter */
	time_ms now;
	struct ledger out;
	size_t room;
};

/* NULL when there are as many rows as there may be. */
static struct ledger_row *add_row(struct writer *w, enum ledger_kind kind, const struct part *part)
{
	w->out.is_cut = w->out.n == LEDGER_MOST_ROWS;
	if (w->out.is_cut)
		return NULL;
	ARENA_GROW(w->arena, w->out.rows, w->out.n, w->room);
	int64_t sum = w->out.n ? w->out.rows[w->out.n - 1].sum_ms : 0;
	struct ledger_row *row = &w->out.rows[w->out.n++];
	*row = (struct ledger_row){ .kind = kind, .day = part->day, .last_day = part->day, .sum_ms = sum, .why = part->why };
	return row;
}

static bool is_same_reason(const struct calendar_day *x, const struct calendar_day *y)
{
	if (!x || !y)
		return x == y;
	return x->kind == y->kind && x->provisional == y->provisional && text_equal(x->zh, y->zh) && text_equal(x->en, y->en);
}

/* Days of one holiday make one row. */
static void add_closed(struct writer *w, const struct part *part)
{
	struct ledger_row *last = w->out.n ? &w->out.rows[w->out.n - 1] : NULL;
	if (last && last->kind == LEDGER_CLOSED && part->day - last->last_day <= 1 && is_same_reason(last->why, part->why))
		last->last_day = part->day;
	else
		add_row(w, LEDGER_CLOSED, part);
}

/* The pause that holds at `at` (the first of several), or the list's length; *until: how far that answer goes. */
static size_t pause_at(struct writer *w, time_ms at, time_ms *until)
{
	const struct pauses *p = w->pauses;
	while (w->pause < p->n && p->at[w->pause].to <= at)
		w->pause++;
	for (size_t i = w->pause; i < p->n && p->at[i].from < *until; i++) {
		if (p->at[i].to <= at || p->at[i].to <= p->at[i].from)
			continue;
		if (p->at[i].from <= at) {
			*until = p->at[i].to < *until ? p->at[i].to : *until;
			return i;
		}
		*until = p->at[i].from;
		break;
	}
	return p->n;
}

/* [from, to) is open; it is cut where pauses begin and end, and at now. */
static void add_open(struct writer *w, const struct part *part, time_ms from, time_ms to)
{
	while (from < to) {
		time_ms until = from < w->now && w->now < to ? w->now : to;
		size_t pause = pause_at(w, from, &until);
		struct ledger_row *row = add_row(w, pause < w->pauses->n ? LEDGER_PAUSED : LEDGER_COUNTED, part);
		if (!row)
			return;
		row->span = (struct time_span){ from, until };
		row->pause = pause < w->pauses->n ? pause : 0;
		row->counted_ms = row->kind == LEDGER_COUNTED ? until - from : 0;
		row->sum_ms += row->counted_ms;
		from = until;
	}
}

static void add_part(struct writer *w, const struct part *part)
{
	time_ms midnight = part->day * DAY_MS - part->offset_ms;
	if (!part->plan.n)
		add_closed(w, part);
	for (int32_t i = 0; i < part->plan.n; i++) {
		time_ms from = midnight + part->plan.pieces[i].from, to = midnight + part->plan.pieces[i].to;
		add_open(w, part, from > part->span.from ? from : part->span.from, to < part->span.to ? to : part->span.to);
	}
}

struct ledger calendar_ledger(struct arena *a, const struct calendar *c, const struct calendar_clock *k, time_ms now)
{
	struct writer w = { .arena = a, .pauses = &k->pauses, .now = now };
	w.out.due = calendar_add(c, k->from, k->target_ms, &k->pauses);
	time_ms end = timeline_limit(w.out.due == FAR_FUTURE_MS ? now : w.out.due);
	for (time_ms at = timeline_limit(k->from); at < end && !w.out.is_cut;) {
		struct part part = part_at(c, at, end);
		add_part(&w, &part);
		at = part.span.to;
	}
	return w.out;
}
