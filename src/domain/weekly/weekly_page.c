/* A report as a page for mail programs: tables, styles in their place, nothing from outside. Colours are such that they hold on white and, where
 * the program turns to dark, through the one style sheet at the head; without it the page stays light and whole. A phone leaves out the last two
 * columns by it. */
#include "domain/weekly/weekly.h"

#include <string.h>

#include "base/text.h"

#define INK "#1f2328"
#define SOFT "#57606a"
#define LINE "#d0d7de"
#define CELL "padding:6px 8px;border-bottom:1px solid " LINE ";text-align:left;vertical-align:top;"
#define NUMBER_CELL "padding:6px 8px;border-bottom:1px solid " LINE ";text-align:right;vertical-align:top;white-space:nowrap;"
#define FONT "font:14px/20px -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;"

static void put(struct text *t, const char *s)
{
	for (; s && *s; s++) {
		switch (*s) {
		case '&': text_append(t, "&amp;"); break;
		case '<': text_append(t, "&lt;"); break;
		case '>': text_append(t, "&gt;"); break;
		case '"': text_append(t, "&quot;"); break;
		case '\'': text_append(t, "&#39;"); break;
		default: text_char(t, *s);
		}
	}
}

static void put_name(struct text *t, const char *s)
{
	put(t, weekly_clean(t->arena, s));
}

static void cell_of(struct text *t, const char *class, const char *style, const char *words)
{
	text_format(t, "<td class=\"%s\" style=\"%s\">", class, style);
	put(t, words);
	text_append(t, "</td>");
}

static void cell(struct text *t, const char *style, const char *words)
{
	cell_of(t, "c", style, words);
}

/* Behind `narrow` of them a phone has no room for more. */
static void heads(struct text *t, const char *const *words, size_t n, size_t narrow)
{
	text_append(t, "<tr>");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "<th class=\"c s%s\" scope=\"col\" style=\"%scolor:" SOFT ";font-weight:400;\">", i < narrow ? "" : " w", i ? NUMBER_CELL : CELL);
		put(t, words[i]);
		text_append(t, "</th>");
	}
	text_append(t, "</tr>");
}

static void title(struct text *t, const char *words)
{
	text_append(t, "<h2 style=\"font-size:16px;line-height:24px;margin:24px 0 8px;\">");
	put(t, words);
	text_append(t, "</h2>");
}

static void link_to(struct text *t, const char *address, const char *words)
{
	text_append(t, "<a class=\"l\" style=\"color:#0b57d0;\" href=\"");
	put(t, address);
	text_append(t, "\">");
	put(t, words);
	text_append(t, "</a>");
}

#define TABLE "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse;width:100%;\">"

/* Promises ------------------------------------------------------------------------------------------------------------- */

static void write_worst(struct text *t, const struct weekly *w, const struct weekly_promise *p, const char *head, const struct weekly_worst *worst, size_t n)
{
	if (!n)
		return;
	text_append(t, "<div class=\"s\" style=\"color:" SOFT ";font-size:12px;\">");
	put(t, head);
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? weekly_say(w, "、", ", ") : "");
		if (worst[i].link)
			link_to(t, worst[i].link, weekly_clean(t->arena, worst[i].title));
		else
			put(t, weekly_say(w, "未归属", "Unassigned"));
		text_char(t, ' ');
		put(t, weekly_amount(t->arena, w, p->unit, worst[i].actual));
	}
	text_append(t, "</div>");
}

/* What lies furthest off has a row of its own: beside five figures there is no room for it on a phone. */
static void write_furthest(struct text *t, const struct weekly *w, const struct weekly_promise *p)
{
	text_append(t, "</tr><tr><td class=\"c\" colspan=\"6\" style=\"" CELL "padding-top:0;\">");
	write_worst(t, w, p, weekly_say(w, "差距最大的产品：", "Products furthest off: "), p->products, p->product_count);
	write_worst(t, w, p, weekly_say(w, "差距最大的小组：", "Teams furthest off: "), p->teams, p->team_count);
	text_append(t, "</td>");
}

/* A word and its weight say that a promise was missed; colour only beside them. */
static void write_promise(struct text *t, const struct weekly *w, const struct weekly_promise *p)
{
	bool missed = !strcmp(p->state, "missed"), furthest = p->product_count + p->team_count > 0;
	const char *number = furthest ? NUMBER_CELL "border-bottom:0;" : NUMBER_CELL;
	text_format(t, "<tr><td class=\"c\" style=\"" CELL "min-width:84px;%s\">", furthest ? "border-bottom:0;" : "");
	link_to(t, p->link, weekly_clean(t->arena, p->name));
	text_append(t, "</td>");
	cell(t, number, weekly_amount(t->arena, w, p->unit, p->actual));
	cell(t, number, weekly_target(t->arena, w, p));
	text_format(t, "<td class=\"c v%s\" style=\"%s%s\">", missed ? " m" : "", number, missed ? "color:#b42318;font-weight:700;" : "");
	put(t, weekly_state(w, p));
	text_append(t, "</td>");
	cell_of(t, "c w", number, weekly_change(t->arena, w, p));
	cell_of(t, "c w", number, weekly_number(t->arena, p->cases));
	if (furthest)
		write_furthest(t, w, p);
	text_append(t, "</tr>");
}

