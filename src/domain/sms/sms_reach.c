/* What an agent says in a conversation by SMS: to the number that it came from, each message on its own, and what became of it. */
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/sms/sms_private.h"
#include "gen/conversation_sql.h"
#include "gen/sms_sql.h"

/* The number is kept with the name by which she writes, not taken from her file: another of her numbers may be somebody else's telephone. */
static int number_of(struct ctx *c, const struct conversation *k, const char **number)
{
	struct identity who;
	*number = NULL;
	if (!k->identity_id)
		return 0;
	TRY(identity_row_get(c, k->identity_id, &who));
	return pii_open(c, who.key, "identity.name", who.name, number);
}

static int say(struct ctx *c, const struct conversation *k, const struct message *m)
{
	const char *number, *text;
	struct files_of_messages_row *files;
	size_t n;
	TRY(number_of(c, k, &number));
	if (text_empty(number))
		return 0;
	TRY(files_of_messages(c, k->id, m->no, m->no, &files, &n));
	if (n)
		return fail_field(c, "file_ids", ERR_SMS_FILE, NULL);
	TRY(pii_open(c, m->key, "message.body", m->body, &text));
	int64_t id = new_id(c);
	TRY(sms_out_row_insert(c, &(struct sms_out){ .tenant = c->tenant, .id = id, .conversation_id = k->id, .no = m->no }));
	return notify_text(c, &(struct notice){
		.id = id, .channel = NOTICE_SMS, .template = "conversation", .key = k->key, .address = number, .lang = text_equal(k->lang, "en") ? LANG_EN : LANG_ZH, .object = "conversation", .object_id = k->id,
	}, &(struct notice_text){ .subject = "", .text = text });
}

/* What waits for a channel that nobody has set up is not on its way. */
static const char *state_of(const char *state)
{
	return text_equal(state, "held") ? "failed" : state;
}

static int states(struct ctx *c, const struct conversation *k, struct reach_state **out, size_t *n)
{
	struct sms_outs_of_row *rows;
	TRY(sms_outs_of(c, k->id, &rows, n));
	*out = ARENA_ARRAY(c->arena, struct reach_state, *n + 1);
	for (size_t i = 0; i < *n; i++) {
		bool held = text_equal(rows[i].state, "held");
		const char *why = held && !text_equal(rows[i].last_error, "demo") ? "no_channel" : rows[i].last_error, *zh = sms_code_words(why, LANG_ZH);
		(*out)[i] = (struct reach_state){ .no = rows[i].no, .state = state_of(rows[i].state) };
		if (*zh) {
			(*out)[i].why_zh = zh;
			(*out)[i].why_en = sms_code_words(why, LANG_EN);
		}
	}
	return 0;
}

static int repeat(struct ctx *c, const struct conversation *k, int64_t no)
{
	struct sms_out_of_row *rows;
	size_t n;
	TRY(sms_out_of(c, k->id, no, &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(require(c, text_equal(rows[0].state, SMS_UNSURE), ERR_STATE, NULL));
	TRY(outbox_send_again(c, rows[0].id));
	return reach_tell(c, k->id, no, "waiting");
}

const struct reach sms_reach = { .channel = "sms", .send = say, .states = states, .repeat = repeat };

/* The outbox has settled one. */
static int settled(struct ctx *c, const struct outbox *row, const char *state, const char *why)
{
	struct sms_out *out;
	size_t n;
	TRY(sms_out_by_id(c, row->id, &out, &n));
	return n ? reach_tell(c, out[0].conversation_id, out[0].no, state_of(state)) : 0;
}

const struct outbox_end sms_end = { .object = "conversation", .settled = settled };
