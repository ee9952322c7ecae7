/* wechat_message: what a delivery of an official account, a mini-program or 微信客服 says, as one type.
 *
 * Whatever form it came in, a message has a sender, a name that a repeated delivery shares, words that a person can read, and perhaps media to
 * be fetched. An event says that something happened without anybody saying a word. */
#pragma once

#include <stdbool.h>

#include "channel/wechat/wechat_fields.h"

enum wechat_kind {
	WECHAT_SAID,            /* somebody wrote, spoke, showed something */
	WECHAT_FOLLOWED,        /* subscribe, with the scene of a QR code or without */
	WECHAT_LEFT,            /* unsubscribe */
	WECHAT_MENU,            /* CLICK and the other menu buttons: key */
	WECHAT_SCANNED,         /* SCAN by a follower: key */
	WECHAT_ENTERED,         /* user_enter_tempsession of a mini-program, enter_session of 微信客服 */
	WECHAT_TOLD,            /* what became of template or subscribe messages: told */
	WECHAT_AGREED,          /* what she agreed to be sent, or does not want any more, by template: told */
	WECHAT_SYNC,            /* kf_msg_or_event: there is something to fetch, with `ticket` */
	WECHAT_SESSION,         /* 微信客服: the session changed hands */
	WECHAT_UNSENT,          /* 微信客服: msg_send_fail: key = the message's id, status = the reason's number */
	WECHAT_COLLEAGUE,       /* 微信客服: somebody of the company answered by the app of WeCom: key = her name there */
	WECHAT_OTHER,           /* nothing for us: view, position reports, what is new */
};

/* One entry of such an event; what it does not say is "". */
struct wechat_told {
	const char *template, *id, *status;     /* status: "success", "failed:user block"; "accept", "reject" */
	int64_t code;
};
enum { WECHAT_TOLD_MOST = 20 };

struct wechat_message {
	enum wechat_kind kind;
	const char *to, *from;          /* from: openid or external_userid */
	const char *type;               /* MsgType, or the event's name in small letters */
	int64_t created_s;
	const char *id;                 /* MsgId; "" of events */
	const char *text;               /* what was said, spoken (as recognised) or chosen */
	const char *media_id, *format;  /* "" without media */
	const char *choice;             /* name of the menu's entry that was pressed, "" of what was written */
	const char *title, *address, *link;
	double x, y;                    /* of a position, degrees: latitude, longitude */
	const char *key, *status, *ticket, *open_kfid;
	struct wechat_told *told;
	size_t told_n;
	int64_t session;                /* WECHAT_SESSION: service_state after it; −1: not said */
};

/* ERR_BAD_REQUEST without sender, type or time, or with numbers that are none. */
int wechat_message_of(struct arena *a, const struct wechat_fields *f, struct wechat_message *out) MUST_CHECK;
/* One entry of msg_list of kf/sync_msg, read into fields as it stands. */
int wechat_message_of_sync(struct arena *a, const struct wechat_fields *f, struct wechat_message *out) MUST_CHECK;

/* What the same delivery is known by: its id; of an event sender, time, name and key. */
const char *wechat_message_name(struct arena *a, const struct wechat_message *m);
/* For people: "[图片]", "位置：…", the text itself; never empty. */
const char *wechat_message_words(struct arena *a, enum lang lang, const struct wechat_message *m);
