/* Messages: how they come in, once each, and how they are shown. */
#include <string.h>

#include "base/crypto.h"
#include "base/id.h"
#include "base/json.h"
#include "core/api/actor.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "core/notify/holders.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "engine/clean/clean.h"
#include "engine/redact/redact.h"
#include "gen/conversation_sql.h"

enum { WORDS_AFTER_MS = 20 * SECOND_MS, AT_ONCE = 200, TITLE_CHARACTERS = 40, PREVIEW_CHARACTERS = 60 };

/* Fit for a list: what tells of a person is replaced, one line, so many characters. */
static const char *preview(struct arena *a, const char *text, size_t most)
{
	const char *redacted = clean_text(a, redact(a, text, strlen(text), NULL));
	return arena_string_n(a, redacted, utf8_prefix(redacted, most));
}

static const char *side_of(const struct ctx *c)
{
	return c->actor_kind == ACTOR_CUSTOMER ? "customer" : c->actor_kind == ACTOR_SYSTEM ? "system" : "user";
}

static int words_changed(struct ctx *c, const struct job *job, const char *answer)
{
	int64_t id;
	return id_parse(job->unique_key, &id) < 0 ? ERR_INTERNAL : event_add(c, "conversation.worded", "conversation", id, "{}");
}

const struct job_kind conversation_words_job = { .name = "conversation.words", .run = words_changed };

/* So long after the first of several. */
static int note_words(struct ctx *c, int64_t id)
{
	return job_add(c, new_id(c), conversation_words_job.name, c->now + WORDS_AFTER_MS, arena_format(c->arena, "%lld", (long long)id), NULL);
}

/* Each once in a conversation: the same file in another message would be seen by whoever sees either. */
static int attach_files(struct ctx *c, const struct conversation *k, int64_t no, const struct list *files)
{
	const int64_t *ids = files->at;
	for (size_t i = 0; i < files->n; i++) {
		struct message_of_file_row *rows;
		size_t n;
		TRY(file_attach(c, ids[i], "conversation", k->id, k->customer_id));
		TRY(message_of_file(c, k->id, ids[i], &rows, &n));
		if (n)
			return fail_field(c, "file_ids", ERR_FIELD_TAKEN, arena_format(c->arena, "%lld", (long long)ids[i]));
		TRY(message_file_row_insert(c, &(struct message_file){ .tenant = c->tenant, .conversation_id = k->id, .file_id = ids[i], .no = no }));
	}
	return 0;
}

static const char *message_data(struct ctx *c, int64_t no)
{
	return arena_format(c->arena, "{\"no\":%lld}", (long long)no);
}

int conversation_add_file(struct ctx *c, struct conversation *k, int64_t no, int64_t file_id)
{
	TRY(attach_files(c, k, no, &(struct list){ .at = &file_id, .n = 1 }));
	return event_add(c, "conversation.filed", "conversation", k->id, message_data(c, no));
}

/* What a list shows of a message without words. */
static const char *words_of(const struct ctx *c, const char *text, const struct list *files)
{
	return !text_empty(text) || !files->n ? text : c->lang == LANG_EN ? "[File]" : "[文件]";
}

/* Puts a message behind the last one; the row is changed but not written. */
static int append(struct ctx *c, struct conversation *k, const char *text, const struct list *files, const char *visibility, const char *offers)
{
	if (text_empty(text) && !files->n)
		return fail_field(c, "text", ERR_FIELD_REQUIRED, NULL);
	text = text ? text : "";
	struct message m = {
		.tenant = c->tenant, .conversation_id = k->id, .no = k->last_no + 1, .id = new_id(c), .at = c->now, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
		.visibility = visibility, .key = k->key, .offers = offers ? offers : "[]",
	};
	TRY(pii_seal(c, k->key, "message.body", text, &m.body));
	TRY(message_row_insert(c, &m));
	TRY(attach_files(c, k, m.no, files));
	TRY(note_words(c, k->id));
	k->last_no = m.no;
	if (!text_equal(visibility, "public"))
		return 0;
	k->last_at = c->now;
	k->last_from = side_of(c);
	k->last_words = preview(c->arena, words_of(c, text, files), PREVIEW_CHARACTERS);
	return 0;
}

/* What a customer wrote --------------------------------------------------------------------------------------------------- */

