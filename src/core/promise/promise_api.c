/* The page of promises: all of them over twelve periods, where the gap of one comes from, and the objects behind it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/export_api.h"
#include "core/auth/auth.h"
#include "core/io/export.h"
#include "core/list/list.h"
#include "core/promise/promise_figures.h"
#include "core/services.h"
#include "gen/promise_sql.h"

enum { LIMIT = 50, LIMIT_MOST = 200 };

static void write_real(struct text *t, double value)
{
	if (isnan(value))
		text_append(t, "null");
	else
		text_format(t, "%.4f", value);
}

static void write_span(struct text *t, const struct promise_span *span)
{
	char from[16], to[16];
	day_format(span->from, from);
	day_format(span->to, to);
	text_format(t, "{\"from\":\"%s\",\"to\":\"%s\"}", from, to);
}

static void write_periods(struct text *t, const struct promise_question *q, time_ms now)
{
	text_format(t, "{\"period\":\"%s\",\"at\":%lld,\"periods\":[", q->period, (long long)now);
	for (int i = 0; i < PROMISE_PERIODS; i++) {
		if (i)
			text_char(t, ',');
		write_span(t, &q->spans[i]);
	}
	text_append(t, "],");
}

static void write_sum(struct text *t, const struct ready_promise *p, const struct promise_sum *s)
{
	text_format(t, "\"cases\":%lld,\"held\":%lld,\"total\":%lld,\"margin\":%lld,\"actual\":", (long long)s->cases, (long long)s->held, (long long)s->total,
	            (long long)promise_margin(p, s));
	write_real(t, promise_actual(p, s));
}

/* target and actual: percent, or milliseconds. margin: how far the sum is from the target times its cases, positive is better. */
static void write_item(struct ctx *c, struct text *t, const struct ready_promise *p, const struct promise_sum *sums)
{
	const struct promise_sum *last = &sums[PROMISE_PERIODS - 1], *before = last - 1;
	text_format(t, "{\"id\":\"%lld\",\"code\":\"%s\",\"area\":\"%s\",\"name\":", (long long)p->row->id, p->row->code, p->row->area);
	json_text(t, lang_text(c->lang, p->row->name, p->row->name_en));
	text_append(t, ",\"meaning\":");
	json_text(t, lang_text(c->lang, p->row->meaning, p->row->meaning_en));
	text_format(t, ",\"object\":\"%s\",\"unit\":\"%s\",\"direction\":\"%s\",\"target\":", p->row->object, p->row->unit, p->row->direction);
	write_real(t, p->unit == PROMISE_SHARE ? (double)p->target / 100 : (double)p->target);
	text_format(t, ",\"state\":\"%s\",", promise_state(p, sums));
	write_sum(t, p, last);
	text_append(t, ",\"change\":");
	write_real(t, promise_actual(p, last) - promise_actual(p, before));
	text_append(t, ",\"points\":[");
	for (int i = 0; i < PROMISE_PERIODS; i++) {
		text_append(t, i ? ",{" : "{");
		write_sum(t, p, &sums[i]);
		text_char(t, '}');
	}
	text_append(t, "]}");
}

/* All promises ------------------------------------------------------------------------------------------------------------- */

static const struct member asked_members[] = { PROMISE_ASKED_MEMBERS(struct promise_asked, ) };
static const struct shape asked_shape = SHAPE("promise_query", struct promise_asked, asked_members);

