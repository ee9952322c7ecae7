/* Articles as a record: fields, what has to be said before one is published, its flow. */
#include <ctype.h>
#include <string.h>

#include "base/json_private.h"
#include "core/auth/auth.h"
#include "core/flow/flow.h"
#include "core/services.h"
#include "db/job.h"
#include "domain/knowledge/knowledge_private.h"
#include "gen/knowledge_sql.h"

enum { CODE_MOST = 40, MODELS_MOST = 50, SEE_MOST = 30 };

const struct choice article_kinds[] = {
	[ARTICLE_FAQ]        = { "faq", "常见问题", "Question" },
	[ARTICLE_TEXT]       = { "article", "文章", "Article" },
	[ARTICLE_FAULT_CODE] = { "fault_code", "故障码", "Fault code" },
	[ARTICLE_FAULT_TREE] = { "fault_tree", "故障树", "Fault tree" },
	{ 0 },
};
const struct choice article_states[] = {
	[ARTICLE_DRAFT]     = { "draft", "草稿", "Draft", "hollow" },
	[ARTICLE_REVIEW]    = { "review", "待审核", "In review", "half" },
	[ARTICLE_PUBLISHED] = { "published", "已发布", "Published", "tick" },
	[ARTICLE_RETIRED]   = { "retired", "已下架", "Retired", "dash" },
	{ 0 },
};
const struct choice article_topics[] = {
	{ "fault", "故障处理", "Faults" }, { "usage", "使用方法", "Using it" }, { "care", "清洁保养", "Care" }, { "install", "安装", "Installation" },
	{ "network", "联网", "App and network" }, { "warranty", "保修", "Warranty" }, { "order", "订单与物流", "Orders" }, { "service", "服务", "Service" },
	{ "code", "故障代码", "Fault codes" }, { "safety", "安全", "Safety" }, { 0 },
};
const struct choice article_dangers[] = {
	{ "smoke", "冒烟", "Smoke" }, { "fire", "起火", "Fire" }, { "gas", "燃气", "Gas" }, { "leak", "漏水淹水", "Flooding" }, { "shock", "触电", "Electric shock" },
	{ "heat", "过热烫伤", "Heat" }, { "water", "插座或电器进水", "Water at sockets or electrics" }, { 0 },
};
const struct choice article_acts[] = {
	{ "report", "报修", "Report a fault" }, { "book", "预约", "Book a visit" }, { "cancel", "取消", "Cancel" }, { "return", "退换货", "Return" },
	{ "register", "登记设备", "Register a device" }, { "complain", "投诉", "Complain" }, { "person", "转人工", "Ask for a person" },
	{ "warranty", "查保修", "Warranty card" }, { "progress", "查进度", "Follow a ticket" }, { "order", "查订单", "Orders" }, { 0 },
};
static const struct choice audiences[] = { { "public", "所有人", "Everybody" }, { "customer", "登录的客户", "Signed-in customers" }, { "staff", "仅内部", "Staff only" }, { 0 } };

