/* Rules as a record, and ready for the engine. */
#include "domain/quality/quality.h"

#include <string.h>

#include "core/services.h"
#include "gen/quality_sql.h"

enum { WORDS_MOST = 8000, MESSAGES_MOST = 20, MINUTES_MOST = 1440, WEIGHT_MOST = 100 };

const struct choice quality_kinds[] = {
	[QUALITY_OPENING]    = { "opening", "开场礼貌用语", "Polite opening" },
	[QUALITY_CLOSING]    = { "closing", "结束礼貌用语", "Polite closing" },
	[QUALITY_FORBIDDEN]  = { "forbidden", "禁用语", "Forbidden words" },
	[QUALITY_PROMISE]    = { "promise", "承诺未建任务", "Promise without a task" },
	[QUALITY_UNANSWERED] = { "unanswered", "问题未回答", "Question not answered" },
	[QUALITY_SILENCE]    = { "silence", "让客户久等", "Customer kept waiting" },
	[QUALITY_SAFETY]     = { "safety", "危险未提示安全", "Danger without safety text" },
	[QUALITY_PERSONAL]   = { "personal", "索要敏感信息", "Asks for secrets" },
	[QUALITY_LANGUAGE]   = { "language", "语言不符", "Wrong language" },
	[QUALITY_TRANSFER]   = { "transfer", "转接未说明", "Transfer without a note" },
	[QUALITY_NEED]       = { "need", "需求遗漏", "Need missed" },
	[QUALITY_ASKED]      = { "asked", "AI 检查", "Asked of a model" },
	{ 0 },
};

static const struct choice states[] = { { "draft", "草稿", "Draft", "hollow" }, { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };

/* What a kind cannot do without once it is in force; a draft may lack it. */
static const struct { bool words, answers, minutes; } needs[QUALITY_KINDS] = {
	[QUALITY_OPENING] = { true }, [QUALITY_CLOSING] = { true }, [QUALITY_FORBIDDEN] = { true }, [QUALITY_PROMISE] = { true, false, true }, [QUALITY_UNANSWERED] = { true },
	[QUALITY_SILENCE] = { false, false, true }, [QUALITY_SAFETY] = { true, true }, [QUALITY_PERSONAL] = { true }, [QUALITY_NEED] = { true, true }, [QUALITY_ASKED] = { true },
};

static enum quality_kind kind_of(const char *name)
{
	size_t k = 0;
	while (k + 1 < QUALITY_KINDS && !text_equal(quality_kinds[k].value, name))
		k++;
	return (enum quality_kind)k;
}

static bool has_words(struct ctx *c, const char *lines)
{
	return quality_words_count(quality_words_new(c->arena, lines)) > 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct quality_rule *r = row;
	enum quality_kind kind = kind_of(r->kind);
	bool is_on = text_equal(r->state, "on");
	if (is_on && needs[kind].words && !has_words(c, r->words))
		fail_field(c, "words", ERR_FIELD_REQUIRED, NULL);
	if (is_on && needs[kind].answers && !has_words(c, r->answers))
		fail_field(c, "answers", ERR_FIELD_REQUIRED, NULL);
	if (is_on && needs[kind].minutes && r->minutes < 1)
		fail_field(c, "minutes", ERR_FIELD_TOO_SMALL, "1");
	if (r->messages < 1)
		fail_field(c, "messages", ERR_FIELD_TOO_SMALL, "1");
	return c->error->code;
}

static const struct field fields[] = {
	CODE  (quality_rule, name,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (quality_rule, name_en,  L("英文名称", "English name"), .search = true, .most = 80),
	CHOICE(quality_rule, kind,     L("种类", "Kind"), .of = quality_kinds, .required = true, .fixed = true),
	CHOICE(quality_rule, state,    L("状态", "State"), .of = states, .initial = "draft"),
	COUNT (quality_rule, weight,   L("扣分", "Points taken"), .most = WEIGHT_MOST, .initial = "5"),
	FLAG  (quality_rule, fatal,    L("一票否决", "Fatal"), .initial = "0"),
	FLAG  (quality_rule, hint,     L("实时提醒客服", "Live hint to the agent"), .initial = "0"),
	TEXT  (quality_rule, words,    L("词语（每行一条，* 代表几个字）", "Words (one a line; * stands for a few letters)"), .most = WORDS_MOST, .hidden = true),
	TEXT  (quality_rule, excepts,  L("例外（每行一条）", "Exceptions (one a line)"), .most = WORDS_MOST, .hidden = true),
	TEXT  (quality_rule, answers,  L("应有的回应（每行一条）", "Expected answers (one a line)"), .most = WORDS_MOST, .hidden = true),
	COUNT (quality_rule, messages, L("看几条客服消息", "Messages of staff looked at"), .most = MESSAGES_MOST, .initial = "1", .hidden = true),
	COUNT (quality_rule, minutes,  L("几分钟内（0 不限）", "Within minutes (0: no limit)"), .most = MINUTES_MOST, .initial = "0", .hidden = true),
	COUNT (quality_rule, place,    L("次序", "Order"), .sort = true, .initial = "100"),
};

const struct record quality_rule_record = {
	.name = "quality_rule", .label = L("质检规则", "Quality rule"), .plural = "Quality rules", .table = &table_quality_rule, FIELDS(fields), .title = { "name" },
	.default_sort = "place", .no_import = true, .before = before,
};

void quality_ready(struct ctx *c, const struct quality_rule *r, struct quality_check *out)
{
	*out = (struct quality_check){
		.kind = kind_of(r->kind), .words = quality_words_new(c->arena, r->words), .except = quality_words_new(c->arena, r->excepts), .answers = quality_words_new(c->arena, r->answers),
		.count = r->messages, .ms = r->minutes * MINUTE_MS, .weight = r->weight, .fatal = r->fatal != 0,
	};
}

int quality_book(struct ctx *c, struct quality_book *out)
{
	struct quality_rule *rows;
	size_t n;
	TRY(quality_rules_on(c, &rows, &n));
	*out = (struct quality_book){ .rows = rows, .checks = ARENA_ARRAY(c->arena, struct quality_check, n + 1), .n = n };
	for (size_t i = 0; i < n; i++)
		quality_ready(c, &rows[i], &out->checks[i]);
	return 0;
}
