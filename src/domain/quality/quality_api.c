/* What people do with results: review, appeal, decide; and what an agent sees of her own. */
#include "domain/quality/quality.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/notify/holders.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "engine/redact/redact.h"
#include "gen/quality_sql.h"

enum { VERDICTS_MOST = 200, ADDED_MOST = 20, WORDS_MOST = 1000, PAGE = 50, NOT_SAID = -1 };

/* Reading --------------------------------------------------------------------------------------------------------------------- */

static time_ms appeal_until(const struct ctx *c, const struct quality *q)
{
	return q->told_at + setting_ms(c, SETTING_QUALITY_APPEAL_DAYS);
}

static bool is_open_to_review(const struct quality *q)
{
	return text_equal(q->state, "inspected") || text_equal(q->state, "drawn") || text_equal(q->state, "reviewed");
}

static int64_t person(const struct ctx *c)
{
	return c->auth ? c->auth->user_id : 0;
}

static bool may_review(struct ctx *c, const struct quality *q)
{
	return c->actor_kind == ACTOR_USER && may(c, "quality.review") && is_open_to_review(q) && person(c) != q->agent_id;
}

static bool may_decide(struct ctx *c, const struct quality *q)
{
	return c->actor_kind == ACTOR_USER && may(c, "quality.decide") && text_equal(q->state, "appealed") && !quality_has_hand(c, q, person(c));
}

static bool may_appeal(struct ctx *c, const struct quality *q)
{
	bool open = (is_open_to_review(q) && q->findings > 0) && !q->appealed_at;
	return c->actor_kind == ACTOR_USER && open && person(c) == q->agent_id && c->now <= appeal_until(c, q);
}

/* sees: who reads its fields; c: who may do something with it. Whom it is about sees through other eyes, and no mark that nobody has confirmed. */
static int write_whole(struct ctx *c, struct ctx *sees, const struct quality *q, struct text *t)
{
	text_append(t, "{\"result\":");
	TRY(record_json(sees, &quality_record, q, t));
	text_append(t, ",\"findings\":");
	TRY(quality_write_findings(c, q, c == sees, t));
	text_format(t, ",\"appeal_until\":%lld,\"may_review\":%s,\"may_decide\":%s,\"may_appeal\":%s}", (long long)appeal_until(c, q), may_review(c, q) ? "true" : "false", may_decide(c, q) ? "true" : "false", may_appeal(c, q) ? "true" : "false");
	return 0;
}

