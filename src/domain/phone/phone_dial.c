/* Asks the telephone system to make a call, once: a second request would ring a second time. Its own address, signed as its events are. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/notify/sender.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/phone/phone_private.h"
#include "net/client.h"

struct dialling {
	int64_t id;
	struct phone_call call;
	struct phone_opened k;
	const char *number;
};

static int load(struct ctx *c, void *arg)
{
	struct dialling *d = arg;
	TRY(phone_call_row_get(c, d->id, &d->call));
	TRY(phone_open(c, d->call.line_id, &d->k));
	return pii_open(c, d->call.key, "phone_call.number", d->call.number, &d->number);
}

static int post(struct ctx *c, const struct dialling *d, struct client_reply *reply)
{
	struct text t = text_in(c->arena);
	text_format(&t, "{\"ref\":\"%lld\",\"to\":", (long long)d->id);
	json_text(&t, d->number ? d->number : "");
	text_append(&t, ",\"extension\":");
	json_text(&t, d->call.extension);
	text_char(&t, '}');
	const char *body = text_end(&t), *stamp = arena_format(c->arena, "%lld", (long long)(c->now / SECOND_MS)), *id = arena_format(c->arena, "%lld", (long long)d->id);
	const struct bytes bytes = { (const uint8_t *)body, strlen(body) };
	const struct http_pair heads[] = { { "Content-Type", "application/json" }, { "Idempotency-Key", id } };
	return client_send(sender_client(c->services->sender), c->arena, &(struct client_request){
		.method = "POST", .headers = heads, .header_count = 2, .body = bytes, .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME), .reply_most = (size_t)setting_of(c, SETTING_OUTBOUND_REPLY),
		.url = arena_format(c->arena, "%s%sid=%s&timestamp=%s&signature=%s", d->k.row.dial_url, strchr(d->k.row.dial_url, '?') ? "&" : "?", id, stamp, phone_sign(c->arena, d->k.secret ? d->k.secret : "", stamp, id, bytes)),
	}, reply, c->error);
}

/* "": asked; else why it was not. */
static int call_out(struct ctx *c, const struct job *job, const char **answer)
{
	struct dialling d = { .id = job->id };
	struct client_reply reply = { 0 };
	*answer = "";
	TRY(readers_run(c->services->readers, c, load, &d));
	/* A failure before the call is written down before the next attempt; one without was cut off in the middle. */
	if (job->attempts > 1 && text_empty(job->last_error)) {
		*answer = "cut";
		return 0;
	}
	int r = post(c, &d, &reply);
	if (r < 0)
		*answer = error_name(r);
	else if (reply.status < 200 || reply.status > 299)
		*answer = arena_format(c->arena, "HTTP %d", reply.status);
	error_clear(c->error);
	return 0;
}

static int came_back(struct ctx *c, const struct job *job, const char *answer)
{
	struct phone_call p;
	struct ctx all = ctx_as_system(c);
	if (text_empty(answer))
		return 0;
	TRY(phone_call_row_get(c, job->id, &p));
	if (p.ended_at || p.answered_at)
		return 0;       /* its events say more than an answer that did not come */
	const struct phone_call old = p;
	p.ended_at = c->now;
	p.state = p.told = "missed";
	TRY(record_update(&all, &phone_call_record, &old, &p, "phone_call.ended", NULL, NULL));
	return notify_staff(&all, p.user_id, &(struct staff_notice){ .kind = "dial_failed", .object = "phone_call", .object_id = p.id });
}

static int died(struct ctx *c, const struct job *job)
{
	return came_back(c, job, "cut");
}

const struct job_kind phone_dial_job = { .name = "phone.dial", .call = call_out, .run = came_back, .died = died, .attempts_most = 3 };