static void write_promises(struct text *t, const struct weekly *w)
{
	const char *const words[] = {
		weekly_say(w, "承诺", "Promise"), weekly_say(w, "实际", "Actual"), weekly_say(w, "目标", "Target"), weekly_say(w, "状态", "State"),
		weekly_say(w, "较前一周", "Change"), weekly_say(w, "样本", "Cases"),
	};
	title(t, weekly_say(w, "承诺达成", "Promises"));
	if (!w->promise_count) {
		text_append(t, "<p class=\"s\" style=\"color:" SOFT ";margin:0;\">");
		put(t, weekly_say(w, "您的数据范围看不到全公司，因此没有承诺数字。", "You do not see the whole company, so there are no figures of its promises."));
		text_append(t, "</p>");
		return;
	}
	text_append(t, TABLE);
	heads(t, words, sizeof(words) / sizeof(words[0]), 4);
	for (size_t i = 0; i < w->promise_count; i++)
		write_promise(t, w, &w->promises[i]);
	text_append(t, "</table>");
}

/* Tickets -------------------------------------------------------------------------------------------------------------- */

static void write_counts(struct text *t, const struct weekly *w)
{
	title(t, arena_format(t->arena, "%s%s", weekly_say(w, "服务单", "Tickets"), w->narrow ? weekly_say(w, "（您能看到的）", " (that you can see)") : ""));
	text_append(t, TABLE);
	for (int i = 0; i < WEEKLY_COUNTS; i++) {
		text_append(t, "<tr>");
		cell(t, CELL, weekly_count_name(w, i));
		cell(t, NUMBER_CELL, weekly_number(t->arena, w->counts[i]));
		text_append(t, "<td class=\"c s\" style=\"" NUMBER_CELL "color:" SOFT ";\">");
		put(t, weekly_before(t->arena, w, i));
		text_append(t, "</td>");
		text_append(t, "</tr>");
	}
	text_append(t, "</table>");
}

static void write_oldest(struct text *t, const struct weekly *w)
{
	title(t, weekly_say(w, "最久未结的服务单", "Oldest open tickets"));
	text_append(t, TABLE);
	for (size_t i = 0; i < w->oldest_count; i++) {
		const struct weekly_ticket *k = &w->oldest[i];
		text_append(t, "<tr><td class=\"c\" style=\"" CELL "white-space:nowrap;\">");
		link_to(t, k->link, k->no);
		text_append(t, "</td><td class=\"c\" style=\"" CELL "\">");
		put_name(t, k->title);
		text_append(t, "</td>");
		cell(t, NUMBER_CELL, weekly_span(t->arena, k->age_ms, w->lang));
		text_append(t, "</tr>");
	}
	text_append(t, "</table>");
}

void weekly_write_page(struct text *t, const struct weekly *w)
{
	char from[16], to[16];
	day_format(w->from, from);
	day_format(w->to, to);
	text_format(t, "<!DOCTYPE html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
	            "<meta name=\"color-scheme\" content=\"light dark\"><title>", w->lang == LANG_EN ? "en" : "zh-CN");
	put_name(t, w->company);
	text_append(t, "</title><style>@media (max-width:520px){.w{display:none!important}.v{white-space:normal!important;min-width:64px}}@media (prefers-color-scheme:dark){.b{background:#161b22!important;color:#e6edf3!important}"
	               ".c{border-color:#30363d!important}.s{color:#9da7b3!important}.l{color:#79b8ff!important}.m{color:#ff9a92!important}}</style></head>"
	               "<body class=\"b\" style=\"margin:0;padding:16px;background:#ffffff;color:" INK ";" FONT "\">"
	               "<table role=\"presentation\" align=\"center\" width=\"640\" style=\"max-width:100%;margin:0 auto;\"><tr><td class=\"b\" style=\"color:" INK ";" FONT "\">"
	               "<h1 style=\"font-size:20px;line-height:28px;margin:0;\">");
	put_name(t, w->company);
	text_append(t, weekly_say(w, " 服务周报", " weekly service report"));
	text_format(t, "</h1><p class=\"s\" style=\"color:" SOFT ";margin:4px 0 0;\">%s – %s</p>", from, to);
	if (w->shows_promises)
		write_promises(t, w);
	if (w->shows_counts)
		write_counts(t, w);
	if (w->shows_oldest && w->oldest_count)
		write_oldest(t, w);
	if (w->shows_promises && w->promise_count) {
		text_append(t, "<p style=\"margin:24px 0 0;\">");
		link_to(t, w->link, weekly_say(w, "查看全部", "See all of it"));
		text_append(t, "</p>");
	}
	text_append(t, "</td></tr></table></body></html>");
}
