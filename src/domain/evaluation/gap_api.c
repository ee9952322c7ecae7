/* Gaps for editors: what people asked in vain, the newest first, and what is done about it. Their words are shown as the bot kept them, without what tells
 * of a person. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "db/writer.h"
#include "core/services.h"
#include "domain/evaluation/evaluation_private.h"
#include "gen/evaluation_sql.h"

enum { PAGE = 30, SHOWN = 5, READ_MOST = 100, CHOSEN = 3 };

static const struct choice states[] = { { "open", "待处理", "Open" }, { "added", "已补充", "Added" }, { "dismissed", "已忽略", "Dismissed" }, { 0 } };

struct gaps_in {
	const char *state;
	int64_t before, before_id;
};
static const struct member gaps_members[] = {
	MEMBER(struct gaps_in, state, code, .choices = states), MEMBER(struct gaps_in, before, time_ms), MEMBER(struct gaps_in, before_id, ref),
};
static const struct shape gaps_shape = SHAPE("gaps_query", struct gaps_in, gaps_members);

static bool said_before(const struct gap_questions_row *rows, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(rows[k].question, rows[i].question))
			return true;
	return false;
}

/* Each wording once. False: those who asked were erased, or the time of it is over. */
static bool write_questions(const struct gap_questions_row *rows, size_t n, struct text *t)
{
	size_t shown = 0;
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		if (said_before(rows, i))
			continue;
		text_append(t, shown++ ? ",{\"text\":" : "{\"text\":");
		json_text(t, rows[i].question);
		text_format(t, ",\"conversation_id\":\"%lld\",\"article\":", (long long)rows[i].conversation_id);
		json_text(t, rows[i].article);
		text_format(t, ",\"at\":%lld}", (long long)rows[i].created_at);
	}
	return shown > 0;
}

/* What colleagues gave instead, of what there is still. */
static int write_chosen(struct ctx *c, const struct knowledge *k, const struct gap *g, size_t *shown, struct text *t)
{
	struct gap_chosen_row *rows;
	size_t n;
	*shown = 0;
	TRY(gap_chosen(c, g->id, CHOSEN, &rows, &n));
	text_append(t, ",\"chosen\":[");
	for (size_t i = 0; i < n; i++) {
		const struct article_entry *e = knowledge_find(k, rows[i].article);
		if (!e)
			continue;
		text_append(t, (*shown)++ ? ",{\"code\":" : "{\"code\":");
		json_text(t, e->code);
		text_append(t, ",\"title\":");
		json_label(t, e->title.zh, e->title.en);
		text_format(t, ",\"n\":%lld}", (long long)rows[i].n);
	}
	text_char(t, ']');
	return 0;
}

/* A customer's "not solved" that a colleague answered better is a correction too. */
static const char *why_shown(const struct gap *g, const struct gap_questions_row *rows, size_t n, size_t chosen)
{
	bool put_right = chosen > 0;
	for (size_t i = 0; i < n; i++)
		put_right = put_right || rows[i].put_right;
	return put_right && text_equal(g->why, "unsolved") ? "corrected" : g->why;
}

