/* Sends one message per job: read on a snapshot, called without a transaction, marked in the writer. */
#include "core/notify/sender.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/notify_sql.h"
#include "gen/schema.h"
#include "net/mail.h"

enum { NETWORKS_MOST = 32, ERROR_CHARACTERS = 80, SERIAL_CHARACTERS = 100 };
#define TAKEN "taken "

struct sender {
	struct sender_options o;
	struct client *client;
	struct network allowed[NETWORKS_MOST];
	size_t allowed_count;
};

static int refuse(struct sender *s, const char *what, const char *value)
{
	log_write(s->o.log, LOG_ERROR, what, "value", value ? value : "", NULL);
	return ERR_INVALID;
}

static int read_networks(struct arena *a, struct sender *s)
{
	const char *p = s->o.outbound_allow ? s->o.outbound_allow : "";
	while (*p) {
		size_t n = strcspn(p, ", ");
		const char *one = arena_string_n(a, p, n);
		if (n && s->allowed_count == NETWORKS_MOST)
			return refuse(s, "too many networks in outbound-allow", one);
		if (n && !network_parse(one, &s->allowed[s->allowed_count++]))
			return refuse(s, "outbound-allow names no network", one);
		p += n + (p[n] != 0);
	}
	return 0;
}

int sender_open(struct arena *a, const struct sender_options *options, struct sender **out)
{
	struct sender *s = ARENA_NEW(a, struct sender);
	s->o = *options;
	TRY(read_networks(a, s));
	if (s->o.sms_gateway && strncmp(s->o.sms_gateway, "http://", 7) && strncmp(s->o.sms_gateway, "https://", 8))
		return refuse(s, "sms-gateway must be an http or https address", s->o.sms_gateway);
	if (s->o.smtp && strncmp(s->o.smtp, "smtp://", 7) && strncmp(s->o.smtp, "smtps://", 8))
		return refuse(s, "smtp must be an smtp or smtps address", s->o.smtp);
	if (s->o.smtp && (!s->o.mail_from || mail_address_check(s->o.mail_from) < 0))
		return refuse(s, "smtp needs mail-from, the address that messages come from", s->o.mail_from);
	const struct client_options client = { .log = s->o.log, .allowed = s->allowed, .allowed_count = s->allowed_count, .user_agent = "anxin" };
	TRY(client_open(&client, &s->client));
	*out = s;
	return 0;
}

void sender_close(struct sender *s)
{
	if (s)
		client_close(s->client);
}

struct client *sender_client(struct sender *s)
{
	return s ? s->client : NULL;
}

/* A way of the server's own. */
static bool has_way(const struct sender *s, enum notice_channel channel)
{
	return s && (channel == NOTICE_MAIL ? s->o.smtp : s->o.sms_gateway) != NULL;
}

int sender_carries(struct ctx *c, enum notice_channel channel, bool *has)
{
	const struct sms_carrier *carrier = channel == NOTICE_SMS && c->services->sender ? c->services->sms_carrier : NULL;
	*has = has_way(c->services->sender, channel);
	return carrier && !*has ? carrier->has(c, has) : 0;
}

/* Outside ---------------------------------------------------------------------------------------------------------- */

struct outgoing {
	int64_t id;
	struct outbox row;
	const char *to, *text, *html, *words;
	struct sms_parcel parcel;
	struct sms_sent sent;
	const struct notice_way *way;   /* the row goes by it; NULL: SMS or mail */
	void *own;
};

static const struct notice_way *way_of(const struct ctx *c, const struct outbox *row)
{
	const struct notice_way *way = c->services->notice_way;
	return way && text_equal(way->channel, row->channel) ? way : NULL;
}

static int load(struct ctx *c, void *arg)
{
	struct outgoing *m = arg;
	TRY(outbox_row_get(c, m->id, &m->row));
	m->way = way_of(c, &m->row);
	if (m->way)
		return m->way->load(c, &m->row, &m->own);
	TRY(pii_open(c, m->row.key, "outbox.address", m->row.address, &m->to));
	TRY(pii_open(c, m->row.key, "outbox.body", m->row.body, &m->text));
	TRY(pii_open(c, m->row.key, "outbox.words", m->row.words, &m->words));
	if (m->row.html.p)
		return pii_open(c, m->row.key, "outbox.html", m->row.html, &m->html);
	m->parcel = (struct sms_parcel){ .id = m->id, .to = m->to, .text = m->text, .template = m->row.template, .words = m->words };
	return !strcmp(m->row.channel, "sms") && c->services->sms_carrier ? c->services->sms_carrier->load(c, &m->parcel) : 0;
}

