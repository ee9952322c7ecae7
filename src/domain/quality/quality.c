/* The result as a record: its score, its findings as they are shown, and the promise that it is measured by. */
#include "domain/quality/quality.h"

#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"
#include "gen/quality_sql.h"

enum { MESSAGES_READ = 1000 };

const struct choice quality_states[] = {
	[RESULT_INSPECTED] = { "inspected", "已自动质检", "Inspected", "half" },
	[RESULT_DRAWN]     = { "drawn", "待复核", "To be reviewed", "hollow" },
	[RESULT_REVIEWED]  = { "reviewed", "已复核", "Reviewed", "tick" },
	[RESULT_APPEALED]  = { "appealed", "申诉中", "Appealed", "dashed" },
	[RESULT_DECIDED]   = { "decided", "申诉已处理", "Appeal decided", "tick" },
	[RESULT_REPLACED]  = { "replaced", "已重新质检", "Inspected anew", "dash" },
	{ 0 },
};
static const struct choice reasons[] = { { "fatal", "一票否决", "Fatal" }, { "rating", "客户评分低", "Low rating" }, { "share", "每周抽样", "Weekly sample" }, { "hand", "人工挑选", "By hand" }, { "model", "AI 提示", "Marked by a model" }, { 0 } };
const struct choice quality_outcomes[] = { { "granted", "申诉成立", "Granted" }, { "refused", "维持原结果", "Refused" }, { 0 } };

static const struct field fields[] = {
	REF   (quality, conversation_id, L("会话", "Conversation"), .to = &conversation_record, .required = true, .fixed = true, .system = true, .index = true),
	CHOICE(quality, state,       L("状态", "State"), .of = quality_states, .initial = "inspected", .system = true, .index = true, .split = true),
	COUNT (quality, score,       L("得分", "Score"), .system = true),
	FLAG  (quality, compliant,   L("合格", "Compliant"), .system = true),
	FLAG  (quality, fatal,       L("一票否决", "Fatal"), .system = true),
	COUNT (quality, findings,    L("问题数", "Findings"), .system = true),
	REF   (quality, agent_id,    L("客服", "Agent"), .to = &user_record, .system = true, .index = true),
	REF   (quality, team_id,     L("小组", "Team"), .to = &team_record, .system = true),
	REF   (quality, region_id,   L("区域", "Region"), .to = &region_record, .system = true, .hidden = true),
	REF   (quality, product_id,  L("产品", "Product"), .to = &product_record, .system = true, .hidden = true),
	REF   (quality, customer_id, L("客户", "Customer"), .to = &customer_record, .system = true, .fixed = true, .index = true, .hidden = true),
	CHOICE(quality, channel,     L("渠道", "Channel"), .of = ticket_channels, .system = true),
	TIME  (quality, closed_at,   L("会话结束", "Conversation ended"), .system = true, .sort = true),
	CHOICE(quality, drawn_for,   L("抽中原因", "Drawn because"), .of = reasons, .system = true),
	COUNT (quality, rating,      L("客户评分", "Rating"), .most = 5, .system = true, .hidden = true),
	COUNT (quality, round,       L("第几次结束", "Time that it ended"), .system = true, .hidden = true),
	COUNT (quality, first_score, L("自动得分", "Score by rules"), .system = true, .hidden = true),
	TIME  (quality, told_at,     L("结果告知", "Result told"), .system = true, .hidden = true),
	REF   (quality, reviewed_by, L("复核人", "Reviewed by"), .to = &user_record, .system = true, .hidden = true),
	TIME  (quality, reviewed_at, L("复核时间", "Reviewed at"), .system = true, .hidden = true),
	SEALED(quality, comment,     L("评语", "Comment"), .system = true, .hidden = true),
	TIME  (quality, appealed_at, L("申诉时间", "Appealed at"), .system = true, .hidden = true),
	SEALED(quality, appeal,      L("申诉理由", "Appeal"), .system = true, .hidden = true),
	CHOICE(quality, outcome,     L("申诉结果", "Outcome"), .of = quality_outcomes, .system = true, .hidden = true),
	REF   (quality, decided_by,  L("申诉处理人", "Decided by"), .to = &user_record, .system = true, .hidden = true),
	TIME  (quality, decided_at,  L("申诉处理时间", "Decided at"), .system = true, .hidden = true),
	SEALED(quality, decision,    L("申诉答复", "Decision"), .system = true, .hidden = true),
};

static int gone(struct ctx *c, const void *row)
{
	return quality_findings_drop(c, ((const struct quality *)row)->id, NULL);
}

const struct record quality_record = {
	.name = "quality", .label = L("质检结果", "Quality result"), .plural = "Quality results", .table = &table_quality, FIELDS(fields), .title = { "conversation_id" }, .default_sort = "-closed_at",
	.read_only = true, .no_import = true, .key_of = "customer_id", .within = "conversation_id", .gone = gone,
};

/* What it weighs -------------------------------------------------------------------------------------------------------------- */

bool quality_has_hand(struct ctx *c, const struct quality *q, int64_t user)
{
	return user == q->agent_id || strstr(q->hands, arena_format(c->arena, " %lld ", (long long)user));
}

void quality_grade(struct ctx *c, struct quality *q, int64_t score, bool fatal)
{
	q->score = score;
	q->fatal = fatal;
	q->compliant = !fatal && score >= setting_of(c, SETTING_QUALITY_PASS);
}