static int begin(struct ctx *c, const struct inbound *in, struct conversation *k)
{
	struct customer customer;
	bool bot = setting_of(c, SETTING_BOT_RECEIVE) == 1;
	const time_ms asked = bot ? 0 : c->now;
	TRY(customer_row_get(c, in->customer_id, &customer));
	*k = (struct conversation){
		.tenant = c->tenant, .id = new_id(c), .state = conversation_states[bot ? CONVERSATION_BOT : CONVERSATION_WAITING].value, .channel = in->channel, .title = preview(c->arena, words_of(c, in->text ? in->text : "", &in->file_ids), TITLE_CHARACTERS), .key = customer.key,
		.customer_id = customer.id, .region_id = customer.region_id, .last_from = "", .last_words = "", .last_at = c->now, .asked_at = asked, .waiting_since = asked,
		.next_due_at = FAR_FUTURE_MS, .identity_id = in->identity_id, .product_id = in->product_id, .team_id = in->team_id,
	};
	if (!bot)
		TRY(queue_enter(c, &customer, k));
	return record_insert(c, &conversation_record, k);
}

static int find_or_begin(struct ctx *c, const struct inbound *in, struct conversation *k)
{
	struct conversation *rows;
	size_t n;
	if (in->among == OF_IDENTITY)
		TRY(open_conversation_of_identity(c, in->identity_id, in->channel, &rows, &n));
	else
		TRY(open_conversation(c, in->customer_id, in->channel, &rows, &n));
	if (!n)
		return begin(c, in, k);
	*k = rows[0];
	return 0;
}

/* Whoever has it hears of the first message that she has not read, not of each. */
int conversation_take_in(struct ctx *c, const struct inbound *in, struct conversation *k, int64_t *no)
{
	struct message_was_seen_row *seen;
	uint8_t hash[32];
	const struct bytes name = { hash, sizeof(hash) };
	const int64_t sender = in->identity_id ? in->identity_id : in->customer_id;     /* a name stays hers when her file goes into another */
	size_t n;
	hash_sha256(in->external_id, strlen(in->external_id), hash);
	TRY(message_was_seen(c, in->channel, sender, name, &seen, &n));
	if (n) {
		*no = seen[0].no;
		return conversation_row_get(c, seen[0].conversation_id, k);
	}
	TRY(find_or_begin(c, in, k));
	struct conversation old = *k;
	TRY(append(c, k, in->text, &in->file_ids, "public", NULL));
	*no = k->customer_no = k->last_no;
	bool bot = text_equal(k->state, conversation_states[CONVERSATION_BOT].value);
	if (!bot && !k->waiting_since)
		k->waiting_since = c->now;
	if (bot || k->bot_offered)
		TRY(job_add(c, new_id(c), CONVERSATION_BOT_JOB, c->now, arena_format(c->arena, "%lld/%lld", (long long)k->id, (long long)*no), NULL));
	TRY(message_seen_row_insert(c, &(struct message_seen){ .tenant = c->tenant, .channel = in->channel, .sender_id = sender, .name = name, .conversation_id = k->id, .no = *no }));
	TRY(record_update(c, &conversation_record, &old, k, "conversation.received", NULL, message_data(c, *no)));
	if (*no == 1 && k->away_until > c->now)
		return queue_tell_away(c, k);
	return old.staff_no < old.last_no ? 0 : notify_staff(c, k->owner_id, &(struct staff_notice){ .kind = "answered", .object = "conversation", .object_id = k->id });
}

/* What staff write ---------------------------------------------------------------------------------------------------------- */

int conversation_note(struct ctx *c, struct conversation *k, const char *text)
{
	return append(c, k, text, &(struct list){ 0 }, "internal", NULL);
}

/* Her own words stay what lists show. */
int conversation_say_by_itself(struct ctx *c, struct conversation *k, const char *text)
{
	struct ctx all = ctx_as_system(c);
	struct conversation old = *k;
	TRY(append(&all, k, text, &(struct list){ 0 }, "public", NULL));
	k->last_at = old.last_at;
	k->last_from = old.last_from;
	k->last_words = old.last_words;
	k->staff_no = k->last_no;
	return record_update(&all, &conversation_record, &old, k, "conversation.told", NULL, message_data(c, k->last_no));
}

