/* Requests about personal data. A person decides: nothing is erased, and nothing refused, by a machine alone. */
#include "domain/portal/portal_request.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/setting/settings.h"
#include "domain/task/task.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"

/* As she names them, and as the task is called. */
static const struct choice kinds[] = { { "erase", "privacy_erase", "客户请求删除个人信息" }, { "ask", "privacy_ask", "客户关于个人信息的请求" }, { 0 } };

static int write_all(struct ctx *c, void *out)
{
	struct task *rows;
	size_t n;
	struct text t = text_in(c->arena);
	TRY(requests_of_customer(c, c->auth->customer_id, &rows, &n));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%s{\"id\":\"%lld\",\"kind\":\"%s\",\"state\":\"%s\",\"at\":%lld,\"due_at\":%lld,\"done_at\":%lld}", i ? "," : "", (long long)rows[i].id,
		            text_equal(rows[i].kind, "privacy_erase") ? "erase" : "ask", rows[i].state, (long long)rows[i].created_at, (long long)rows[i].due_at,
		            (long long)rows[i].done_at);
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A link to one ticket shows that ticket, not the person. */
static int list(struct ctx *c, const void *in, void *out)
{
	TRY(require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL));
	return write_all(c, out);
}

struct request_in {
	const char *kind, *text;
};
static const struct member request_members[] = {
	MEMBER(struct request_in, kind, code, .flags = MEMBER_REQUIRED, .choices = kinds),
	MEMBER(struct request_in, text, text, .most = 1000),
};
static const struct shape request_shape = SHAPE("my_request", struct request_in, request_members);

static bool is_open_already(const struct task *rows, size_t n, const char *kind)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(rows[i].kind, kind) && text_equal(rows[i].state, "open"))
			return true;
	return false;
}

/* One open request of a kind: whoever asks again sees the one that is under way. */
static int ask(struct ctx *c, const void *input, void *out)
{
	const struct request_in *in = input;
	const struct choice *kind = choice_find(kinds, in->kind);
	bool erase = text_equal(in->kind, "erase");
	struct task *rows;
	size_t n;
	int64_t id;
	TRY(require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL));
	if (!erase && (!in->text || utf8_count(in->text) < 2))
		return fail_field(c, "text", ERR_FIELD_TOO_SHORT, "2");
	TRY(requests_of_customer(c, c->auth->customer_id, &rows, &n));
	if (is_open_already(rows, n, kind->zh))
		return write_all(c, out);
	int64_t days = setting_of(c, erase ? SETTING_CUSTOMER_ERASE_DAYS : SETTING_CUSTOMER_ANSWER_DAYS);
	const struct task_wish wish = {
		.to = "supervisor", .kind = kind->zh, .title = kind->en, .note = in->text, .object = "customer", .object_id = c->auth->customer_id, .due_at = c->now + days * DAY_MS,
	};
	TRY(task_add(c, &wish, &id));
	return write_all(c, out);
}

const struct route portal_request_routes[] = {
	ROUTE(GET, "/api/v1/my/request", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = list, .zh = "我的个人信息请求", .en = "What I asked about my data"),
	ROUTE(POST, "/api/v1/my/request", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &request_shape, .out = &raw_shape, .run = ask,
	      .zh = "请求删除个人信息，或提出其他请求", .en = "Ask to be erased, or something else about my data"),
};
const size_t portal_request_route_count = sizeof(portal_request_routes) / sizeof(portal_request_routes[0]);