/* 408 and 429 say "later"; any other 4xx says "never". A redirect is not followed: a message goes where it was sent. */
static int judge(struct ctx *c, int status, const char **answer)
{
	if (status >= 200 && status < 300)
		return 0;
	const char *said = arena_format(c->arena, "HTTP %d", status);
	if (status >= 500 || status == 408 || status == 429)
		return fail(c, ERR_OUTBOUND, said);
	*answer = said;
	return 0;
}

static int send_sms(struct ctx *c, const struct sender *s, const struct outgoing *m, const char **answer)
{
	struct text body = text_in(c->arena);
	const char *id = arena_format(c->arena, "%lld", (long long)m->id);
	text_format(&body, "{\"id\":\"%s\",\"to\":", id);
	json_text(&body, m->to);
	text_append(&body, ",\"text\":");
	json_text(&body, m->text);
	text_append(&body, ",\"template\":");
	json_text(&body, m->row.template);
	text_char(&body, '}');
	const struct http_pair headers[] = {
		{ "Content-Type", "application/json" }, { "Idempotency-Key", id },
		{ "Authorization", arena_format(c->arena, "Bearer %s", s->o.sms_token ? s->o.sms_token : "") },
	};
	const struct client_request q = {
		.method = "POST", .url = s->o.sms_gateway, .headers = headers, .header_count = s->o.sms_token ? 3 : 2,
		.body = { (const uint8_t *)body.p, body.n }, .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_TIME),
		.reply_most = (size_t)setting_of(c, SETTING_OUTBOUND_REPLY),
	};
	struct client_reply reply;
	TRY(client_send(s->client, c->arena, &q, &reply, c->error));
	return judge(c, reply.status, answer);
}

static int send_mail(struct ctx *c, const struct sender *s, const struct outgoing *m)
{
	const char *const to[] = { m->to, NULL };
	const struct mail_server server = {
		.url = s->o.smtp, .user = s->o.smtp_user, .password = s->o.smtp_password,
		.tls = s->o.tls_if_offered ? MAIL_TLS_IF_OFFERED : MAIL_TLS_REQUIRED,
		.timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_MAIL_TIME),
	};
	const struct mail mail = {
		.from = s->o.mail_from, .to = to, .subject = m->row.subject, .text = m->text, .html = m->html,
		.id = arena_format(c->arena, "outbox-%lld", (long long)m->id),
	};
	return mail_send(s->client, c->arena, &server, &mail, c->now, c->error);
}

static int send_by_carrier(struct ctx *c, const struct job *job, struct outgoing *m, const char **answer)
{
	/* A failure is written down before the next attempt; one without was cut off in the middle. */
	m->parcel.was_tried = job->attempts > 1 && text_empty(job->last_error);
	TRY(m->way ? m->way->send(c, &m->row, m->own, m->parcel.was_tried, &m->sent) : c->services->sms_carrier->send(c, &m->parcel, &m->sent));
	*answer = text_empty(m->sent.code) ? arena_format(c->arena, "%s%lld %s", TAKEN, (long long)m->sent.gateway, m->sent.serial) : m->sent.code;
	return 0;
}

/* answer NULL: sent, or with TAKEN before gateway and serial; otherwise why it never will be. */
static int take_out(struct ctx *c, const struct job *job, const char **answer)
{
	const struct sender *s = c->services->sender;
	struct outgoing m = { .id = job->id };
	int r = readers_run(c->services->readers, c, load, &m);
	if (r == 0) {
		bool mail = !strcmp(m.row.channel, "mail");
		if (m.way || m.parcel.way)
			r = send_by_carrier(c, job, &m, answer);
		else if (!has_way(s, mail ? NOTICE_MAIL : NOTICE_SMS))
			*answer = "no_channel";         /* taken away since it was written */
		else
			r = mail ? send_mail(c, s, &m) : send_sms(c, s, &m, answer);
	}
	if (r == ERR_OUTBOUND || r == ERR_INTERNAL || r == ERR_NO_MEMORY || r == ERR_DATABASE || r == ERR_BUSY || r >= 0)
		return r;
	*answer = error_name(r);                        /* erased, no such address, an address that must not be contacted */
	return 0;
}

