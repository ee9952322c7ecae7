/* Whose a conversation is, once somebody has asked: the file of a visitor goes into hers with the name by which she came, so that the next one is known at once; or
 * this conversation alone becomes hers, where the name is somebody else's as well: a telephone that a household shares, a number that was borrowed.
 *
 * What was said is sealed anew with the key of whose it is: who is erased takes her own words along, and nobody else's. */
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "engine/clean/clean.h"
#include "gen/conversation_sql.h"

enum { PAGE = 100, FILES_MOST = 20 };

/* Moving ------------------------------------------------------------------------------------------------------------------- */

static int seal_messages(struct ctx *c, const struct conversation *k, int64_t key)
{
	struct message *rows;
	size_t n = PAGE;
	for (int64_t after = 0; n == PAGE; after = n ? rows[n - 1].no : after) {
		TRY(messages_after(c, k->id, after, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			const char *text;
			struct bytes body;
			TRY(pii_open(c, rows[i].key, "message.body", rows[i].body, &text));
			TRY(pii_seal(c, key, "message.body", text, &body));
			TRY(message_seal(c, k->id, rows[i].no, key, body, NULL));
		}
	}
	return 0;
}

static int seal_calls(struct ctx *c, const struct conversation *k, const struct customer *to)
{
	struct calls_of_conversation_row *rows;
	size_t n;
	TRY(calls_of_conversation(c, k->id, k->customer_id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const char *number;
		struct bytes sealed;
		TRY(pii_open(c, rows[i].key, "phone_call.number", rows[i].number, &number));
		TRY(pii_seal(c, to->key, "phone_call.number", number, &sealed));
		TRY(call_give(c, rows[i].id, to->id, to->key, sealed, NULL));
	}
	return 0;
}

int conversation_give(struct ctx *c, struct conversation *k, const struct customer *to)
{
	struct conversation old = *k;
	const char *words;
	TRY(require(c, !k->ticket_id && k->customer_id != to->id && !to->archived_at, ERR_STATE, NULL));       /* a ticket has its customer */
	TRY(seal_messages(c, k, to->key));
	TRY(seal_calls(c, k, to));
	TRY(pii_open(c, k->key, "conversation.rating_words", k->rating_words, &words));
	TRY(pii_seal(c, to->key, "conversation.rating_words", words, &k->rating_words));
	TRY(conversation_keys_give(c, k->id, old.customer_id, to->id, NULL));
	TRY(conversation_turns_give(c, k->id, to->id, NULL));
	TRY(conversation_quality_give(c, k->id, to->id, to->key, NULL));
	TRY(bot_talk_drop(c, k->id, NULL));
	k->customer_id = to->id;
	k->key = to->key;
	k->device_id = 0;               /* his, where it was one */
	return record_update(c, &conversation_record, &old, k, "conversation.given", NULL, arena_format(c->arena, "{\"from\":\"%lld\",\"to\":\"%lld\"}", (long long)old.customer_id, (long long)to->id));
}

/* Joining ------------------------------------------------------------------------------------------------------------------ */

int conversation_is_proven(struct ctx *c, const struct conversation *k, bool *proven)
{
	struct identity who;
	*proven = true;
	if (!k->identity_id)
		return 0;
	TRY(identity_row_get(c, k->identity_id, &who));
	*proven = who.verified_at && !text_equal(who.verified_by, "staff");
	return 0;
}

/* The number by which it came stands in somebody's file, and not in hers. */
static int is_anothers(struct ctx *c, const struct conversation *k, const struct customer *hers, bool *anothers)
{
	struct identity who;
	struct lookup_hit *hits;
	struct clean_phone number;
	const char *name;
	size_t n, others = 0;
	*anothers = false;
	if (!k->identity_id || (!text_equal(k->channel, "sms") && !text_equal(k->channel, "phone")))
		return 0;
	TRY(identity_row_get(c, k->identity_id, &who));
	TRY(pii_open(c, who.key, "identity.name", who.name, &name));
	if (text_empty(name) || clean_phone(c->arena, name, &number) < 0)
		return 0;
	TRY(lookup_find_hits(c, LOOKUP_PHONE, number.value, "customer", FILES_MOST, &hits, &n));
	for (size_t i = 0; i < n; i++) {
		struct customer row;
		TRY(customer_row_get(c, hits[i].object_id, &row));
		if (row.id == hers->id)
			return 0;
		others += !row.archived_at && row.id != k->customer_id;
	}
	*anothers = others > 0;
	return 0;
}

int conversation_join(struct ctx *c, struct conversation *k, const struct customer *hers, const char *reason)
{
	struct customer own;
	bool anothers;
	TRY(customer_row_get(c, k->customer_id, &own));
	TRY(is_anothers(c, k, hers, &anothers));
	TRY(conversation_mark(c, k, k->last_no, CONVERSATION_ASKED));
	if (anothers || !text_equal(own.kind, "visitor") || own.archived_at)
		return conversation_give(c, k, hers);
	TRY(customer_take_over(c, hers->id, own.id, reason));
	return conversation_row_get(c, k->id, k);
}
