/* Endpoints and the ledger as records. The key goes in and never comes out. */
#include "domain/model/model_private.h"

#include <string.h>

#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/job.h"
#include "db/writer.h"
#include "gen/job_sql.h"
#include "net/address.h"

enum { HOST_MOST = 255 };

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice purposes[] = { [MODEL_ANSWER] = { "answer", "按知识回答", "Answer" }, [MODEL_PHRASE] = { "phrase", "改写回答", "Wording" }, [MODEL_SUMMARY] = { "summary", "会话小结", "Summary" }, [MODEL_TRY] = { "try", "测试", "Try" }, [MODEL_EMBED] = { "embed", "向量", "Vectors" }, [MODEL_INSPECT] = { "inspect", "质检", "Quality" }, { 0 } };
static const struct choice outcomes[] = {
	[CALL_OPEN] = { "open", "结果未知", "Not known", "dashed" }, [CALL_SAID] = { "said", "已采用", "Used", "tick" }, [CALL_HELD] = { "held", "检查未通过", "Held back", "dash" },
	[CALL_DECLINED] = { "declined", "模型未回答", "No answer", "dash" }, [CALL_FAILED] = { "failed", "调用失败", "Failed", "dash" }, [CALL_LATE] = { "late", "超时", "Too late", "dash" },
	[CALL_BUDGET] = { "budget", "额度用完", "Tokens used up", "pause" }, [CALL_PAUSED] = { "pause", "暂停调用", "Paused", "pause" }, { 0 },
};

const char *model_purpose(enum model_task task)
{
	return purposes[task].value;
}

const char *model_outcome_name(enum call_outcome outcome)
{
	return outcomes[outcome].value;
}

/* "10.0.0.5" of "http://10.0.0.5:8000/v1": where there is no TLS, an address of the house, which the guard asks the operator's list about. */
static bool is_inside(const char *url)
{
	char host[HOST_MOST + 1];
	struct ip_address address;
	const char *from = url + strlen("http://");
	bool bracketed = *from == '[';
	from += bracketed;
	size_t n = strcspn(from, bracketed ? "]/" : ":/");
	if (!n || n > HOST_MOST)
		return false;
	memcpy(host, from, n);
	host[n] = 0;
	return !strcmp(host, "localhost") || (address_parse(host, &address) && !address_is_public(&address));
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct model_account *was = old;
	struct model_account *m = row;
	const char *url = m->base_url ? m->base_url : "";
	size_t n = strlen(url);
	bool tls = !strncmp(url, "https://", 8) && n > 8, plain = !strncmp(url, "http://", 7) && is_inside(url);
	if ((!tls && !plain) || url[n - 1] == '/' || strpbrk(url, "?#@ \\"))
		fail_field(c, "base_url", ERR_FIELD_INVALID, ": https://api.example.cn/v1");
	if (was && !text_equal(was->base_url, url)) {   /* a key that was given for one address is not sent to another */
		m->secret = (struct bytes){ 0 };
		m->secret_at = 0;
	}
	if (was && (!text_equal(was->base_url, url) || !text_equal(was->model, m->model)))
		m->dimension = 0;
	if (m->for_embed && (m->for_answer || m->for_phrase || m->for_summary || m->for_inspect))         /* no model does both */
		fail_field(c, "for_embed", ERR_FIELD_INVALID, "");
	return c->error->code;
}

/* Phrasings get their vectors in the background. */
static int after(struct ctx *c, const void *old, const void *row)
{
	const struct model_account *m = row;
	return m->for_embed && text_equal(m->state, "on") && !m->archived_at ? model_wake_embedding(c) : 0;
}

/* One that is under way looks again by itself; begun anew, it would lose what it has just fetched and paid for. */
int model_wake_embedding(struct ctx *c)
{
	struct jobs_running_row running;
	TRY(jobs_running(c, MODEL_EMBED_JOB, &running));
	return running.n ? 0 : job_add(c, new_id(c), MODEL_EMBED_JOB, c->now, "embed", NULL);
}

static const struct field account_fields[] = {
	CODE  (model_account, title,       L("名称", "Name"), .required = true, .search = true, .most = 60),
	CHOICE(model_account, state,       L("状态", "State"), .of = states, .initial = "off"),
	CODE  (model_account, base_url,    L("接口地址", "Base address"), .required = true, .most = 200),
	CODE  (model_account, model,       L("模型名称", "Model"), .required = true, .most = 100),
	COUNT (model_account, timeout_s,   L("最长等待（秒）", "Waits at most (s)"), .least = 1, .most = 60, .initial = "10", .hidden = true),
	FLAG  (model_account, for_answer,  L("知识库没有直接答案时，按文章回答", "Answer from articles where no answer fits"), .hidden = true),
	FLAG  (model_account, for_phrase,  L("按客户的问法改写回答", "Word answers to fit the question"), .hidden = true),
	FLAG  (model_account, for_summary, L("会话结束后拟小结", "Draft a summary when a conversation is closed"), .hidden = true),
	FLAG  (model_account, for_inspect, L("会话结束后按质检规则检查", "Look at closed conversations for the quality inspection"), .hidden = true),
	FLAG  (model_account, for_embed,   L("为问法和客户的问题计算向量", "Vectors of phrasings and questions"), .hidden = true),
	COUNT (model_account, dimension,   L("向量维度", "Numbers of a vector"), .system = true, .hidden = true),
	TIME  (model_account, secret_at,   L("密钥设置时间", "Key since"), .system = true, .hidden = true),
};

