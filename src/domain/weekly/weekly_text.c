/* A report in words: what both forms say, and the plain one. */
#include "domain/weekly/weekly.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

enum { COMPANY_CHARACTERS = 40, NAME_CHARACTERS = 60 };

const char *weekly_say(const struct weekly *w, const char *zh, const char *en)
{
	return w->lang == LANG_EN ? en : zh;
}

/* Marks that turn, join or hide what stands beside them have no place in a mail: a name could make another number of the one behind it. */
static bool is_plain(uint32_t u)
{
	return u >= 0x20 && (u < 0x7F || u > 0x9F) && !(u >= 0x200B && u <= 0x200F) && !(u >= 0x2028 && u <= 0x202E) && !(u >= 0x2060 && u <= 0x206F) && u != 0xFEFF;
}

const char *weekly_clean(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	const char *p = text ? text : "", *end = p + strnlen(p, 2000);
	for (size_t n = 0; p < end && n < NAME_CHARACTERS; n++) {
		uint32_t u = utf8_next(&p, end);
		utf8_append(&t, is_plain(u) ? u : ' ');
	}
	return text_end(&t);
}

/* As pages write numbers and spans of time. */
const char *weekly_number(struct arena *a, int64_t n)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	struct text t = text_in(a);
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			text_char(&t, ',');
		text_char(&t, digits[i]);
	}
	return n < 0 ? "–" : text_end(&t);
}

static const char *two(struct arena *a, int64_t x, const char *of_x, int64_t y, const char *of_y)
{
	return y ? arena_format(a, "%lld%s %lld%s", (long long)x, of_x, (long long)y, of_y) : arena_format(a, "%lld%s", (long long)x, of_x);
}

/* As on the page: 2 时 alone would be two o'clock. */
const char *weekly_span(struct arena *a, int64_t ms, enum lang lang)
{
	static const char *const units[2][5] = { { " 天", " 时", " 分", " 秒", " 小时" }, { "d", "h", "m", "s", "h" } };
	const char *const *u = units[lang == LANG_EN];
	int64_t s = llabs(ms) / SECOND_MS, minutes = s % 3600 / 60;
	if (s < 60)
		return arena_format(a, "%lld%s", (long long)s, u[3]);
	if (s < 300)
		return two(a, s / 60, u[2], s % 60, u[3]);
	if (s < 3600)
		return arena_format(a, "%lld%s", (long long)(s / 60), u[2]);
	return s < 86400 ? two(a, s / 3600, minutes ? u[1] : u[4], minutes, u[2]) : two(a, s / 86400, u[0], s % 86400 / 3600, u[1]);
}

/* A half goes up, as on the page: printf would make 81.2 of 81.25. No other halves of a tenth are exact. */
static const char *tenths(struct arena *a, double value)
{
	return arena_format(a, "%.1f", fmod(value, 0.5) == 0.25 ? nextafter(value, INFINITY) : value);
}

const char *weekly_amount(struct arena *a, const struct weekly *w, enum promise_unit unit, double value)
{
	if (isnan(value))
		return "–";
	return unit == PROMISE_SHARE ? arena_format(a, "%s%%", tenths(a, value)) : weekly_span(a, llround(value), w->lang);
}

const char *weekly_target(struct arena *a, const struct weekly *w, const struct weekly_promise *p)
{
	const char *size = p->unit == PROMISE_SHARE ? arena_format(a, "%g%%", p->target) : weekly_span(a, llround(p->target), w->lang);
	return arena_format(a, "%s %s", p->at_least ? "≥" : "≤", size);
}

const char *weekly_change(struct arena *a, const struct weekly *w, const struct weekly_promise *p)
{
	if (isnan(p->change))
		return "–";
	const char *size = p->unit == PROMISE_SHARE ? tenths(a, fabs(p->change)) : weekly_span(a, llround(fabs(p->change)), w->lang);
	return arena_format(a, "%s%s", p->change > 0 ? "+" : p->change < 0 ? "−" : "", size);
}

const char *weekly_state(const struct weekly *w, const struct weekly_promise *p)
{
	static const struct choice states[] = {
		{ "held", "守住", "Held" }, { "near", "临界", "Near" }, { "missed", "未达", "Missed" }, { "few", "样本不足", "Too few cases" },
		{ "none", "还没有足够数据", "Not enough data yet" }, { 0 },
	};
	const struct choice *state = choice_find(states, p->state);
	return weekly_say(w, state->zh, state->en);
}

