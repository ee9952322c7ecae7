/* The key, a try that says in words what is wrong, and what the days cost. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/trial.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/model/model_private.h"

enum { DAYS_SHOWN = 14 };

static int load(struct ctx *c, void *trial)
{
	struct trial *t = trial;
	struct model_account row;
	TRY(record_get(c, &model_account_record, t->id, &row));
	return model_open(c, &row, t->own);
}

/* Nothing of anybody's is sent. */
static void check(struct trial *t)
{
	struct model_outcome outcome;
	model_ask(t->c, &(struct model_asking){ .account = t->own, .prompt = { .task = MODEL_TRY, .lang = LANG_EN, .question = "OK?" } }, &outcome);
	trial_say(t, outcome.answered, outcome.zh, outcome.en);
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	static const struct trial_kind kind = { .own = sizeof(struct model_opened), .load = load, .check = check, .once = true };
	trial_begin(r, c, &kind);
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
