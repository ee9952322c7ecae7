/* What was said, as staff and customers are shown it. */
#include <string.h>

#include "base/json.h"
#include "core/api/actor.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/notify/holders.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/routing.h"
#include "gen/conversation_sql.h"

enum { AT_ONCE = 200 };

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

/* Which of its messages sounded like danger, those on other pages too: a mark comes later than what it is about. */
static int write_dangers(struct ctx *c, const struct conversation *k, struct text *out)
{
	struct messages_marked_row *rows;
	size_t n;
	TRY(messages_marked(c, k->id, CONVERSATION_DANGER, &rows, &n));
	text_append(out, ",\"dangers\":[");
	for (size_t i = 0; i < n; i++)
		text_format(out, "%s%lld", i ? "," : "", (long long)rows[i].no);
	text_char(out, ']');
	return 0;
}

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
	text_format(out, "],\"more\":%s", more ? "true" : "false");
	TRY(sight == MESSAGES_ALL ? write_dangers(c, k, out) : 0);
	text_char(out, '}');
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
		"conversation.told", "conversation.give", "conversation.missed", "conversation.assign", "conversation.enqueue", "conversation.route", "conversation.put_back", "conversation.awake", "conversation.filed", "conversation.answered", "conversation.endangered", "conversation.hand_over", "conversation.to_bot" };
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (!strcmp(kind, shown[i]))
			return true;
	return false;
}
