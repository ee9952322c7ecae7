/* The knowledge base for staff: pack and company as one list, one entry with all that hangs on it, phrasings that are near another, a preview. */
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/api/api.h"
#include "core/api/file_api.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/services.h"
#include "domain/knowledge/embedding.h"
#include "domain/knowledge/knowledge_private.h"
#include "engine/markdown/markdown.h"
#include "gen/knowledge_sql.h"

enum { PAGE = 50, PAGE_MOST = 200, HITS_MOST = 200, NEAR_MOST = 5 };

static void write_label(struct text *t, const char *name, const struct label *l)
{
	text_format(t, ",\"%s\":{\"zh\":", name);
	json_text(t, l->zh ? l->zh : "");
	text_append(t, ",\"en\":");
	json_text(t, l->en ? l->en : "");
	text_char(t, '}');
}

static void write_text(struct text *t, const char *name, const char *s)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, s ? s : "");
}

static void write_names(struct text *t, const char *name, const char *const *names)
{
	text_format(t, ",\"%s\":[", name);
	for (size_t i = 0; names && names[i]; i++) {
		text_append(t, i ? "," : "");
		json_text(t, names[i]);
	}
	text_char(t, ']');
}

/* Counts, sorted as the answer needs them --------------------------------------------------------------------------------- */

struct counts {
	struct article_count *at;
	size_t n;
};

static int by_article(const void *a, const void *b)
{
	return strcmp(((const struct article_count *)a)->article, ((const struct article_count *)b)->article);
}

static int read_counts(struct ctx *c, struct counts *out)
{
	TRY(article_counts(c, &out->at, &out->n));
	if (out->n)
		qsort(out->at, out->n, sizeof(*out->at), by_article);
	return 0;
}

static void write_counts(struct text *t, const struct counts *counts, const char *code)
{
	const struct article_count key = { .article = code }, none = { 0 }, *found = counts->n ? bsearch(&key, counts->at, counts->n, sizeof(key), by_article) : NULL;
	const struct article_count *k = found ? found : &none;
	text_format(t, ",\"used\":%lld,\"helpful\":%lld,\"unhelpful\":%lld", (long long)k->used, (long long)k->helpful, (long long)k->unhelpful);
}

/* List ---------------------------------------------------------------------------------------------------------------------- */

struct list_in {
	const char *q, *kind, *product, *topic, *state, *from, *after;
	int64_t due, unused, limit;
};
static const struct choice froms[] = { { "pack", "行业包", "Industry pack" }, { "changed", "改过的", "Changed" }, { "own", "自己的", "Own" }, { 0 } };
static const struct member list_members[] = {
	MEMBER(struct list_in, q, code), MEMBER(struct list_in, kind, code, .choices = article_kinds), MEMBER(struct list_in, product, code),
	MEMBER(struct list_in, topic, code, .choices = article_topics), MEMBER(struct list_in, state, code, .choices = article_states),
	MEMBER(struct list_in, from, code, .choices = froms), MEMBER(struct list_in, after, code), MEMBER(struct list_in, due, count, .most = 1),
	MEMBER(struct list_in, unused, count, .most = 1), MEMBER(struct list_in, limit, count, .most = PAGE_MOST),
};
static const struct shape list_shape = SHAPE("knowledge_query", struct list_in, list_members);

/* What an editor works on: her draft, where there is one. */
static enum article_state shown_state(const struct article_entry *e)
{
	return e->id ? e->row_state : e->state;
}

static bool is_due(struct ctx *c, const struct article_entry *e)
{
	return e->review_on && e->review_on <= day_of(c->now, CHINA_MINUTES) && e->state == ARTICLE_PUBLISHED;
}

static const char *origin(const struct article_entry *e)
{
	return !e->of_pack ? "own" : e->id ? "changed" : "pack";
}

static bool fits(struct ctx *c, const struct list_in *in, const struct article_entry *e)
{
	return (text_empty(in->kind) || text_equal(in->kind, article_kinds[e->kind].value)) && (text_empty(in->product) || text_equal(in->product, e->product)) &&
	       (text_empty(in->topic) || text_equal(in->topic, e->topic)) && (text_empty(in->state) || text_equal(in->state, article_states[shown_state(e)].value)) &&
	       (text_empty(in->from) || text_equal(in->from, origin(e))) && (!in->due || is_due(c, e)) && (!in->unused || !e->offered);
}

