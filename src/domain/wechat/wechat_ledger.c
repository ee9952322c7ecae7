/* What a person may still be sent. Figures: developers.weixin.qq.com …/Customer_Service_Messages.html: 5 messages within 48 hours of her own, 3
 * within a minute of following, scanning or choosing from the menu. Each sets the figure anew, none adds to it. */
#include <string.h>

#include "db/writer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"
#include "core/services.h"
#include "core/setting/settings.h"

enum { TOUCH_UNITS = 3, ENTERED_UNITS = 2 };     /* the second: of who opened the chat of a mini-program */

int wechat_window_get(struct ctx *c, int64_t identity, struct wechat_window *out)
{
	struct wechat_window *rows;
	size_t n;
	TRY(wechat_window_of(c, identity, &rows, &n));
	*out = n ? rows[0] : (struct wechat_window){ .identity_id = identity };
	return 0;
}

bool wechat_window_is_open(const struct ctx *c, const struct wechat_window *w)
{
	return w->is_following && w->until > c->now;
}

/* Looked at shortly before it closes. */
static int watch(struct ctx *c, int64_t identity, time_ms until)
{
	return job_add(c, new_id(c), wechat_closing_job.name, until - setting_ms(c, SETTING_WECHAT_LEAD), arena_format(c->arena, "%lld", (long long)identity), NULL);
}

int wechat_window_wrote(struct ctx *c, const struct wechat_account *w, int64_t identity, time_ms at)
{
	struct wechat_window now;
	TRY(wechat_window_get(c, identity, &now));
	at = at < c->now ? at : c->now;
	time_ms until = at + w->window_hours * (time_ms)HOUR_MS;
	if (at < now.opened_at)
		return 0;               /* an older one that came late */
	TRY(wechat_window_open(c, identity, w->id, w->quota, at, until, NULL));
	return watch(c, identity, until);
}

int wechat_window_touched(struct ctx *c, const struct wechat_account *w, int64_t identity, time_ms at)
{
	struct wechat_window now;
	TRY(wechat_window_get(c, identity, &now));
	at = at < c->now ? at : c->now;
	if (wechat_window_is_open(c, &now) || at + (time_ms)MINUTE_MS <= c->now)
		return 0;
	return wechat_window_open(c, identity, w->id, text_equal(w->kind, "mini") ? ENTERED_UNITS : TOUCH_UNITS, at, at + (time_ms)MINUTE_MS, NULL);
}
