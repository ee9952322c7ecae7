/* Messages on their way to a person: gathered, paid for from the ledger, called out, settled.
 *
 * waiting → sending (a unit is taken, the call is a job) → sent, or back to waiting, or another way. There is one call at a time for a person, so
 * order is kept. A call whose outcome nobody knows (no answer, this process killed) is not repeated: WeChat may have delivered it, and a second copy
 * would cost the next unit. It is marked, and its sender decides. 微信客服 knows messages by our id, so there it is repeated. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"
#include "net/client.h"

enum { TEXT_MOST = 2000, TRIES_MOST = 8 };      /* bytes of one text: 2,048 by the documents */
static const int64_t pause_ms = 2 * (int64_t)SECOND_MS, longest_pause_ms = 60 * (int64_t)SECOND_MS;

/* In ----------------------------------------------------------------------------------------------------------------------- */

int wechat_gather(struct ctx *c, int64_t identity, time_ms at)
{
	return job_add(c, new_id(c), wechat_gather_job.name, at, NULL, arena_format(c->arena, "{\"identity\":\"%lld\"}", (long long)identity));
}

int wechat_queue(struct ctx *c, const struct conversation *k, const struct message *m)
{
	struct wechat_window w;
	struct wechat_account account;
	struct files_of_messages_row *files;
	const char *text = NULL;
	size_t n;
	if (!k->identity_id)
		return 0;
	TRY(wechat_window_get(c, k->identity_id, &w));
	if (!w.account_id)
		return 0;               /* it never came by WeChat */
	TRY(wechat_account_row_get(c, w.account_id, &account));
	TRY(files_of_messages(c, k->id, m->no, m->no, &files, &n));
	struct wechat_out o = { .tenant = c->tenant, .account_id = w.account_id, .identity_id = k->identity_id, .conversation_id = k->id, .no = m->no, .state = "waiting", .form = "", .created_at = c->now, .version = 1 };
	TRY(m->body.p ? pii_open(c, m->key, "message.body", m->body, &text) : 0);
	if (!text_empty(text) || !n) {
		o.id = new_id(c);
		TRY(wechat_out_row_insert(c, &o));
	}
	for (size_t i = 0; i < n; i++) {
		o.id = new_id(c);
		o.file_id = files[i].file_id;
		TRY(wechat_form_of_file(c, &account, o.file_id, &o.form));
		TRY(wechat_out_row_insert(c, &o));
	}
	return wechat_gather(c, k->identity_id, c->now + setting_ms(c, SETTING_WECHAT_GATHER));
}

struct send_in {
	int64_t batch, opened_at, tries;        /* tries: of a call whose outcome was not known, under the same id */
};
static const struct member send_members[] = { MEMBER(struct send_in, batch, id, .flags = MEMBER_REQUIRED), MEMBER(struct send_in, opened_at, time_ms), MEMBER(struct send_in, tries, count) };
static const struct shape send_shape = SHAPE("wechat_send", struct send_in, send_members);

static int want_call(struct ctx *c, const struct send_in *in, time_ms at)
{
	return job_add(c, new_id(c), wechat_send_job.name, at, NULL, arena_format(c->arena, "{\"batch\":\"%lld\",\"opened_at\":%lld,\"tries\":%lld}", (long long)in->batch, (long long)in->opened_at, (long long)in->tries));
}

/* Gathering ---------------------------------------------------------------------------------------------------------------- */

struct gather_in {
	int64_t identity;
};
static const struct member gather_members[] = { MEMBER(struct gather_in, identity, id, .flags = MEMBER_REQUIRED) };
static const struct shape gather_shape = SHAPE("wechat_gather", struct gather_in, gather_members);

int wechat_words_of(struct ctx *c, const struct wechat_out *o, const char **text)
{
	struct message *m;
	size_t n;
	*text = "";
	if (o->file_id)
		return wechat_link_words(c, o, text);
	TRY(message_by_no(c, o->conversation_id, o->no, &m, &n));
	return n && m[0].body.p ? pii_open(c, m[0].key, "message.body", m[0].body, text) : 0;
}

/* How many of them, from the first, fit into one text; a file goes alone, and what offers answers ends one. */
static int fitting(struct ctx *c, const struct wechat_out *rows, size_t n, size_t *count)
{
	struct wechat_offers offers;
	size_t bytes = 0;
	for (*count = 0; *count < n; (*count)++) {
		const char *text;
		if (wechat_is_media(&rows[*count])) {
			*count = *count ? *count : 1;
			return 0;
		}
		TRY(wechat_words_of(c, &rows[*count], &text));
		bytes += strlen(text) + 1;
		if (*count && (bytes > TEXT_MOST || rows[*count].conversation_id != rows[0].conversation_id))
			return 0;
		TRY(wechat_offers_of(c, rows[*count].conversation_id, rows[*count].no, &offers));
		if (offers.n && !rows[*count].file_id) {
			++*count;
			return 0;
		}
	}
	return 0;
}

