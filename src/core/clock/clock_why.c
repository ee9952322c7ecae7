/* Why a clock is due when it is: its events replayed, so what is shown is what the kept row must equal. */
#include "core/clock/clock_why.h"

#include "base/json.h"
#include "core/clock/clock_row.h"
#include "core/services.h"
#include "gen/clock_sql.h"

static void write_measure(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t)
{
	const struct ready_object *o = clock_set_object(set, registry_find(&c->services->registry, row->object));
	for (size_t i = 0; o && i < o->count; i++)
		if (text_equal(o->measures[i].code, row->measure))
			return json_label(t, o->measures[i].label.zh, o->measures[i].label.en);
	json_label(t, row->measure, NULL);
}

static void write_instant(struct text *t, const char *name, time_ms at)
{
	text_format(t, ",\"%s\":", name);
	if (at == 0 || at == FAR_FUTURE_MS)
		text_append(t, "null");
	else
		text_int(t, at);
}

static bool is_soon(const struct clock_set *set, const struct service_clock *row, int64_t spent_ms)
{
	const struct ready_policy *p = clock_set_policy(set, row->policy_id);
	return p && spent_ms * 100 >= row->target_ms * p->row->soon_percent;
}

static void write_clock(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t)
{
	struct clock_case k;
	clock_case_read(set, row, &k);
	bool over = clock_is_over(row), paused = text_equal(row->state, "paused"), quiet = paused || k.held;
	struct calendar_due due = service_clock_due(&k.run, clock_case_calendar(&k), c->now);
	const struct ready_policy *p = clock_set_policy(set, row->policy_id);
	text_format(t, "\"id\":\"%lld\",\"object\":\"%s\",\"object_id\":\"%lld\",\"measure\":\"%s\",\"label\":", (long long)row->id, row->object,
	            (long long)row->object_id, row->measure);
	write_measure(c, set, row, t);
	text_format(t, ",\"round\":%lld,\"state\":\"%s\",\"policy_id\":\"%lld\",\"policy\":", (long long)row->round, row->state, (long long)row->policy_id);
	json_label(t, p ? p->row->name : "", p ? p->row->name_en : NULL);
	text_format(t, ",\"target_ms\":%lld,\"spent_ms\":%lld,\"remaining_ms\":%lld,\"soon\":%s", (long long)row->target_ms, (long long)due.spent_ms,
	            (long long)due.remaining_ms, !over && !k.held && is_soon(set, row, due.spent_ms) ? "true" : "false");
	bool late = row->breached_at || (!over && !quiet && c->now > row->due_at);
	text_format(t, ",\"breached\":%s", late ? "true" : "false");
	write_instant(t, "from_at", row->from_at);
	write_instant(t, "due_at", paused ? FAR_FUTURE_MS : row->due_at);
	write_instant(t, "ended_at", row->ended_at);
	write_instant(t, "breached_at", row->breached_at);
}

void clock_write(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t)
{
	text_char(t, '{');
	write_clock(c, set, row, t);
	text_char(t, '}');
}

static void write_rows(struct ctx *c, const struct ledger *ledger, struct text *t)
{
	static const char *const kinds[] = { [LEDGER_COUNTED] = "counted", [LEDGER_PAUSED] = "paused", [LEDGER_CLOSED] = "closed" };
	text_append(t, ",\"rows\":[");
	for (size_t i = 0; i < ledger->n; i++) {
		const struct ledger_row *r = &ledger->rows[i];
		char day[16], last[16];
		day_format(r->day, day);
		day_format(r->last_day, last);
		text_format(t, "%s{\"kind\":\"%s\",\"day\":\"%s\",\"last_day\":\"%s\",\"from\":%lld,\"to\":%lld,\"counted_ms\":%lld,\"sum_ms\":%lld,\"why\":", i ? "," : "",
		            kinds[r->kind], day, last, (long long)r->span.from, (long long)r->span.to, (long long)r->counted_ms, (long long)r->sum_ms);
		if (r->why && r->why->zh)
			json_label(t, r->why->zh, r->why->en);
		else
			text_append(t, "null");
		text_format(t, ",\"provisional\":%s}", r->why && r->why->provisional ? "true" : "false");
	}
	text_format(t, "],\"cut\":%s", ledger->is_cut ? "true" : "false");
}

/* The working time around the clock, so that a picture shows what of a day was not this clock's. */
static void write_open(const struct calendar *cal, time_ms from, time_ms to, struct text *t)
{
	enum { MOST_SPANS = 200 };
	text_append(t, ",\"open\":[");
	time_ms at = calendar_next_open(cal, from);
	for (int i = 0; i < MOST_SPANS && at < to; i++) {
		time_ms end = calendar_next_close(cal, at);
		text_format(t, "%s[%lld,%lld]", i ? "," : "", (long long)at, (long long)(end < to ? end : to));
		at = calendar_next_open(cal, end);
	}
	text_char(t, ']');
}

static void write_events(const struct service_clock_event *events, size_t n, struct text *t)
{
	text_append(t, ",\"events\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"kind\":\"%s\",\"at\":%lld,\"percent\":%lld,\"target_ms\":%lld,\"policy_id\":\"%lld\"", i ? "," : "", events[i].kind,
		            (long long)events[i].at, (long long)events[i].percent, (long long)events[i].target_ms, (long long)events[i].policy_id);
		write_instant(t, "due_at", text_equal(events[i].kind, "paused") ? FAR_FUTURE_MS : events[i].due_at);
		text_char(t, '}');
	}
	text_char(t, ']');
}

static int write_terms(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t)
{
	struct work_calendar calendar;
	const struct ready_policy *p = clock_set_policy(set, row->policy_id);
	text_append(t, ",\"calendar\":");
	if (row->calendar_id) {
		TRY(work_calendar_row_get(c, row->calendar_id, &calendar));
		text_format(t, "{\"id\":\"%lld\",\"version\":%lld,\"name\":", (long long)calendar.id, (long long)calendar.version);
		json_label(t, calendar.name, calendar.name_en);
		text_char(t, '}');
	} else {
		text_append(t, "null");
	}
	text_append(t, ",\"condition\":");
	json_text(t, p ? p->row->condition : NULL);
	text_format(t, ",\"policy_version\":%lld,\"soon_percent\":%lld,\"ladder\":%s", p ? (long long)p->row->version : 0, p ? (long long)p->row->soon_percent : 0,
	            p ? p->row->ladder : "[]");
	return 0;
}

int clock_write_why(struct ctx *c, const struct clock_set *set, const struct service_clock *row, struct text *t)
{
	struct service_clock_event *events;
	size_t n;
	struct clock_case k;
	clock_case_read(set, row, &k);
	TRY(clock_events(c, row->id, &events, &n));
	struct calendar_clock replay = { .from = row->from_at, .target_ms = row->target_ms, .pauses = clock_pauses(c->arena, events, n) };
	time_ms now = row->ended_at ? row->ended_at : c->now;
	struct ledger ledger = calendar_ledger(c->arena, clock_case_calendar(&k), &replay, now);
	text_char(t, '{');
	write_clock(c, set, row, t);
	write_rows(c, &ledger, t);
	write_open(clock_case_calendar(&k), row->from_at - DAY_MS, (ledger.due == FAR_FUTURE_MS || ledger.due < now ? now : ledger.due) + DAY_MS, t);
	write_events(events, n, t);
	TRY(write_terms(c, set, row, t));
	write_instant(t, "replayed_due_at", ledger.due);
	text_format(t, ",\"now\":%lld,\"step\":%lld}", (long long)c->now, (long long)row->step);
	return 0;
}