static void write_head(struct ctx *c, const struct article_entry *e, const struct counts *counts, struct text *t)
{
	text_append(t, "{\"code\":");
	json_text(t, e->code);
	text_format(t, ",\"kind\":\"%s\",\"state\":\"%s\",\"in_force\":\"%s\",\"from\":\"%s\",\"offered\":%s,\"due\":%s,\"version\":%lld", article_kinds[e->kind].value,
	            article_states[shown_state(e)].value, article_states[e->state].value, origin(e), e->offered ? "true" : "false", is_due(c, e) ? "true" : "false", (long long)e->version);
	text_format(t, ",\"id\":%s", e->id ? arena_format(c->arena, "\"%lld\"", (long long)e->id) : "null");
	text_format(t, ",\"expired\":%s", e->expired ? "true" : "false");
	write_text(t, "product", e->product);
	write_text(t, "topic", e->topic);
	write_text(t, "fault_code", e->fault_code);
	write_text(t, "danger", e->danger);
	write_label(t, "title", &e->title);
	text_format(t, ",\"phrasings\":%zu", e->phrasing_count);
	write_counts(t, counts, e->code);
	text_char(t, '}');
}

/* All that fit, in the order of the list: by code, or the best first where words were asked for. */
static size_t pick(struct ctx *c, const struct knowledge *k, const struct list_in *in, const struct article_entry **out)
{
	size_t n = 0;
	if (!text_empty(in->q)) {
		struct article_hit *hits = ARENA_ARRAY(c->arena, struct article_hit, HITS_MOST);
		size_t found = knowledge_search(c, k, in->q, ARTICLES_ALL, NULL, AUDIENCE_EDITOR, hits, HITS_MOST);
		for (size_t i = 0; i < found; i++)
			if (fits(c, in, hits[i].entry))
				out[n++] = hits[i].entry;
		return n;
	}
	for (size_t i = 0; i < k->n; i++)
		if (fits(c, in, &k->at[i]))
			out[n++] = &k->at[i];
	return n;
}