static int send_batch(struct ctx *c, const struct wechat_window *w, const struct wechat_out *rows, size_t n)
{
	size_t count;
	TRY(fitting(c, rows, n, &count));
	TRY(wechat_unit_take(c, w->identity_id, NULL));
	for (size_t i = 0; i < count; i++) {
		TRY(wechat_out_take(c, rows[i].id, rows[0].id, NULL));
		TRY(reach_tell(c, rows[i].conversation_id, rows[i].no, "sending"));
	}
	return want_call(c, &(struct send_in){ .batch = rows[0].id, .opened_at = w->opened_at }, c->now);
}

static int divert(struct ctx *c, const struct wechat_account *w, const struct wechat_out *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(wechat_fall_back(c, w, &rows[i]));
	return 0;
}

static int gather(struct ctx *c, const struct job *job, const char *answer)
{
	struct gather_in in;
	struct wechat_window w;
	struct wechat_opened k;
	struct wechat_out *rows;
	struct wechat_out_sending_row *busy;
	size_t n, under_way;
	TRY(json_read(c->arena, &gather_shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(wechat_out_sending(c, in.identity, &busy, &under_way));
	TRY(wechat_out_waiting(c, in.identity, &rows, &n));
	bool gathers = n && rows[0].created_at + setting_ms(c, SETTING_WECHAT_GATHER) > c->now;
	if (!n || under_way || gathers)
		return 0;               /* what ends there looks again; each has a job for when its time has come */
	TRY(wechat_window_get(c, in.identity, &w));
	TRY(wechat_open(c, rows[0].account_id, &k));
	bool out_of_patience = rows[0].created_at + setting_ms(c, SETTING_WECHAT_PATIENCE) <= c->now || rows[0].attempts >= TRIES_MOST;
	bool may = wechat_window_is_open(c, &w) && w.units > 0 && text_equal(k.row.state, "on") && !k.row.archived_at;
	if (!may)
		return divert(c, &k.row, rows, n);
	if (out_of_patience) {
		TRY(divert(c, &k.row, rows, 1));
		return wechat_gather(c, in.identity, c->now);
	}
	if (k.access)
		return send_batch(c, &w, rows, n);
	TRY(wechat_token_want(c, k.row.id, TOKEN_ANY));
	return wechat_gather(c, in.identity, c->now + pause_ms);
}

const struct job_kind wechat_gather_job = { .name = "wechat.gather", .run = gather };

/* Calling ------------------------------------------------------------------------------------------------------------------ */

struct sending {
	struct send_in in;
	struct wechat_opened k;
	struct wechat_out *rows;
	size_t n;
	const char *openid, *media;     /* media: of a file, "" where it has to be uploaded first */
	struct text words;
	const char *menu;               /* NULL: no answers are offered */
	bool is_repeated;               /* it may have arrived before, under the same id */
};

static int load_offers(struct ctx *c, struct sending *s)
{
	struct wechat_offers offers;
	const struct wechat_out *last = &s->rows[s->n - 1];
	if (last->file_id)
		return 0;
	TRY(wechat_offers_of(c, last->conversation_id, last->no, &offers));
	s->menu = wechat_menu(c, &s->k.row, last, text_end(&s->words), &offers);
	if (!s->menu)
		wechat_number_offers(&s->words, &offers);
	return 0;
}

static int load(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	TRY(wechat_out_batch(c, s->in.batch, &s->rows, &s->n));
	if (!s->n)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(wechat_open(c, s->rows[0].account_id, &s->k));
	TRY(wechat_openid(c, s->rows[0].identity_id, &s->openid));
	s->words = text_in(c->arena);
	if (wechat_is_media(&s->rows[0]))
		return wechat_media_known(c, &s->rows[0], &s->media);
	for (size_t i = 0; i < s->n; i++) {
		const char *text;
		TRY(wechat_words_of(c, &s->rows[i], &text));
		text_format(&s->words, "%s%s", i ? "\n" : "", text);
	}
	return load_offers(c, s);
}

static const char *body_of(struct ctx *c, struct sending *s)
{
	struct text t = text_in(c->arena);
	text_append(&t, "{\"touser\":");
	json_text(&t, s->openid);
	if (wechat_is_kf(&s->k.row)) {
		text_append(&t, ",\"open_kfid\":");
		json_text(&t, s->k.row.open_kfid);
		text_format(&t, ",\"msgid\":\"anxin_%lld\"", (long long)s->in.batch);
	}
	if (s->menu) {
		text_format(&t, ",\"msgtype\":\"msgmenu\",\"msgmenu\":%s}", s->menu);
		return text_end(&t);
	}
	const char *form = s->media ? s->rows[0].form : "text";
	text_format(&t, ",\"msgtype\":\"%s\",\"%s\":{\"%s\":", form, form, s->media ? "media_id" : "content");
	json_text(&t, s->media ? s->media : text_end(&s->words));
	text_append(&t, "}}");
	return text_end(&t);
}

/* A colleague ended or never had it: we take the session, and say it once more. */
static int take_session(struct ctx *c, struct sending *s, struct wechat_answer *said)
{
	struct text t = text_in(c->arena);
	struct client_reply reply;
	bool left;
	text_append(&t, "{\"open_kfid\":");
	json_text(&t, s->k.row.open_kfid);
	text_append(&t, ",\"external_userid\":");
	json_text(&t, s->openid);
	text_append(&t, ",\"service_state\":1}");
	return wechat_ask(c, &s->k, &(struct wechat_call){ .path = "/cgi-bin/kf/service_state/trans", .body = text_end(&t) }, said, &reply, &left);
}

/* An upload reaches nobody: whatever became of it, nothing was sent. */
static int upload_first(struct ctx *c, struct sending *s, const char **answer)
{
	struct wechat_answer said;
	int r = wechat_upload(c, &s->k, &s->rows[0], &s->media, &said);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED)
		*answer = "gone";
	else
		*answer = r < 0 ? "-1" : said.verdict == WECHAT_OK ? NULL : arena_format(c->arena, "%lld", (long long)said.code);
	error_clear(c->error);
	return 0;
}

static int call_once(struct ctx *c, struct sending *s, const char **answer)
{
	struct wechat_answer said;
	struct client_reply reply;
	bool left, is_kf = wechat_is_kf(&s->k.row);
	if (s->media && !*s->media) {
		TRY(upload_first(c, s, answer));
		if (*answer)
			return 0;
	}
	const struct wechat_call q = { .path = is_kf ? "/cgi-bin/kf/send_msg" : "/cgi-bin/message/custom/send", .body = body_of(c, s) };
	int r = wechat_ask(c, &s->k, &q, &said, &reply, &left);
	if (r == 0 && said.verdict == WECHAT_STATE && take_session(c, s, &said) == 0 && said.verdict == WECHAT_OK)
		r = wechat_ask(c, &s->k, &q, &said, &reply, &left);
	error_clear(c->error);
	/* "msgid … 需确保唯一，否则接口返回错误" (document 94677): which code is not said. */
	if (r == 0 && s->is_repeated && said.verdict == WECHAT_FINAL)
		said.code = 0;
	if (r < 0)
		*answer = left && !is_kf ? "unsure" : left ? "again" : "-1";
	else
		*answer = arena_format(c->arena, "%lld", (long long)said.code);
	return 0;
}

/* The code that they answered; "again": it may be repeated under its id; "unsure"; "gone": nobody to send to. A second attempt of the job means that
 * the first was cut off by the end of its process. */
static int call_out(struct ctx *c, const struct job *job, const char **answer)
{
	struct sending s = { 0 };
	TRY(json_read(c->arena, &send_shape, job->data, strlen(job->data), &s.in, NULL, c->error));
	int r = readers_run(c->services->readers, c, load, &s);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED) {
		error_clear(c->error);
		*answer = "gone";
		return 0;
	}
	TRY(r);
	s.is_repeated = job->attempts > 1 || s.in.tries > 0;
	if (job->attempts > 1 && !wechat_is_kf(&s.k.row)) {
		*answer = "unsure";
		return 0;
	}
	return s.k.access ? call_once(c, &s, answer) : (*answer = "40001", 0);
}

