/* The key, a try that says in words what is wrong, and what the days cost. */
#include <string.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/model/model_private.h"

enum { DAYS_SHOWN = 14 };

struct trial {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	int64_t id;
	struct model_opened account;
};

static int load(struct ctx *c, void *arg)
{
	struct trial *t = arg;
	struct model_account row;
	TRY(record_get(c, &model_account_record, t->id, &row));
	return model_open(c, &row, &t->account);
}

/* Nothing of anybody's is sent. */
static void try_out(void *arg)
{
	struct trial *t = arg;
	struct model_outcome outcome;
	struct text out = text_in(t->c->arena);
	int r = readers_run(t->readers, t->c, load, t);
	if (r < 0) {
		t->c->error->code = t->c->error->code ? t->c->error->code : r;
		return http_reply_error(t->http, t->c->error);
	}
	model_ask(t->c, &(struct model_asking){ .account = &t->account, .prompt = { .task = MODEL_TRY, .lang = LANG_EN, .question = "OK?" } }, &outcome);
	text_format(&out, "{\"good\":%s,\"text\":", outcome.answered ? "true" : "false");
	json_label(&out, outcome.zh, outcome.en);
	text_char(&out, '}');
	http_reply_json(t->http, 200, out.p, out.n);
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	struct api_call *k = r->user;
	struct trial *t = ARENA_NEW(c->arena, struct trial);
	*t = (struct trial){ .http = r, .c = c, .readers = api_readers(k) };
	int result = call_read_input(k);
	if (result == 0) {
		t->id = ((const struct id_in *)k->in)->id;
		result = pool_submit(api_pool(k), try_out, t);
	}
	if (result < 0) {
		c->error->code = c->error->code ? c->error->code : result;
		http_reply_error(r, c->error);
	}
}

static int usage(struct ctx *c, const void *in, void *out)
{
	struct model_day *rows;
	struct tenant tenant;
	struct text t = text_in(c->arena);
	size_t n;
	TRY(tenant_row_get(c, &tenant));
	TRY(model_days(c, day_of(c->now, (int)tenant.zone_minutes) - DAYS_SHOWN, &rows, &n));
	text_format(&t, "{\"daily_tokens\":%lld,\"items\":[", (long long)setting_of(c, SETTING_MODEL_DAILY_TOKENS));
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(rows[i].day, day);
		text_format(&t, "%s{\"day\":\"%s\",\"calls\":%lld,\"tokens\":%lld,\"said\":%lld,\"held\":%lld}", i ? "," : "", day, (long long)rows[i].calls, (long long)rows[i].tokens, (long long)rows[i].said, (long long)rows[i].held);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route model_routes[] = {
	ROUTE(POST, "/api/v1/model_account/{id}/secret", "model_account.change", WRITE, .body = BODY_JSON, .in = &model_secret_shape, .run = model_set_secret,
	      .zh = "大语言模型：设置密钥", .en = "Language model: set its key"),
	ROUTE(POST, "/api/v1/model_account/{id}/try", "model_account.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &id_shape, .raw = raw_try,
	      .zh = "大语言模型：测试", .en = "Language model: try it"),
	ROUTE(GET, "/api/v1/model_usage", "model_call.read", POOL, .out = &raw_shape, .run = usage, .zh = "大语言模型：每天的用量", .en = "Language models: what the days cost"),
};
const size_t model_route_count = sizeof(model_routes) / sizeof(model_routes[0]);
