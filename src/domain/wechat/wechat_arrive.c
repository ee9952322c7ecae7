/* What is delivered becomes a message of a conversation, a change of the ledger, or nothing: in one transaction, the same each time it comes. */
#include <string.h>

#include "base/crypto.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "engine/language/language.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"

/* Her name, made with her first message. */
static int know(struct ctx *c, const struct wechat_account *w, const char *openid, const char *text, struct identity *who)
{
	const char *called = arena_format(c->arena, "微信用户 %04lld", (long long)(new_id(c) % 10000));
	bool is_new;
	TRY(customer_by_name(c, wechat_name(c, w, openid), &(struct newcomer){ .called = called, .channel = wechat_channel(w), .lang = language_of(text) }, who, &is_new));
	if (!is_new)
		return 0;
	return job_add(c, new_id(c), wechat_person_job.name, c->now, NULL, arena_format(c->arena, "{\"account\":\"%lld\",\"identity\":\"%lld\"}", (long long)w->id, (long long)who->id));
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
	const char *text = wechat_message_words(c->arena, LANG_ZH, m);
	TRY(know(c, w, m->from, text, &who));
	TRY(conversation_has_taken(c, who.channel, who.id, name, &seen));
	if (seen)
		return 0;
	TRY(wechat_offer_chosen(c, w, who.id, m, &text));
	struct ctx hers = ctx_as_customer(c, who.customer_id);
	TRY(conversation_take_in(&hers, &(struct inbound){
		.channel = who.channel, .external_id = name, .customer_id = who.customer_id, .text = text, .identity_id = who.id, .among = OF_IDENTITY, .team_id = w->team_id,
	}, &k, &no));
	TRY(want_media(c, w, m, &k, no));
	if (wechat_is_kf(w))
		TRY(wechat_session_leave(c, who.id, 4, 0, NULL));
	time_ms at = m->created_s * SECOND_MS;
	TRY(m->kind == WECHAT_SAID ? wechat_window_wrote(c, w, who.id, at) : wechat_window_touched(c, w, who.id, at));
	return wechat_gather(c, who.id, c->now);
}

/* It stands in the history, and nobody answers the same again. */
static int colleague_said(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m)
{
	struct identity who;
	struct conversation *rows;
	bool there;
	size_t n;
	TRY(identity_find(c, wechat_channel(w), wechat_name(c, w, m->from), &who, &there));
	if (!there)
		return 0;
	TRY(open_conversation_of_identity(c, who.id, who.channel, &rows, &n));
	if (!n)
		return 0;
	TRY(conversation_note_down(c, &rows[0], arena_format(c->arena, "企业微信中由 %s 回复：%s", text_empty(m->key) ? "同事" : m->key, wechat_message_words(c->arena, LANG_ZH, m))));
	return conversation_spoken(c, &rows[0], 0);
}

/* Of somebody who has never written nothing is kept. */
static int happened(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const char **reply)
{
	struct identity who;
	bool there;
	TRY(identity_find(c, wechat_channel(w), wechat_name(c, w, m->from), &who, &there));
	if (m->kind == WECHAT_FOLLOWED && !text_empty(w->greeting))
		*reply = w->greeting;
	if (m->kind == WECHAT_ENTERED)
		TRY(wechat_welcome(c, w, m));
	if (!there)
		return 0;
	switch (m->kind) {
	case WECHAT_FOLLOWED:
		return wechat_window_touched(c, w, who.id, m->created_s * SECOND_MS);
	case WECHAT_ENTERED:
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
	bool shows = false;
	switch (m->kind) {
	case WECHAT_SAID: case WECHAT_MENU: case WECHAT_SCANNED:
		TRY(wechat_bind_try(c, w, m, &shows, reply));
		return shows ? 0 : said(c, w, m);
	case WECHAT_SYNC:
		return wechat_sync_want(c, w->id, m->ticket);
	case WECHAT_FOLLOWED: case WECHAT_LEFT: case WECHAT_SESSION: case WECHAT_ENTERED:
		return happened(c, w, m, reply);
	case WECHAT_TOLD:
		return wechat_settle_told(c, w, m);
	case WECHAT_AGREED:
		return wechat_count_agreed(c, w, m);
	case WECHAT_UNSENT:
		return wechat_unsent(c, w, m);
	case WECHAT_COLLEAGUE:
		return colleague_said(c, w, m);
	case WECHAT_OTHER:
		break;
	}
	return 0;
}