/* Settling ----------------------------------------------------------------------------------------------------------------- */

static int settle(struct ctx *c, const struct wechat_out *rows, size_t n, const char *state, int64_t code)
{
	TRY(wechat_out_settle(c, rows[0].batch, state, code, text_equal(state, "sent") ? c->now : 0, NULL));
	for (size_t i = 0; i < n; i++)
		TRY(reach_tell(c, rows[i].conversation_id, rows[i].no, state));
	return 0;
}

/* Nothing was sent: the unit goes back, and it is tried again a little later. */
static int again(struct ctx *c, const struct wechat_out *rows, size_t n, int64_t code, int64_t opened_at)
{
	int64_t pause = pause_ms << (rows[0].attempts < 6 ? rows[0].attempts : 6);
	TRY(wechat_unit_give_back(c, rows[0].identity_id, opened_at, NULL));
	TRY(settle(c, rows, n, "waiting", code));
	return wechat_gather(c, rows[0].identity_id, c->now + (pause < longest_pause_ms ? pause : longest_pause_ms));
}

/* The unit stays taken; if she has written since, the new window may have paid for it. */
static int spent(struct ctx *c, const struct wechat_out *rows, size_t n, const char *state, int64_t code, int64_t opened_at)
{
	TRY(wechat_unit_owe(c, rows[0].identity_id, opened_at, NULL));
	TRY(settle(c, rows, n, state, code));
	return wechat_gather(c, rows[0].identity_id, c->now);
}

