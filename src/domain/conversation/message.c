/* Messages: how they come in, once each. */
#include <string.h>

#include "base/crypto.h"
#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/notify/holders.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "engine/clean/clean.h"
#include "engine/grade/grade.h"
#include "engine/redact/redact.h"
#include "gen/conversation_sql.h"

enum { WORDS_AFTER_MS = 20 * SECOND_MS, TITLE_CHARACTERS = 40, PREVIEW_CHARACTERS = 60 };

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

/* A mail says in its subject what it is about, often in nothing else. */
static const char *words_begun_with(struct ctx *c, const struct inbound *in)
{
	return arena_format(c->arena, "%s\n%s", in->title ? in->title : "", in->text ? in->text : "");
}

/* In the order of the setting's words. */
enum { RECEIVES_NEVER, RECEIVES_FIRST, RECEIVES_AT_NIGHT };

/* At night: outside of the service hours of the queue that she would stand in. */
static int bot_receives(struct ctx *c, const struct inbound *in, const struct conversation *k, const struct customer *customer, const char *words, bool *bot)
{
	struct conversation would = *k;
	int64_t when = in->external_id && !in->no_bot ? setting_of(c, SETTING_BOT_RECEIVE) : RECEIVES_NEVER;
	if (when == RECEIVES_AT_NIGHT) {
		TRY(conversation_hear(c, customer, words, &would));
		TRY(queue_enter(c, customer, &would));
	}
	*bot = when == RECEIVES_FIRST || would.away_until > c->now;
	return 0;
}

static int begin(struct ctx *c, const struct inbound *in, struct conversation *k)
{
	struct customer customer;
	const char *words = in->external_id ? words_begun_with(c, in) : "";
	bool bot;
	TRY(customer_row_get(c, in->customer_id, &customer));
	*k = (struct conversation){
		.tenant = c->tenant, .id = new_id(c), .state = conversation_states[CONVERSATION_WAITING].value, .channel = in->channel, .title = preview(c->arena, in->title ? in->title : words_of(c, in->text ? in->text : "", &in->file_ids), TITLE_CHARACTERS), .key = customer.key,
		.customer_id = customer.id, .region_id = customer.region_id, .last_from = "", .last_words = "", .emotion = "", .scene = "", .last_at = c->now,
		.next_due_at = FAR_FUTURE_MS, .identity_id = in->identity_id, .product_id = in->product_id, .team_id = in->team_id,
	};
	TRY(bot_receives(c, in, k, &customer, words, &bot));
	if (bot)
		k->state = conversation_states[CONVERSATION_BOT].value;
	else
		k->asked_at = k->waiting_since = c->now;
	TRY(conversation_hear(c, &customer, words, k));
	if (!bot && in->external_id)
		TRY(queue_enter(c, &customer, k));
	return record_insert(c, &conversation_record, k);
}

static int find_or_begin(struct ctx *c, const struct inbound *in, struct conversation *k)
{
	struct conversation *rows;
	size_t n;
	if (in->conversation_id)
		return conversation_row_get(c, in->conversation_id, k);
	if (in->apart)
		return begin(c, in, k);
	if (in->among == OF_IDENTITY)
		TRY(open_conversation_of_identity(c, in->identity_id, in->channel, &rows, &n));
	else
		TRY(open_conversation(c, in->customer_id, in->channel, &rows, &n));
	if (!n)
		return begin(c, in, k);
	*k = rows[0];
	return 0;
}

int conversation_of_event(struct ctx *c, const struct inbound *in, struct conversation *k)
{
	return find_or_begin(c, in, k);
}

static struct bytes name_of_message(struct ctx *c, const char *external_id)
{
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	hash_sha256(external_id, strlen(external_id), hash);
	return (struct bytes){ hash, HASH_SIZE };
}

int conversation_has_taken(struct ctx *c, const char *channel, int64_t sender, const char *external_id, bool *out)
{
	struct message_was_seen_row *rows;
	size_t n;
	TRY(message_was_seen(c, channel, sender, name_of_message(c, external_id), &rows, &n));
	*out = n > 0;
	return 0;
}

