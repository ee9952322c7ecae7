/* Trying a set, its lines in many, what came of it line by line, two trials beside one another. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/understand/understand_eval.h"
#include "domain/evaluation/evaluation_private.h"
#include "gen/evaluation_sql.h"

enum { AT_ONCE = 200, PAGE = 100, GATHER_MOST = 500 };
#define REAL_MS (90 * DAY_MS)

struct try_in {
	int64_t id, article_id;
};
static const struct member try_members[] = {
	MEMBER(struct try_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct try_in, article_id, ref),
};
static const struct shape try_shape = SHAPE("question_set_try", struct try_in, try_members);

static int try_set(struct ctx *c, const void *in, void *out)
{
	const struct try_in *v = in;
	struct evaluation e;
	struct text t = text_in(c->arena);
	TRY(evaluation_begin(c, v->id, v->article_id, &e));
	TRY(record_json(c, &evaluation_record, &e, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int stop(struct ctx *c, const void *in, void *out)
{
	struct evaluation was, e;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &evaluation_record, ((const struct id_in *)in)->id, &was));
	TRY(require(c, text_equal(was.state, "running"), ERR_STATE, NULL));
	TRY(evaluation_end(c, &was, "stopped", was.sums, "evaluation.stopped", &e));
	TRY(record_json(c, &evaluation_record, &e, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Lines ---------------------------------------------------------------------------------------------------------------------- */

struct line_in {
	const char *question, *expected, *product;
};
static const struct member line_members[] = {
	MEMBER(struct line_in, question, code, .flags = MEMBER_REQUIRED, .most = QUESTION_MOST), MEMBER(struct line_in, expected, code, .flags = MEMBER_REQUIRED, .most = 40),
	MEMBER(struct line_in, product, code, .most = 60),
};
static const struct shape line_shape = SHAPE("question_line_in", struct line_in, line_members);

struct lines_in {
	int64_t id;
	struct list items;
};
static const struct member lines_members[] = {
	MEMBER(struct lines_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct lines_in, items, list, .shape = &line_shape, .flags = MEMBER_REQUIRED, .most = AT_ONCE),
};
static const struct shape lines_shape = SHAPE("question_lines", struct lines_in, lines_members);

/* Questions of a set, folded, so that none comes twice. */
struct asked {
	const char **at;
	size_t n;
};

static bool is_new(struct ctx *c, struct asked *asked, const char *question)
{
	const char *folded = text_fold(c->arena, question);
	for (size_t i = 0; i < asked->n; i++)
		if (!strcmp(asked->at[i], folded))
			return false;
	asked->at[asked->n++] = folded;
	return true;
}

static int read_asked(struct ctx *c, int64_t set, size_t more, struct asked *out)
{
	struct question_line *rows;
	size_t n;
	TRY(lines_of_set(c, set, 0, LINES_MOST, &rows, &n));
	*out = (struct asked){ .at = ARENA_ARRAY(c->arena, const char *, n + more + 1) };
	for (size_t i = 0; i < n; i++)
		out->at[out->n++] = text_fold(c->arena, rows[i].question);
	return 0;
}

static int add_line(struct ctx *c, int64_t set, const struct line_in *in, const char *source)
{
	struct question_line l = { .tenant = c->tenant, .id = new_id(c), .set_id = set, .question = in->question, .expected = in->expected,
		.product = in->product ? in->product : "", .source = source, .created_at = c->now, .version = 1 };
	return record_insert(c, &question_line_record, &l);
}

/* All of them or none; faults by line: "items[3].expected". */
static int check_lines(struct ctx *c, const struct lines_in *in)
{
	const struct line_in *items = in->items.at;
	const struct knowledge *k;
	struct lines_count_row lines;
	TRY(knowledge_of(c, &k));
	TRY(lines_count(c, in->id, &lines));
	TRY(require(c, lines.n + (int64_t)in->items.n <= LINES_MOST, ERR_STATE, NULL));
	for (size_t i = 0; i < in->items.n; i++)
		if (!evaluation_knows(k, items[i].expected))
			fail_field(c, arena_format(c->arena, "items[%zu].expected", i), ERR_FIELD_REFERENCE, items[i].expected);
	return c->error->code;
}

static int made(struct ctx *c, size_t n, void *out)
{
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"made\":%zu}", n);
	return 0;
}

