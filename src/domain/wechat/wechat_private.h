/* What the files of this folder know of one another. */
#pragma once

#include "base/crypto.h"
#include "channel/wechat/wechat_answer.h"
#include "channel/wechat/wechat_message.h"
#include "domain/conversation/conversation.h"
#include "domain/wechat/wechat.h"

struct client_reply;

/* An account with what opens it. */
struct wechat_opened {
	struct wechat_account row;
	const char *secret, *token;     /* NULL: not set */
	const char *aes_key, *aes_before;
	const char *access;             /* the access token, NULL when there is none that holds */
	time_ms access_until;
	const char *cursor;
};
int wechat_open(struct ctx *c, int64_t account, struct wechat_opened *out) MUST_CHECK;
bool wechat_is_kf(const struct wechat_account *w);
/* "wechat" or "wecom", as conversation.channel. */
const char *wechat_channel(const struct wechat_account *w);

/* Calling the API: in the pool, without a transaction. path: "/cgi-bin/message/custom/send"; query NULL or "openid=…"; body NULL: a GET. With the access
 * token of `k` if it has one. ERR_OUTBOUND when nothing came back that is an answer: then *left says whether the call may have arrived. */
struct wechat_call {
	const char *path, *query, *body, *type;
	size_t body_n;                  /* 0: as long as the text */
	size_t reply_most;              /* 0: of any other answer */
};
int wechat_call(struct ctx *c, const struct wechat_opened *k, const struct wechat_call *q, struct client_reply *reply, bool *left) MUST_CHECK;
/* The same where the answer is JSON. */
int wechat_ask(struct ctx *c, const struct wechat_opened *k, const struct wechat_call *q, struct wechat_answer *answer, struct client_reply *reply, bool *left) MUST_CHECK;
/* A new access token from them. */
enum wechat_force { TOKEN_ANY, TOKEN_NEW };
int wechat_token_ask(struct ctx *c, const struct wechat_opened *k, enum wechat_force force, const char **token, int64_t *seconds, struct wechat_answer *answer) MUST_CHECK;
/* Writer: one is asked for, if nobody does already. */
int wechat_token_want(struct ctx *c, int64_t account, enum wechat_force force) MUST_CHECK;

/* The same from the pool. */
int wechat_token_refresh(struct ctx *c, int64_t account) MUST_CHECK;
/* In a job that has none: asks for one, and fails, so that the job is tried again. */
int wechat_token_missing(struct ctx *c, int64_t account) MUST_CHECK;

/* Writer: a delivery. *reply: a text that is answered with, or NULL. */
int wechat_arrive(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const char **reply) MUST_CHECK;
/* Writer: 微信客服 has something to fetch; ticket: what the delivery brought for that, "" for none. */
int wechat_sync_want(struct ctx *c, int64_t account, const char *ticket) MUST_CHECK;

/* The name in the channel, from openid or external_userid, and back. */
const char *wechat_name(struct ctx *c, const struct wechat_account *w, const char *openid);
int wechat_openid(struct ctx *c, int64_t identity, const char **openid) MUST_CHECK;

/* The ledger -------------------------------------------------------------------------------------------------------- */

/* A window that was never open has all zero. */
int wechat_window_get(struct ctx *c, int64_t identity, struct wechat_window *out) MUST_CHECK;
bool wechat_window_is_open(const struct ctx *c, const struct wechat_window *w);
/* Writer: she wrote at this time, by WeChat's clock. */
int wechat_window_wrote(struct ctx *c, const struct wechat_account *w, int64_t identity, time_ms at) MUST_CHECK;
/* Writer: she followed, scanned or chose: a few messages within a minute, unless she may be sent more anyway. */
int wechat_window_touched(struct ctx *c, const struct wechat_account *w, int64_t identity, time_ms at) MUST_CHECK;

/* Writer: what waits for this person is looked at, now or a little later. */
int wechat_gather(struct ctx *c, int64_t identity, time_ms at) MUST_CHECK;
/* Writer: one message goes another way; *state: "sms" or "call". */
int wechat_fall_back(struct ctx *c, const struct wechat_account *w, const struct wechat_out *o) MUST_CHECK;
/* Writer: whoever has the conversation is told that a message did not arrive, or may not have. */
int wechat_tell_owner(struct ctx *c, const struct wechat_out *o) MUST_CHECK;
/* Writer: what the ledger learns from a refusal. */
int wechat_window_learn(struct ctx *c, int64_t person, enum wechat_verdict v) MUST_CHECK;
/* 微信客服. Writer: an answer that was sent did not reach her: it goes another way. And the first word to who opens the chat, if the event allows one. */
int wechat_unsent(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m) MUST_CHECK;
int wechat_welcome(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m) MUST_CHECK;

/* Files ------------------------------------------------------------------------------------------------------------------ */

/* As what an account sends a file: "image", "voice", "video", "file", or "link". */
int wechat_form_of_file(struct ctx *c, const struct wechat_account *w, int64_t file, const char **form) MUST_CHECK;
/* It goes by itself, under their name for it. */
static inline bool wechat_is_media(const struct wechat_out *o) { return o->file_id && !text_equal(o->form, "link"); }
/* What a message says, or, of a file, its name and where to open it. */
int wechat_words_of(struct ctx *c, const struct wechat_out *o, const char **text) MUST_CHECK;
int wechat_link_words(struct ctx *c, const struct wechat_out *o, const char **text) MUST_CHECK;
/* Their name for it; "" while they keep none. */
int wechat_media_known(struct ctx *c, const struct wechat_out *o, const char **media) MUST_CHECK;
/* Pool: they are given the file, and their name for it is kept. */
int wechat_upload(struct ctx *c, const struct wechat_opened *k, const struct wechat_out *o, const char **media, struct wechat_answer *said) MUST_CHECK;

/* Answers to press ------------------------------------------------------------------------------------------------------- */

enum { WECHAT_OFFERS_MOST = 9 };
struct wechat_offers {
	const char *say[WECHAT_OFFERS_MOST];
	size_t n;
};
int wechat_offers_of(struct ctx *c, int64_t conversation, int64_t no, struct wechat_offers *out) MUST_CHECK;
/* The menu below these words, as the API takes it; NULL where there is none. */
const char *wechat_menu(struct ctx *c, const struct wechat_account *w, const struct wechat_out *row, const char *words, const struct wechat_offers *o);
/* The same as numbered lines. */
void wechat_number_offers(struct text *words, const struct wechat_offers *o);
/* What an answer stands for; *text stays as it is when nothing was offered. */
int wechat_offer_chosen(struct ctx *c, const struct wechat_account *w, int64_t identity, const struct wechat_message *m, const char **text) MUST_CHECK;

/* Writer: a message that was said waits to go out. */
int wechat_queue(struct ctx *c, const struct conversation *k, const struct message *m) MUST_CHECK;

/* Notices ---------------------------------------------------------------------------------------------------------------- */

/* Writer: a word that shows whose name this is; *taken: it was meant as one, and *reply says what came of it. */
int wechat_bind_try(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, bool *taken, const char **reply) MUST_CHECK;
/* Whether the customer has shown that a name of this account is hers; the newest. */
int wechat_name_proven(struct ctx *c, const struct wechat_account *w, int64_t customer, struct identity *who, bool *there) MUST_CHECK;
/* Writer: what became of notices, and what she agreed to be sent. */
int wechat_settle_told(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m) MUST_CHECK;
int wechat_count_agreed(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m) MUST_CHECK;
