/* wechat_notice: what goes into a template or subscribe message: WeChat's keywords ("thing1", "time2"), each of a type with limits of its own.
 *
 * A template says it in lines, "thing1 = {{ticket.title}}". A value is brought into the form of its type where that loses nothing but its end
 * ("…"); what has a form of its own (a time, a number) and does not fit is refused: WeChat would refuse the whole message. Pure. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { WECHAT_LINES_MOST = 20, WECHAT_KEYWORD_MOST = 20 };

/* Of which type a keyword is; its limits are its own. */
struct wechat_type {
	const char *name;
	struct { const char *zh, *en; } label, limit;
	size_t most;                    /* characters */
	bool (*fits)(const char *value);        /* NULL: any text */
	bool is_cut;                    /* too long a text loses its end */
};
extern const struct wechat_type wechat_types[];
extern const size_t wechat_type_count;
/* "thing1" → thing; NULL for what is no keyword of theirs. */
const struct wechat_type *wechat_type_of(const char *keyword);

struct wechat_line {
	const char *keyword, *text;     /* text: with variables */
	const struct wechat_type *type;
};
/* Empty lines are none. ERR_FIELD_INVALID, *wrong: the line that is no such line, or whose keyword is unknown or stands there twice. */
int wechat_lines_read(struct arena *a, const char *lines, struct wechat_line **out, size_t *n, const char **wrong) MUST_CHECK;

/* The value as it may be sent; NULL when it cannot be. */
const char *wechat_fit(struct arena *a, const struct wechat_type *type, const char *value);

/* "template_id":…,"data":{"thing1":{"value":"…"}} and so on: all but who gets it, for whoever adds {"touser":…, and }. */
struct wechat_notice {
	const char *template, *url, *page, *id;         /* url, page, id (theirs against repeating): NULL or "" for none */
	const struct wechat_line *lines;
	const char *const *values;                      /* as many */
	size_t n;
};
const char *wechat_notice_body(struct arena *a, const struct wechat_notice *m);