static int all(struct ctx *c, const void *in, void *out)
{
	struct promise_question q;
	struct promise_sum sums[PROMISE_PERIODS];
	PROMISE_SET set = NULL;
	TRY(promise_question(c, in, &q));
	TRY(promise_set_take(c, &set));
	struct text t = text_in(c->arena);
	write_periods(&t, &q, c->now);
	text_append(&t, "\"items\":[");
	for (size_t i = 0; i < set->n; i++) {
		if (!promise_is_told(c, &set->at[i]))
			continue;
		TRY(promise_trend(c, &set->at[i], &q, sums));
		if (t.p[t.n - 1] != '[')
			text_char(&t, ',');
		write_item(c, &t, &set->at[i], sums);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* One -------------------------------------------------------------------------------------------------------------------- */

static const struct choice part_names[] = {
	[PART_NONE] = { "none", "全部", "All" }, [PART_REGION] = { "region", "区域", "Region" }, [PART_PRODUCT] = { "product", "产品", "Product" },
	[PART_TEAM] = { "team", "小组", "Team" }, [PART_AGENT] = { "user", "负责人", "Owner" }, [PART_CHANNEL] = { "channel", "渠道", "Channel" },
	[PART_SYMPTOM] = { "symptom", "故障", "Fault" }, { 0 },
};

static enum promise_part part_of(const char *name)
{
	for (int i = PART_REGION; i < PART_COUNT; i++)
		if (text_equal(part_names[i].value, name))
			return (enum promise_part)i;
	return PART_NONE;
}

struct one_in {
	int64_t id;
	const char *by;
	struct promise_asked asked;
};
static const struct member one_members[] = {
	MEMBER(struct one_in, id, id), { .name = "by", .type = TYPE_code, .offset = offsetof(struct one_in, by), .choices = part_names + 1 },
	PROMISE_ASKED_MEMBERS(struct one_in, asked.),
};
static const struct shape one_shape = SHAPE("promise_one_query", struct one_in, one_members);

static int find(struct ctx *c, const struct promise_set *set, int64_t id, const struct ready_promise **out)
{
	*out = promise_set_find(set, id);
	TRY(require(c, *out != NULL, ERR_NOT_FOUND, NULL));
	return require_permission(c, model_of(c, (*out)->source->record)->read_right);
}

static int titles_of(struct ctx *c, const struct ready_promise *p, enum promise_part by, const struct promise_share *shares, size_t n, struct titles *out)
{
	const struct record_model *m = registry_find(&c->services->registry, part_names[by].value);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	*out = (struct titles){ 0 };
	if (by == PART_SYMPTOM)
		return p->source->symptoms && n ? p->source->symptoms(c, out) : 0;
	for (size_t i = 0; i < n; i++)
		ids[i] = shares[i].id;
	return m && n ? record_titles(c, m->record, ids, n, out) : 0;
}

static const char *title_of(struct ctx *c, const struct ready_promise *p, enum promise_part by, const struct titles *titles, int64_t id)
{
	if (by != PART_CHANNEL)
		return titles_find(titles, id);
	const struct choice *channels = p->source->channels;
	for (int64_t i = 1; channels && channels[i - 1].value; i++)
		if (i == id)
			return lang_text(c->lang, channels[i - 1].zh, channels[i - 1].en);
	return NULL;
}

static int by_margin(const void *a, const void *b, void *promise)
{
	int64_t x = promise_margin(promise, &((const struct promise_share *)a)->sum), y = promise_margin(promise, &((const struct promise_share *)b)->sum);
	return x < y ? -1 : x > y;
}

/* Worst first. The margins of all shares add up to the promise's own. */
static int write_shares(struct ctx *c, struct text *t, const struct ready_promise *p, struct promise_question *q, enum promise_part by)
{
	struct promise_share *shares;
	struct titles titles;
	size_t n, any = 0;
	TRY(promise_shares(c, p, q, by, &shares, &n));
	TRY(titles_of(c, p, by, shares, n, &titles));
	qsort_r(shares, n, sizeof(*shares), by_margin, (void *)p);
	for (size_t i = 0; i < n; i++) {
		if (!shares[i].sum.cases)
			continue;
		text_format(t, "%s{\"id\":\"%lld\",\"title\":", any++ ? "," : "", (long long)shares[i].id);
		json_text(t, shares[i].id ? title_of(c, p, by, &titles, shares[i].id) : NULL);
		text_char(t, ',');
		write_sum(t, p, &shares[i].sum);
		text_char(t, '}');
	}
	return 0;
}

/* all NULL: nothing is told. */
static int write_finding(struct ctx *c, struct text *t, const struct ready_promise *p, struct promise_question *q, const struct promise_sum *all)
{
	struct promise_finding found = { 0 };
	struct titles titles;
	if (all)
		TRY(promise_find_cause(c, p, q, all, &found));
	if (!found.by) {
		text_append(t, "null");
		return 0;
	}
	TRY(titles_of(c, p, found.by, &(struct promise_share){ .id = found.id }, 1, &titles));
	text_format(t, "{\"by\":\"%s\",\"id\":\"%lld\",\"title\":", part_names[found.by].value, (long long)found.id);
	json_text(t, title_of(c, p, found.by, &titles, found.id));
	text_char(t, ',');
	write_sum(t, p, &found.sum);
	text_char(t, '}');
	return 0;
}

static int one(struct ctx *c, const void *in, void *out)
{
	const struct one_in *asked = in;
	const struct ready_promise *p;
	struct promise_question q;
	struct promise_sum sums[PROMISE_PERIODS];
	PROMISE_SET set = NULL;
	TRY(promise_question(c, &asked->asked, &q));
	TRY(promise_set_take(c, &set));
	TRY(find(c, set, asked->id, &p));
	TRY(promise_trend(c, p, &q, sums));
	enum promise_part by = part_of(asked->by);
	struct text t = text_in(c->arena);
	bool told = promise_is_told(c, p);
	write_periods(&t, &q, c->now);
	text_append(&t, told ? "\"promise\":" : "\"promise\":null");
	if (told)
		write_item(c, &t, p, sums);
	text_format(&t, ",\"by\":\"%s\",\"shares\":[", part_names[by ? by : PART_REGION].value);
	if (told)
		TRY(write_shares(c, &t, p, &q, by ? by : PART_REGION));
	text_append(&t, "],\"finding\":");
	TRY(write_finding(c, &t, p, &q, told ? &sums[PROMISE_PERIODS - 1] : NULL));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Objects behind a figure --------------------------------------------------------------------------------------------------- */

struct cases_in {
	int64_t id;
	int64_t held;                   /* 1: those that held; else those that did not */
	const char *by;
	int64_t part_id;
	int64_t limit;
	const char *after;              /* "day:id" of the last one */
	struct promise_asked asked;
};
static const struct member cases_members[] = {
	MEMBER(struct cases_in, id, id), MEMBER(struct cases_in, held, count, .most = 1),
	{ .name = "by", .type = TYPE_code, .offset = offsetof(struct cases_in, by), .choices = part_names + 1 },
	MEMBER(struct cases_in, part_id, ref), MEMBER(struct cases_in, limit, count, .most = LIMIT_MOST), MEMBER(struct cases_in, after, code, .most = 40),
	PROMISE_ASKED_MEMBERS(struct cases_in, asked.),
};
static const struct shape cases_shape = SHAPE("promise_cases_query", struct cases_in, cases_members);

static int read_after(struct ctx *c, const char *text, struct promise_cases_in *q)
{
	char *end;
	q->after_day = INT32_MAX / 1000;
	q->after = 0;
	if (text_empty(text))
		return 0;
	q->after_day = strtoll(text, &end, 10);
	return *end == ':' && id_parse(end + 1, &q->after) == 0 ? 0 : fail_field(c, "after", ERR_FIELD_INVALID, "");
}

static int write_cases(struct ctx *c, struct text *t, const struct ready_promise *p, const struct promise_cases_row *rows, size_t n, size_t shown)
{
	struct titles titles = { 0 };
	const void **seen = ARENA_ARRAY(c->arena, const void *, n + 1);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < shown; i++)
		ids[i] = rows[i].object_id;
	if (shown)
		TRY(record_titles(c, p->source->record, ids, shown, &titles));
	if (!promise_is_told(c, p))
		TRY(list_rows_in_order(c, p->source->record, ids, shown, seen));
	text_format(t, "{\"object\":\"%s\",\"items\":[", p->row->object);
	for (size_t i = 0; i < shown; i++) {
		char day[16];
		if (!promise_is_told(c, p) && !seen[i])
			continue;
		day_format(rows[i].day, day);
		text_format(t, "%s{\"id\":\"%lld\",\"day\":\"%s\",\"value\":%lld,\"title\":", t->p[t->n - 1] == '[' ? "" : ",", (long long)rows[i].object_id, day,
		            (long long)rows[i].value);
		json_text(t, titles_find(&titles, rows[i].object_id));
		text_char(t, '}');
	}
	text_append(t, "],\"next\":");
	json_text(t, n > shown ? arena_format(c->arena, "%lld:%lld", (long long)rows[shown - 1].day, (long long)rows[shown - 1].object_id) : NULL);
	text_char(t, '}');
	return 0;
}

static int cases(struct ctx *c, const void *in, void *out)
{
	const struct cases_in *asked = in;
	const struct ready_promise *p;
	struct promise_question q;
	struct promise_cases_row *rows;
	size_t n, most = asked->limit > 0 ? (size_t)asked->limit : LIMIT;
	PROMISE_SET set = NULL;
	TRY(promise_question(c, &asked->asked, &q));
	TRY(promise_set_take(c, &set));
	TRY(find(c, set, asked->id, &p));
	if (asked->part_id > 0)
		q.at[part_of(asked->by)] = asked->part_id;
	struct promise_cases_in ask = {
		.promise = p->row->id, .held = asked->held, .from_day = q.spans[PROMISE_PERIODS - 1].from, .to_day = q.spans[PROMISE_PERIODS - 1].to,
		.region = q.at[PART_REGION], .product = q.at[PART_PRODUCT], .team = q.at[PART_TEAM], .agent = q.at[PART_AGENT], .channel = q.at[PART_CHANNEL],
		.symptom = q.at[PART_SYMPTOM],
		.most = (int64_t)most + 1,
	};
	TRY(read_after(c, asked->after, &ask));
	TRY(promise_cases(c, &ask, &rows, &n));
	struct text t = text_in(c->arena);
	TRY(write_cases(c, &t, p, rows, n, n < most ? n : most));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Export ----------------------------------------------------------------------------------------------------------------- */

static const struct choice formats[] = { { "csv", "CSV", "CSV" }, { "xlsx", "XLSX", "XLSX" }, { 0 } };
struct export_in {
	const char *format;
	struct promise_asked asked;
};
static const struct member export_members[] = {
	MEMBER(struct export_in, format, code, .flags = MEMBER_REQUIRED, .choices = formats), PROMISE_ASKED_MEMBERS(struct export_in, asked.),
};
static const struct shape export_shape = SHAPE("promise_export", struct export_in, export_members);

static const struct label heads[] = {
	{ "承诺", "Promise" }, { "口径", "What is counted" }, { "单位", "Unit" }, { "目标", "Target" }, { "实际", "Actual" }, { "状态", "State" }, { "样本", "Cases" }, { "守住", "Held" },
};
static const struct choice states[] = {
	{ "held", "守住", "Held" }, { "near", "临界", "Near" }, { "missed", "未达", "Missed" }, { "few", "样本不足", "Too few cases" }, { "none", "还没有足够数据", "Not enough data yet" }, { 0 },
};

static const char *amount(struct ctx *c, const struct ready_promise *p, double value)
{
	return isnan(value) ? "" : arena_format(c->arena, "%.2f", p->unit == PROMISE_SHARE ? value : value / MINUTE_MS);
}

static void put_row(struct ctx *c, struct export_out *x, const struct ready_promise *p, const struct promise_sum *sums)
{
	const struct promise_sum *last = &sums[PROMISE_PERIODS - 1];
	const struct choice *state = choice_find(states, promise_state(p, sums));
	bool is_share = p->unit == PROMISE_SHARE;
	export_text(x, lang_text(c->lang, p->row->name, p->row->name_en));
	export_text(x, lang_text(c->lang, p->row->meaning, p->row->meaning_en));
	export_text(x, is_share ? "%" : lang_text(c->lang, "分钟", "min"));
	export_text(x, amount(c, p, is_share ? (double)p->target / 100 : (double)p->target));
	export_text(x, amount(c, p, promise_actual(p, last)));
	export_text(x, lang_text(c->lang, state->zh, state->en));
	export_number(x, last->cases);
	export_number(x, last->held);
	export_end_row(x);
}

static int put_rows(struct ctx *c, struct export_out *x, const struct promise_asked *asked)
{
	struct promise_question q;
	struct promise_sum sums[PROMISE_PERIODS];
	PROMISE_SET set = NULL;
	TRY(promise_question(c, asked, &q));
	TRY(promise_set_take(c, &set));
	for (size_t i = 0; i < set->n; i++) {
		if (!promise_is_told(c, &set->at[i]))
			continue;
		TRY(promise_trend(c, &set->at[i], &q, sums));
		put_row(c, x, &set->at[i], sums);
	}
	return 0;
}

static int sheet(struct ctx *c, const void *in, struct export_file *out)
{
	const struct export_in *asked = in;
	struct export_out x;
	TRY(export_begin(c, asked->format, "promise", out, &x));
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		export_text(&x, lang_text(c->lang, heads[i].zh, heads[i].en));
	export_end_row(&x);
	x.rows = 0;
	return export_end(&x, put_rows(c, &x, &asked->asked), out);
}

static void export(struct http_request *r, struct ctx *c)
{
	export_send(r, c, "promise", sheet, NULL);
}

const struct route promise_routes[] = {
	ROUTE(GET, "/api/v1/promise/figures", "promise.read", POOL, .in = &asked_shape, .out = &raw_shape, .run = all,
	      .zh = "承诺：目标与实际", .en = "Promises: target and actual"),
	ROUTE(GET, "/api/v1/promise/figures/export", "promise.export", RAW, .in = &export_shape, .raw = export,
	      .zh = "承诺：导出目标与实际", .en = "Promises: export target and actual"),
	ROUTE(GET, "/api/v1/promise/{id}/figures", "promise.read", POOL, .in = &one_shape, .out = &raw_shape, .run = one,
	      .zh = "承诺：走势，差在哪里", .en = "Promise: trend, and where the gap comes from"),
	ROUTE(GET, "/api/v1/promise/{id}/cases", "promise.read", POOL, .in = &cases_shape, .out = &raw_shape, .run = cases,
	      .zh = "承诺：数字背后的记录", .en = "Promise: objects behind the figure"),
};
const size_t promise_route_count = sizeof(promise_routes) / sizeof(promise_routes[0]);
