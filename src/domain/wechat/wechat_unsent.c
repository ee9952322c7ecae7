/* 微信客服, what comes outside of messages: an answer that was taken and did not reach her, and the code that lets one greet who opens the chat.
 * Events and figures: developer.work.weixin.qq.com/document/path/94670 (msg_send_fail, enter_session) and 95122 (send_msg_on_event). */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"
#include "net/client.h"

/* Not delivered --------------------------------------------------------------------------------------------------------------- */

/* The event may be faster than the answer that says that it was sent. */
static const int64_t look_again_ms = 15 * (int64_t)SECOND_MS;

static const struct { int64_t type; enum wechat_verdict verdict; const char *zh; } reasons[] = {
	{ 1, WECHAT_FINAL, "客服账号已删除" }, { 2, WECHAT_FINAL, "应用已停用" }, { 4, WECHAT_WINDOW, "会话已超过 48 小时" }, { 5, WECHAT_WINDOW, "会话已关闭" }, { 6, WECHAT_QUOTA, "超过可发条数" },
	{ 8, WECHAT_FINAL, "企业主体未验证" }, { 10, WECHAT_UNWILLING, "客户拒收" }, { 11, WECHAT_FINAL, "企业没有成员登录企业微信" }, { 12, WECHAT_FINAL, "消息类型不允许发送" }, { 13, WECHAT_FINAL, "内容被安全限制" },
};

struct unsent_in {
	int64_t account, batch, type;
};
static const struct member unsent_members[] = { MEMBER(struct unsent_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct unsent_in, batch, id, .flags = MEMBER_REQUIRED), MEMBER(struct unsent_in, type, count) };
static const struct shape unsent_shape = SHAPE("wechat_unsent", struct unsent_in, unsent_members);

static int divert(struct ctx *c, const struct wechat_out *rows, size_t n, int64_t type)
{
	struct wechat_account w;
	struct conversation k;
	const char *why = "原因未说明";
	enum wechat_verdict verdict = WECHAT_FINAL;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].type == type) {
			why = reasons[i].zh;
			verdict = reasons[i].verdict;
		}
	TRY(wechat_window_learn(c, rows[0].identity_id, verdict));
	TRY(wechat_account_row_get(c, rows[0].account_id, &w));
	TRY(conversation_row_get(c, rows[0].conversation_id, &k));
	TRY(conversation_note_down(c, &k, arena_format(c->arena, "微信没有送达：%s", why)));
	TRY(wechat_tell_owner(c, &rows[0]));
	for (size_t i = 0; i < n; i++)
		TRY(wechat_fall_back(c, &w, &rows[i]));
	return 0;
}

static int want_look(struct ctx *c, const struct unsent_in *in)
{
	struct text t = text_in(c->arena);
	json_write(&t, &unsent_shape, in);
	return job_add(c, new_id(c), wechat_unsent_job.name, c->now + look_again_ms, NULL, text_end(&t));
}

/* What has gone another way already stays there. */
static int take(struct ctx *c, const struct unsent_in *in)
{
	struct wechat_out *rows;
	size_t n;
	TRY(wechat_out_sent(c, in->batch, &rows, &n));
	if (n)
		return rows[0].account_id == in->account ? divert(c, rows, n, in->type) : 0;
	TRY(wechat_out_batch(c, in->batch, &rows, &n));
	return n ? want_look(c, in) : 0;
}

int wechat_unsent(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	static const char prefix[] = "anxin_";
	char *end;
	struct ctx all = ctx_as_system(c);
	if (strncmp(m->key, prefix, strlen(prefix)) != 0)
		return 0;               /* of a program that also sends by this account */
	struct unsent_in in = { .account = w->id, .batch = strtoll(m->key + strlen(prefix), &end, 10), .type = strtoll(m->status, NULL, 10) };
	return *end || in.batch <= 0 ? 0 : take(&all, &in);
}

static int look(struct ctx *c, const struct job *job, const char *answer)
{
	struct unsent_in in;
	TRY(json_read(c->arena, &unsent_shape, job->data, strlen(job->data), &in, NULL, c->error));
	return take(c, &in);
}

const struct job_kind wechat_unsent_job = { .name = "wechat.unsent", .run = look };

/* The first word -------------------------------------------------------------------------------------------------------------- */

/* The code holds for twenty seconds and for one message; it stands only in an event of somebody who is allowed a greeting. */
static const int64_t code_ms = 20 * (int64_t)SECOND_MS;
enum { CODE_MOST = 100 };

struct welcome_in {
	int64_t account, until;
	const char *code;
};
static const struct member welcome_members[] = { MEMBER(struct welcome_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct welcome_in, until, time_ms), MEMBER(struct welcome_in, code, text, .most = CODE_MOST) };
static const struct shape welcome_shape = SHAPE("wechat_welcome", struct welcome_in, welcome_members);

int wechat_welcome(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	struct text t = text_in(c->arena);
	const struct welcome_in in = { .account = w->id, .until = m->created_s * SECOND_MS + code_ms, .code = m->ticket };
	if (!wechat_is_kf(w) || text_empty(w->greeting) || text_empty(m->ticket) || strlen(m->ticket) > CODE_MOST || in.until <= c->now)
		return 0;
	json_write(&t, &welcome_shape, &in);
	return job_add(c, new_id(c), wechat_welcome_job.name, c->now, NULL, text_end(&t));
}

struct welcoming {
	struct welcome_in in;
	struct wechat_opened k;
};

static int load(struct ctx *c, void *arg)
{
	struct welcoming *s = arg;
	return wechat_open(c, s->in.account, &s->k);
}

/* Tried again only while there is no access token: the code holds once, so a second greeting is refused. */
static int greet(struct ctx *c, const struct job *job, const char **answer)
{
	struct welcoming s = { 0 };
	struct wechat_answer said;
	struct client_reply reply;
	struct text t = text_in(c->arena);
	bool left;
	*answer = "";
	TRY(json_read(c->arena, &welcome_shape, job->data, strlen(job->data), &s.in, NULL, c->error));
	TRY(readers_run(c->services->readers, c, load, &s));
	if (s.in.until <= c->now || text_empty(s.k.row.greeting))
		return 0;
	if (!s.k.access)
		return wechat_token_missing(c, s.k.row.id);
	text_append(&t, "{\"code\":");
	json_text(&t, s.in.code);
	text_append(&t, ",\"msgtype\":\"text\",\"text\":{\"content\":");
	json_text(&t, s.k.row.greeting);
	text_append(&t, "}}");
	int r = wechat_ask(c, &s.k, &(struct wechat_call){ .path = "/cgi-bin/kf/send_msg_on_event", .body = text_end(&t) }, &said, &reply, &left);
	if (r < 0 || said.verdict != WECHAT_OK)
		log_write(c->log, LOG_WARN, "a greeting of 微信客服 was not sent", "errcode", arena_format(c->arena, "%lld", r < 0 ? -1LL : (long long)said.code), NULL);
	error_clear(c->error);
	return 0;
}

static int greeted(struct ctx *c, const struct job *job, const char *answer)
{
	return 0;
}

const struct job_kind wechat_welcome_job = { .name = "wechat.welcome", .call = greet, .run = greeted, .attempts_most = 8 };
