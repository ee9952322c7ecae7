/* A mail becomes a message, a note, a bounce of one of ours, or nothing: in one transaction, the same each time it comes. */
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/customer/customer.h"
#include "domain/mail/mail_private.h"
#include "engine/clean/clean.h"
#include "engine/language/language.h"
#include "gen/conversation_sql.h"
#include "gen/mail_sql.h"

#define CHANNEL "mail"

static const char *word(struct ctx *c, yyjson_val *m, const char *name)
{
	const char *s = yyjson_get_str(yyjson_obj_get(m, name));
	return s ? arena_string(c->arena, s) : "";
}

/* Who --------------------------------------------------------------------------------------------------------------------- */

/* An address that the own server found forged is somebody else's name: what comes by it never stands among what she wrote. */
static const char *name_of(struct ctx *c, yyjson_val *m)
{
	const char *from = word(c, m, "from");
	if (text_empty(from))
		return "?";
	return text_equal(word(c, m, "verdict"), "fail") ? arena_format(c->arena, "? %s", from) : from;
}

static const char *called(struct ctx *c, yyjson_val *m, int64_t number)
{
	struct clean_name name;
	const char *given = word(c, m, "called");
	if (!text_empty(given) && !strpbrk(given, "@<>") && clean_name(c->arena, given, &name) == 0 && utf8_count(name.name) <= 30)
		return name.name;
	return arena_format(c->arena, "邮件客户 %04lld", (long long)(number % 10000));
}

/* Which conversation ------------------------------------------------------------------------------------------------------- */

static int is_there(struct ctx *c, int64_t id, struct conversation *k, bool *found)
{
	int r = conversation_row_get(c, id, k);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	*found = r == 0 && text_equal(k->channel, CHANNEL) && !k->archived_at;
	return r;
}

/* By a signed address of ours among the receivers, then by the nearest mail that it answers. */
static int find_thread(struct ctx *c, yyjson_val *m, struct conversation *k, bool *found)
{
	size_t i, most;
	yyjson_val *v;
	*found = false;
	yyjson_arr_foreach(yyjson_obj_get(m, "to"), i, most, v) {
		int64_t id = 0;
		TRY(mail_reply_of(c, yyjson_get_str(v) ? yyjson_get_str(v) : "", &id));
		TRY(id && !*found ? is_there(c, id, k, found) : 0);
	}
	yyjson_val *refs = yyjson_obj_get(m, "refs");
	for (i = yyjson_arr_size(refs); i-- > 0 && !*found;) {
		struct mail_letter *letters;
		const char *id = yyjson_get_str(yyjson_arr_get(refs, i));
		size_t n;
		TRY(mail_letters_named(c, mail_name(c, id ? id : ""), &letters, &n));
		TRY(n ? is_there(c, letters[0].conversation_id, k, found) : 0);
	}
	return 0;
}

/* What it says ------------------------------------------------------------------------------------------------------------- */

static const char *words_of(struct ctx *c, yyjson_val *m)
{
	const char *said = word(c, m, "said"), *missing = word(c, m, "missing");
	struct text t = text_in(c->arena);
	text_append(&t, text_empty(said) ? (yyjson_arr_size(yyjson_obj_get(m, "files")) ? "[附件]" : "[没有正文]") : said);
	if (yyjson_get_bool(yyjson_obj_get(m, "cut")))
		text_append(&t, "\n[邮件过长或无法完整读取，请到邮箱中查看原文]");
	if (!text_empty(missing))
		text_format(&t, "\n[未接收的附件：%s]", missing);
	return text_end(&t);
}

static int64_t number(yyjson_val *v, const char *name)
{
	return yyjson_get_sint(yyjson_obj_get(v, name));
}

static int add_files(struct ctx *c, yyjson_val *m, struct conversation *k, int64_t no)
{
	size_t i, most;
	yyjson_val *f;
	yyjson_arr_foreach(yyjson_obj_get(m, "files"), i, most, f) {
		TRY(file_finish(c, number(f, "id"), &(struct file_ready){ .blob = word(c, f, "blob"), .thumbnail = word(c, f, "thumbnail"), .size = number(f, "size"), .thumbnail_size = number(f, "thumbnail_size"), .type = word(c, f, "type"),
			.width = number(f, "width"), .height = number(f, "height") }));
		TRY(conversation_add_file(c, k, no, number(f, "id")));
	}
	return 0;
}

static int add_letter(struct ctx *c, const struct mail_account *a, yyjson_val *m, const struct identity *who, const struct conversation *k, int64_t no)
{
	size_t i, most, n = 0;
	yyjson_val *v, *refs = yyjson_obj_get(m, "refs");
	const char **ids = ARENA_ARRAY(c->arena, const char *, yyjson_arr_size(refs) + 1), *quoted = word(c, m, "quoted");
	yyjson_arr_foreach(refs, i, most, v)
		ids[n++] = arena_string(c->arena, yyjson_get_str(v));
	struct mail_letter l = {
		.tenant = c->tenant, .id = new_id(c), .account_id = a->id, .identity_id = who->id, .conversation_id = k->id, .no = no, .way = "in", .state = "taken", .kind = word(c, m, "kind"), .verdict = word(c, m, "verdict"),
		.name = mail_name(c, word(c, m, "key")), .key = k->key, .why = "", .created_at = c->now, .version = 1,
	};
	l.kind = text_equal(l.kind, "bounce") ? "machine" : l.kind;
	TRY(mail_head_seal(c, k->key, &(struct mail_head){ .id = word(c, m, "id"), .from = word(c, m, "from"), .subject = word(c, m, "subject"), .refs = { ids, n } }, &l.head));
	TRY(pii_seal(c, k->key, "mail_letter.quoted", text_empty(quoted) ? NULL : quoted, &l.quoted));
	return mail_letter_row_insert(c, &l);
}

