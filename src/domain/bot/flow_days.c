/* Slots of days: one that has been, or one on which somebody can come. */
#include <string.h>

#include "core/clock/clock_set.h"
#include "core/condition/condition_fields.h"
#include "domain/bot/flow_slots.h"

enum { DAYS_AHEAD = 90, DAYS_BACK = 3650, DAYS_OFFERED = 4 };

static const char *day_shown(const struct flow_talk *t, int64_t day)
{
	static const char *const zh[] = { "周一", "周二", "周三", "周四", "周五", "周六", "周日" };
	static const char *const en[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	char out[16];
	int y, m, d, week = calendar_weekday(day);
	day_split(day, &y, &m, &d);
	day_format(day, out);
	return t->lang == LANG_EN ? arena_format(t->c->arena, "%s %s", en[week], out) : arena_format(t->c->arena, "%d月%d日（%s）", m, d, zh[week]);
}

/* The first days from `from` on that are open, as many as there is room for: by the calendar of the first policy for tickets that has one. */
static int open_days(struct flow_talk *t, int64_t from, size_t most, int64_t *days, size_t *n)
{
	CLOCK_SET set = NULL;
	const struct zone *zone;
	const struct calendar *calendar = NULL;
	*n = 0;
	TRY(company_zone(t->c, t->c->arena, &zone));
	TRY(clock_set_take(t->c, &set));
	for (size_t i = 0; i < set->policy_count && !calendar; i++)
		if (text_equal(set->policies[i].row->object, "ticket") && set->policies[i].row->calendar_id)
			calendar = set->policies[i].calendar;
	for (int64_t day = from; day <= from + DAYS_AHEAD && *n < most; day++) {
		time_ms begins = zone_instant(zone, day * DAY_MS), ends = zone_instant(zone, (day + 1) * DAY_MS);
		if (ends > t->c->now && (!calendar || calendar_between(calendar, begins > t->c->now ? begins : t->c->now, ends, NULL) > 0))
			days[(*n)++] = day;
	}
	return 0;
}

static int fill_day_to_come(struct flow_talk *t, const struct when *w, struct flow_value *v, enum filled *out)
{
	int64_t open = 0;
	size_t n;
	t->meant = true;
	if (w->day < t->today || w->day > t->today + DAYS_AHEAD) {
		*out = slot_wrong(t, w->day < t->today ? SAY("这一天已经过去了。", "That day has passed.") : SAY("最多可以预约 90 天以内。", "At most 90 days ahead."));
		return 0;
	}
	TRY(open_days(t, w->day, 1, &open, &n));
	if (n && open == w->day) {
		char day[16];
		day_format(w->day, day);
		*out = slot_filled(v, arena_string(t->c->arena, day), day_shown(t, w->day));
		return 0;
	}
	*out = slot_wrong(t, n ? (struct label){ arena_format(t->c->arena, "%s不提供服务，最近可以约%s。", day_shown(t, w->day), day_shown(t, open)), arena_format(t->c->arena, "There is no service on %s; the next possible day is %s.", day_shown(t, w->day), day_shown(t, open)) }
	                : SAY("这段时间都不提供服务。", "There is no service in that time."));
	return 0;
}

int slot_fill_day(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct when w = when_of(t->c->arena, !strncmp(t->pressed, "day.", 4) ? t->pressed + 4 : t->text, t->today, s->past ? WHEN_PAST : WHEN_TO_COME);
	char day[16];
	t->meant = w.impossible;
	if (!w.has_day) {
		*out = w.impossible ? slot_wrong(t, SAY("没有这一天，请再看一下日期。", "There is no such day. Please check the date."))
		                    : asked ? slot_wrong(t, SAY("没有看出是哪一天。", "I did not recognise a day.")) : FILL_NOTHING;
		return 0;
	}
	if (!s->past)
		return fill_day_to_come(t, &w, v, out);
	if (w.day > t->today || w.day < t->today - DAYS_BACK) {
		*out = asked ? slot_wrong(t, SAY("这一天还没有到。", "That day is still to come.")) : FILL_NOTHING;
		return 0;
	}
	day_format(w.day, day);
	*out = slot_filled(v, arena_string(t->c->arena, day), day_shown(t, w.day));
	return 0;
}

int slot_offer_days(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	int64_t days[DAYS_OFFERED];
	size_t n = 0;
	TRY(s->past ? 0 : open_days(t, t->today + 1, DAYS_OFFERED, days, &n));
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(days[i], day);
		slot_offer(p, slot_same(day_shown(t, days[i])), arena_format(t->c->arena, "day.%s", day));
	}
	return 0;
}