/* Whom a note names hears of it, and who has the conversation hears what is whispered. */
static int tell(struct ctx *c, const struct conversation *k, const struct message_in *in)
{
	const int64_t *ids = in->user_ids.at;
	for (size_t i = 0; i < in->user_ids.n && !text_equal(in->visibility, "public"); i++) {
		struct user_account user;
		int r = user_account_row_get(c, ids[i], &user);
		if (r == ERR_NOT_FOUND || (r == 0 && user.archived_at))
			return fail_field(c, "user_ids", ERR_FIELD_REFERENCE, NULL), c->error->code;
		TRY(r);
		TRY(notify_staff(c, ids[i], &(struct staff_notice){ .kind = "mention", .object = "conversation", .object_id = k->id }));
	}
	if (!text_equal(in->visibility, WHISPER))
		return 0;
	return notify_staff(c, k->owner_id, &(struct staff_notice){ .kind = WHISPER, .object = "conversation", .object_id = k->id });
}

int conversation_say(struct ctx *c, struct conversation *k, const struct message_in *in)
{
	bool is_note = !text_equal(in->visibility, "public");
	if (text_equal(in->visibility, WHISPER)) {
		TRY(require_permission(c, SUPERVISE));
		TRY(require(c, k->owner_id > 0 && text_equal(k->state, "active"), ERR_STATE, NULL));
	}
	TRY(require(c, is_note || !text_equal(k->state, "closed"), ERR_STATE, "closed"));
	if (!is_note && text_equal(k->state, "waiting"))
		TRY(flow_move(c, &conversation_flow, k, "take", NULL, NULL));
	struct conversation old = *k;
	TRY(append(c, k, in->text, &in->file_ids, in->visibility, NULL));
	if (!is_note || k->owner_id == c->actor_id)
		k->staff_no = k->last_no;
	if (!is_note) {
		k->waiting_since = 0;
		k->away_until = 0;
		if (!k->first_response_at)
			k->first_response_at = c->now;
	}
	TRY(tell(c, k, in));
	return record_update(c, &conversation_record, &old, k, is_note ? "conversation.noted" : "conversation.replied", NULL, message_data(c, k->last_no));
}

/* What the system says ------------------------------------------------------------------------------------------------------ */

int conversation_put(struct ctx *c, struct conversation *k, const char *text, const char *offers)
{
	return append(c, k, text, &(struct list){ 0 }, "public", offers);
}

int conversation_answer(struct ctx *c, struct conversation *k, const char *text, const char *offers)
{
	struct conversation old = *k;
	TRY(append(c, k, text, &(struct list){ 0 }, "public", offers));
	return record_update(c, &conversation_record, &old, k, "conversation.answered", NULL, message_data(c, k->last_no));
}

int conversation_hand_over(struct ctx *c, struct conversation *k, const char *why, const char *note)
{
	TRY(flow_move(c, &conversation_flow, k, "hand_over", why, NULL));
	if (k->away_until > c->now)
		TRY(queue_tell_away(c, k));
	if (text_empty(note))
		return 0;
	struct conversation old = *k;
	TRY(conversation_note(c, k, note));
	return record_update(c, &conversation_record, &old, k, "conversation.noted", NULL, message_data(c, k->last_no));
}

int conversation_read_to(struct ctx *c, struct conversation *k, int64_t no)
{
	struct conversation old = *k;
	int64_t *mark = c->actor_kind == ACTOR_CUSTOMER ? &k->customer_no : &k->staff_no;
	bool counts = c->actor_kind == ACTOR_CUSTOMER || k->owner_id == c->actor_id;
	if (!counts || no <= *mark)
		return 0;
	*mark = no < k->last_no ? no : k->last_no;
	return record_update(c, &conversation_record, &old, k, "conversation.read", NULL, message_data(c, *mark));
}

static const struct member rate_members[] = {
	MEMBER(struct conversation_rate_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct conversation_rate_in, rating, count, .flags = MEMBER_REQUIRED, .least = 1, .most = 5),
	MEMBER(struct conversation_rate_in, text, text, .most = 500),
};
const struct shape conversation_rate_shape = SHAPE("conversation_rating", struct conversation_rate_in, rate_members);