/* What no bot hears is looked at for danger, whoever has it: here by the few words that all companies have, then (domain/bot) by those of its packs. */
static int look_for_danger(struct ctx *c, const struct inbound *in, const struct conversation *k, int64_t no)
{
	struct grade_proposal found;
	if (in->no_machine)
		return 0;
	grade_propose(NULL, 0, words_begun_with(c, in), &found);
	return found.grade == GRADE_CRITICAL ? job_add(c, new_id(c), CONVERSATION_DANGER_JOB, c->now, arena_format(c->arena, "%lld/%lld", (long long)k->id, (long long)no), NULL) : 0;
}

/* Whoever has it hears of the first message that she has not read, not of each. */
int conversation_take_in(struct ctx *c, const struct inbound *in, struct conversation *k, int64_t *no)
{
	struct message_was_seen_row *seen;
	const struct bytes name = name_of_message(c, in->external_id);
	const int64_t sender = in->identity_id ? in->identity_id : in->customer_id;     /* a name stays hers when her file goes into another */
	size_t n;
	TRY(message_was_seen(c, in->channel, sender, name, &seen, &n));
	if (n) {
		*no = seen[0].no;
		return conversation_row_get(c, seen[0].conversation_id, k);
	}
	TRY(find_or_begin(c, in, k));
	struct conversation old = *k;
	TRY(append(c, k, in->text, &in->file_ids, "public", NULL));
	k->emotion = emotion_after(c->arena, k->emotion ? k->emotion : "", in->text ? in->text : "");
	TRY(conversation_hear_scene(c, in->text ? in->text : "", k));
	*no = k->customer_no = k->last_no;
	bool bot = conversation_is_bots(k);
	if (!bot && !k->waiting_since)
		k->waiting_since = c->now;
	if (bot || k->bot_offered)
		TRY(job_add(c, new_id(c), CONVERSATION_BOT_JOB, c->now, arena_format(c->arena, "%lld/%lld", (long long)k->id, (long long)*no), NULL));
	else
		TRY(look_for_danger(c, in, k, *no));
	TRY(message_seen_row_insert(c, &(struct message_seen){ .tenant = c->tenant, .channel = in->channel, .sender_id = sender, .name = name, .conversation_id = k->id, .no = *no }));
	TRY(record_update(c, &conversation_record, &old, k, "conversation.received", NULL, message_data(c, *no)));
	if (*no == 1 && k->away_until > c->now && !in->no_machine)
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

int conversation_note_down(struct ctx *c, struct conversation *k, const char *text)
{
	struct ctx all = ctx_as_system(c);
	struct conversation old = *k;
	TRY(conversation_note(&all, k, text));
	return record_update(&all, &conversation_record, &old, k, "conversation.noted", NULL, message_data(c, k->last_no));
}

int conversation_spoken(struct ctx *c, struct conversation *k, int64_t user_id)
{
	struct ctx all = ctx_as_system(c);
	if (!text_equal(k->state, "active") && !text_equal(k->state, "closed") && user_id)
		TRY(flow_move(&all, &conversation_flow, k, "speak", NULL, &(struct conversation_to){ .owner_id = user_id }));
	if (!k->waiting_since && k->first_response_at)
		return 0;
	struct conversation old = *k;
	k->waiting_since = k->away_until = 0;
	k->first_response_at = k->first_response_at ? k->first_response_at : c->now;
	return record_update(&all, &conversation_record, &old, k, "conversation.spoken", NULL, NULL);
}

int conversation_mark(struct ctx *c, const struct conversation *k, int64_t no, const char *what)
{
	const int64_t user = c->actor_kind == ACTOR_USER ? c->actor_id : 0;
	return conversation_mark_row_insert(c, &(struct conversation_mark){ .tenant = c->tenant, .id = new_id(c), .conversation_id = k->id, .no = no, .what = what, .guess = "", .value = "heard", .user_id = user, .at = c->now });
}

/* What the system says ------------------------------------------------------------------------------------------------------ */

int conversation_put(struct ctx *c, struct conversation *k, const char *text, const char *offers)
{
	return append(c, k, text, &(struct list){ 0 }, "public", offers);
}

int conversation_answer(struct ctx *c, struct conversation *k, const char *text, const char *offers)
{
	struct conversation old = *k;
	TRY(conversation_put(c, k, text, offers));
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
