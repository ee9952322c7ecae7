/* The report as its reader would get it, and one sent to herself at once. */
#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/weekly/weekly.h"

struct week_in {
	int64_t day;                    /* any of the week; without it the last whole week */
};
static const struct member week_members[] = { MEMBER(struct week_in, day, day) };
static const struct shape week_shape = SHAPE("weekly_week", struct week_in, week_members);

/* A week that is not over would say less than it will. */
static int week_of(struct ctx *c, const struct week_in *in, int64_t *monday)
{
	struct weekly_when w;
	TRY(weekly_when(c, &w));
	*monday = weekly_monday(&w, c->now);
	if (!in->day || in->day == NULL_INT)
		return 0;
	int64_t asked = weekly_monday(&w, (in->day + 7) * DAY_MS - w.zone_minutes * MINUTE_MS);
	if (asked > *monday) {
		fail_field(c, "day", ERR_FIELD_TOO_LARGE, "");
		return c->error->code;
	}
	*monday = asked;
	return 0;
}

static int look(struct ctx *c, const void *in, void *out)
{
	int64_t monday;
	struct weekly_when when;
	struct weekly figures;
	struct notice_text made;
	struct text t = text_in(c->arena);
	char from[16], to[16];
	bool goes_out;
	TRY(week_of(c, in, &monday));
	TRY(weekly_when(c, &when));
	TRY(sender_carries(c, NOTICE_MAIL, &goes_out));
	TRY(weekly_for(c, monday, &figures, &made));
	day_format(monday, from);
	day_format(monday + 6, to);
	text_format(&t, "{\"from\":\"%s\",\"to\":\"%s\",\"next_at\":%lld,\"goes_out\":%s,", from, to, (long long)weekly_next(&when, c->now),
	            goes_out ? "true" : "false");
	weekly_write_figures(&t, &figures);
	text_append(&t, ",\"subject\":");
	json_text(&t, made.subject);
	text_append(&t, ",\"text\":");
	json_text(&t, made.text);
	text_append(&t, ",\"html\":");
	json_text(&t, made.html);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int send_mine(struct ctx *c, const void *in, void *out)
{
	int64_t monday, id;
	TRY(week_of(c, in, &monday));
	TRY(weekly_send(c, monday, c->auth->user_id, c->now, &id));
	((struct id_in *)out)->id = id;
	return 0;
}

const struct route weekly_routes[] = {
	ROUTE(GET, "/api/v1/weekly", "promise.read", POOL, .in = &week_shape, .out = &raw_shape, .run = look,
	      .zh = "服务周报：本人会收到的内容", .en = "Weekly report: as it would be sent to who asks"),
	ROUTE(POST, "/api/v1/weekly/send", "promise.read", WRITE, .flags = ROUTE_CREATED, .body = BODY_JSON, .in = &week_shape, .out = &id_shape, .run = send_mine,
	      .zh = "服务周报：立即发给本人", .en = "Weekly report: sends it to who asks, at once"),
};
const size_t weekly_route_count = sizeof(weekly_routes) / sizeof(weekly_routes[0]);
