/* Accuracy by week and product, of the last twelve weeks: what customers said of answers, and what trials came to. Of several trials of a set in a week the last
 * one counts: it says how that week ended. */
#include <string.h>

#include "base/json.h"
#include "base/json_private.h"
#include "core/api/api.h"
#include "domain/evaluation/evaluation_private.h"
#include "engine/calendar/calendar.h"
#include "gen/evaluation_sql.h"

enum { WEEKS = 12, PRODUCTS_MOST = 200, TRIALS_MOST = 500 };
#define WEEK_MS (7 * DAY_MS)

struct cell {
	int64_t solved, unsolved;       /* said by customers */
	int64_t lines, right;           /* of trials */
};
struct of_week {
	struct cell all;
	struct cell *products;          /* in the order of the table's */
};
struct accuracy {
	const struct knowledge *k;
	const char **products;
	size_t n;
	struct of_week weeks[WEEKS];
};

/* Of what belongs to no product any more: about all of them. */
static struct cell *cell_of(struct accuracy *t, int64_t week, const char *product)
{
	size_t i = 0;
	while (i < t->n && strcmp(t->products[i], product) != 0)
		i++;
	if (i == PRODUCTS_MOST)
		i--;
	else if (i == t->n)
		t->products[t->n++] = product;
	return &t->weeks[week].products[i];
}

static void add_verdict(struct cell *to, const struct turns_judged_row *row)
{
	*(text_equal(row->verdict, "solved") ? &to->solved : &to->unsolved) += row->n;
}

static int add_verdicts(struct ctx *c, time_ms since, struct accuracy *t)
{
	struct turns_judged_row *rows;
	size_t n;
	TRY(turns_judged(c, since, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct article_entry *e = knowledge_find(t->k, rows[i].article);
		if (rows[i].week < 0 || rows[i].week >= WEEKS)
			continue;
		add_verdict(&t->weeks[rows[i].week].all, &rows[i]);
		add_verdict(cell_of(t, rows[i].week, e ? e->product : ""), &rows[i]);
	}
	return 0;
}

/* {"inside","top1"}: how many questions there were, and the share of them that was right. */
static void add_sum(struct cell *to, yyjson_val *sum)
{
	int64_t inside = yyjson_get_sint(yyjson_obj_get(sum, "inside"));
	to->lines += inside;
	to->right += (int64_t)((double)inside * yyjson_get_num(yyjson_obj_get(sum, "top1")) + 0.5);
}

static void add_trial(struct ctx *c, struct accuracy *t, int64_t week, const char *sums)
{
	yyjson_alc memory = json_memory_of(c->arena);
	yyjson_val *root = yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)sums, strlen(sums), 0, &memory, NULL)), *one;
	size_t i, n;
	add_sum(&t->weeks[week].all, yyjson_obj_get(root, "all"));
	yyjson_arr_foreach(yyjson_obj_get(root, "products"), i, n, one) {
		const char *product = yyjson_get_str(yyjson_obj_get(one, "product"));
		add_sum(cell_of(t, week, product ? product : ""), yyjson_obj_get(one, "sum"));
	}
}

static int add_trials(struct ctx *c, time_ms since, struct accuracy *t)
{
	struct trials_since_row *rows;
	size_t n;
	TRY(trials_since(c, since, TRIALS_MOST, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t week = (rows[i].created_at - since) / WEEK_MS;
		bool later = false;
		for (size_t o = 0; o < i; o++)
			later = later || (rows[o].set_id == rows[i].set_id && (rows[o].created_at - since) / WEEK_MS == week);
		if (!later && week >= 0 && week < WEEKS)
			add_trial(c, t, week, rows[i].sums);
	}
	return 0;
}

static void write_cell(struct text *t, const struct cell *v)
{
	text_format(t, "\"solved\":%lld,\"unsolved\":%lld,\"lines\":%lld,\"right\":%lld", (long long)v->solved, (long long)v->unsolved, (long long)v->lines, (long long)v->right);
}

static void write_week(struct text *out, const struct accuracy *t, const struct of_week *w, int64_t first_day)
{
	static const struct cell nothing;
	size_t shown = 0;
	char day[16];
	day_format(first_day, day);
	text_format(out, "{\"from\":\"%s\",", day);
	write_cell(out, &w->all);
	text_append(out, ",\"products\":[");
	for (size_t i = 0; i < t->n; i++) {
		if (!memcmp(&w->products[i], &nothing, sizeof(nothing)))
			continue;
		text_append(out, shown++ ? ",{\"product\":" : "{\"product\":");
		json_text(out, t->products[i]);
		text_char(out, ',');
		write_cell(out, &w->products[i]);
		text_char(out, '}');
	}
	text_append(out, "]}");
}

int weeks_judged(struct ctx *c, const void *in, void *out)
{
	int64_t today = day_of(c->now, CHINA_MINUTES), monday = today - calendar_weekday(today), first = monday - 7 * (WEEKS - 1);
	time_ms since = first * DAY_MS - (int64_t)CHINA_MINUTES * MINUTE_MS;
	struct accuracy t = { .products = ARENA_ARRAY(c->arena, const char *, PRODUCTS_MOST) };
	struct text text = text_in(c->arena);
	for (size_t i = 0; i < WEEKS; i++)
		t.weeks[i].products = ARENA_ARRAY(c->arena, struct cell, PRODUCTS_MOST);
	TRY(knowledge_of(c, &t.k));
	TRY(add_verdicts(c, since, &t));
	TRY(add_trials(c, since, &t));
	text_append(&text, "{\"weeks\":[");
	for (size_t i = 0; i < WEEKS; i++) {
		text_append(&text, i ? "," : "");
		write_week(&text, &t, &t.weeks[i], first + 7 * (int64_t)i);
	}
	text_append(&text, "]}");
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}
