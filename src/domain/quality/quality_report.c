/* How well it goes: by agent, team, channel, week and rule, on the screen and as a sheet; and drawing more to review. */
#include "domain/quality/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/export_api.h"
#include "core/auth/auth.h"
#include "core/condition/condition_fields.h"
#include "core/io/export.h"
#include "core/record/narrowing.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/quality_sql.h"

enum { DAYS_MOST = 400, WEEK = 7 };

enum by { BY_AGENT, BY_TEAM, BY_CHANNEL, BY_WEEK, BY_RULE };
static const struct choice bys[] = { { "agent", "客服", "Agent" }, { "team", "小组", "Team" }, { "channel", "渠道", "Channel" }, { "week", "周", "Week" }, { "rule", "规则", "Rule" }, { 0 } };
static const struct choice formats[] = { { "csv", "CSV", "CSV" }, { "xlsx", "XLSX", "XLSX" }, { 0 } };

struct report_in {
	const char *format, *by, *channel;
	int64_t from, to, agent_id, team_id;
};
#define REPORT_MEMBERS                                                                             \
	MEMBER(struct report_in, from, day, .flags = MEMBER_REQUIRED), MEMBER(struct report_in, to, day, .flags = MEMBER_REQUIRED), \
	MEMBER(struct report_in, by, code, .flags = MEMBER_REQUIRED, .choices = bys), MEMBER(struct report_in, agent_id, ref), MEMBER(struct report_in, team_id, ref), \
	MEMBER(struct report_in, channel, code, .choices = ticket_channels)
static const struct member report_members[] = { REPORT_MEMBERS };
static const struct member export_members[] = { MEMBER(struct report_in, format, code, .flags = MEMBER_REQUIRED, .choices = formats), REPORT_MEMBERS };
static const struct shape report_shape = SHAPE("quality_report", struct report_in, report_members);
static const struct shape export_shape = SHAPE("quality_report_export", struct report_in, export_members);

/* One line: how many, how many of them compliant, points altogether. Of a rule: how often it was broken, and in how many conversations. */
struct line {
	int64_t key;
	const char *word;
	int64_t n, compliant, score, fatal, reviewed;
};
struct report {
	struct line *at;
	size_t n;
	struct line all;
	enum by by;
	time_ms from, to;
	int64_t shift;
};

static struct line *line_of(struct report *r, int64_t key, const char *word)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->at[i].key == key && text_equal(r->at[i].word, word))
			return &r->at[i];
	r->at[r->n] = (struct line){ .key = key, .word = word };
	return &r->at[r->n++];
}

/* A sum says of each part what its reader may see: those whose conversations she may read. A role that sees some of them by a condition has no sums. */
static bool is_for(struct ctx *c, const struct report_in *in, int64_t agent, int64_t team, int64_t region, const char *channel)
{
	const struct scope_place place = { agent, team, region };
	if (c->auth && !scope_covers_place(c->auth, model_of(c, &conversation_record), &place))
		return false;
	return (in->agent_id <= 0 || in->agent_id == agent) && (in->team_id <= 0 || in->team_id == team) && (text_empty(in->channel) || text_equal(in->channel, channel));
}

static int set_time(struct ctx *c, const struct report_in *in, struct report *r)
{
	const struct zone *zone;
	if (in->to < in->from)
		fail_field(c, "to", ERR_FIELD_TOO_SMALL, "");
	else if (in->to - in->from >= DAYS_MOST)
		fail_field(c, "to", ERR_FIELD_TOO_LARGE, "");
	TRY(c->error->code);
	TRY(company_zone(c, c->arena, &zone));
	r->from = zone_instant(zone, in->from * DAY_MS);
	r->to = zone_instant(zone, (in->to + 1) * DAY_MS);
	r->shift = zone_offset(zone, r->from);
	for (size_t i = 0; bys[i].value; i++)
		r->by = text_equal(bys[i].value, in->by) ? (enum by)i : r->by;
	return 0;
}

static void add(struct line *l, const struct quality_sums_row *s)
{
	l->n += s->n;
	l->compliant += s->compliant;
	l->score += s->score;
	l->fatal += s->fatal;
	l->reviewed += s->reviewed;
}

