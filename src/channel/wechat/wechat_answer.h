/* wechat_answer: what the API of WeChat or WeCom answered, and what that means for a message on its way.
 *
 * {"errcode":0,"errmsg":"ok",…}; a success may leave errcode out. The codes are those of the documents; one that is not known here is final:
 * what was refused for a reason nobody knows is not tried over and over. */
#pragma once

#include "base/error.h"

enum wechat_verdict {
	WECHAT_OK,
	WECHAT_TOKEN,           /* the access token is none any more: another, and once more */
	WECHAT_BUSY,            /* later */
	WECHAT_WINDOW,          /* the time in which the person may be written to is over */
	WECHAT_QUOTA,           /* as many messages as may be sent were */
	WECHAT_UNWILLING,       /* the person does not take messages */
	WECHAT_STATE,           /* 微信客服: the session is in other hands */
	WECHAT_ACCOUNT,         /* the account is set up wrongly: its owner has to mend it */
	WECHAT_MEDIA,           /* a name of media that they do not keep any more: uploaded once more */
	WECHAT_FINAL,           /* not this message, not like this */
};

struct wechat_answer {
	int64_t code;           /* 0: success */
	enum wechat_verdict verdict;
	const char *message;    /* errmsg, cut */
};
/* ERR_OUTBOUND for what is no answer of theirs. */
int wechat_answer_read(struct arena *a, const char *text, size_t n, struct wechat_answer *out) MUST_CHECK;
enum wechat_verdict wechat_verdict_of(int64_t code);
/* What somebody has to do about a code; "" when nothing special is known. */
const char *wechat_code_words(int64_t code, enum lang lang);
