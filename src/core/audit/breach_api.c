/* The list of those whom a leak is about, for telling them. */
#include "core/audit/breach_api.h"

#include "base/json.h"
#include "core/api/export_api.h"
#include "core/pii/breach.h"
#include "db/writer.h"

static const struct choice formats[] = { { "csv", "CSV", "CSV" }, { "xlsx", "XLSX", "XLSX" }, { 0 } };
static const struct member members[] = {
	MEMBER(struct breach_query, format, code, .flags = MEMBER_REQUIRED, .choices = formats),
	MEMBER(struct breach_query, incident, code, .flags = MEMBER_REQUIRED, .least = 2, .most = 40),
	MEMBER(struct breach_query, record, code, .most = 60),
	MEMBER(struct breach_query, condition, text, .most = CONDITION_MOST),
	MEMBER(struct breach_query, actor_id, ref),
	MEMBER(struct breach_query, from, time_ms), MEMBER(struct breach_query, to, time_ms),
};
static const struct shape shape = SHAPE("breach_query", struct breach_query, members);

static int tell(struct ctx *c, const void *in, const struct export_file *file)
{
	const struct breach_query *q = in;
	struct text t = text_in(c->arena);
	text_format(&t, "{\"people\":%lld,\"incident\":", (long long)file->rows);
	json_text(&t, q->incident);
	text_append(&t, ",\"record\":");
	json_text(&t, q->record ? q->record : "");
	text_char(&t, '}');
	return event_add(c, "breach.listed", "breach", 0, text_end(&t));
}

static void list(struct http_request *r, struct ctx *c)
{
	export_send(r, c, "breach", breach_sheet, tell);
}

const struct route breach_routes[] = {
	ROUTE(GET, "/api/v1/breach/export", "breach.list", RAW, .in = &shape, .raw = list, .zh = "泄露事件：受影响的人", .en = "After a leak: whom it is about"),
};
const size_t breach_route_count = sizeof(breach_routes) / sizeof(breach_routes[0]);