static int write_products(struct ctx *c, struct text *t)
{
	struct knowledge_products_row *rows;
	size_t n;
	TRY(knowledge_products(c, &rows, &n));
	text_append(t, ",\"products\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? ",{\"code\":" : "{\"code\":");
		json_text(t, rows[i].code);
		text_append(t, ",\"name\":");
		json_label(t, rows[i].name, rows[i].name_en);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	const struct list_in *v = in;
	const struct knowledge *k;
	struct counts counts;
	struct text t = text_in(c->arena);
	TRY(knowledge_of(c, &k));
	TRY(read_counts(c, &counts));
	const struct article_entry **all = ARENA_ARRAY(c->arena, const struct article_entry *, k->n + 1);
	size_t n = pick(c, k, v, all), most = v->limit > 0 ? (size_t)v->limit : PAGE, from = 0, shown = 0;
	while (!text_empty(v->after) && from < n && strcmp(all[from]->code, v->after) != 0)
		from++;
	from += !text_empty(v->after) && from < n;
	text_append(&t, "{\"items\":[");
	for (; from + shown < n && shown < most; shown++) {
		text_append(&t, shown ? "," : "");
		write_head(c, all[from + shown], &counts, &t);
	}
	text_format(&t, "],\"total\":%zu,\"next\":", n);
	json_text(&t, from + shown < n ? all[from + shown - 1]->code : NULL);
	TRY(write_products(c, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* One entry ------------------------------------------------------------------------------------------------------------------- */

struct entry_in {
	const char *code;
};
static const struct member entry_members[] = { MEMBER(struct entry_in, code, code, .flags = MEMBER_REQUIRED) };
static const struct shape entry_shape = SHAPE("knowledge_entry", struct entry_in, entry_members);

static void write_words(struct ctx *c, const char *name, const struct article_entry *e, struct text *t)
{
	static const char *const audiences[] = { "public", "customer", "staff" };
	text_format(t, ",\"%s\":{\"audience\":\"%s\"", name, audiences[e->audience]);
	write_text(t, "product", e->product);
	write_text(t, "topic", e->topic);
	write_text(t, "fault_code", e->fault_code);
	write_text(t, "danger", e->danger);
	write_text(t, "act", e->act);
	write_text(t, "source", e->source);
	write_names(t, "models", e->models);
	write_names(t, "see", e->see);
	write_label(t, "title", &e->title);
	write_label(t, "cause", &e->cause);
	write_label(t, "body", &e->body);
	text_format(t, ",\"tree\":%s}", e->tree ? json_value(c->arena, e->tree) : "{}");
}

/* The pack's come first. */
static void write_phrasings(struct ctx *c, const struct article_entry *e, const struct article_entry *of_pack, struct text *t)
{
	text_append(t, ",\"phrasings\":[");
	for (size_t i = 0; i < e->phrasing_count; i++) {
		const struct article_phrasing *p = &e->phrasings[i];
		text_append(t, i ? ",{\"text\":" : "{\"text\":");
		json_text(t, p->text);
		text_format(t, ",\"of_pack\":%s,\"id\":%s,\"off\":%s,\"mined\":%s}", of_pack && i < of_pack->phrasing_count ? "true" : "false", p->id ? arena_format(c->arena, "\"%lld\"", (long long)p->id) : "null", p->off ? "true" : "false", p->mined ? "true" : "false");
	}
	text_char(t, ']');
}

/* What leads here. */
static void write_seen(const struct knowledge *k, const char *code, struct text *t)
{
	bool any = false;
	text_append(t, ",\"seen_from\":[");
	for (size_t i = 0; i < k->n; i++)
		for (const char *const *s = k->at[i].see; s && *s; s++) {
			if (strcmp(*s, code) != 0)
				continue;
			text_append(t, any ? ",{\"code\":" : "{\"code\":");
			json_text(t, k->at[i].code);
			write_label(t, "title", &k->at[i].title);
			text_char(t, '}');
			any = true;
		}
	text_char(t, ']');
}

/* The company's row, put away or not: to go on with, or to fetch back. */
static int write_row(struct ctx *c, const char *code, const char *pack_sum, bool *there, struct text *t)
{
	struct article *rows;
	size_t n;
	TRY(article_by_code(c, code, &rows, &n));
	*there = n > 0;
	text_append(t, ",\"row\":");
	if (n)
		TRY(record_json(c, &article_record, &rows[0], t));
	else
		text_append(t, "null");
	bool newer = n && !rows[0].archived_at && pack_sum && !text_empty(rows[0].pack_sum) && strcmp(rows[0].pack_sum, pack_sum) != 0;
	text_format(t, ",\"archived\":%s,\"pack_newer\":%s", n && rows[0].archived_at ? "true" : "false", newer ? "true" : "false");
	return 0;
}

static int entry(struct ctx *c, const void *in, void *out)
{
	const char *code = ((const struct entry_in *)in)->code;
	const struct knowledge *k;
	struct counts counts = { 0 };
	struct text t = text_in(c->arena);
	bool has_row;
	TRY(knowledge_of(c, &k));
	TRY(read_counts(c, &counts));
	const struct article_entry *e = knowledge_find(k, code), *of_pack = knowledge_pack_entry(k->pack, code);
	text_append(&t, "{\"head\":");
	if (e)
		write_head(c, e, &counts, &t);
	else
		text_append(&t, "null");
	TRY(write_row(c, code, knowledge_pack_sum(k->pack, code), &has_row, &t));
	TRY(require(c, e || has_row, ERR_NOT_FOUND, NULL));
	if (of_pack)
		write_words(c, "pack", of_pack, &t);
	else
		text_append(&t, ",\"pack\":null");
	if (e)
		write_phrasings(c, e, of_pack, &t);
	write_seen(k, code, &t);
	TRY(write_products(c, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Near phrasings ---------------------------------------------------------------------------------------------------------------- */

struct near_in {
	const char *text;
};
static const struct member near_members[] = { MEMBER(struct near_in, text, code, .flags = MEMBER_REQUIRED, .least = 1, .most = PHRASING_MOST) };
static const struct shape near_shape = SHAPE("phrasing_near", struct near_in, near_members);

struct near_one {
	const struct article_entry *entry;
	const char *text;
	double alike;
};

/* The best first. */
static void keep_near(struct near_one *best, size_t *n, struct near_one one)
{
	size_t i = *n;
	if (i == NEAR_MOST && best[i - 1].alike >= one.alike)
		return;
	if (i == NEAR_MOST)
		i--;
	else
		*n += 1;
	for (; i > 0 && best[i - 1].alike < one.alike; i--)
		best[i] = best[i - 1];
	best[i] = one;
}

static void look_near(struct ctx *c, const struct article_entry *e, const struct pairs *asked, struct near_one *best, size_t *n)
{
	for (size_t i = 0; i < e->phrasing_count + 1; i++) {
		const char *text = i < e->phrasing_count ? e->phrasings[i].text : e->title.zh;
		struct arena_mark mark = arena_mark(c->arena);
		struct pairs pairs = pairs_of(c->arena, text);
		double alike = pairs_alike(asked, &pairs);
		arena_rewind(c->arena, mark);
		if (alike > PHRASING_NEAR)
			keep_near(best, n, (struct near_one){ e, text, alike });
	}
}

static int near(struct ctx *c, const void *in, void *out)
{
	const struct knowledge *k;
	struct near_one best[NEAR_MOST];
	size_t n = 0;
	TRY(knowledge_of(c, &k));
	struct pairs asked = pairs_of(c->arena, ((const struct near_in *)in)->text);
	for (size_t i = 0; i < k->n; i++)
		look_near(c, &k->at[i], &asked, best, &n);
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? ",{\"code\":" : "{\"code\":");
		json_text(&t, best[i].entry->code);
		write_label(&t, "title", &best[i].entry->title);
		write_text(&t, "text", best[i].text);
		text_format(&t, ",\"percent\":%d}", (int)(best[i].alike * 100 + 0.5));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Learning ------------------------------------------------------------------------------------------------------------------------- */

/* Whether what people ask is already understood as it is said now. */
static int learning(struct ctx *c, const void *in, void *out)
{
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	const char *embedding;
	TRY(knowledge_of(c, &k));
	TRY(embedding_state(c, k, &embedding));
	text_format(&t, "{\"understands\":%s,\"ready\":%s,\"version\":\"%s\",\"products\":[", c->services->learning ? "true" : "false",
	            knowledge_is_learned(c, k) ? "true" : "false", knowledge_version(c, k));
	for (size_t i = 0; i < k->lesson_count; i++) {
		text_append(&t, i ? "," : "");
		json_text(&t, k->lessons[i].lesson.product);
	}
	text_format(&t, "],\"embedding\":%s}", embedding);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Preview --------------------------------------------------------------------------------------------------------------------------- */

struct preview_in {
	const char *text, *language;    /* whose words snippets are put in with */
};
static const struct choice languages[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { 0 } };
static const struct member preview_members[] = { MEMBER(struct preview_in, text, text, .most = ARTICLE_BODY_MOST), MEMBER(struct preview_in, language, code, .choices = languages) };
static const struct shape preview_shape = SHAPE("article_preview", struct preview_in, preview_members);

/* As a member of staff reads files: of one that she may not read the words stay. */
static bool file_for_staff(void *arg, const char *name, struct markdown_file *out)
{
	struct ctx *c = arg;
	struct file_info info;
	const struct error before = *c->error;
	int64_t id;
	if (id_parse(name, &id) < 0)
		return false;
	if (file_for_reader(c, id, &info) < 0) {
		error_take_back(c->error, &before);
		return false;
	}
	article_file_as(&info, arena_format(c->arena, "/api/v1/file/%s/content", name), out);
	return true;
}

static int preview(struct ctx *c, const void *in, void *out)
{
	const struct preview_in *v = in;
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	TRY(knowledge_of(c, &k));
	const char *text = snippet_fill(c->arena, &k->snippets, v->text ? v->text : "", text_equal(v->language, "en") ? LANG_EN : LANG_ZH);
	text_append(&t, "{\"html\":");
	json_text(&t, markdown_html(c->arena, text, &(struct markdown_options){ .heading = 3, .file = file_for_staff, .arg = c }));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route knowledge_routes[] = {
	ROUTE(GET, "/api/v1/knowledge", "article.read", POOL, .in = &list_shape, .out = &raw_shape, .run = list, .zh = "知识库：行业包和企业的全部内容", .en = "Knowledge: all that pack and company know"),
	ROUTE(GET, "/api/v1/knowledge/entry/{code}", "article.read", POOL, .in = &entry_shape, .out = &raw_shape, .run = entry,
	      .zh = "知识库：一条内容，连同问法、用量和出处", .en = "Knowledge: one entry with its phrasings, its use and what leads to it"),
	ROUTE(GET, "/api/v1/knowledge/near", "article.read", POOL, .in = &near_shape, .out = &raw_shape, .run = near, .zh = "知识库：相近的问法", .en = "Knowledge: phrasings that are near one"),
	ROUTE(GET, "/api/v1/knowledge/learning", "article.read", POOL, .out = &raw_shape, .run = learning, .zh = "知识库：改动是否已学会", .en = "Knowledge: whether what was changed is understood yet"),
	ROUTE(POST, "/api/v1/knowledge/preview", "article.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &preview_shape, .out = &raw_shape, .run = preview,
	      .zh = "知识库：正文预览", .en = "Knowledge: preview of a text"),
	ROUTE(POST, "/api/v1/knowledge/read", "article.create", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &article_read_shape, .raw = article_read,
	      .zh = "知识库：读出上传的 Word 文档", .en = "Knowledge: an uploaded Word document as the words of an article"),
};
const size_t knowledge_route_count = sizeof(knowledge_routes) / sizeof(knowledge_routes[0]);