static const struct field fields[] = {
	CODE  (article, code,       L("编号", "Code"), .required = true, .unique = true, .fixed = true, .search = true, .most = CODE_MOST),
	CHOICE(article, kind,       L("类型", "Kind"), .of = article_kinds, .initial = "faq", .fixed = true),
	CHOICE(article, state,      L("状态", "State"), .of = article_states, .initial = "draft", .system = true, .index = true, .split = true),
	CODE  (article, title_zh,   L("标题", "Title"), .required = true, .search = true, .most = ARTICLE_TITLE_MOST),
	CODE  (article, title_en,   L("英文标题", "English title"), .search = true, .hidden = true, .most = ARTICLE_TITLE_MOST),
	CODE  (article, product,    L("产品编号", "Product code"), .index = true, .most = 60),
	JSON  (article, models,     L("型号", "Models"), .initial = "[]", .hidden = true),
	CHOICE(article, topic,      L("主题", "Topic"), .of = article_topics),
	CODE  (article, fault_code, L("故障码", "Fault code"), .search = true, .hidden = true, .most = 20),
	TEXT  (article, cause_zh,   L("原因", "Cause"), .search = true, .hidden = true, .most = ARTICLE_BODY_MOST),
	TEXT  (article, cause_en,   L("英文原因", "English cause"), .search = true, .hidden = true, .most = ARTICLE_BODY_MOST),
	TEXT  (article, body_zh,    L("正文", "Text"), .search = true, .hidden = true, .most = ARTICLE_BODY_MOST),
	TEXT  (article, body_en,    L("英文正文", "English text"), .search = true, .hidden = true, .most = ARTICLE_BODY_MOST),
	JSON  (article, tree,       L("故障树步骤", "Steps of the fault tree"), .initial = "{}", .hidden = true),
	CHOICE(article, audience,   L("谁能看", "For whom"), .of = audiences, .initial = "public"),
	CHOICE(article, danger,     L("涉及的危险", "Danger"), .of = article_dangers),
	CODE  (article, source,     L("依据", "Source"), .hidden = true, .most = 300),
	CHOICE(article, act,        L("可办理的事", "What answers it"), .of = article_acts, .hidden = true),
	JSON  (article, see,        L("相关文章", "See also"), .initial = "[]", .hidden = true),
	DAY   (article, review_on,  L("复查日期", "Review by"), .sort = true),
	DAY   (article, expires_on, L("有效期至", "Valid until"), .sort = true),
	TIME  (article, published_at, L("发布时间", "Published at"), .system = true, .hidden = true),
	CODE  (article, pack_sum,   L("对照的行业包版本", "Version of the pack"), .system = true, .quiet = true, .hidden = true),
};

/* Checks ------------------------------------------------------------------------------------------------------------------------ */

static bool is_code(const char *s)
{
	size_t n = 0;
	for (; s[n]; n++)
		if (!isalnum((unsigned char)s[n]) && !strchr("_-", s[n]))
			return false;
	return n > 0 && isalnum((unsigned char)s[0]);
}

static bool pack_has_product(const struct knowledge_base *b, const char *product)
{
	for (size_t i = 0; i < b->n; i++)
		if (!strcmp(b->at[i].product, product))
			return true;
	return false;
}

static int check_product(struct ctx *c, const struct pack *pack, const struct article *a)
{
	struct knowledge_products_row *products;
	size_t n;
	if (text_empty(a->product) || pack_has_product(knowledge_base(pack), a->product))
		return 0;
	TRY(knowledge_products(c, &products, &n));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(products[i].code, a->product))
			return 0;
	fail_field(c, "product", ERR_FIELD_REFERENCE, NULL);
	return 0;
}

static const char *const *names_in(struct ctx *c, const char *field, const char *json, size_t most)
{
	yyjson_alc memory = json_memory_of(c->arena);
	yyjson_val *list = yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)json, strlen(json), 0, &memory, NULL)), *v;
	size_t i, n;
	bool good = yyjson_is_arr(list) && yyjson_arr_size(list) <= most;
	yyjson_arr_foreach(good ? list : NULL, i, n, v)
		good = good && yyjson_is_str(v) && yyjson_get_len(v) <= 100 && utf8_is_text(yyjson_get_str(v), yyjson_get_len(v));
	if (!good)
		fail_field(c, field, ERR_FIELD_TYPE, "[\"…\"]");
	return article_names(c->arena, good ? list : NULL);
}

static int check_see(struct ctx *c, const struct pack *pack, const struct article *a)
{
	struct article *rows;
	size_t n;
	for (const char *const *code = names_in(c, "see", a->see, SEE_MOST); *code; code++) {
		if (knowledge_pack_sum(pack, *code))
			continue;
		TRY(article_by_code(c, *code, &rows, &n));
		if (!n || rows[0].archived_at)
			fail_field(c, "see", ERR_FIELD_REFERENCE, *code);
	}
	return 0;
}

/* What somebody else is going to read has to say what it is there for. */
static int check_whole(struct ctx *c, const struct article *a)
{
	if (text_empty(a->body_zh) && !text_equal(a->kind, "fault_tree"))
		fail_field(c, "body_zh", ERR_FIELD_REQUIRED, NULL);
	if (text_empty(a->fault_code) && text_equal(a->kind, "fault_code"))
		fail_field(c, "fault_code", ERR_FIELD_REQUIRED, NULL);
	if (!text_empty(a->danger) && text_empty(a->source))
		fail_field(c, "source", ERR_ARTICLE_SOURCE, NULL);
	return text_equal(a->kind, "fault_tree") ? tree_check(c, a->tree) : 0;
}