const struct record model_account_record = {
	.name = "model_account", .label = L("大语言模型", "Language model"), .plural = "Language models", .table = &table_model_account, FIELDS(account_fields), .title = { "title" },
	.no_import = true, .before = before, .after = after,
};

static const struct field call_fields[] = {
	REF   (model_call, account_id,   L("模型", "Model"), .to = &model_account_record, .index = true, .system = true),
	CHOICE(model_call, purpose,      L("用途", "Purpose"), .of = purposes, .system = true),
	CHOICE(model_call, outcome,      L("结果", "Outcome"), .of = outcomes, .index = true, .split = true, .system = true),
	CODE  (model_call, reason,       L("原因", "Reason"), .system = true),
	COUNT (model_call, asked_tokens, L("输入 token", "Tokens asked"), .system = true),
	COUNT (model_call, said_tokens,  L("输出 token", "Tokens said"), .system = true),
	COUNT (model_call, took_ms,      L("用时（毫秒）", "Took (ms)"), .system = true),
	COUNT (model_call, no,           L("第几条消息", "Message"), .system = true, .hidden = true),
	COUNT (model_call, set_aside,    L("预留 token", "Tokens set aside"), .system = true, .hidden = true),
};

const struct record model_call_record = {
	.name = "model_call", .label = L("模型调用", "Model call"), .plural = "Model calls", .table = &table_model_call, FIELDS(call_fields), .title = { "purpose" }, .read_only = true, .no_import = true,
};

/* The key ------------------------------------------------------------------------------------------------------------------- */

struct secret_in {
	int64_t id;
	const char *secret;
};
static const struct member secret_members[] = { MEMBER(struct secret_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct secret_in, secret, code, .flags = MEMBER_SECRET | MEMBER_REQUIRED, .most = 300) };
const struct shape model_secret_shape = SHAPE("model_secret", struct secret_in, secret_members);

int model_set_secret(struct ctx *c, const void *in, void *out)
{
	const struct secret_in *v = in;
	struct model_account m;
	struct bytes sealed;
	TRY(record_get(c, &model_account_record, v->id, &m));
	for (const char *p = v->secret; *p; p++)
		if (*p <= ' ' || *p > '~')
			return fail_field(c, "secret", ERR_FIELD_INVALID, "");
	TRY(pii_seal(c, m.key, "model_account.secret", v->secret, &sealed));
	TRY(model_secret_put(c, m.id, sealed, c->now, NULL));
	TRY(after(c, NULL, &m));        /* what was refused for want of it need not wait */
	return event_add(c, "model_account.secret_changed", "model_account", m.id, "{}");
}

int model_open(struct ctx *c, const struct model_account *row, struct model_opened *out)
{
	*out = (struct model_opened){ .row = *row };
	return pii_open(c, row->key, "model_account.secret", row->secret, &out->secret);
}

static bool is_for(const struct model_account *m, enum model_task task)
{
	return task == MODEL_ANSWER ? m->for_answer : task == MODEL_PHRASE ? m->for_phrase : task == MODEL_EMBED ? m->for_embed : task == MODEL_INSPECT ? m->for_inspect : m->for_summary;
}

/* NULL: there is none. */
static int find_for(struct ctx *c, enum model_task task, const struct model_account **out)
{
	struct model_account *rows;
	size_t n;
	*out = NULL;
	TRY(model_accounts_on(c, &rows, &n));
	for (size_t i = 0; i < n && !*out; i++)
		if (is_for(&rows[i], task))
			*out = &rows[i];
	return 0;
}

int model_is_on(struct ctx *c, enum model_task task, bool *on)
{
	const struct model_account *row;
	TRY(find_for(c, task, &row));
	*on = row != NULL;
	return 0;
}

int model_row_for(struct ctx *c, enum model_task task, struct model_account *out)
{
	const struct model_account *row;
	TRY(find_for(c, task, &row));
	*out = row ? *row : (struct model_account){ 0 };
	return 0;
}

int model_for(struct ctx *c, enum model_task task, struct model_opened *out)
{
	const struct model_account *row;
	*out = (struct model_opened){ .secret = NULL };
	TRY(find_for(c, task, &row));
	return row ? model_open(c, row, out) : 0;
}

int model_is_declined(struct ctx *c, int64_t customer, bool *out)
{
	struct model_consent_taken_back_row *rows;
	size_t n;
	TRY(model_consent_taken_back(c, customer, &rows, &n));
	*out = n > 0;
	return 0;
}
