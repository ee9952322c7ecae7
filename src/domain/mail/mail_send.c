/* Messages on their way out as mails: gathered, composed, sent, settled.
 *
 * waiting → sending (the call is a job) → sent, or failed, and bounced when a report comes back. What the other side refuses for good is failed at once;
 * what may pass is tried again under the same Message-ID, by which a receiver knows a copy. A machine's word to a machine is silent: never sent. */
#include <string.h>

#include "base/json.h"
#include "channel/mail/mail_write.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/notify/sender.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/mail/mail_private.h"
#include "gen/conversation_sql.h"
#include "gen/mail_sql.h"

enum { FILES_MOST = 30, WHY_MOST = 200 };
static const int64_t file_bytes_most = 20 << 20;

/* In ----------------------------------------------------------------------------------------------------------------------- */

int mail_gather(struct ctx *c, int64_t conversation, time_ms at)
{
	return job_add(c, new_id(c), mail_gather_job.name, at, NULL, arena_format(c->arena, "{\"id\":\"%lld\"}", (long long)conversation));
}

static int last_in(struct ctx *c, int64_t conversation, struct mail_letter *out, bool *there)
{
	struct mail_letter *rows;
	size_t n;
	TRY(mail_letter_last_in(c, conversation, &rows, &n));
	*there = n > 0;
	if (n)
		*out = rows[0];
	return 0;
}

/* What a person writes may go on in a moment; a machine has said it all. */
static time_ms goes_at(struct ctx *c, const struct mail_letter *l)
{
	return l->created_at + (text_equal(l->kind, "person") ? setting_ms(c, SETTING_MAIL_GATHER) : 0);
}

static int queue(struct ctx *c, const struct conversation *k, const struct message *m)
{
	struct mail_letter in;
	bool there;
	TRY(last_in(c, k->id, &in, &there));
	if (!k->identity_id || !there)
		return 0;
	struct mail_letter l = {
		.tenant = c->tenant, .id = new_id(c), .account_id = in.account_id, .identity_id = k->identity_id, .conversation_id = k->id, .no = m->no, .way = "out", .state = "waiting",
		.kind = m->actor_kind == ACTOR_SYSTEM || m->actor_kind == ACTOR_BOT ? "machine" : "person", .verdict = "none", .name = mail_name(c, ""), .key = k->key, .why = "", .created_at = c->now, .version = 1,
	};
	TRY(mail_letter_row_insert(c, &l));
	return mail_gather(c, k->id, goes_at(c, &l));
}

/* Gathering ---------------------------------------------------------------------------------------------------------------- */

struct gather_in {
	int64_t id;
};
static const struct member gather_members[] = { MEMBER(struct gather_in, id, id, .flags = MEMBER_REQUIRED) };
static const struct shape gather_shape = SHAPE("mail_gather", struct gather_in, gather_members);

static int silence(struct ctx *c, const struct mail_letter *l, const char *state, const char *why)
{
	TRY(mail_letter_mark(c, l->id, state, why, NULL));
	return reach_tell(c, l->conversation_id, l->no, "failed");
}

/* Whether a word of our machine may go: never to a machine or to who asked for none, and not to anybody more often than so in an hour (RFC 3834). */
static int may_machine(struct ctx *c, const struct mail_letter *in, bool *may)
{
	struct mail_letters_by_machine_row count;
	TRY(mail_letters_by_machine(c, in->identity_id, c->now - HOUR_MS, &count));
	*may = text_equal(in->kind, "person") && !text_equal(in->verdict, "fail") && count.n < setting_of(c, SETTING_MAIL_AUTOMATIC);
	return 0;
}

static int take_batch(struct ctx *c, const struct mail_account *a, const struct mail_letter *rows, size_t n)
{
	const char *id;
	TRY(mail_own_id(c, a, rows[0].id, &id));
	for (size_t i = 0; i < n; i++) {
		TRY(mail_letter_take(c, rows[i].id, rows[0].id, mail_name(c, id), NULL));
		TRY(reach_tell(c, rows[i].conversation_id, rows[i].no, "sending"));
	}
	return job_add(c, new_id(c), mail_send_job.name, c->now, NULL, arena_format(c->arena, "{\"batch\":\"%lld\"}", (long long)rows[0].id));
}

