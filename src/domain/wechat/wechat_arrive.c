/* What is delivered becomes a message of a conversation, a change of the ledger, or nothing: in one transaction, the same each time it comes. */
#include <string.h>

#include "base/crypto.h"
#include "core/identity/identity.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"

static int add_customer(struct ctx *c, const struct wechat_account *w, int64_t number, struct customer *row)
{
	const struct record_model *m = model_of(c, &customer_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t called = field_index(m, "name"), kind = field_index(m, "kind"), source = field_index(m, "source");
	slots[called].text = arena_format(c->arena, "微信用户 %04lld", (long long)(number % 10000));
	slots[kind].text = "visitor";
	slots[source].text = wechat_channel(w);
	return record_create(c, &customer_record, slots, UINT64_C(1) << called | UINT64_C(1) << kind | UINT64_C(1) << source, row);
}

/* Her name, made with her first message. */
static int know(struct ctx *c, const struct wechat_account *w, const char *openid, struct identity *who)
{
	struct customer customer;
	bool there;
	const char *name = wechat_name(c, w, openid), *channel = wechat_channel(w);
	TRY(identity_find(c, channel, name, who, &there));
	if (there)
		return 0;
	TRY(add_customer(c, w, new_id(c), &customer));
	TRY(identity_add(c, &(struct identity_new){ .channel = channel, .name = name, .customer_id = customer.id, .key = customer.key, .keeps_name = true }, who));
	return job_add(c, new_id(c), wechat_person_job.name, c->now, NULL, arena_format(c->arena, "{\"account\":\"%lld\",\"identity\":\"%lld\"}", (long long)w->id, (long long)who->id));
}

static int was_seen(struct ctx *c, const struct identity *who, const char *name, bool *seen)
{
	struct message_was_seen_row *rows;
	uint8_t hash[HASH_SIZE];
	size_t n;
	hash_sha256(name, strlen(name), hash);
	TRY(message_was_seen(c, who->channel, who->id, (struct bytes){ hash, sizeof(hash) }, &rows, &n));
	*seen = n > 0;
	return 0;
}

/* Fetched later: a delivery is answered within five seconds, and media may be large. */
static int want_media(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const struct conversation *k, int64_t no)
{
	struct wechat_media media = { .tenant = c->tenant, .id = new_id(c), .account_id = w->id, .conversation_id = k->id, .no = no, .media = m->media_id, .type = m->type, .created_at = c->now, .version = 1 };
	if (text_empty(m->media_id) || strlen(m->media_id) > 100)
		return 0;
	TRY(wechat_media_row_insert(c, &media));
	return job_add(c, media.id, wechat_media_job.name, c->now, NULL, NULL);
}

static int said(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	struct identity who;
	struct conversation k;
	bool seen;
	int64_t no;
	const char *name = wechat_message_name(c->arena, m);
	TRY(know(c, w, m->from, &who));
	TRY(was_seen(c, &who, name, &seen));
	if (seen)
		return 0;
	const char *text = wechat_message_words(c->arena, LANG_ZH, m);
	TRY(wechat_offer_chosen(c, w, who.id, m, &text));
	struct ctx hers = *c;
	hers.actor_kind = ACTOR_CUSTOMER;
	hers.actor_id = who.customer_id;
	TRY(conversation_take_in(&hers, &(struct inbound){
		.channel = who.channel, .external_id = name, .customer_id = who.customer_id, .text = text, .identity_id = who.id, .among = OF_IDENTITY, .team_id = w->team_id,
	}, &k, &no));
	TRY(want_media(c, w, m, &k, no));
	time_ms at = m->created_s * SECOND_MS;
	TRY(m->kind == WECHAT_SAID ? wechat_window_wrote(c, w, who.id, at) : wechat_window_touched(c, w, who.id, at));
	return wechat_gather(c, who.id, c->now);
}

/* Of somebody who has never written nothing is kept. */
static int happened(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const char **reply)
{
	struct identity who;
	bool there;
	TRY(identity_find(c, wechat_channel(w), wechat_name(c, w, m->from), &who, &there));
	if (m->kind == WECHAT_FOLLOWED && !text_empty(w->greeting))
		*reply = w->greeting;
	if (!there)
		return 0;
	switch (m->kind) {
	case WECHAT_FOLLOWED:
		return wechat_window_touched(c, w, who.id, m->created_s * SECOND_MS);
	case WECHAT_ENTERED:            /* 微信客服 greets by a code of the event, not by messages */
		return text_equal(w->kind, "mini") ? wechat_window_touched(c, w, who.id, m->created_s * SECOND_MS) : 0;
	case WECHAT_LEFT:
		TRY(wechat_window_close(c, who.id, c->now, 0, NULL));
		return wechat_gather(c, who.id, c->now);
	case WECHAT_SESSION:
		return wechat_session_put(c, who.id, m->session < 0 ? 0 : m->session, NULL);
	default:
		return 0;
	}
}

int wechat_arrive(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const char **reply)
{
	*reply = NULL;
	switch (m->kind) {
	case WECHAT_SAID: case WECHAT_MENU: case WECHAT_SCANNED:
		return said(c, w, m);
	case WECHAT_SYNC:
		return wechat_sync_want(c, w->id, m->ticket);
	case WECHAT_FOLLOWED: case WECHAT_LEFT: case WECHAT_SESSION: case WECHAT_ENTERED:
		return happened(c, w, m, reply);
	case WECHAT_TOLD: case WECHAT_UNSENT: case WECHAT_OTHER:
		break;
	}
	return 0;
}