static int show(struct ctx *c, const struct quality *q, void *out)
{
	struct text t = text_in(c->arena);
	TRY(write_whole(c, c, q, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int inspection(struct ctx *c, const void *in, void *out)
{
	struct quality q;
	TRY(record_get(c, &quality_record, ((const struct id_in *)in)->id, &q));
	return show(c, &q, out);
}

/* Hers: of somebody else's she does not learn that it is there. */
static int own_of(struct ctx *c, int64_t id, struct quality *q)
{
	int r = quality_row_get(c, id, q);
	bool hers = r == 0 && person(c) && q->agent_id == person(c) && !q->archived_at && !text_equal(q->state, "replaced");
	return r == ERR_NOT_FOUND || (r == 0 && !hers) ? fail(c, ERR_NOT_FOUND, NULL) : r;
}

static int own(struct ctx *c, const void *in, void *out)
{
	struct quality q;
	struct ctx all = ctx_as_system(c);
	struct text t = text_in(c->arena);
	TRY(own_of(c, ((const struct id_in *)in)->id, &q));
	TRY(write_whole(c, &all, &q, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct own_in {
	int64_t after, after_id;
};
static const struct member own_members[] = { MEMBER(struct own_in, after, time_ms), MEMBER(struct own_in, after_id, ref) };
static const struct shape own_shape = SHAPE("quality_own_query", struct own_in, own_members);

static int owns(struct ctx *c, const void *in, void *out)
{
	const struct own_in *v = in;
	struct quality *rows;
	struct ctx all = ctx_as_system(c);
	struct text t = text_in(c->arena);
	size_t n;
	time_ms after = v->after > 0 ? v->after : FAR_FUTURE_MS;
	TRY(qualities_of_agent(c, person(c) ? person(c) : INT64_MAX, after, v->after_id > 0 ? v->after_id : INT64_MAX, PAGE + 1, &rows, &n));
	size_t shown = n > PAGE ? PAGE : n;
	text_append(&t, "{\"items\":");
	TRY(record_json_list(&all, &quality_record, rows, shown, &t));
	text_format(&t, ",\"more\":%s}", n > PAGE ? "true" : "false");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Changing -------------------------------------------------------------------------------------------------------------------- */

struct verdict_in {
	int64_t no, right;
};
static const struct member verdict_members[] = { MEMBER(struct verdict_in, no, count, .flags = MEMBER_REQUIRED), MEMBER(struct verdict_in, right, flag, .flags = MEMBER_REQUIRED) };
static const struct shape verdict_shape = SHAPE("quality_verdict", struct verdict_in, verdict_members);

struct added_in {
	int64_t rule_id, message_no;
};
static const struct member added_members[] = { MEMBER(struct added_in, rule_id, id, .flags = MEMBER_REQUIRED), MEMBER(struct added_in, message_no, count, .flags = MEMBER_REQUIRED) };
static const struct shape added_shape = SHAPE("quality_added", struct added_in, added_members);

struct review_in {
	int64_t id, version, score;
	const char *comment, *outcome;
	struct list verdicts, added;
};
#define REVIEW_MEMBERS                                                                             \
	MEMBER(struct review_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct review_in, version, count, .flags = MEMBER_REQUIRED), \
	MEMBER(struct review_in, score, count, .most = 100, .flags = MEMBER_NULLABLE), MEMBER(struct review_in, verdicts, list, .shape = &verdict_shape, .most = VERDICTS_MOST), \
	MEMBER(struct review_in, added, list, .shape = &added_shape, .most = ADDED_MOST)
static const struct member review_members[] = { REVIEW_MEMBERS, MEMBER(struct review_in, comment, text, .most = WORDS_MOST) };
static const struct shape review_shape = SHAPE("quality_review", struct review_in, review_members);

static const struct member decide_members[] = {
	REVIEW_MEMBERS, MEMBER(struct review_in, outcome, code, .flags = MEMBER_REQUIRED, .choices = quality_outcomes), MEMBER(struct review_in, comment, text, .flags = MEMBER_REQUIRED, .least = 1, .most = WORDS_MOST),
};
static const struct shape decide_shape = SHAPE("quality_decision", struct review_in, decide_members);

static int take_verdicts(struct ctx *c, const struct quality *q, const struct quality_finding *f, size_t n, const struct list *said)
{
	const struct verdict_in *v = said->at;
	for (size_t i = 0; i < said->n; i++) {
		if (v[i].no < 1 || v[i].no > (int64_t)n || f[v[i].no - 1].no != v[i].no)
			return fail_field(c, arena_format(c->arena, "verdicts[%zu].no", i), ERR_FIELD_REFERENCE, NULL);
		TRY(quality_verdict(c, q->id, v[i].no, v[i].right ? "true" : "false", NULL));
	}
	return 0;
}

/* A finding of her own is of a rule there is: so it weighs what such a thing weighs. */
static int take_added(struct ctx *c, const struct quality *q, size_t n, const struct list *added)
{
	const struct added_in *v = added->at;
	struct conversation k;
	TRY(conversation_row_get(c, q->conversation_id, &k));
	for (size_t i = 0; i < added->n; i++) {
		struct quality_rule rule;
		TRY(record_named(c, &quality_rule_record, arena_format(c->arena, "added[%zu].rule_id", i), v[i].rule_id, &rule));
		if (v[i].message_no < 1 || v[i].message_no > k.last_no)
			return fail_field(c, arena_format(c->arena, "added[%zu].message_no", i), ERR_FIELD_REFERENCE, NULL);
		struct quality_finding f = { .tenant = c->tenant, .quality_id = q->id, .no = (int64_t)(n + i) + 1, .rule_id = rule.id, .kind = rule.kind, .message_no = v[i].message_no,
			.weight = rule.weight, .fatal = rule.fatal, .by_id = person(c), .verdict = "true" };
		TRY(quality_finding_row_insert(c, &f));
	}
	return 0;
}

/* What a person says of the findings, and the score that follows or that she gives. */
static int judge(struct ctx *c, const struct review_in *in, struct quality *q)
{
	struct quality_finding *f;
	size_t n;
	TRY(quality_findings_of(c, q->id, &f, &n));
	TRY(take_verdicts(c, q, f, n, &in->verdicts));
	TRY(take_added(c, q, n, &in->added));
	TRY(quality_weigh(c, q));
	if (in->score != NULL_INT && in->score >= 0)
		quality_grade(c, q, in->score, q->fatal != 0);
	return 0;
}

static int get_for(struct ctx *c, const struct review_in *in, struct quality *q)
{
	TRY(record_get(c, &quality_record, in->id, q));
	return q->version == in->version ? 0 : record_conflict(c, &quality_record, q);
}

static const char *clean(struct ctx *c, const char *text)
{
	return text_empty(text) ? NULL : redact(c->arena, text, strlen(text), NULL);
}

/* Whoever is judged hears of it where she may look. */
static int tell_agent(struct ctx *c, const struct quality *q, const char *kind)
{
	const char *data = arena_format(c->arena, "{\"text\":\"%lld\"}", (long long)q->score);
	return q->agent_id ? notify_staff(c, q->agent_id, &(struct staff_notice){ .kind = kind, .object = "conversation", .object_id = q->conversation_id, .data = data }) : 0;
}

static int review(struct ctx *c, const void *arg, void *out)
{
	const struct review_in *in = arg;
	struct quality q, old;
	TRY(get_for(c, in, &q));
	old = q;
	TRY(require(c, is_open_to_review(&q), ERR_STATE, NULL));
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	TRY(require(c, person(c) != q.agent_id, ERR_SECOND_PERSON, NULL));
	TRY(judge(c, in, &q));
	if (!quality_has_hand(c, &q, person(c)))
		q.hands = arena_format(c->arena, "%s%lld ", text_empty(q.hands) ? " " : q.hands, (long long)person(c));
	q.state = "reviewed";
	q.reviewed_by = person(c);
	q.reviewed_at = q.told_at = c->now;
	TRY(pii_seal(c, q.key, "quality.comment", clean(c, in->comment), &q.comment));
	TRY(record_update(c, &quality_record, &old, &q, "quality.reviewed", NULL, arena_format(c->arena, "{\"score\":%lld}", (long long)q.score)));
	TRY(tell_agent(c, &q, "quality_reviewed"));
	return show(c, &q, out);
}

struct appeal_in {
	int64_t id;
	const char *text;
};
static const struct member appeal_members[] = { MEMBER(struct appeal_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct appeal_in, text, text, .flags = MEMBER_REQUIRED, .least = 1, .most = WORDS_MOST) };
static const struct shape appeal_shape = SHAPE("quality_appeal", struct appeal_in, appeal_members);

/* All who could decide hear of it. */
static int tell_deciders(struct ctx *c, const struct quality *q)
{
	struct holders able;
	struct ctx all = ctx_as_system(c);
	TRY(holders_of(&all, "quality.decide", HOLDS, model_of(c, &quality_record), q, &able));
	for (size_t i = 0; i < able.n; i++)
		if (!quality_has_hand(c, q, able.at[i].id))
			TRY(notify_staff(c, able.at[i].id, &(struct staff_notice){ .kind = "quality_appealed", .object = "quality", .object_id = q->id }));
	return 0;
}

static int appeal(struct ctx *c, const void *arg, void *out)
{
	const struct appeal_in *in = arg;
	struct quality q, old;
	TRY(own_of(c, in->id, &q));
	old = q;
	TRY(require(c, may_appeal(c, &q), ERR_STATE, NULL));
	q.state = "appealed";
	q.appealed_at = c->now;
	TRY(pii_seal(c, q.key, "quality.appeal", clean(c, in->text), &q.appeal));
	TRY(record_update(c, &quality_record, &old, &q, "quality.appealed", NULL, NULL));
	TRY(tell_deciders(c, &q));
	return own(c, &(struct id_in){ q.id }, out);
}

/* By a person who is neither the one whom it is about nor one who has judged it. */
static int decide(struct ctx *c, const void *arg, void *out)
{
	const struct review_in *in = arg;
	struct quality q, old;
	TRY(get_for(c, in, &q));
	old = q;
	TRY(require(c, text_equal(q.state, "appealed"), ERR_STATE, NULL));
	TRY(require(c, c->actor_kind == ACTOR_USER, ERR_FORBIDDEN, NULL));
	TRY(require(c, !quality_has_hand(c, &q, person(c)), ERR_SECOND_PERSON, NULL));
	if (text_equal(in->outcome, "granted"))
		TRY(judge(c, in, &q));
	q.state = "decided";
	q.outcome = in->outcome;
	q.decided_by = person(c);
	q.decided_at = c->now;
	TRY(pii_seal(c, q.key, "quality.decision", clean(c, in->comment), &q.decision));
	TRY(record_update(c, &quality_record, &old, &q, "quality.decided", NULL, arena_format(c->arena, "{\"outcome\":\"%s\",\"score\":%lld}", q.outcome, (long long)q.score)));
	TRY(tell_agent(c, &q, "quality_decided"));
	return show(c, &q, out);
}

const struct route quality_routes[] = {
	ROUTE(GET, "/api/v1/quality/{id}/inspection", "quality.read", POOL, .in = &id_shape, .out = &raw_shape, .run = inspection,
	      .zh = "质检：结果与问题", .en = "Quality: result and findings"),
	ROUTE(POST, "/api/v1/quality/{id}/review", "quality.review", WRITE, .body = BODY_JSON, .in = &review_shape, .out = &raw_shape, .run = review,
	      .zh = "质检：复核", .en = "Quality: review"),
	ROUTE(POST, "/api/v1/quality/{id}/decide", "quality.decide", WRITE, .body = BODY_JSON, .in = &decide_shape, .out = &raw_shape, .run = decide,
	      .zh = "质检：处理申诉（由另一人）", .en = "Quality: decide an appeal, by another person"),
	ROUTE(GET, "/api/v1/quality_own", "quality.own", POOL, .in = &own_shape, .out = &raw_shape, .run = owns,
	      .zh = "质检：本人的结果", .en = "Quality: one's own results"),
	ROUTE(GET, "/api/v1/quality_own/{id}", "quality.own", POOL, .in = &id_shape, .out = &raw_shape, .run = own,
	      .zh = "质检：本人的一次结果", .en = "Quality: one of one's own"),
	ROUTE(POST, "/api/v1/quality_own/{id}/appeal", "quality.own", WRITE, .body = BODY_JSON, .in = &appeal_shape, .out = &raw_shape, .run = appeal,
	      .zh = "质检：申诉", .en = "Quality: appeal"),
};
const size_t quality_route_count = sizeof(quality_routes) / sizeof(quality_routes[0]);