/* Inside ----------------------------------------------------------------------------------------------------------- */

static int tell_cause(struct ctx *c, const struct outbox *row, const char *state, const char *why)
{
	for (const struct outbox_end *const *e = c->services->outbox_ends; e && *e; e++)
		if (text_equal((*e)->object, row->object))
			return (*e)->settled(c, row, state, why);
	return 0;
}

/* What a way refused goes on by another; *why then says both. */
static int go_on(struct ctx *c, const struct outbox *row, const char *state, const char **why)
{
	const struct notice_way *way = strcmp(state, "failed") ? NULL : way_of(c, row);
	return way && (!strcmp(row->state, "waiting") || !strcmp(row->state, "sent") || !strcmp(row->state, SMS_UNSURE)) ? way->refused(c, row, *why, why) : 0;
}

static int mark(struct ctx *c, int64_t id, const char *state, int64_t attempts, const char *why)
{
	struct outbox row;
	struct error before = *c->error;
	int r = outbox_row_get(c, id, &row);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;               /* removed while it waited: nothing is left to say of it */
	}
	TRY(r);
	TRY(go_on(c, &row, state, &why));
	const char *note = arena_string_n(c->arena, why, utf8_prefix(why, ERROR_CHARACTERS));
	TRY(outbox_mark(c, id, state, attempts, note, strcmp(state, "sent") ? 0 : c->now, NULL));
	TRY(event_add(c, arena_format(c->arena, "outbox.%s", state), "outbox", id, "{}"));
	return tell_cause(c, &row, state, note);
}

static int sent(struct ctx *c, const struct job *job, const char *answer)
{
	bool held = answer && !strcmp(answer, "no_channel");
	if (answer && !strncmp(answer, TAKEN, strlen(TAKEN))) {
		char *serial;
		int64_t gateway = strtoll(answer + strlen(TAKEN), &serial, 10);
		serial += *serial == ' ';
		TRY(outbox_given(c, job->id, gateway, arena_string_n(c->arena, serial, utf8_prefix(serial, SERIAL_CHARACTERS)), NULL));
		answer = NULL;
	}
	if (answer && !strcmp(answer, SMS_UNSURE))
		return mark(c, job->id, SMS_UNSURE, job->attempts, "");
	return mark(c, job->id, !answer ? "sent" : held ? "held" : "failed", job->attempts, answer ? answer : "");
}

static int died(struct ctx *c, const struct job *job)
{
	return mark(c, job->id, "failed", job->attempts, job->last_error);
}

int outbox_reported(struct ctx *c, const struct outbox *row, bool arrived, const char *code)
{
	const char *state = arrived ? "arrived" : "failed", *note = arrived ? "" : code;
	if (strcmp(row->state, "sent") && strcmp(row->state, SMS_UNSURE))
		return 0;
	TRY(go_on(c, row, state, &note));
	TRY(outbox_mark(c, row->id, state, row->attempts, note, row->sent_at ? row->sent_at : c->now, NULL));
	TRY(event_add(c, arena_format(c->arena, "outbox.%s", state), "outbox", row->id, "{}"));
	return tell_cause(c, row, state, note);
}

int outbox_send_again(struct ctx *c, int64_t id)
{
	TRY(outbox_mark(c, id, "waiting", 0, "", 0, NULL));
	return job_add(c, id, outbox_send_job.name, c->now, NULL, NULL);
}

static int attempts(const struct ctx *c)
{
	return (int)setting_of(c, SETTING_OUTBOUND_ATTEMPTS);
}

const struct job_kind outbox_send_job = {
	.name = "outbox_send", .call = take_out, .run = sent, .died = died, .attempts = attempts,
};