/* Each finding weighs what its rule did when it was made, whatever that has become. */
int quality_weigh(struct ctx *c, struct quality *q)
{
	struct quality_finding *f;
	size_t n;
	bool fatal;
	TRY(quality_findings_of(c, q->id, &f, &n));
	struct quality_spot *spots = ARENA_ARRAY(c->arena, struct quality_spot, n + 1);
	struct quality_check *rules = ARENA_ARRAY(c->arena, struct quality_check, n + 1);
	bool *counts = ARENA_ARRAY(c->arena, bool, n + 1);
	q->findings = 0;
	for (size_t i = 0; i < n; i++) {
		spots[i] = (struct quality_spot){ .rule = i };
		rules[i] = (struct quality_check){ .weight = f[i].weight, .fatal = f[i].fatal != 0 };
		counts[i] = !text_equal(f[i].verdict, "false") && !text_equal(f[i].verdict, QUALITY_UNSURE);
		q->findings += counts[i];
	}
	int64_t score = quality_score(spots, n, rules, counts, &fatal);
	quality_grade(c, q, score, fatal);
	return 0;
}

/* Findings, shown ------------------------------------------------------------------------------------------------------------- */

static const char *slice(struct ctx *c, const char *text, const struct quality_finding *f)
{
	size_t n = text ? strlen(text) : 0, from = (size_t)f->from_byte, to = (size_t)f->to_byte;
	return to > from && to <= n ? arena_string_n(c->arena, text + from, to - from) : "";
}

static const struct message *message_of(const struct message *rows, size_t n, const struct quality_finding *f)
{
	for (size_t i = 0; i < n && f->to_byte > f->from_byte; i++)
		if (rows[i].no == f->message_no)
			return &rows[i];
	return NULL;
}

static int words_of(struct ctx *c, const struct message *rows, size_t count, const struct quality_finding *f, size_t n, const char **out)
{
	struct pii_field *opened = ARENA_ARRAY(c->arena, struct pii_field, n + 1);
	size_t *of = ARENA_ARRAY(c->arena, size_t, n + 1), k = 0;
	for (size_t i = 0; i < n; i++) {
		const struct message *m = message_of(rows, count, &f[i]);
		out[i] = "";
		if (!m)
			continue;
		opened[k] = (struct pii_field){ .key = m->key, .context = "message.body", .sealed = m->body };
		of[k++] = i;
	}
	if (k)
		TRY(pii_open_many(c, opened, k));
	for (size_t i = 0; i < k; i++)
		out[of[i]] = slice(c, opened[i].text, &f[of[i]]);
	return 0;
}

static void write_finding(const struct quality_finding *f, const char *words, const struct titles *rules, const struct titles *people, struct text *out)
{
	const struct choice *kind = choice_find(quality_kinds, f->kind);
	const char *name = titles_find(rules, f->rule_id), *by = titles_find(people, f->by_id);
	text_format(out, "{\"no\":%lld,\"rule_id\":\"%lld\",\"kind\":\"%s\",\"kind_label\":", (long long)f->no, (long long)f->rule_id, f->kind);
	json_label(out, kind ? kind->zh : "", kind ? kind->en : "");
	text_append(out, ",\"rule\":");
	json_text(out, name ? name : "");
	text_format(out, ",\"message_no\":%lld,\"weight\":%lld,\"fatal\":%s,\"verdict\":\"%s\",\"by\":", (long long)f->message_no, (long long)f->weight, f->fatal ? "true" : "false", f->verdict);
	json_text(out, by);
	text_append(out, ",\"words\":");
	json_text(out, words);
	text_char(out, '}');
}

static size_t leave_out(struct quality_finding *f, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!text_equal(f[i].verdict, QUALITY_UNSURE))
			f[kept++] = f[i];
	return kept;
}

/* Names of rules are not secret to who is judged by them. */
int quality_write_findings(struct ctx *c, const struct quality *q, bool unsure, struct text *out)
{
	struct quality_finding *f;
	struct message *rows;
	struct titles rules, people;
	struct ctx all = ctx_as_system(c);
	size_t n, count;
	TRY(quality_findings_of(c, q->id, &f, &n));
	n = unsure ? n : leave_out(f, n);
	TRY(messages_after(c, q->conversation_id, 0, MESSAGES_READ, &rows, &count));
	const char **words = ARENA_ARRAY(c->arena, const char *, n + 1);
	TRY(words_of(c, rows, count, f, n, words));
	int64_t *rule_ids = ARENA_ARRAY(c->arena, int64_t, n + 1), *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		rule_ids[i] = f[i].rule_id;
		ids[i] = f[i].by_id;
	}
	TRY(record_titles(&all, &quality_rule_record, rule_ids, n, &rules));
	TRY(record_titles(&all, &user_record, ids, n, &people));
	text_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		text_append(out, i ? "," : "");
		write_finding(&f[i], words[i], &rules, &people, out);
	}
	text_char(out, ']');
	return 0;
}

/* The promise ----------------------------------------------------------------------------------------------------------------- */

static int compliant(struct ctx *c, const void *row, const struct promise_known *known, struct promise_verdict *out)
{
	const struct quality *q = row;
	out->counts = !text_equal(q->state, "replaced");
	out->held = q->compliant;
	out->at = q->closed_at;
	return 0;
}

static const struct promise_measure measures[] = { { "compliant", L("会话质检合格", "Compliant conversations"), PROMISE_SHARE, compliant }, { 0 } };

static int place(struct ctx *c, const void *row, int64_t at[PART_COUNT])
{
	const struct quality *q = row;
	at[PART_REGION] = q->region_id;
	at[PART_PRODUCT] = q->product_id;
	at[PART_TEAM] = q->team_id;
	at[PART_AGENT] = q->agent_id;
	at[PART_CHANNEL] = promise_channel(ticket_channels, q->channel);
	return 0;
}

const struct promise_source quality_promises = { .record = &quality_record, .measures = measures, .place = place, .channels = ticket_channels };