int wechat_tell_owner(struct ctx *c, const struct wechat_out *o)
{
	struct conversation k;
	TRY(conversation_row_get(c, o->conversation_id, &k));
	return notify_staff(c, k.owner_id, &(struct staff_notice){ .kind = "unsent", .object = "conversation", .object_id = k.id });
}

/* Nothing was sent and nothing will be this way. */
static int refused(struct ctx *c, const struct wechat_out *rows, size_t n, int64_t code)
{
	struct wechat_account w;
	TRY(settle(c, rows, n, "waiting", code));
	TRY(wechat_account_row_get(c, rows[0].account_id, &w));
	TRY(divert(c, &w, rows, n));
	return wechat_gather(c, rows[0].identity_id, c->now);
}

int wechat_window_learn(struct ctx *c, int64_t person, enum wechat_verdict v)
{
	if (v == WECHAT_WINDOW || v == WECHAT_UNWILLING)
		return wechat_window_close(c, person, c->now, v == WECHAT_WINDOW, NULL);
	return v == WECHAT_QUOTA ? wechat_units_none(c, person, NULL) : 0;
}

static int by_code(struct ctx *c, const struct wechat_out *rows, size_t n, int64_t code, int64_t opened_at)
{
	int64_t person = rows[0].identity_id;
	const enum wechat_verdict verdict = wechat_verdict_of(code);
	switch (verdict) {
	case WECHAT_OK:
		TRY(wechat_session_leave(c, person, 3, 1, NULL));
		return spent(c, rows, n, "sent", 0, opened_at);
	case WECHAT_TOKEN:
		TRY(wechat_token_want(c, rows[0].account_id, TOKEN_NEW));
		return again(c, rows, n, code, opened_at);
	case WECHAT_BUSY:
		return again(c, rows, n, code, opened_at);
	case WECHAT_WINDOW: case WECHAT_QUOTA: case WECHAT_UNWILLING:
		TRY(wechat_window_learn(c, person, verdict));
		return refused(c, rows, n, code);
	case WECHAT_ACCOUNT:
		TRY(wechat_access_trouble(c, rows[0].account_id, code, NULL));
		break;
	case WECHAT_STATE: case WECHAT_MEDIA: case WECHAT_FINAL:
		break;
	}
	if (wechat_is_media(&rows[0])) {        /* not like this: their name for it is forgotten, or it goes as a link */
		TRY(wechat_upload_drop(c, rows[0].account_id, rows[0].file_id, NULL));
		TRY(verdict == WECHAT_MEDIA ? 0 : wechat_out_links(c, rows[0].id, NULL));
		return again(c, rows, n, code, opened_at);
	}
	TRY(wechat_unit_give_back(c, person, opened_at, NULL));
	return refused(c, rows, n, code);
}

static int came_back(struct ctx *c, const struct job *job, const char *answer)
{
	struct send_in in;
	struct wechat_out *rows;
	size_t n;
	TRY(json_read(c->arena, &send_shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(wechat_out_batch(c, in.batch, &rows, &n));
	if (!n)
		return 0;
	if (text_equal(answer, "gone"))
		return settle(c, rows, n, "failed", 0);
	if (text_equal(answer, "again") && ++in.tries < TRIES_MOST)
		return want_call(c, &in, c->now + pause_ms);
	if (text_equal(answer, "unsure") || text_equal(answer, "again")) {
		TRY(wechat_tell_owner(c, &rows[0]));
		return spent(c, rows, n, "unsure", 0, in.opened_at);
	}
	return by_code(c, rows, n, strtoll(answer, NULL, 10), in.opened_at);
}

static int died(struct ctx *c, const struct job *job)
{
	return came_back(c, job, "unsure");
}

const struct job_kind wechat_send_job = { .name = "wechat.send", .call = call_out, .run = came_back, .died = died };