int conversation_rate(struct ctx *c, struct conversation *k, int64_t rating, const char *words)
{
	struct conversation old = *k;
	TRY(require(c, k->first_response_at > 0, ERR_STATE, NULL));
	k->rating = rating;
	k->rated_at = c->now;
	TRY(pii_seal(c, k->key, "conversation.rating_words", text_empty(words) ? NULL : words, &k->rating_words));
	return record_update(c, &conversation_record, &old, k, "conversation.rated", NULL, arena_format(c->arena, "{\"rating\":%lld}", (long long)rating));
}

/* Shown --------------------------------------------------------------------------------------------------------------------- */

/* Customers read of a person of the company what she is called, and no more. */
static void write_actor(const struct message *m, const struct titles *users, enum message_sight sight, struct text *out)
{
	const char *name = titles_find(users, m->actor_id);
	if (sight == MESSAGES_ALL || m->actor_kind != ACTOR_USER) {
		actor_json(out, m->actor_kind, m->actor_id, users);
		return;
	}
	text_append(out, "{\"kind\":\"user\",\"name\":");
	json_text(out, name ? name : "");
	text_char(out, '}');
}

/* The files of a page of messages. */
struct carried {
	struct files_of_messages_row *at;
	size_t n;
};

static int write_file(struct ctx *c, int64_t id, struct text *out)
{
	struct file_info f;
	int r = file_show(c, id, &f);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	if (out->p[out->n - 1] != '[')
		text_char(out, ',');
	text_format(out, "{\"id\":\"%lld\",\"type\":\"%s\",\"size\":%lld,\"width\":%lld,\"height\":%lld,\"thumbnail\":%s,\"name\":", (long long)f.id, f.type, (long long)f.size, (long long)f.width, (long long)f.height, f.has_thumbnail ? "true" : "false");
	json_text(out, f.name ? f.name : "");
	text_char(out, '}');
	return 0;
}

static int write_files(struct ctx *c, const struct message *m, const struct carried *files, struct text *out)
{
	text_append(out, ",\"files\":[");
	for (size_t i = 0; i < files->n; i++)
		if (files->at[i].no == m->no)
			TRY(write_file(c, files->at[i].file_id, out));
	text_char(out, ']');
	return 0;
}

static int write_one(struct ctx *c, const struct message *m, const char *text, const struct titles *users, const struct carried *files, enum message_sight sight, struct text *out)
{
	text_format(out, "{\"no\":%lld,\"id\":\"%lld\",\"at\":%lld,\"actor\":", (long long)m->no, (long long)m->id, (long long)m->at);
	write_actor(m, users, sight, out);
	text_format(out, ",\"visibility\":\"%s\",\"text\":", m->visibility);
	json_text(out, text);
	TRY(write_files(c, m, files, out));
	text_format(out, ",\"offers\":%s}", text_empty(m->offers) ? "[]" : m->offers);
	return 0;
}

/* Whether the reader is among those for whom a message is. */
static bool is_for(struct ctx *c, const struct conversation *k, const struct message *m, enum message_sight sight)
{
	bool own = c->actor_kind == ACTOR_USER && (m->actor_id == c->actor_id || k->owner_id == c->actor_id);
	if (text_equal(m->visibility, "public"))
		return true;
	return sight == MESSAGES_ALL && (!text_equal(m->visibility, WHISPER) || own || may(c, SUPERVISE));
}

static int write_messages(struct ctx *c, const struct conversation *k, const struct message *rows, size_t n, bool newest_first, enum message_sight sight, struct text *out)
{
	struct titles users;
	struct carried files = { 0 };
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	struct pii_field *opened = ARENA_ARRAY(c->arena, struct pii_field, n + 1);
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
		opened[i] = (struct pii_field){ .key = rows[i].key, .context = "message.body", .sealed = rows[i].body };
	}
	if (n)
		TRY(pii_open_many(c, opened, n));
	if (n)
		TRY(files_of_messages(c, rows[0].conversation_id, rows[newest_first ? n - 1 : 0].no, rows[newest_first ? 0 : n - 1].no, &files.at, &files.n));
	TRY(actor_titles(c, ids, n, &users));
	for (size_t i = 0; i < n; i++) {
		size_t at = newest_first ? n - 1 - i : i;
		if (!is_for(c, k, &rows[at], sight))
			continue;
		text_append(out, any ? "," : "");
		TRY(write_one(c, &rows[at], opened[at].text, &users, &files, sight, out));
		any = true;
	}
	return 0;
}

