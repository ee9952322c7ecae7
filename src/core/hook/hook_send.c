/* One delivery a job: read on a snapshot, sent without a transaction, marked in the writer. */
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/hook/hook.h"
#include "core/notify/sender.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/hook_sql.h"
#include "gen/schema.h"
#include "net/client.h"

enum { ERROR_CHARACTERS = 80 };

struct sending {
	int64_t id;
	struct webhook_delivery row;
	struct webhook hook;
	const char *secret, *body;
};

/* {"type","timestamp","data"}: the object as a reader without the right to reveal sees it; null when it is gone. */
static int write_body(struct ctx *c, struct sending *s)
{
	struct text t = text_in(c->arena);
	const struct record_model *m = registry_find(&c->services->registry, s->row.object);
	char at[32];
	time_format(s->row.event_at, at);
	text_format(&t, "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{\"event_no\":%lld,\"object\":\"%s\",\"object_id\":\"%lld\",\"row\":", s->row.kind, at,
	            (long long)s->row.event_no, s->row.object, (long long)s->row.object_id);
	void *row = m ? arena_alloc(c->arena, m->record->table->row->size) : NULL;
	bool there = false;
	if (m && strcmp(s->row.object, "webhook"))
		TRY(record_look(c, m->record, s->row.object_id, row, &there));
	if (there)
		TRY(record_json(c, m->record, row, &t));
	else
		text_append(&t, "null");
	text_append(&t, "}}");
	s->body = text_end(&t);
	return 0;
}

static int load(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	TRY(webhook_delivery_row_get(c, s->id, &s->row));
	TRY(webhook_row_get(c, s->row.webhook_id, &s->hook));
	TRY(pii_open(c, s->hook.key, "webhook.secret", s->hook.secret, &s->secret));
	return write_body(c, s);
}

/* "v1," and base64 of HMAC-SHA256(secret, "id.timestamp.body"); the secret is base64 behind whsec_. */
static int sign_body(struct ctx *c, const struct sending *s, const char *id, const char *stamp, const char **out)
{
	struct bytes raw;
	struct key key;
	uint8_t mac[32];
	const char *secret = s->secret && !strncmp(s->secret, "whsec_", 6) ? s->secret + 6 : NULL;
	if (!secret || base64_read(c->arena, secret, strlen(secret), &raw) < 0 || raw.n != KEY_SIZE)
		return fail(c, ERR_OUTBOUND, "secret");
	memcpy(key.p, raw.p, KEY_SIZE);
	const char *text = arena_format(c->arena, "%s.%s.%s", id, stamp, s->body);
	hmac_sha256(&key, text, strlen(text), mac);
	crypto_wipe(&key, sizeof(key));
	*out = arena_format(c->arena, "v1,%s", base64(c->arena, mac, sizeof(mac)));
	return 0;
}

static int post(struct ctx *c, const struct sending *s, struct client_reply *reply)
{
	const char *id = arena_format(c->arena, "msg_%lld", (long long)s->id), *stamp = arena_format(c->arena, "%lld", (long long)(c->now / SECOND_MS)), *signature;
	TRY(sign_body(c, s, id, stamp, &signature));
	const struct http_pair headers[] = {
		{ "Content-Type", "application/json" }, { "webhook-id", id }, { "webhook-timestamp", stamp }, { "webhook-signature", signature },
	};
	const struct client_request q = {
		.method = "POST", .url = s->hook.url, .headers = headers, .header_count = sizeof(headers) / sizeof(headers[0]),
		.body = { (const uint8_t *)s->body, strlen(s->body) }, .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME),
		.reply_most = (size_t)setting_of(c, SETTING_OUTBOUND_REPLY),
	};
	return client_send(sender_client(c->services->sender), c->arena, &q, reply, c->error);
}

/* The answer is the status, or why there never will be one. Whatever is not 2xx is tried again: other systems are being
 * mended, too; 410 says that nobody wants it any more. */
static int take_out(struct ctx *c, const struct job *job, const char **answer)
{
	struct sending s = { .id = job->id };
	struct client_reply reply;
	int r = readers_run(c->services->readers, c, load, &s);
	if (r == ERR_NOT_FOUND || (r == 0 && (text_equal(s.hook.state, "off") || s.hook.archived_at))) {
		*answer = "off";
		return 0;
	}
	TRY(r);
	r = post(c, &s, &reply);
	if (r == ERR_OUTBOUND_REFUSED) {
		*answer = error_name(r);
		return 0;
	}
	TRY(r);
	*answer = arena_format(c->arena, "%d", reply.status);
	bool over = (reply.status >= 200 && reply.status < 300) || reply.status == 410;
	return over ? 0 : fail(c, ERR_OUTBOUND, arena_format(c->arena, "HTTP %d", reply.status));
}

static int mark(struct ctx *c, int64_t id, const char *state, int64_t attempts, int64_t status, const char *why)
{
	const char *note = arena_string_n(c->arena, why, utf8_prefix(why, ERROR_CHARACTERS));
	return hook_mark(c, id, state, attempts, status, note, strcmp(state, "sent") ? 0 : c->now, NULL);
}

static int sent(struct ctx *c, const struct job *job, const char *answer)
{
	int64_t status = strtoll(answer, NULL, 10);
	bool good = status >= 200 && status < 300;
	return mark(c, job->id, good ? "sent" : "failed", job->attempts, status, good ? "" : answer);
}

static int died(struct ctx *c, const struct job *job)
{
	const char *status = strstr(job->last_error, "HTTP ");
	return mark(c, job->id, "failed", job->attempts, status ? strtoll(status + 5, NULL, 10) : 0, job->last_error);
}

static int attempts(const struct ctx *c)
{
	return (int)setting_of(c, SETTING_OUTBOUND_ATTEMPTS);
}

const struct job_kind hook_send_job = { .name = "hook.send", .run = sent, .call = take_out, .died = died, .attempts = attempts };
