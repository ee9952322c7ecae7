/* When WeChat takes nothing more for a person: the words go by SMS, or somebody is to call her. And before that: a word to whoever owes her an answer. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/zone.h"
#include "core/notify/sender.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/task/task.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"

static const int64_t call_within_ms = 30 * (int64_t)MINUTE_MS;

static int by_sms(struct ctx *c, const struct customer *customer, const struct wechat_out *o, bool *sent)
{
	const char *phone, *text;
	struct tenant company;
	*sent = false;
	TRY(pii_open(c, customer->key, "customer.phone", customer->phone, &phone));
	TRY(wechat_words_of(c, o, &text));
	bool has;
	TRY(sender_carries(c, NOTICE_SMS, &has));
	if (text_empty(phone) || text_empty(text) || !has)
		return 0;
	TRY(tenant_row_get(c, &company));
	enum lang lang = text_equal(customer->lang, "en") ? LANG_EN : LANG_ZH;
	const char *body = arena_format(c->arena, lang == LANG_EN ? "[%s] %s (To go on, write to us in WeChat again%s%s.)" : "【%s】%s（如需继续沟通，请在微信中再给我们发一条消息%s%s）",
	                                company.name, text, text_empty(company.service_phone) ? "" : lang == LANG_EN ? " or call " : "，或致电 ", text_empty(company.service_phone) ? "" : company.service_phone);
	*sent = true;
	return notify_text(c, &(struct notice){ .channel = NOTICE_SMS, .template = "wechat_fallback", .key = customer->key, .address = phone, .lang = lang, .object = "conversation", .object_id = o->conversation_id },
	                   &(struct notice_text){ .subject = "", .text = body });
}

/* One open task is enough, however many messages could not be sent. */
static int by_call(struct ctx *c, const struct conversation *k, const char *title, time_ms due)
{
	int64_t id;
	struct wechat_calls_open_row *open;
	size_t n;
	TRY(wechat_calls_open(c, k->customer_id, title, &open, &n));
	if (n)
		return 0;
	return task_add(c, &(struct task_wish){ .kind = "call_back", .title = title, .object = "customer", .object_id = k->customer_id, .owner_id = k->owner_id, .team_id = k->owner_id ? 0 : k->team_id, .due_at = due }, &id);
}

int wechat_fall_back(struct ctx *c, const struct wechat_account *w, const struct wechat_out *o)
{
	struct conversation k;
	struct customer customer;
	bool sent = false;
	TRY(conversation_row_get(c, o->conversation_id, &k));
	TRY(customer_row_get(c, k.customer_id, &customer));
	if (text_equal(w->fallback, "sms"))
		TRY(by_sms(c, &customer, o, &sent));
	if (!sent)
		TRY(by_call(c, &k, "微信已不能回复，请致电客户", c->now + call_within_ms));
	TRY(wechat_out_mark(c, o->id, sent ? "sms" : "call", sent ? c->now : 0, NULL));
	return reach_tell(c, k.id, o->no, sent ? "sms" : "call");
}

/* Before it closes ---------------------------------------------------------------------------------------------------------- */

static int look_again(struct ctx *c, const struct job *job, int64_t identity, time_ms at)
{
	bool other = strchr(job->unique_key, 'b') != NULL;      /* two keys in turn: a job cannot keep its own */
	return job_add(c, new_id(c), wechat_closing_job.name, at, arena_format(c->arena, "%lld%s", (long long)identity, other ? "" : "b"), NULL);
}

static int warn(struct ctx *c, const struct wechat_window *w, const struct conversation *k)
{
	TRY(wechat_window_warned(c, w->identity_id, w->until, NULL));
	TRY(notify_staff(c, k->owner_id, &(struct staff_notice){ .kind = "wechat_closing", .object = "conversation", .object_id = k->id, .data = arena_format(c->arena, "{\"until\":%lld}", (long long)w->until) }));
	return by_call(c, k, "微信会话即将关闭，客户还在等回复", w->until);
}

static int closing(struct ctx *c, const struct job *job, const char *answer)
{
	int64_t identity = strtoll(job->unique_key, NULL, 10);
	struct wechat_window w;
	struct identity who;
	struct conversation *rows;
	size_t n;
	TRY(wechat_window_get(c, identity, &w));
	int r = identity_row_get(c, identity, &who);
	if (r == ERR_NOT_FOUND || !wechat_window_is_open(c, &w) || w.warned == w.until) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	time_ms at = w.until - setting_ms(c, SETTING_WECHAT_LEAD);
	if (at > c->now)
		return look_again(c, job, identity, at);
	TRY(open_conversation_of_identity(c, identity, who.channel, &rows, &n));
	return n && rows[0].waiting_since ? warn(c, &w, &rows[0]) : 0;
}

const struct job_kind wechat_closing_job = { .name = "wechat.closing", .run = closing };