/* Words of a person go together as far as their files fit into one mail; a machine's goes alone, so that it can be marked as one. */
static int together(struct ctx *c, const struct mail_letter *rows, size_t n, size_t *count)
{
	int64_t files = 0, bytes = 0;
	for (*count = 0; *count < n; ++*count) {
		const struct mail_letter *l = &rows[*count];
		struct mail_files_of_row more;
		if (*count && !(text_equal(rows[0].kind, "person") && text_equal(l->kind, "person")))
			return 0;
		TRY(mail_files_of(c, l->conversation_id, l->no, &more));
		files += more.n;
		bytes += more.bytes;
		if (*count && (files > FILES_MOST || bytes > file_bytes_most))
			return 0;
	}
	return 0;
}

static int gather(struct ctx *c, const struct job *job, const char *answer)
{
	struct gather_in in;
	struct mail_letter *rows, first;
	struct mail_letters_sending_row *busy;
	struct mail_account a;
	size_t n, under_way, count;
	bool there, may = true;
	TRY(json_read(c->arena, &gather_shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(mail_letters_sending(c, in.id, &busy, &under_way));
	TRY(mail_letters_waiting(c, in.id, &rows, &n));
	if (!n || under_way || goes_at(c, &rows[0]) > c->now)
		return 0;               /* what ends there looks again; each has a job for when its time has come */
	TRY(last_in(c, in.id, &first, &there));
	if (there && text_equal(rows[0].kind, "machine"))
		TRY(may_machine(c, &first, &may));
	if (!there || !may) {
		TRY(silence(c, &rows[0], there ? "silent" : "failed", there ? "machine" : "nobody"));
		return mail_gather(c, in.id, c->now);
	}
	TRY(mail_account_row_get(c, first.account_id, &a));
	TRY(together(c, rows, n, &count));
	return take_batch(c, &a, rows, count);
}

const struct job_kind mail_gather_job = { .name = "mail.gather", .run = gather };

/* Calling ------------------------------------------------------------------------------------------------------------------ */

struct send_in {
	int64_t batch;
};
static const struct member send_members[] = { MEMBER(struct send_in, batch, id, .flags = MEMBER_REQUIRED) };
static const struct shape send_shape = SHAPE("mail_send", struct send_in, send_members);

struct sending {
	struct send_in in;
	struct mail_opened k;
	struct mail_letter *rows;
	size_t n, file_n;
	struct mail_head head;          /* of what is answered */
	const char *to, *id, *reply, *mark;
	struct text words;
	int64_t file_ids[FILES_MOST];
	struct mail_file files[FILES_MOST];
};

static int load_words(struct ctx *c, struct sending *s)
{
	s->words = text_in(c->arena);
	for (size_t i = 0; i < s->n; i++) {
		struct message *m;
		struct files_of_messages_row *files;
		size_t n, count;
		const char *text = "";
		TRY(message_by_no(c, s->rows[i].conversation_id, s->rows[i].no, &m, &n));
		TRY(n && m[0].body.p ? pii_open(c, m[0].key, "message.body", m[0].body, &text) : 0);
		if (!text_empty(text))
			text_format(&s->words, "%s%s", s->words.n ? "\n\n" : "", text);
		TRY(files_of_messages(c, s->rows[i].conversation_id, s->rows[i].no, s->rows[i].no, &files, &count));
		TRY(require(c, s->file_n + count <= FILES_MOST, ERR_TOO_LARGE, NULL));
		for (size_t f = 0; f < count; f++)
			s->file_ids[s->file_n++] = files[f].file_id;
	}
	return 0;
}

static int load_files(struct ctx *c, struct sending *s)
{
	int64_t bytes = 0;
	for (size_t i = 0; i < s->file_n; i++) {
		struct file_info info;
		TRY(file_show(c, s->file_ids[i], &info));
		s->files[i] = (struct mail_file){ .name = info.name, .type = info.type };
		bytes += info.size;
		if (bytes > file_bytes_most)
			return fail(c, ERR_TOO_LARGE, "20 MB");
		TRY(file_read(c, s->file_ids[i], FILE_CONTENT, &s->files[i].body));
	}
	return 0;
}

static int load(struct ctx *c, void *arg)
{
	struct sending *s = arg;
	struct mail_letter in;
	struct identity who;
	bool there;
	TRY(mail_letters_batch(c, s->in.batch, &s->rows, &s->n));
	if (!s->n)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(last_in(c, s->rows[0].conversation_id, &in, &there));
	if (!there)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(mail_open(c, in.account_id, &s->k));
	TRY(mail_head_open(c, &in, &s->head));
	TRY(identity_row_get(c, s->rows[0].identity_id, &who));
	TRY(pii_open(c, who.key, "identity.name", who.name, &s->to));
	s->to += !strncmp(s->to, "? ", 2) ? 2 : 0;
	TRY(mail_own_id(c, &s->k.row, s->in.batch, &s->id));
	TRY(mail_mark(c, &s->mark));
	if (text_equal(s->k.row.reply, "plus"))
		TRY(mail_reply_address(c, &s->k.row, s->rows[0].conversation_id, &s->reply));
	TRY(load_words(c, s));
	return load_files(c, s);
}

static int compose(struct ctx *c, struct sending *s, struct bytes *out)
{
	const char *const *before = s->head.refs.at;
	const char **refs = ARENA_ARRAY(c->arena, const char *, s->head.refs.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->head.refs.n; i++)
		refs[n++] = before[i];
	if (!text_empty(s->head.id))
		refs[n++] = s->head.id;
	const char *bare = mail_bare_subject(s->head.subject);
	return mail_write(c->arena, &(struct mail_write){
		.from = s->k.row.address, .from_name = s->k.from_name, .to = s->to, .reply_to = s->reply, .subject = arena_format(c->arena, "Re: %s", text_empty(bare) ? s->k.from_name : bare), .text = text_end(&s->words),
		.id = s->id, .refs = refs, .ref_n = n, .mark = s->mark, .by_machine = text_equal(s->rows[0].kind, "machine"), .files = s->files, .file_n = s->file_n,
	}, c->now, out, c->error);
}

/* 5xx is a no for good, but that to a sign-in: the password may be set right meanwhile. */
static bool is_final(const struct mail_outcome *o)
{
	return o->code >= 500 && o->code < 600 && o->code != 530 && o->code != 534 && o->code != 535 && o->code != 538;
}

/* "": the server has taken it. Otherwise why it never will. */
static int call_out(struct ctx *c, const struct job *job, const char **answer)
{
	struct sending s = { 0 };
	struct bytes mail;
	struct mail_outcome outcome = { 0 };
	*answer = "";
	TRY(json_read(c->arena, &send_shape, job->data, strlen(job->data), &s.in, NULL, c->error));
	int r = readers_run(c->services->readers, c, load, &s);
	if (r == 0)
		r = compose(c, &s, &mail);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED || r == ERR_TOO_LARGE || (r < 0 && error_status(r) < 500 && r != ERR_BUSY)) {
		*answer = arena_format(c->arena, "!%s", error_name(r));
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	if (!s.k.password)
		return fail(c, ERR_OUTBOUND, "off");
	const struct mail_server server = mail_smtp_of(c, &s.k);
	r = mail_send_bytes(sender_client(c->services->sender), c->arena, &server, s.k.row.address, s.to, mail, &outcome, c->error);
	if (r < 0 && is_final(&outcome)) {
		*answer = arena_format(c->arena, "%d %s", outcome.code, c->error->arg ? c->error->arg : "");
		error_clear(c->error);
		return 0;
	}
	return r;
}

/* Settling ----------------------------------------------------------------------------------------------------------------- */

static int tell_owner(struct ctx *c, int64_t conversation)
{
	struct conversation k;
	TRY(conversation_row_get(c, conversation, &k));
	return notify_staff(c, k.owner_id, &(struct staff_notice){ .kind = "mail_failed", .object = "conversation", .object_id = k.id });
}

static int settle(struct ctx *c, const struct job *job, const char *state, const char *why)
{
	struct send_in in;
	struct mail_letter *rows;
	size_t n;
	TRY(json_read(c->arena, &send_shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(mail_letters_batch(c, in.batch, &rows, &n));
	if (!n)
		return 0;
	const char *note = arena_string_n(c->arena, why, utf8_prefix(why, WHY_MOST));
	TRY(mail_letters_settle(c, in.batch, state, note, text_equal(state, "sent") ? c->now : 0, NULL));
	for (size_t i = 0; i < n; i++)
		TRY(reach_tell(c, rows[i].conversation_id, rows[i].no, state));
	if (!text_equal(state, "sent"))
		TRY(tell_owner(c, rows[0].conversation_id));
	return mail_gather(c, rows[0].conversation_id, c->now);
}

static int came_back(struct ctx *c, const struct job *job, const char *answer)
{
	return settle(c, job, text_empty(answer) ? "sent" : "failed", answer);
}

static int died(struct ctx *c, const struct job *job)
{
	return settle(c, job, "failed", job->last_error);
}

static int attempts(const struct ctx *c)
{
	return (int)setting_of(c, SETTING_OUTBOUND_ATTEMPTS);
}

const struct job_kind mail_send_job = { .name = "mail.send", .call = call_out, .run = came_back, .died = died, .attempts = attempts };

int mail_bounced(struct ctx *c, const struct mail_letter *letters, size_t n, const char *why)
{
	const char *note = arena_string_n(c->arena, why, utf8_prefix(why, WHY_MOST));
	bool news = false;
	for (size_t i = 0; i < n; i++) {
		const struct mail_letter *l = &letters[i];
		if (text_equal(l->state, "bounced"))
			continue;
		TRY(mail_letter_mark(c, l->id, "bounced", note, NULL));
		TRY(reach_tell(c, l->conversation_id, l->no, "failed"));
		news = true;
	}
	return news ? tell_owner(c, letters[0].conversation_id) : 0;
}

/* What became of them ------------------------------------------------------------------------------------------------------ */

static void explain(struct ctx *c, const struct mail_letters_out_row *l, struct reach_state *s)
{
	if (text_equal(l->state, "bounced")) {
		s->state = "failed";
		s->why_zh = arena_format(c->arena, "被对方退回：%s", l->why);
		s->why_en = arena_format(c->arena, "Bounced: %s", l->why);
	} else if (text_equal(l->state, "silent")) {
		s->state = "failed";
		s->why_zh = "自动消息不发给自动回复的邮箱";
		s->why_en = "An automatic message is not sent to a machine";
	} else if (text_equal(l->why, "!too_large")) {
		s->why_zh = "附件合计超过 20 MB";
		s->why_en = "The files are over 20 MB together";
	} else if (text_equal(l->state, "failed")) {
		int code = *l->why == '!' ? error_named(l->why + 1) : 0;
		s->why_zh = code ? error_text(code, LANG_ZH, NULL, c->arena) : l->why;
		s->why_en = code ? error_text(code, LANG_EN, NULL, c->arena) : l->why;
	}
}

static int states(struct ctx *c, const struct conversation *k, struct reach_state **out, size_t *n)
{
	struct mail_letters_out_row *all;
	TRY(mail_letters_out(c, k->id, &all, n));
	*out = ARENA_ARRAY(c->arena, struct reach_state, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		(*out)[i] = (struct reach_state){ .no = all[i].no, .state = all[i].state };
		explain(c, &all[i], &(*out)[i]);
	}
	return 0;
}

const struct reach mail_reach = { .channel = "mail", .send = queue, .states = states };