static int note(struct ctx *c, struct conversation *k, const char *text)
{
	struct conversation old = *k;
	TRY(conversation_note(c, k, text));
	return record_update(c, &conversation_record, &old, k, "conversation.noted", NULL, arena_format(c->arena, "{\"no\":%lld}", (long long)k->last_no));
}

/* A person's mail ---------------------------------------------------------------------------------------------------------- */

static const char *masked(struct ctx *c, const char *address)
{
	const char *at = strchr(address, '@');
	return at ? arena_format(c->arena, "%.1s***%s", address, at) : "***";
}

static int take_in(struct ctx *c, const struct mail_account *a, yyjson_val *m, const struct identity *who, struct conversation *thread)
{
	struct conversation k;
	int64_t no;
	bool machine = !text_equal(word(c, m, "kind"), "person"), hers = thread && thread->identity_id == who->id;
	const char *subject = mail_bare_subject(word(c, m, "subject"));
	struct ctx as_she = ctx_as_customer(c, who->customer_id);
	const struct inbound in = {
		.channel = CHANNEL, .external_id = word(c, m, "key"), .customer_id = who->customer_id, .text = words_of(c, m), .identity_id = who->id, .among = OF_IDENTITY, .team_id = a->team_id,
		.title = text_empty(subject) ? NULL : subject, .no_bot = true, .no_machine = machine,
		.conversation_id = hers && !text_equal(thread->state, "closed") ? thread->id : 0, .apart = !hers,
	};
	TRY(conversation_take_in(&as_she, &in, &k, &no));
	TRY(add_files(c, m, &k, no));
	TRY(add_letter(c, a, m, who, &k, no));
	if (thread && !hers)
		TRY(note(c, thread, arena_format(c->arena, "另一个地址 %s 回复了本会话的邮件。对方不是本会话的客户，已为其另开会话，本会话内容没有透露。", masked(c, word(c, m, "from")))));
	return 0;
}

/* What a machine says in answer to us is for staff to know: it is no word of hers, opens nothing again and ends no wait. */
static int take_answer_of_machine(struct ctx *c, const struct mail_account *a, yyjson_val *m, const struct identity *who, struct conversation *thread)
{
	struct mail_letter *known;
	size_t n;
	TRY(mail_letters_named(c, mail_name(c, word(c, m, "key")), &known, &n));
	if (n)
		return 0;
	const char *said = words_of(c, m);
	TRY(note(c, thread, arena_format(c->arena, "[自动回复] %s\n%s", word(c, m, "subject"), arena_string_n(c->arena, said, utf8_prefix(said, 2000)))));
	return add_letter(c, a, m, who, thread, thread->last_no);
}

/* Machines ----------------------------------------------------------------------------------------------------------------- */

static int take_bounce(struct ctx *c, yyjson_val *m, bool *done)
{
	struct mail_letter *letters;
	size_t n;
	const char *action = word(c, m, "bounce_action"), *words = word(c, m, "bounce_words");
	TRY(mail_letters_named(c, mail_name(c, word(c, m, "bounce_of")), &letters, &n));
	*done = n && text_equal(letters[0].way, "out");
	if (!*done || (strcasecmp(action, "failed") && !text_empty(action)))
		return 0;               /* "delayed": it is still tried */
	return mail_bounced(c, letters, n, words);
}

static const char *language_in(struct ctx *c, yyjson_val *m)
{
	return language_of(arena_format(c->arena, "%s\n%s", mail_bare_subject(word(c, m, "subject")), words_of(c, m)));
}

/* A mail of ours that came back to us, or one that another box of ours wrote: answering it would never end. */
static int is_ours(struct ctx *c, yyjson_val *m, bool *ours)
{
	struct mail_letter *letters;
	const char *mark;
	size_t n;
	TRY(mail_mark(c, &mark));
	TRY(mail_letters_named(c, mail_name(c, word(c, m, "key")), &letters, &n));
	*ours = text_equal(word(c, m, "mark"), mark) || (n && text_equal(letters[0].way, "out"));
	return 0;
}

int mail_take(struct ctx *c, const struct mail_account *a, yyjson_val *m, bool *taken)
{
	struct identity who;
	struct conversation thread;
	bool found, seen, done = false;
	const char *kind = word(c, m, "kind");
	if (text_equal(kind, "bounce"))
		TRY(take_bounce(c, m, &done));
	else
		TRY(is_ours(c, m, &done));
	if (done)
		return 0;
	TRY(customer_by_name(c, name_of(c, m), &(struct newcomer){ .called = called(c, m, new_id(c)), .channel = CHANNEL, .lang = language_in(c, m) }, &who, NULL));
	TRY(conversation_has_taken(c, CHANNEL, who.id, word(c, m, "key"), &seen));
	if (seen)
		return 0;
	*taken = true;
	TRY(find_thread(c, m, &thread, &found));
	bool machine = text_equal(kind, "machine") || text_equal(kind, "bounce");
	return machine && found ? take_answer_of_machine(c, a, m, &who, &thread) : take_in(c, a, m, &who, found ? &thread : NULL);
}
