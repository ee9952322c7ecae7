/* What WeChat tells afterwards: what became of notices, and what people agreed to be sent. The same event may come three times. */
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/notify_sql.h"
#include "gen/wechat_sql.h"

enum { CODE_MOST = 40 };
/* An event may be faster than the answer that it is about is written down. */
static const int64_t look_again_ms = 15 * (int64_t)SECOND_MS;

/* What became of one ----------------------------------------------------------------------------------------------------------- */

struct told_in {
	int64_t account, arrived;
	const char *serial, *code;
};
static const struct member members[] = {
	MEMBER(struct told_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct told_in, arrived, flag), MEMBER(struct told_in, serial, code, .most = 100), MEMBER(struct told_in, code, code, .most = 100),
};
static const struct shape shape = SHAPE("wechat_told", struct told_in, members);

/* *there: it is one of ours. What is settled stays so. */
static int settle(struct ctx *c, const struct told_in *in, bool *there)
{
	struct outbox *rows;
	size_t n;
	*there = false;
	TRY(outbox_by_serial(c, in->serial, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].gateway_id == in->account && text_equal(rows[i].channel, "wechat")) {
			*there = true;
			TRY(outbox_reported(c, &rows[i], in->arrived, in->code));
		}
	return 0;
}

static int look(struct ctx *c, const struct job *job, const char *answer)
{
	struct told_in in;
	bool there;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	return settle(c, &in, &there);          /* still nobody's: somebody else sends by this account, too */
}

const struct job_kind wechat_told_job = { .name = "wechat.told", .run = look };

static int look_again(struct ctx *c, const struct told_in *in)
{
	struct text t = text_in(c->arena);
	json_write(&t, &shape, in);
	return job_add(c, new_id(c), wechat_told_job.name, c->now + look_again_ms, NULL, text_end(&t));
}

/* "failed:user block", "failed: system failed": user_block, system_failed. */
static const char *code_of(struct ctx *c, const struct wechat_told *one)
{
	const char *words = one->status;
	if (one->code)
		return arena_format(c->arena, "%lld", (long long)one->code);
	if (!strncmp(words, "failed:", 7))
		words += 7;
	words += strspn(words, " ");
	char *code = arena_string_n(c->arena, words, utf8_prefix(words, CODE_MOST));
	for (char *p = code; *p; p++)
		*p = *p == ' ' ? '_' : *p;
	return code;
}

int wechat_settle_told(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	struct ctx all = ctx_as_system(c);
	for (size_t i = 0; i < m->told_n; i++) {
		const struct wechat_told *one = &m->told[i];
		bool arrived = !one->code && (!strncmp(one->status, "success", 7) || !*one->status), there;
		const struct told_in in = { .account = w->id, .arrived = arrived, .serial = one->id, .code = arrived ? "" : code_of(c, one) };
		if (!*one->id || strlen(one->id) > 100)
			continue;
		TRY(settle(&all, &in, &there));
		TRY(there ? 0 : look_again(&all, &in));
	}
	return 0;
}

/* What she agreed to ----------------------------------------------------------------------------------------------------------- */

/* An agreement is worth one message. Events are counted in the order of their seconds, each second once: one that comes again, or late, adds nothing, so
 * what stands here is never more than WeChat's own count. A refusal in the dialogue takes nothing away; one in her settings takes all. */
static int count_one(struct ctx *c, int64_t identity, const struct wechat_told *one, int64_t second, bool is_dialogue)
{
	struct wechat_subscription *rows;
	size_t n;
	bool agrees = !strncmp(one->status, "accept", 6);
	if (!*one->template || strlen(one->template) > 100 || (agrees && !is_dialogue))
		return 0;
	TRY(wechat_subscription_of(c, identity, one->template, &rows, &n));
	if (n && rows[0].told_at >= second)
		return 0;
	int64_t units = n && (agrees || is_dialogue) ? rows[0].units : 0;
	return wechat_subscription_put(c, identity, one->template, units + agrees, second, NULL);
}

/* Of somebody who has never written nothing is kept. */
int wechat_count_agreed(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	struct identity who;
	bool there, is_dialogue = text_equal(m->type, "subscribe_msg_popup_event");
	TRY(identity_find(c, wechat_channel(w), wechat_name(c, w, m->from), &who, &there));
	for (size_t i = 0; there && i < m->told_n; i++)
		TRY(count_one(c, who.id, &m->told[i], m->created_s, is_dialogue));
	return 0;
}