static int add_lines(struct ctx *c, const void *in, void *out)
{
	const struct lines_in *v = in;
	const struct line_in *items = v->items.at;
	struct question_set set;
	struct asked asked;
	size_t n = 0;
	TRY(require_permission(c, "question_line.create"));
	TRY(record_get(c, &question_set_record, v->id, &set));
	TRY(check_lines(c, v));
	TRY(read_asked(c, v->id, v->items.n, &asked));
	for (size_t i = 0; i < v->items.n; i++)
		if (is_new(c, &asked, items[i].question)) {
			TRY(add_line(c, v->id, &items[i], "editor"));
			n++;
		}
	return made(c, n, out);
}

/* What customers said was answered, and what an editor gave an article: asked by people, and known to be right. */
static int gather(struct ctx *c, const void *in, void *out)
{
	int64_t id = ((const struct id_in *)in)->id;
	struct question_set set;
	struct turns_solved_row *solved;
	struct gaps_given_row *given;
	const struct knowledge *k;
	struct asked asked;
	size_t n, more, count = 0;
	TRY(require_permission(c, "question_line.create"));
	TRY(record_get(c, &question_set_record, id, &set));
	TRY(knowledge_of(c, &k));
	TRY(turns_solved(c, c->now - REAL_MS, GATHER_MOST, &solved, &n));
	TRY(gaps_given(c, c->now - REAL_MS, GATHER_MOST, &given, &more));
	TRY(read_asked(c, id, n + more, &asked));
	for (size_t i = 0; i < n + more && count < AT_ONCE; i++) {
		const struct line_in line = i < more ? (struct line_in){ given[i].question, given[i].article, "" } : (struct line_in){ solved[i - more].question, solved[i - more].article, "" };
		if (!evaluation_knows(k, line.expected) || asked.n >= LINES_MOST || !is_new(c, &asked, line.question))
			continue;
		TRY(add_line(c, id, &line, "real"));
		count++;
	}
	return made(c, count, out);
}

/* Answers -------------------------------------------------------------------------------------------------------------------- */

struct answers_in {
	int64_t id, after, with, wrong;
};
static const struct member answers_members[] = {
	MEMBER(struct answers_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct answers_in, after, ref), MEMBER(struct answers_in, wrong, count, .most = 1),
};
static const struct shape answers_shape = SHAPE("evaluation_answers", struct answers_in, answers_members);
static const struct member compare_members[] = {
	MEMBER(struct answers_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct answers_in, with, ref),
};
static const struct shape compare_shape = SHAPE("evaluation_compare", struct answers_in, compare_members);

/* Right is what should come first and does, and of what nothing answers, whatever is not answered. */
static bool is_right(const struct answers_of_row *a)
{
	return text_equal(a->expected, EVAL_OUTSIDE) ? !eval_is_told(a->decision) : a->place == 1;
}

static void write_article(const struct knowledge *k, const char *name, const char *code, struct text *t)
{
	const struct article_entry *e = knowledge_find(k, code);
	text_format(t, ",\"%s\":", name);
	json_text(t, code);
	text_format(t, ",\"%s_title\":", name);
	json_label(t, e ? e->title.zh : "", e && e->title.en ? e->title.en : "");
}

static void write_answer(const struct knowledge *k, const struct answers_of_row *a, struct text *t)
{
	text_format(t, "{\"line_id\":\"%lld\",\"question\":", (long long)a->line_id);
	json_text(t, a->question);
	write_article(k, "expected", a->expected, t);
	write_article(k, "given", a->given, t);
	text_format(t, ",\"place\":%lld,\"decision\":\"%s\",\"confidence\":%lld,\"right\":%s", (long long)a->place, a->decision, (long long)a->confidence, is_right(a) ? "true" : "false");
}

/* Names the titles of a draft to those alone who may read drafts. */
static int read_trial(struct ctx *c, int64_t id, struct evaluation *out)
{
	TRY(record_get(c, &evaluation_record, id, out));
	return out->article_id ? require_permission(c, "article.read") : 0;
}

