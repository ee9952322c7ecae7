/* A report's figures for a page that draws them itself. */
#include "domain/weekly/weekly.h"

#include <math.h>

#include "base/json.h"

static const char *const count_codes[WEEKLY_COUNTS] = {
	[WEEKLY_RECEIVED] = "received", [WEEKLY_SOLVED] = "solved", [WEEKLY_OPEN] = "open",
	[WEEKLY_REOPENED] = "reopened", [WEEKLY_COMPLAINTS] = "complaints", [WEEKLY_BREACHED] = "breached",
};

static void write_real(struct text *t, const char *name, double value)
{
	text_format(t, isnan(value) ? ",\"%s\":null" : ",\"%s\":%.4f", name, value);
}

static void write_known(struct text *t, const char *name, int64_t value)
{
	text_format(t, value < 0 ? ",\"%s\":null" : ",\"%s\":%lld", name, (long long)value);
}

static void write_words(struct text *t, const char *name, const char *words)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, words);
}

static void write_worst(struct text *t, const char *name, const struct weekly_worst *worst, size_t n)
{
	text_format(t, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"cases\":%lld", i ? "," : "", (long long)worst[i].cases);
		write_words(t, "title", worst[i].title);
		write_words(t, "link", worst[i].link);
		write_real(t, "actual", worst[i].actual);
		text_char(t, '}');
	}
	text_char(t, ']');
}

static void write_promise(struct text *t, const struct weekly_promise *p)
{
	text_format(t, "{\"state\":\"%s\",\"unit\":\"%s\",\"direction\":\"%s\",\"cases\":%lld", p->state, p->unit == PROMISE_SHARE ? "share" : "duration",
	            p->at_least ? "least" : "most", (long long)p->cases);
	write_words(t, "name", p->name);
	write_words(t, "link", p->link);
	write_real(t, "target", p->target);
	write_real(t, "actual", p->actual);
	write_real(t, "change", p->change);
	write_worst(t, "products", p->products, p->product_count);
	write_worst(t, "teams", p->teams, p->team_count);
	text_char(t, '}');
}

static void write_counts(struct text *t, const struct weekly *w)
{
	for (int i = 0; w->shows_counts && i < WEEKLY_COUNTS; i++) {
		text_format(t, "%s{\"code\":\"%s\"", i ? "," : "", count_codes[i]);
		write_words(t, "name", weekly_count_name(w, i));
		write_known(t, "n", w->counts[i]);
		write_known(t, "before", w->before[i]);
		text_char(t, '}');
	}
}

void weekly_write_figures(struct text *t, const struct weekly *w)
{
	text_format(t, "\"narrow\":%s,\"shows_promises\":%s,\"counts\":[", w->narrow ? "true" : "false", w->shows_promises ? "true" : "false");
	write_counts(t, w);
	text_append(t, "],\"promises\":[");
	for (size_t i = 0; i < w->promise_count; i++) {
		text_append(t, i ? "," : "");
		write_promise(t, &w->promises[i]);
	}
	text_append(t, "],\"oldest\":[");
	for (size_t i = 0; i < w->oldest_count; i++) {
		text_format(t, "%s{\"age_ms\":%lld", i ? "," : "", (long long)w->oldest[i].age_ms);
		write_words(t, "no", w->oldest[i].no);
		write_words(t, "title", w->oldest[i].title);
		write_words(t, "link", w->oldest[i].link);
		text_char(t, '}');
	}
	text_char(t, ']');
}