const char *weekly_count_name(const struct weekly *w, enum weekly_count which)
{
	static const struct label names[WEEKLY_COUNTS] = {
		[WEEKLY_RECEIVED] = { "新受理", "Received" }, [WEEKLY_SOLVED] = { "已解决", "Solved" }, [WEEKLY_OPEN] = { "目前未结", "Open now" },
		[WEEKLY_REOPENED] = { "重新打开", "Reopened" }, [WEEKLY_COMPLAINTS] = { "投诉", "Complaints" }, [WEEKLY_BREACHED] = { "超时次数", "Deadlines missed" },
	};
	return weekly_say(w, names[which].zh, names[which].en);
}

const char *weekly_before(struct arena *a, const struct weekly *w, enum weekly_count which)
{
	return w->before[which] < 0 ? "" : arena_format(a, "%s %s", weekly_say(w, "前一周", "week before"), weekly_number(a, w->before[which]));
}

/* Plain ---------------------------------------------------------------------------------------------------------------- */

static void write_worst(struct arena *a, struct text *t, const struct weekly *w, const struct weekly_promise *p, const char *head, const struct weekly_worst *worst, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *title = worst[i].title ? weekly_clean(a, worst[i].title) : weekly_say(w, "未归属", "Unassigned");
		text_format(t, "%s%s %s", i ? weekly_say(w, "、", ", ") : head, title, weekly_amount(a, w, p->unit, worst[i].actual));
	}
	if (n)
		text_char(t, '\n');
}

static void write_promises(struct arena *a, struct text *t, const struct weekly *w)
{
	text_format(t, "\n%s\n", weekly_say(w, "承诺达成", "Promises"));
	for (size_t i = 0; i < w->promise_count; i++) {
		const struct weekly_promise *p = &w->promises[i];
		text_format(t, "- %s%s%s | %s %s | %s | %s %s | %s %s\n", weekly_clean(a, p->name), weekly_say(w, "：", ": "), weekly_amount(a, w, p->unit, p->actual), weekly_say(w, "目标", "target"),
		            weekly_target(a, w, p), weekly_state(w, p), weekly_say(w, "较前一周", "week before"), weekly_change(a, w, p), weekly_say(w, "样本", "cases"), weekly_number(a, p->cases));
		write_worst(a, t, w, p, weekly_say(w, "  差距最大的产品：", "  Products furthest off: "), p->products, p->product_count);
		write_worst(a, t, w, p, weekly_say(w, "  差距最大的小组：", "  Teams furthest off: "), p->teams, p->team_count);
	}
	if (!w->promise_count)
		text_format(t, "%s\n", weekly_say(w, "您的数据范围看不到全公司，因此没有承诺数字。", "You do not see the whole company, so there are no figures of its promises."));
}

static void write_count(struct arena *a, struct text *t, const struct weekly *w, enum weekly_count which)
{
	const char *before = weekly_before(a, w, which);
	text_format(t, "- %s%s%s%s%s\n", weekly_count_name(w, which), weekly_say(w, "：", ": "), weekly_number(a, w->counts[which]), *before ? " | " : "", before);
}

static void write_plain(struct arena *a, struct text *t, const struct weekly *w)
{
	if (w->shows_promises)
		write_promises(a, t, w);
	if (w->shows_counts) {
		text_format(t, "\n%s%s\n", weekly_say(w, "服务单", "Tickets"), w->narrow ? weekly_say(w, "（您能看到的）", " (that you can see)") : "");
		for (int i = 0; i < WEEKLY_COUNTS; i++)
			write_count(a, t, w, i);
	}
	if (w->shows_oldest && w->oldest_count) {
		text_format(t, "\n%s\n", weekly_say(w, "最久未结的服务单", "Oldest open tickets"));
		for (size_t i = 0; i < w->oldest_count; i++)
			text_format(t, "- %s %s (%s)\n  %s\n", w->oldest[i].no, weekly_clean(a, w->oldest[i].title), weekly_span(a, w->oldest[i].age_ms, w->lang), w->oldest[i].link);
	}
	if (w->shows_promises && w->promise_count)
		text_format(t, "\n%s%s\n", weekly_say(w, "查看全部：", "See all of it: "), w->link);
}

void weekly_write(struct arena *a, const struct weekly *w, struct notice_text *out)
{
	struct text plain = text_in(a), page = text_in(a);
	char from[16], to[16];
	day_format(w->from, from);
	day_format(w->to, to);
	const char *company = weekly_clean(a, w->company);
	company = arena_string_n(a, company, utf8_prefix(company, COMPANY_CHARACTERS));
	out->subject = arena_format(a, "%s %s %s – %s", company, weekly_say(w, "服务周报", "weekly service report"), from, to);
	text_format(&plain, "%s\n", out->subject);
	write_plain(a, &plain, w);
	weekly_write_page(&page, w);
	out->text = text_end(&plain);
	out->html = text_end(&page);
}