static int sum_results(struct ctx *c, const struct report_in *in, struct report *r)
{
	struct quality_sums_row *rows;
	size_t n;
	TRY(quality_sums(c, r->from, r->to, r->shift, r->by == BY_WEEK, &rows, &n));
	r->at = ARENA_ARRAY(c->arena, struct line, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct quality_sums_row *s = &rows[i];
		if (!is_for(c, in, s->agent_id, s->team_id, s->region_id, s->channel))
			continue;
		add(&r->all, s);
		if (r->by == BY_RULE)
			continue;
		int64_t key = r->by == BY_AGENT ? s->agent_id : r->by == BY_TEAM ? s->team_id : r->by == BY_WEEK ? s->day - calendar_weekday(s->day) : 0;
		add(line_of(r, key, r->by == BY_CHANNEL ? s->channel : ""), s);
	}
	return 0;
}

static int sum_rules(struct ctx *c, const struct report_in *in, struct report *r)
{
	struct quality_rule_sums_row *rows;
	size_t n;
	TRY(quality_rule_sums(c, r->from, r->to, &rows, &n));
	r->at = ARENA_ARRAY(c->arena, struct line, n + 1);
	for (size_t i = 0; i < n; i++)
		if (is_for(c, in, rows[i].agent_id, rows[i].team_id, rows[i].region_id, rows[i].channel)) {
			struct line *l = line_of(r, rows[i].rule_id, "");
			l->n += rows[i].n;
			l->compliant += rows[i].results;
		}
	return 0;
}

static int worst_first(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int64_t left = x->compliant * y->n, right = y->compliant * x->n;
	return left != right ? (left < right ? -1 : 1) : x->n != y->n ? (x->n > y->n ? -1 : 1) : x->key < y->key ? -1 : x->key > y->key;
}

static int most_first(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	return x->n != y->n ? (x->n > y->n ? -1 : 1) : x->key < y->key ? -1 : x->key > y->key;
}

static int in_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	return x->key < y->key ? -1 : x->key > y->key;
}

static int reckon(struct ctx *c, const struct report_in *in, struct report *r)
{
	*r = (struct report){ 0 };
	TRY(require(c, !narrowing_bites(c, model_of(c, &conversation_record)) && !narrowing_bites(c, model_of(c, &quality_record)), ERR_FORBIDDEN, NULL));
	TRY(set_time(c, in, r));
	TRY(sum_results(c, in, r));
	if (r->by == BY_RULE)
		TRY(sum_rules(c, in, r));
	qsort(r->at, r->n, sizeof(*r->at), r->by == BY_WEEK ? in_time : r->by == BY_RULE ? most_first : worst_first);
	return 0;
}

static int titles_of(struct ctx *c, const struct report *r, struct titles *out)
{
	struct ctx all = ctx_as_system(c);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, r->n + 1);
	const struct record *record = r->by == BY_AGENT ? &user_record : r->by == BY_TEAM ? &team_record : &quality_rule_record;
	*out = (struct titles){ 0 };
	if (r->by == BY_CHANNEL || r->by == BY_WEEK)
		return 0;
	for (size_t i = 0; i < r->n; i++)
		ids[i] = r->at[i].key;
	return record_titles(&all, record, ids, r->n, out);
}

static const char *title_of(struct ctx *c, const struct report *r, const struct line *l, const struct titles *titles)
{
	char day[16];
	const char *name = titles_find(titles, l->key);
	const struct choice *channel = r->by == BY_CHANNEL ? choice_find(ticket_channels, l->word) : NULL;
	if (channel)
		return c->lang == LANG_EN ? channel->en : channel->zh;
	if (r->by != BY_WEEK)
		return name ? name : "";
	day_format(l->key, day);
	return arena_string(c->arena, day);
}

static void write_sums(const struct line *l, struct text *t)
{
	text_format(t, "\"n\":%lld,\"compliant\":%lld,\"score\":%lld,\"fatal\":%lld,\"reviewed\":%lld", (long long)l->n, (long long)l->compliant, (long long)l->score, (long long)l->fatal, (long long)l->reviewed);
}

