/* Question sets, their lines, and what came of trying them, as records. */
#include "domain/evaluation/evaluation.h"

#include <string.h>

#include "core/services.h"
#include "core/understand/understand_eval.h"
#include "domain/evaluation/evaluation_private.h"
#include "domain/org/org.h"
#include "gen/evaluation_sql.h"

static const struct field set_fields[] = {
	CODE(question_set, name, L("名称", "Name"), .required = true, .search = true, .most = 60),
	TEXT(question_set, note, L("说明", "Note"), .most = 1000, .hidden = true),
};

const struct record question_set_record = {
	.name = "question_set", .label = L("题集", "Question set"), .plural = "Question sets", .table = &table_question_set, FIELDS(set_fields), .title = { "name" },
};

/* Lines ---------------------------------------------------------------------------------------------------------------------- */

static const struct choice sources[] = { { "editor", "编辑", "Editor" }, { "real", "真实问题", "Asked by customers" }, { 0 } };

static const struct field line_fields[] = {
	CODE  (question_line, question, L("问题", "Question"), .required = true, .personal = true, .search = true, .most = QUESTION_MOST),
	REF   (question_line, set_id,   L("题集", "Question set"), .to = &question_set_record, .required = true, .fixed = true, .index = true),
	CODE  (question_line, expected, L("应答文章", "Answered by"), .required = true, .most = 40),
	CODE  (question_line, product,  L("产品编号", "Product code"), .most = 60),
	CHOICE(question_line, source,   L("来源", "Source"), .of = sources, .initial = "editor", .system = true),
};

bool evaluation_knows(const struct knowledge *k, const char *code)
{
	return text_equal(code, EVAL_OUTSIDE) || knowledge_find(k, code);
}

static int line_before(struct ctx *c, const void *old, void *row)
{
	const struct question_line *was = old;
	struct question_line *l = row;
	const struct knowledge *k;
	struct lines_count_row lines;
	if (text_empty(l->expected) || (was && text_equal(was->expected, l->expected)))
		return 0;
	TRY(knowledge_of(c, &k));
	if (!evaluation_knows(k, l->expected))
		fail_field(c, "expected", ERR_FIELD_REFERENCE, l->expected);
	if (!was && l->set_id) {
		TRY(lines_count(c, l->set_id, &lines));
		if (lines.n >= LINES_MOST)
			fail_field(c, "set_id", ERR_FIELD_INVALID, arena_format(c->arena, "：1–%d", LINES_MOST));
	}
	return c->error->code;
}

const struct record question_line_record = {
	.name = "question_line", .label = L("测试问题", "Test question"), .plural = "Test questions", .table = &table_question_line, FIELDS(line_fields), .title = { "question" },
	.within = "set_id", .no_import = true, .before = line_before,
};

/* Trials --------------------------------------------------------------------------------------------------------------------- */

const struct choice evaluation_states[] = {
	{ "running", "进行中", "Running", "half" }, { "done", "已完成", "Done", "tick" }, { "stopped", "已停止", "Stopped", "dash" }, { 0 },
};

static const struct field evaluation_fields[] = {
	REF   (evaluation, set_id,    L("题集", "Question set"), .to = &question_set_record, .system = true, .index = true),
	CHOICE(evaluation, state,     L("状态", "State"), .of = evaluation_states, .system = true),
	COUNT (evaluation, done,      L("已测", "Tried"), .system = true, .quiet = true),
	COUNT (evaluation, total,     L("共", "Of"), .system = true),
	CODE  (evaluation, knowledge, L("知识版本", "State of the knowledge"), .system = true),
	JSON  (evaluation, sums,      L("结果", "Result"), .system = true, .hidden = true, .initial = "{}"),
	REF   (evaluation, user_id,   L("发起人", "Begun by"), .to = &user_record, .system = true),
	REF   (evaluation, article_id, L("试用的草稿", "Draft that is tried"), .to = &article_record, .system = true),
	TIME  (evaluation, ended_at,  L("完成时间", "Ended at"), .system = true),
};

static int evaluation_gone(struct ctx *c, const void *row)
{
	return evaluation_answers_drop(c, ((const struct evaluation *)row)->id, NULL);
}

const struct record evaluation_record = {
	.name = "evaluation", .label = L("评测", "Trial"), .plural = "Trials", .table = &table_evaluation, FIELDS(evaluation_fields), .title = { "knowledge" },
	.read_only = true, .no_import = true, .within = "set_id", .gone = evaluation_gone,
};
