/* Suggestions for who answers: the same understanding that the bot has, with the articles that staff may read beside those for customers. */
#include "domain/bot/bot.h"
#include "domain/bot/assist.h"
#include "domain/bot/bot_words.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"

enum { LOOK_BACK = 30, CONFIDENCE_LEAST = 5 };

/* Her last words that are about something: that she asked for a person has been heard. */
static int find_last(struct ctx *c, struct assist *a)
{
	struct message *rows;
	size_t n;
	bool found = false;
	a->text = "";
	TRY(messages_before(c, a->k.id, a->k.last_no + 1, LOOK_BACK, &rows, &n));
	for (size_t i = 0; i < n && !found; i++) {
		const char *text = NULL;
		if (rows[i].actor_kind != ACTOR_CUSTOMER || !text_equal(rows[i].visibility, "public"))
			continue;
		TRY(pii_open(c, rows[i].key, "message.body", rows[i].body, &text));
		found = !text_empty(text) && !bot_says_nothing_else(c->arena, text);
		if (found || !a->no) {
			a->no = rows[i].no;
			a->text = text ? text : "";
		}
	}
	a->lang = bot_lang_in(&a->k, a->text);
	return 0;
}

/* The product that she names goes before that of the conversation. */
static int understand(struct ctx *c, struct assist *a)
{
	const char *about;
	if (text_empty(a->text))
		return 0;
	TRY(bot_product_of(c, &a->k, &about));
	a->understands = bot_understand(c, a->knowledge, AUDIENCE_STAFF, a->text, &about, &a->understood, &a->decision);
	return 0;
}

int assist_read(struct ctx *c, int64_t id, struct assist *a)
{
	*a = (struct assist){ 0 };
	TRY(record_get(c, &conversation_record, id, &a->k));
	TRY(knowledge_of(c, &a->knowledge));
	return find_last(c, a);
}

/* Answers ------------------------------------------------------------------------------------------------------------------- */

static void write_text(struct text *t, const char *name, const char *text)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, text ? text : "");
}

const char *assist_body(struct ctx *c, const struct article_entry *e, enum lang lang)
{
	const char *body = article_said(c->arena, label_text(&e->body, lang));
	return e->kind == ARTICLE_FAULT_CODE ? arena_format(c->arena, "%s\n%s\n%s", label_text(&e->title, lang), label_text(&e->cause, lang), body) : body;
}

/* Of the first the chance that it is right; of the others what is left to them. */
static int confidence_of(const struct classify_decision *d, size_t i)
{
	double first = d->choices[0].share > 0 ? d->choices[0].share : 1;
	return (int)((i ? d->confidence * d->choices[i].share / first : d->confidence) * 100);
}

static const struct article_entry *write_answers(struct ctx *c, const struct assist *a, struct text *t)
{
	const struct classify_decision *d = &a->decision;
	const struct article_entry *tree = NULL;
	bool helps = a->understands && (d->kind != CLASSIFY_UNKNOWN || d->inside > 0.5);
	size_t shown = 0;
	text_append(t, ",\"answers\":[");
	for (size_t i = 0; helps && i < d->choice_count && shown < ASSIST_ANSWERS; i++) {
		const struct article_entry *e = knowledge_find(a->knowledge, d->choices[i].id);
		if (!e || (i && confidence_of(d, i) < CONFIDENCE_LEAST))
			continue;
		text_format(t, "%s{\"confidence\":%d,\"internal\":%s", shown++ ? "," : "", confidence_of(d, i), e->audience == AUDIENCE_STAFF ? "true" : "false");
		write_text(t, "code", e->code);
		write_text(t, "title", label_text(&e->title, c->lang));
		write_text(t, "text", assist_body(c, e, a->lang));
		write_text(t, "source", e->source);
		text_char(t, '}');
		tree = tree ? tree : bot_tree_of(a->knowledge, e, AUDIENCE_STAFF);
	}
	text_char(t, ']');
	return tree;
}

static void write_step(struct ctx *c, const struct assist *a, const struct article_entry *tree, const char *node, struct text *t)
{
	struct tree_step step;
	text_append(t, ",\"tree\":");
	if (!tree || !article_step(tree, text_empty(node) ? NULL : node, &step)) {
		text_append(t, "null");
		return;
	}
	text_append(t, "{\"code\":");
	json_text(t, tree->code);
	write_text(t, "title", label_text(&tree->title, c->lang));
	write_text(t, "node", step.name);
	write_text(t, "ask", step.end ? NULL : label_text(&step.ask, a->lang));
	write_text(t, "tell", step.end ? label_text(&step.tell, a->lang) : NULL);
	write_text(t, "end", step.end);
	text_append(t, ",\"choices\":[");
	for (size_t i = 0; !step.end && i < step.choice_count; i++) {
		text_append(t, i ? ",{\"say\":" : "{\"say\":");
		json_text(t, label_text(&step.choices[i].say, a->lang));
		write_text(t, "go", step.choices[i].go);
		text_char(t, '}');
	}
	text_append(t, "]}");
}

struct assist_in {
	int64_t id;
	const char *tree, *node;
};
static const struct member assist_members[] = {
	MEMBER(struct assist_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct assist_in, tree, code, .most = 60), MEMBER(struct assist_in, node, code, .most = 60),
};
static const struct shape assist_shape = SHAPE("assist_query", struct assist_in, assist_members);

