/* One call: set down, made, checked, settled. */
#include "domain/model/model_private.h"

#include <string.h>

#include "channel/model/model_answer.h"
#include "core/auth/auth.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "net/client.h"

enum { ANSWER_TOKENS = 600, TRY_TOKENS = 16, FAILURES = 3, LATELY = 64 };
static const int64_t pause_ms = 60 * (int64_t)SECOND_MS, under_way_ms = 2 * (int64_t)MINUTE_MS;

/* Setting down ---------------------------------------------------------------------------------------------------------------- */

static int day_now(struct ctx *c, int64_t *day)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*day = day_of(c->now, (int)tenant.zone_minutes);
	return 0;
}

static bool failed(const struct model_call *m)
{
	return text_equal(m->outcome, model_outcome_name(CALL_FAILED)) || text_equal(m->outcome, model_outcome_name(CALL_LATE));
}

/* One that fails again and again is left alone for a minute, and never are more of its calls under way than the company lets wait. */
static int is_paused(struct ctx *c, const struct model_asking *q, bool *out)
{
	struct model_call *rows;
	size_t n, open = 0, left = 0, failures = 0;
	TRY(model_calls_lately(c, q->account->row.id, c->now - under_way_ms, LATELY, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		bool is_open = text_equal(rows[i].outcome, model_outcome_name(CALL_OPEN));
		open += is_open;
		if (is_open || text_equal(rows[i].outcome, model_outcome_name(CALL_PAUSED)) || text_equal(rows[i].outcome, model_outcome_name(CALL_BUDGET)))
			continue;
		failures += left++ < FAILURES && failed(&rows[i]) && rows[i].created_at > c->now - pause_ms;
	}
	*out = q->prompt.task != MODEL_TRY && (failures == FAILURES || open >= (size_t)setting_of(c, SETTING_MODEL_PARALLEL));
	return 0;
}

static int set_down(struct ctx *c, void *arg)
{
	struct model_entry *e = arg;
	const struct model_asking *q = e->q;
	struct model_day *days;
	size_t n;
	bool paused;
	TRY(day_now(c, &e->day));
	TRY(model_day_of(c, e->day, &days, &n));
	TRY(is_paused(c, q, &paused));
	bool embeds = q->prompt.task == MODEL_EMBED;
	int64_t most = setting_of(c, embeds ? SETTING_MODEL_DAILY_EMBED_TOKENS : SETTING_MODEL_DAILY_TOKENS), spent_before = !n ? 0 : embeds ? days[0].embed_tokens : days[0].tokens;
	bool spent = spent_before + e->tokens > most;
	e->outcome = spent ? CALL_BUDGET : paused ? CALL_PAUSED : CALL_OPEN;
	e->id = new_id(c);
	struct model_call row = {
		.tenant = c->tenant, .id = e->id, .account_id = q->account->row.id, .conversation_id = q->conversation_id, .no = q->no, .purpose = model_purpose(q->prompt.task),
		.outcome = model_outcome_name(e->outcome), .reason = "", .set_aside = e->outcome == CALL_OPEN ? e->tokens : 0, .created_at = c->now, .version = 1,
	};
	TRY(model_call_row_insert(c, &row));
	if (e->outcome != CALL_OPEN)
		return 0;
	return embeds ? model_day_embed(c, e->day, e->tokens, NULL) : model_day_add(c, e->day, e->tokens, NULL);
}

/* What was set aside stays spent where an endpoint that answers does not count, or where nobody knows what became of the call. */
static int settle(struct ctx *c, void *arg)
{
	struct model_entry *e = arg;
	struct model_call row;
	TRY(model_call_row_get(c, e->id, &row));
	int64_t counted = e->answer.asked + e->answer.said;
	bool is_known = counted || e->costs_nothing;
	row.outcome = model_outcome_name(e->outcome);
	row.reason = e->reason;
	row.asked_tokens = e->answer.asked;
	row.said_tokens = e->answer.said;
	row.took_ms = e->took_ms;
	TRY(model_call_row_update(c, &row));
	if (e->q->prompt.task == MODEL_EMBED)
		return model_day_embed_settle(c, e->day, is_known ? counted - e->tokens : 0, NULL);
	return model_day_settle(c, e->day, is_known ? counted - e->tokens : 0, e->outcome == CALL_SAID, e->outcome == CALL_HELD, NULL);
}

static int write_entry(struct ctx *c, int (*run)(struct ctx *c, void *arg), struct model_entry *e)
{
	struct write_request w = { .run = run, .arg = e, .queue = QUEUE_JOBS, .ctx = ctx_as_system(c) };
	return writer_run(c->services->writer, &w);
}

int model_entry_begin(struct ctx *c, struct model_entry *e) { return write_entry(c, set_down, e); }
int model_entry_end(struct ctx *c, struct model_entry *e) { return write_entry(c, settle, e); }

/* The call ----------------------------------------------------------------------------------------------------------------------- */

int model_post(struct ctx *c, const struct model_opened *m, const struct model_post_options *o, const struct text *body, struct client_reply *reply)
{
	const struct http_pair headers[] = { { "Content-Type", "application/json" }, { "Authorization", arena_format(c->arena, "Bearer %s", m->secret ? m->secret : "") } };
	return client_send(sender_client(c->services->sender), c->arena, &(struct client_request){
		.method = "POST", .url = arena_format(c->arena, "%s/%s", m->row.base_url, o->path), .headers = headers, .header_count = m->secret ? 2 : 1,
		.body = { (const uint8_t *)body->p, body->n }, .timeout_ms = o->timeout_ms ? o->timeout_ms : (unsigned)(m->row.timeout_s * SECOND_MS), .reply_most = o->reply_most,
	}, reply, c->error);
}

void model_missed(struct ctx *c, struct model_entry *e, struct model_outcome *out, int r, const struct client_reply *reply)
{
	const char *why = c->error->arg ? c->error->arg : "";
	const bool refused = r == ERR_OUTBOUND_REFUSED;
	e->outcome = reply->left ? CALL_LATE : CALL_FAILED;
	e->costs_nothing = !reply->left;
	e->reason = refused ? "address" : reply->left ? "late" : "unreachable";
	out->zh = refused ? "不允许访问这个接口地址：内部地址要由运维人员加入 outbound-allow" : reply->left ? "模型没有在规定时间内答完" : arena_format(c->arena, "连不上接口：%s。请检查地址和服务器的网络", why);
	out->en = refused ? "This server may not call that address: an inside address has to be in the operator's outbound-allow" : reply->left ? "The model did not end its answer in time" : arena_format(c->arena, "The endpoint cannot be reached: %s", why);
	error_clear(c->error);
}

void model_judge(struct model_entry *e, int status, struct model_outcome *out)
{
	static const char *const reasons[] = { [MODEL_SAID] = "", [MODEL_DECLINED] = "", [MODEL_CUT] = "cut", [MODEL_KEY] = "key", [MODEL_ABSENT] = "absent", [MODEL_BUSY] = "busy", [MODEL_REFUSED] = "refused", [MODEL_DOWN] = "down", [MODEL_GARBAGE] = "garbage" };
	const struct model_answer *answer = &e->answer;
	e->reason = reasons[answer->verdict];
	e->costs_nothing = status >= 400;
	out->answered = answer->verdict == MODEL_SAID;
	out->zh = model_verdict_words(answer->verdict, LANG_ZH);
	out->en = model_verdict_words(answer->verdict, LANG_EN);
	e->outcome = answer->verdict == MODEL_SAID ? CALL_SAID : answer->verdict == MODEL_DECLINED || answer->verdict == MODEL_CUT ? CALL_DECLINED : CALL_FAILED;
}

static void judge(struct ctx *c, struct model_entry *e, int status, struct model_outcome *out)
{
	const struct model_answer *answer = &e->answer;
	model_judge(e, status, out);
	if (answer->verdict != MODEL_SAID || e->q->prompt.task == MODEL_TRY)
		return;
	out->fault = model_check(c->arena, &e->q->prompt, answer->text, &out->cited);
	e->outcome = out->fault ? CALL_HELD : CALL_SAID;
	e->reason = model_fault_name(out->fault);
	out->text = out->fault ? NULL : answer->text;
}

static void call(struct ctx *c, struct model_entry *e, const struct text *body, struct model_outcome *out)
{
	struct client_reply reply;
	time_ms from = clock_now(c->services->clock);
	int r = model_post(c, e->q->account, &(struct model_post_options){ .path = "chat/completions", .reply_most = MODEL_REPLY_MOST }, body, &reply);
	e->took_ms = clock_now(c->services->clock) - from;
	if (r < 0)
		return model_missed(c, e, out, r, &reply);
	model_answer_read(c->arena, reply.status, (const char *)reply.body.p, reply.body.n, &e->answer);
	judge(c, e, reply.status, out);
}

void model_not_called(const struct model_entry *e, struct model_outcome *out)
{
	out->zh = e->outcome == CALL_BUDGET ? "今天的 token 额度已用完，明天恢复" : "接口连续失败或正忙，暂停调用一分钟";
	out->en = e->outcome == CALL_BUDGET ? "The tokens of this day are used up" : "The endpoint failed again and again, or is busy: it is left alone for a minute";
}

void model_ask(struct ctx *c, const struct model_asking *q, struct model_outcome *out)
{
	struct model_entry e = { .q = q, .reason = "" };
	struct text body = text_in(c->arena);
	struct error before = *c->error;
	const int64_t tokens = q->prompt.task == MODEL_TRY ? TRY_TOKENS : ANSWER_TOKENS;
	*out = (struct model_outcome){ .zh = "服务器没有开通对外访问", .en = "This server calls nobody" };
	if (!c->services->sender)
		return;
	model_request_write(&body, q->account->row.model, &q->prompt, tokens);
	e.tokens = model_request_tokens(body.n) + tokens;
	int r = model_entry_begin(c, &e);
	if (r == 0 && e.outcome != CALL_OPEN) {
		model_not_called(&e, out);
	} else if (r == 0) {
		call(c, &e, &body, out);
		r = model_entry_end(c, &e);
	}
	if (r < 0) {
		out->text = NULL;       /* what stands in no ledger is not said */
		error_take_back(c->error, &before);
	}
}