static int answers(struct ctx *c, const void *in, void *out)
{
	const struct answers_in *v = in;
	struct evaluation e;
	struct answers_of_row *rows;
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	size_t n, shown = 0, i = 0;
	TRY(read_trial(c, v->id, &e));
	TRY(knowledge_of(c, &k));
	TRY(answers_of(c, v->id, v->after, v->wrong ? LINES_MOST : PAGE + 1, &rows, &n));
	text_append(&t, "{\"items\":[");
	for (; i < n && shown < PAGE; i++) {
		if (v->wrong && is_right(&rows[i]))
			continue;
		text_append(&t, shown++ ? "," : "");
		write_answer(k, &rows[i], &t);
		text_char(&t, '}');
	}
	text_append(&t, "],\"next\":");
	json_text(&t, i < n ? arena_format(c->arena, "%lld", (long long)rows[i - 1].line_id) : NULL);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Lines of both trials that came out otherwise, by line: those that got worse are what one looks for. */
static void write_changes(const struct knowledge *k, const struct answers_of_row *was, size_t before, const struct answers_of_row *now, size_t after, struct text *t)
{
	size_t shown = 0;
	for (size_t i = 0, o = 0; i < after && shown < LINES_MOST; i++) {
		while (o < before && was[o].line_id < now[i].line_id)
			o++;
		if (o == before || was[o].line_id != now[i].line_id || (!strcmp(was[o].given, now[i].given) && eval_is_told(was[o].decision) == eval_is_told(now[i].decision)))
			continue;
		bool right_before = is_right(&was[o]), right = is_right(&now[i]);
		text_append(t, shown++ ? "," : "");
		write_answer(k, &now[i], t);
		write_article(k, "was", was[o].given, t);
		text_format(t, ",\"was_decision\":\"%s\",\"was_confidence\":%lld,\"change\":\"%s\"}", was[o].decision, (long long)was[o].confidence,
		            right && !right_before ? "better" : right_before && !right ? "worse" : "other");
	}
}

/* As what was in force answered beside a draft. */
static void take_was(struct answers_of_row *a)
{
	a->given = a->was;
	a->place = a->was_place;
	a->decision = a->was_decision;
	a->confidence = a->was_confidence;
}

static int compare(struct ctx *c, const void *in, void *out)
{
	const struct answers_in *v = in;
	struct evaluation e, with;
	struct answers_of_row *now, *was;
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	size_t after, before;
	TRY(read_trial(c, v->id, &e));
	int64_t other = v->with > 0 ? v->with : v->id;
	TRY(read_trial(c, other, &with));
	TRY(require(c, e.set_id == with.set_id, ERR_STATE, NULL));
	TRY(knowledge_of(c, &k));
	TRY(answers_of(c, v->id, 0, LINES_MOST, &now, &after));
	TRY(answers_of(c, other, 0, LINES_MOST, &was, &before));
	if (e.article_id && other == v->id)
		for (size_t i = 0; i < before; i++)
			take_was(&was[i]);
	text_append(&t, "{\"before\":");
	TRY(record_json(c, &evaluation_record, &with, &t));
	text_append(&t, ",\"after\":");
	TRY(record_json(c, &evaluation_record, &e, &t));
	text_append(&t, ",\"items\":[");
	write_changes(k, was, before, now, after, &t);
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route evaluation_routes[] = {
	ROUTE(POST, "/api/v1/question_set/{id}/try", "question_set.change", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &try_shape, .out = &raw_shape, .run = try_set,
	      .zh = "用题集评测当前知识，或发布前试用一篇草稿", .en = "Tries a question set on the knowledge as it is, or as it would be with a draft published"),
	ROUTE(POST, "/api/v1/question_set/{id}/lines", "question_set.change", WRITE, .body = BODY_JSON, .in = &lines_shape, .out = &raw_shape, .run = add_lines,
	      .zh = "向题集添加多个问题", .en = "Adds questions to a set: all of them or none"),
	ROUTE(POST, "/api/v1/question_set/{id}/gather", "question_set.change", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = gather,
	      .zh = "把有定论的真实问题加入题集", .en = "Adds what customers asked and is known to be right"),
	ROUTE(POST, "/api/v1/evaluation/{id}/stop", "question_set.change", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = stop, .zh = "停止评测", .en = "Stops a trial"),
	ROUTE(GET, "/api/v1/evaluation/{id}/answer", "evaluation.read", POOL, .in = &answers_shape, .out = &raw_shape, .run = answers, .zh = "评测的逐题结果", .en = "What came of each question of a trial"),
	ROUTE(GET, "/api/v1/evaluation/{id}/compare", "evaluation.read", POOL, .in = &compare_shape, .out = &raw_shape, .run = compare, .zh = "与另一次评测比较；试用草稿的评测不选另一次时，与现行知识比较", .en = "Two trials of a set beside one another; a draft's, without another, beside what was in force"),
	ROUTE(GET, "/api/v1/knowledge/judged", "evaluation.read", POOL, .out = &raw_shape, .run = weeks_judged, .zh = "每周、每种产品的客户评价和评测结果", .en = "What customers said of answers and what trials came to, by week and product"),
};
const size_t evaluation_route_count = sizeof(evaluation_routes) / sizeof(evaluation_routes[0]);