/* By the newest of its questions, however many: a gap takes no room from another. */
static int write_gap(struct ctx *c, const struct knowledge *k, const struct gap *g, bool *any, struct text *t)
{
	struct gap_questions_row *rows;
	struct text words = text_in(t->arena), chosen = text_in(t->arena);
	size_t n, chosen_count;
	TRY(gap_questions(c, g->id, ACTOR_USER, READ_MOST, &rows, &n));
	if (!write_questions(rows, n, &words))
		return 0;
	TRY(write_chosen(c, k, g, &chosen_count, &chosen));
	text_format(t, "%s{\"id\":\"%lld\",\"version\":%lld,\"state\":\"%s\",\"why\":\"%s\",\"many\":%lld,\"first_at\":%lld,\"last_at\":%lld,\"article\":", *any ? "," : "", (long long)g->id,
	            (long long)g->version, g->state, why_shown(g, rows, n, chosen_count), (long long)g->many, (long long)g->first_at, (long long)g->last_at);
	json_text(t, g->article);
	text_format(t, ",\"questions\":[%s]%s}", text_end(&words), text_end(&chosen));
	*any = true;
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	const struct gaps_in *v = in;
	struct gap *gaps;
	const struct knowledge *k;
	struct gaps_counted_row open;
	struct text t = text_in(c->arena);
	size_t n;
	bool any = false;
	TRY(gaps_of_state(c, text_empty(v->state) ? "open" : v->state, v->before > 0 ? v->before : FAR_FUTURE_MS, v->before_id > 0 ? v->before_id : INT64_MAX, PAGE, &gaps, &n));
	TRY(gaps_counted(c, "open", &open));
	TRY(knowledge_of(c, &k));
	text_format(&t, "{\"open\":%lld,\"items\":[", (long long)open.n);
	for (size_t i = 0; i < n; i++)
		TRY(write_gap(c, k, &gaps[i], &any, &t));
	text_append(&t, "],\"next\":");
	if (n == PAGE)
		text_format(&t, "{\"before\":%lld,\"before_id\":\"%lld\"}}", (long long)gaps[n - 1].last_at, (long long)gaps[n - 1].id);
	else
		text_append(&t, "null}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Not found, once those who asked are gone. */
static int one(struct ctx *c, const void *in, void *out)
{
	struct gap g;
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	bool any = false;
	TRY(knowledge_of(c, &k));
	TRY(gap_row_get(c, ((const struct id_in *)in)->id, &g));
	TRY(write_gap(c, k, &g, &any, &t));
	TRY(require(c, any, ERR_NOT_FOUND, NULL));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Doing -------------------------------------------------------------------------------------------------------------------------- */

struct gap_act_in {
	int64_t id, version;
	const char *article, *text;
};
static const struct member act_members[] = {
	MEMBER(struct gap_act_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct gap_act_in, version, count, .flags = MEMBER_REQUIRED),
};
static const struct shape act_shape = SHAPE("gap_act", struct gap_act_in, act_members);
static const struct member add_members[] = {
	MEMBER(struct gap_act_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct gap_act_in, version, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct gap_act_in, article, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct gap_act_in, text, code, .flags = MEMBER_REQUIRED, .most = PHRASING_MOST),
};
static const struct shape add_shape = SHAPE("gap_add", struct gap_act_in, add_members);

static int change(struct ctx *c, struct gap *g, const struct gap_act_in *in, const char *state, const char *event, void *out)
{
	g->state = state;
	g->version = in->version;
	TRY(gap_row_update(c, g));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"id\":\"%lld\",\"version\":%lld,\"state\":\"%s\"}", (long long)g->id, (long long)g->version, state);
	return event_add(c, event, "gap", g->id, NULL);
}

static int add(struct ctx *c, const void *in, void *out)
{
	const struct gap_act_in *v = in;
	struct gap g;
	TRY(require_permission(c, "phrasing.create"));
	TRY(gap_row_get(c, v->id, &g));
	TRY(require(c, text_equal(g.state, "open"), ERR_STATE, NULL));
	TRY(phrasing_mined(c, v->article, v->text, &g.phrasing_id));
	g.article = v->article;
	return change(c, &g, v, "added", "gap.added", out);
}

static int dismiss(struct ctx *c, const void *in, void *out)
{
	const struct gap_act_in *v = in;
	struct gap g;
	TRY(gap_row_get(c, v->id, &g));
	TRY(require(c, text_equal(g.state, "open"), ERR_STATE, NULL));
	return change(c, &g, v, "dismissed", "gap.dismissed", out);
}

/* What was added goes with it, as long as it is there. */
static int reopen(struct ctx *c, const void *in, void *out)
{
	const struct gap_act_in *v = in;
	struct gap g;
	struct phrasing p;
	bool there;
	TRY(gap_row_get(c, v->id, &g));
	TRY(require(c, !text_equal(g.state, "open"), ERR_STATE, NULL));
	if (g.phrasing_id) {
		TRY(record_look(c, &phrasing_record, g.phrasing_id, &p, &there));
		if (there && !p.archived_at)
			TRY(record_archive(c, &phrasing_record, p.id, p.version, ARCHIVE, &p));
	}
	g.phrasing_id = 0;
	g.article = "";
	return change(c, &g, v, "open", "gap.reopened", out);
}

const struct route gap_routes[] = {
	ROUTE(GET, "/api/v1/gap", "article.change", POOL, .in = &gaps_shape, .out = &raw_shape, .run = list, .zh = "知识缺口：没答上来的问题", .en = "Gaps: what people asked in vain"),
	ROUTE(GET, "/api/v1/gap/{id}", "article.change", POOL, .in = &id_shape, .out = &raw_shape, .run = one, .zh = "知识缺口：一条", .en = "Gaps: one of them"),
	ROUTE(POST, "/api/v1/gap/{id}/add", "article.change", WRITE, .body = BODY_JSON, .in = &add_shape, .out = &raw_shape, .run = add,
	      .zh = "知识缺口：作为相似问法添加", .en = "Gaps: added to an article as a phrasing"),
	ROUTE(POST, "/api/v1/gap/{id}/dismiss", "article.change", WRITE, .body = BODY_JSON, .in = &act_shape, .out = &raw_shape, .run = dismiss, .zh = "知识缺口：忽略", .en = "Gaps: dismissed"),
	ROUTE(POST, "/api/v1/gap/{id}/reopen", "article.change", WRITE, .body = BODY_JSON, .in = &act_shape, .out = &raw_shape, .run = reopen, .zh = "知识缺口：恢复为待处理", .en = "Gaps: open again"),
};
const size_t gap_route_count = sizeof(gap_routes) / sizeof(gap_routes[0]);