static bool in_state(const struct article *a, enum article_state state)
{
	return a && text_equal(a->state, article_states[state].value);
}

/* Words of what is published reach everybody at once: they are changed by whoever may publish. */
static int check_right(struct ctx *c, const struct article *was, const struct article *a)
{
	bool stays = in_state(was, ARTICLE_PUBLISHED) && in_state(a, ARTICLE_PUBLISHED);
	return stays && c->auth ? require_permission(c, "article.publish") : 0;
}

static int check_snippets(struct ctx *c, const struct article *a)
{
	struct snippets s;
	TRY(snippets_read(c, c->arena, &s));
	snippets_check(c, &s, "body_zh", a->body_zh);
	snippets_check(c, &s, "body_en", a->body_en);
	snippets_check(c, &s, "cause_zh", a->cause_zh);
	snippets_check(c, &s, "cause_en", a->cause_en);
	snippets_check(c, &s, "tree", a->tree);
	return 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct article *was = old;
	struct article *a = row;
	const struct pack *pack;
	TRY(check_right(c, was, a));
	TRY(pack_of(c, &pack));
	if (!was && !is_code(a->code))
		fail_field(c, "code", ERR_FIELD_INVALID, "：A–Z a–z 0–9 _ -");
	TRY(check_product(c, pack, a));
	names_in(c, "models", a->models, MODELS_MOST);
	TRY(check_see(c, pack, a));
	TRY(article_files_check(c, a));
	TRY(check_snippets(c, a));
	if (in_state(a, ARTICLE_REVIEW) || in_state(a, ARTICLE_PUBLISHED))
		TRY(check_whole(c, a));
	if (!was || (in_state(a, ARTICLE_PUBLISHED) && !in_state(was, ARTICLE_PUBLISHED))) {
		const char *sum = knowledge_pack_sum(pack, a->code);
		a->pack_sum = sum ? sum : "";
	}
	if (in_state(a, ARTICLE_PUBLISHED) && !in_state(was, ARTICLE_PUBLISHED))
		a->published_at = c->now;
	return c->error->code;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct article *was = old, *a = row;
	TRY(article_files_keep(c, a));
	if ((a->review_on || a->expires_on) && (!was || was->review_on != a->review_on || was->expires_on != a->expires_on || !text_equal(was->state, a->state)))
		TRY(job_add(c, new_id(c), KNOWLEDGE_REVIEW_JOB, c->now, "review", NULL));
	return knowledge_changed(c);
}

static int gone(struct ctx *c, const void *row)
{
	TRY(article_files_release(c, row));
	return knowledge_changed(c);
}

const struct record article_record = {
	.name = "article", .label = L("文章", "Article"), .plural = "Articles", .table = &table_article, FIELDS(fields), .title = { "code", "title_zh" },
	.flow = &article_flow, .before = before, .after = after, .gone = gone,
};

/* Flow -------------------------------------------------------------------------------------------------------------------------- */

static const struct move moves[] = {
	{ ON(ARTICLE_DRAFT), "submit", ARTICLE_REVIEW, MOVER_USER, "article.change", L("提交审核", "Submit for review") },
	{ ON(ARTICLE_REVIEW), "send_back", ARTICLE_DRAFT, MOVER_USER, "article.publish", L("退回修改", "Send back"), REASON_REQUIRED },
	{ ON(ARTICLE_DRAFT) | ON(ARTICLE_REVIEW) | ON(ARTICLE_RETIRED), "publish", ARTICLE_PUBLISHED, MOVER_USER, "article.publish", L("发布", "Publish"), .undoable = true, .primary = true },
	{ ON(ARTICLE_DRAFT) | ON(ARTICLE_REVIEW) | ON(ARTICLE_PUBLISHED), "retire", ARTICLE_RETIRED, MOVER_USER, "article.publish", L("下架", "Retire"), REASON_OPTIONAL, .undoable = true },
	{ ON(ARTICLE_RETIRED), "rework", ARTICLE_DRAFT, MOVER_USER, "article.change", L("重新编写", "Work on it again") },
};

const struct flow article_flow = {
	.record = &article_record, .state = "state", .permission = "article.change", .states = article_states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]),
};