static int assist(struct ctx *c, const void *in, void *out)
{
	const struct assist_in *q = in;
	struct assist a;
	struct text t = text_in(c->arena);
	TRY(assist_read(c, q->id, &a));
	TRY(understand(c, &a));
	text_format(&t, "{\"no\":%lld", (long long)a.no);
	const struct article_entry *tree = write_answers(c, &a, &t), *named = text_empty(q->tree) ? NULL : knowledge_find(a.knowledge, q->tree);
	if (named && named->kind == ARTICLE_FAULT_TREE && article_is_live(named, AUDIENCE_STAFF))
		tree = named;
	write_step(c, &a, tree, tree == named ? q->node : NULL, &t);
	TRY(assist_write_marks(c, &a, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* What the agent says of it -------------------------------------------------------------------------------------------------- */

struct mark_in {
	int64_t id, no;
	const char *what, *guess, *value, *first;
	int64_t confidence;
};
static const struct choice whats[] = { { "answer", "建议答案", "Answer" }, { "scene", "场景", "Scene" }, { "product", "产品", "Product" }, { "fault", "故障现象", "Fault" }, { "urgency", "紧急程度", "Urgency" }, { "emotion", "情绪", "Mood" }, { "language", "语言", "Language" }, { 0 } };
static const struct member mark_members[] = {
	MEMBER(struct mark_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct mark_in, no, count, .flags = MEMBER_REQUIRED), MEMBER(struct mark_in, what, code, .flags = MEMBER_REQUIRED, .choices = whats),
	MEMBER(struct mark_in, guess, code, .most = 60), MEMBER(struct mark_in, confidence, count, .most = 100), MEMBER(struct mark_in, value, code, .flags = MEMBER_REQUIRED, .most = 60),
	MEMBER(struct mark_in, first, code, .most = 60),
};
static const struct shape mark_shape = SHAPE("conversation_mark", struct mark_in, mark_members);

/* A fault that one product alone has says which it is. */
static int set_fault(struct ctx *c, struct conversation *k, const char *code)
{
	struct form form;
	if (k->product_id)
		return 0;
	TRY(form_of(c, &form));
	return bot_product_coded(c, fault_product(c, &form, code), &k->product_id);
}

/* What is put right stands on the conversation from then on; urgency and fault wait in the mark for its ticket. */
static int put_right(struct ctx *c, struct conversation *k, const struct mark_in *m)
{
	struct conversation old = *k;
	if (text_equal(m->what, "product"))
		TRY(bot_product_coded(c, m->value, &k->product_id));
	if (text_equal(m->what, "fault"))
		TRY(set_fault(c, k, m->value));
	if (text_equal(m->what, "emotion"))
		k->emotion = text_equal(m->value, "none") ? "" : m->value;
	else if (text_equal(m->what, "language"))
		k->lang = m->value;
	else if (text_equal(m->what, "scene"))
		k->scene = m->value;
	else if (k->product_id == old.product_id)
		return 0;
	return record_update(c, &conversation_record, &old, k, "conversation.changed", NULL, NULL);
}

static int mark(struct ctx *c, const void *in, void *out)
{
	const struct mark_in *m = in;
	struct conversation k;
	TRY(record_get(c, &conversation_record, m->id, &k));
	if (!assist_mark_may_be(c, &k, m->what, m->value))
		return fail_field(c, "value", ERR_FIELD_INVALID, "");
	if (m->no < 1 || m->no > k.last_no)
		return fail_field(c, "no", ERR_FIELD_REFERENCE, NULL);
	struct conversation_mark row = { .tenant = c->tenant, .id = new_id(c), .conversation_id = k.id, .no = m->no, .what = m->what, .guess = m->guess ? m->guess : "",
		.confidence = m->confidence == NULL_INT ? 0 : m->confidence, .value = m->value, .user_id = c->auth->user_id, .at = c->now };
	TRY(conversation_mark_row_insert(c, &row));
	TRY(put_right(c, &k, m));
	if (text_equal(m->what, "answer"))
		TRY(assist_correct(c, &k, &(struct assist_answer){ .no = m->no, .confidence = row.confidence, .value = m->value, .article = m->guess, .first = m->first }));
	((struct raw_out *)out)->raw = "{}";
	return 0;
}

const struct route assist_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/article", "conversation.work", POOL, .in = &assist_quote_shape, .out = &raw_shape, .run = assist_quote,
	      .zh = "会话：可引用的知识", .en = "Conversation: articles to quote"),
	ROUTE(GET, "/api/v1/conversation/{id}/assist", "conversation.work", POOL, .in = &assist_shape, .out = &raw_shape, .run = assist,
	      .zh = "会话：建议答案、排查下一步与识别结果", .en = "Conversation: suggested answers, next step, what was recognised"),
	ROUTE(POST, "/api/v1/conversation/{id}/mark", "conversation.work", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &mark_shape, .out = &raw_shape, .run = mark,
	      .zh = "会话：评价建议，更正识别结果", .en = "Conversation: say of a suggestion, put right what was recognised"),
};
const size_t assist_route_count = sizeof(assist_routes) / sizeof(assist_routes[0]);