static const struct member messages_members[] = {
	MEMBER(struct messages_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct messages_in, after, count), MEMBER(struct messages_in, before, count),
};
const struct shape messages_shape = SHAPE("messages_query", struct messages_in, messages_members);

static const struct member read_members[] = { MEMBER(struct read_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct read_in, no, count, .flags = MEMBER_REQUIRED) };
const struct shape messages_read_shape = SHAPE("messages_read", struct read_in, read_members);

int messages_write(struct ctx *c, const struct conversation *k, enum message_sight sight, const struct messages_in *q, struct text *out)
{
	struct message *rows;
	size_t n;
	if (q->before > 0)
		TRY(messages_before(c, k->id, q->before, AT_ONCE + 1, &rows, &n));
	else
		TRY(messages_after(c, k->id, q->after > 0 ? q->after : 0, AT_ONCE + 1, &rows, &n));
	bool more = n > AT_ONCE;
	text_append(out, "{\"items\":[");
	TRY(write_messages(c, k, rows, more ? AT_ONCE : n, q->before > 0, sight, out));
	text_format(out, "],\"more\":%s}", more ? "true" : "false");
	return 0;
}

int conversation_handout(struct ctx *c, const void *row, struct text *out)
{
	const struct conversation *k = row;
	struct message *rows;
	size_t n;
	TRY(messages_of_conversations(c, &k->id, 1, &rows, &n));
	text_append(out, ",\"messages\":[");
	TRY(write_messages(c, k, rows, n, false, MESSAGES_PUBLIC, out));
	text_char(out, ']');
	return 0;
}

int conversation_public_json(struct ctx *c, const struct conversation *k, struct text *out)
{
	const struct choice *state = choice_find(conversation_states, k->state);
	struct answer_due_row *due;
	size_t n = 0;
	if (k->waiting_since)
		TRY(answer_due(c, k->id, &due, &n));
	text_format(out, "{\"id\":\"%lld\",\"state\":\"%s\",\"state_label\":", (long long)k->id, k->state);
	json_label(out, state ? state->zh : "", state ? state->en : "");
	text_format(out, ",\"last_no\":%lld,\"last_at\":%lld,\"staff_no\":%lld,\"customer_no\":%lld,\"rating\":%lld,\"can_rate\":%s,\"answer_by\":", (long long)k->last_no, (long long)k->last_at,
	            (long long)k->staff_no, (long long)k->customer_no, (long long)k->rating, k->first_response_at > 0 ? "true" : "false");
	text_format(out, n ? "%lld" : "null", (long long)(n ? due[0].due_at : 0));
	text_append(out, ",\"title\":");
	json_text(out, k->title);
	TRY(queue_public_json(c, k, out));
	text_char(out, '}');
	return 0;
}

/* A visitor of whom nobody knows yet who she is reads what came by her own name alone, whomever staff take her for. */
int conversation_of_customer(struct ctx *c, int64_t id, struct conversation *k)
{
	const struct auth *who = c->auth;
	int r = conversation_row_get(c, id, k);
	bool hers = r == 0 && k->customer_id == who->customer_id && (!who->visitor || who->is_verified || k->identity_id == who->identity_id);
	return r == ERR_NOT_FOUND || (r == 0 && !hers) ? fail(c, ERR_NOT_FOUND, NULL) : r;
}

bool conversation_shows_file(struct ctx *c, int64_t id, int64_t file_id)
{
	struct message_of_file_row *rows;
	size_t n;
	return message_of_file(c, id, file_id, &rows, &n) == 0 && n == 1 && text_equal(rows[0].visibility, "public");
}

bool conversation_event_is_public(const char *kind)
{
	static const char *const shown[] = { "conversation.created", "conversation.received", "conversation.replied", "conversation.take", "conversation.close", "conversation.read", "conversation.rated",
		"conversation.told", "conversation.give", "conversation.missed", "conversation.assign", "conversation.enqueue", "conversation.route", "conversation.put_back", "conversation.awake", "conversation.filed", "conversation.answered", "conversation.hand_over", "conversation.to_bot" };
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!strcmp(kind, shown[i]))
			return true;
	return false;
}