static int report(struct ctx *c, const void *in, void *out)
{
	struct report r;
	struct titles titles;
	struct text t = text_in(c->arena);
	TRY(reckon(c, in, &r));
	TRY(titles_of(c, &r, &titles));
	text_format(&t, "{\"from_at\":%lld,\"to_at\":%lld,\"all\":{", (long long)r.from, (long long)r.to);
	write_sums(&r.all, &t);
	text_append(&t, "},\"items\":[");
	for (size_t i = 0; i < r.n; i++) {
		text_format(&t, "%s{\"id\":\"%lld\",\"word\":\"%s\",\"title\":", i ? "," : "", (long long)r.at[i].key, r.at[i].word);
		json_text(&t, title_of(c, &r, &r.at[i], &titles));
		text_char(&t, ',');
		write_sums(&r.at[i], &t);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A sheet ---------------------------------------------------------------------------------------------------------------------- */

static const struct label heads[] = { L("会话", "Conversations"), L("合格", "Compliant"), L("合格率（%）", "Compliant (%)"), L("平均分", "Average score"), L("一票否决", "Fatal"), L("已复核", "Reviewed") };
static const struct label rule_heads[] = { L("次数", "Times"), L("涉及会话", "Conversations") };

static const char *said(const struct ctx *c, const char *zh, const char *en)
{
	return c->lang == LANG_EN ? en : zh;
}

static const char *share(struct ctx *c, int64_t part, int64_t whole)
{
	return whole ? arena_format(c->arena, "%.2f", (double)part / (double)whole) : "";
}

static void put_line(struct ctx *c, struct export_out *x, const struct report *r, const struct line *l, const char *title)
{
	export_text(x, title);
	export_number(x, l->n);
	export_number(x, l->compliant);
	if (r->by != BY_RULE) {
		export_text(x, share(c, l->compliant * 100, l->n));
		export_text(x, share(c, l->score, l->n));
		export_number(x, l->fatal);
		export_number(x, l->reviewed);
	}
	export_end_row(x);
}

static int sheet(struct ctx *c, const void *in, struct export_file *out)
{
	const struct report_in *v = in;
	struct report r;
	struct titles titles;
	struct export_out x;
	TRY(reckon(c, v, &r));
	TRY(titles_of(c, &r, &titles));
	const struct label *h = r.by == BY_RULE ? rule_heads : heads;
	size_t count = r.by == BY_RULE ? sizeof(rule_heads) / sizeof(rule_heads[0]) : sizeof(heads) / sizeof(heads[0]);
	TRY(export_begin(c, v->format, "quality", out, &x));
	export_text(&x, said(c, bys[r.by].zh, bys[r.by].en));
	for (size_t i = 0; i < count; i++)
		export_text(&x, said(c, h[i].zh, h[i].en));
	export_end_row(&x);
	x.rows = 0;
	for (size_t i = 0; i < r.n; i++)
		put_line(c, &x, &r, &r.at[i], title_of(c, &r, &r.at[i], &titles));
	return export_end(&x, 0, out);
}

static void export(struct http_request *r, struct ctx *c)
{
	export_send(r, c, "quality", sheet, NULL);
}

/* Drawing ---------------------------------------------------------------------------------------------------------------------- */

static int draw(struct ctx *c, const void *in, void *out)
{
	int64_t drawn;
	TRY(quality_draw(c, c->now, &drawn));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"drawn\":%lld}", (long long)drawn);
	return 0;
}

const struct route quality_report_routes[] = {
	ROUTE(GET, "/api/v1/quality_report", "quality.read", POOL, .in = &report_shape, .out = &raw_shape, .run = report,
	      .zh = "质检：合格率与平均分", .en = "Quality: compliant share and average score"),
	ROUTE(GET, "/api/v1/quality_report/export", "quality.export", RAW, .in = &export_shape, .raw = export,
	      .zh = "质检：导出报表", .en = "Quality: export of the report"),
	ROUTE(POST, "/api/v1/quality_draw", "quality.review", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .out = &raw_shape, .run = draw,
	      .zh = "质检：补足本周抽样", .en = "Quality: fills up this week's sample"),
};
const size_t quality_report_route_count = sizeof(quality_report_routes) / sizeof(quality_report_routes[0]);
